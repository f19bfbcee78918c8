"""What dispatch does when others have told something."""

from collections.abc import Sequence

from cityloop.cases import Case, case_hold, task_get
from cityloop.db import Tx
from cityloop.domain.facts import (
    CaseFiled,
    CaseVoided,
    PackAdopted,
    ResultRejected,
    TaskReturned,
    Told,
    TransferReturned,
)
from cityloop.domain.ids import CaseId, UnitId
from cityloop.domain.lifecycle import State
from cityloop.domain.policy import Policy
from cityloop.journal import Timer, timer_drop, timer_set
from cityloop.stages.dispatch.model import NOTICES, NOTICES_SUBJECT, SUPERVISION, TRANSFER
from cityloop.stages.dispatch.service import dispatch_or_propose, look_ahead, miss_answer, miss_transfer, notice_overdue


def dispatch_when_filed(tx: Tx, told: Told[CaseFiled | ResultRejected], policy: Policy) -> None:
    """A filed case is dispatched, or proposed; unless a person was faster."""
    if case_hold(tx, told.fact.case_id).state is State.to_dispatch:
        dispatch_or_propose(tx, told.fact.case_id, policy=policy, now=tx.now)


def propose_when_returned(tx: Tx, told: Told[TaskReturned], policy: Policy) -> None:
    """A case that came back goes to a dispatcher, with the other units that answer."""
    if case_hold(tx, told.fact.case_id).state is State.to_dispatch:
        task = task_get(tx, told.fact.task_id)
        dispatch_or_propose(tx, told.fact.case_id, policy=policy, now=tx.now, without=task.unit if task else None)


def look_daily_when_adopted(tx: Tx, told: Told[PackAdopted], policy: Policy) -> None:
    """From its first pack on, a city looks each day for what is overdue."""
    timer_set(tx, NOTICES, NOTICES_SUBJECT, tx.now)


def notice_when_due(tx: Tx, timer: Timer, policy: Policy) -> None:
    """The day has begun: whoever was late yesterday is told."""
    notice_overdue(tx, policy=policy, now=tx.now)


def miss_when_due(tx: Tx, timer: Timer, policy: Policy) -> None:
    """The date for a supervision's answer has come."""
    miss_answer(tx, case_of(timer), now=tx.now)


def miss_transfer_when_due(tx: Tx, timer: Timer, policy: Policy) -> None:
    """The date for another system's answer has come."""
    miss_transfer(tx, case_of(timer), now=tx.now)


def propose_when_sent_back(tx: Tx, told: Told[TransferReturned], policy: Policy) -> None:
    """What another system sent back goes to a dispatcher."""
    if case_hold(tx, told.fact.case_id).state is State.to_dispatch:
        dispatch_or_propose(tx, told.fact.case_id, policy=policy, now=tx.now, without=UnitId(told.fact.system))


def drop_when_voided(tx: Tx, told: Told[CaseVoided], policy: Policy) -> None:
    """No answer is waited for any more, neither a unit's nor another system's."""
    for kind in (SUPERVISION, TRANSFER):
        timer_drop(tx, kind, f"case/{told.fact.case_id}")


def case_of(timer: Timer) -> CaseId:
    """The case that a timer is about."""
    return CaseId(timer.subject.removeprefix("case/"))


def fetch_ahead(tx: Tx, told: Sequence[Told], policy: Policy) -> None:
    """The cases of a batch, and the loads of the units that may answer, in one statement each."""
    ids = [each.fact.case_id for each in told if type(each.fact) is not PackAdopted]
    tx.get_many("case_file", Case, ids)
    look_ahead(tx, ids, policy=policy, now=tx.now)


ON = {
    CaseFiled: (dispatch_when_filed,),
    TaskReturned: (propose_when_returned,),
    PackAdopted: (look_daily_when_adopted,),
    TransferReturned: (propose_when_sent_back,),
    ResultRejected: (dispatch_when_filed,),
    CaseVoided: (drop_when_voided,),
}
TIMERS = {NOTICES: notice_when_due, SUPERVISION: miss_when_due, TRANSFER: miss_transfer_when_due}
AHEAD = fetch_ahead
