"""What filing does when others have told something."""

from collections.abc import Sequence

from cityloop.cases import Case, Report
from cityloop.db import Tx
from cityloop.domain.facts import ReportUnderstood, Told
from cityloop.domain.policy import Policy
from cityloop.stages.filing.service import look_ahead, take_up
from cityloop.stages.filing.store import numbers_expect


def take_up_when_understood(tx: Tx, told: Told[ReportUnderstood], policy: Policy) -> None:
    """An understood report joins a case, is filed, or waits for the acceptor."""
    take_up(tx, told.fact, policy=policy, now=tx.now)


def fetch_ahead(tx: Tx, told: Sequence[Told[ReportUnderstood]], policy: Policy) -> None:
    """The reports of a batch, the cases that they may join, those opened since they were understood, and as many
    numbers as may be needed."""
    facts = [each.fact for each in told]
    joins = [fact.join.case_id for fact in facts if fact.join]
    look_ahead(tx, facts, policy=policy)
    tx.get_many("report", Report, [fact.report_id for fact in facts])
    tx.get_many("case_file", Case, joins)
    numbers_expect(tx, sum(1 for fact in facts if fact.alone and not fact.join))


ON = {ReportUnderstood: (take_up_when_understood,)}
AHEAD = fetch_ahead
