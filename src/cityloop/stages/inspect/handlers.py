"""What inspecting does when others have told something."""

from collections.abc import Sequence

from cityloop.cases import Case, case_hold
from cityloop.db import Tx
from cityloop.domain.facts import CaseInspected, CaseSelfHandled, TaskFinished, Told, TransferFinished
from cityloop.domain.lifecycle import State
from cityloop.domain.policy import Policy
from cityloop.stages.inspect.service import ask_inspection, check_self_handled, settle_case


def ask_when_finished(tx: Tx, told: Told[TaskFinished | TransferFinished], policy: Policy) -> None:
    """Finished work is looked at by another; unless a person was faster."""
    if case_hold(tx, told.fact.case_id).state is State.handled:
        ask_inspection(tx, told.fact.case_id, told.fact.task_id, policy=policy, now=tx.now)


def ask_or_pass_when_cleared(tx: Tx, told: Told[CaseSelfHandled], policy: Policy) -> None:
    """A share of what was put right on the spot is looked at; the rest is closed by rule."""
    if case_hold(tx, told.fact.case_id).state is State.handled:
        check_self_handled(tx, told.fact.case_id, told.fact.task_id, policy=policy, now=tx.now)


def settle_when_inspected(tx: Tx, told: Told[CaseInspected], policy: Policy) -> None:
    """Passed closes the case, failed sends it back; unless a person was faster."""
    if case_hold(tx, told.fact.case_id).state is State.to_close:
        settle_case(tx, told.fact.case_id, passed=told.fact.passed, policy=policy, now=tx.now)


def fetch_ahead(tx: Tx, told: Sequence[Told], policy: Policy) -> None:
    """The cases of a batch, in one statement."""
    tx.get_many("case_file", Case, [each.fact.case_id for each in told])


ON = {
    TaskFinished: (ask_when_finished,),
    TransferFinished: (ask_when_finished,),
    CaseSelfHandled: (ask_or_pass_when_cleared,),
    CaseInspected: (settle_when_inspected,),
}
AHEAD = fetch_ahead
