"""What understand does when others have told something."""

from collections.abc import Sequence

from cityloop.cases import Report
from cityloop.db import Tx
from cityloop.domain.facts import ReportReceived, Told
from cityloop.domain.policy import Policy
from cityloop.journal.vault import VaultRow
from cityloop.stages.understand.service import look_ahead, understand_report


def understand_when_received(tx: Tx, told: Told[ReportReceived], policy: Policy) -> None:
    """A report that was kept is understood."""
    understand_report(tx, told.fact, policy=policy)


def fetch_ahead(tx: Tx, told: Sequence[Told], policy: Policy) -> None:
    """The words and the rows of a batch, and the cases near them, in one statement each."""
    tx.get_many("vault", VaultRow, [each.fact.said.id for each in told])
    tx.get_many("report", Report, [each.fact.report_id for each in told])
    look_ahead(tx, [each.fact for each in told], policy=policy)


ON = {ReportReceived: (understand_when_received,)}
AHEAD = fetch_ahead
