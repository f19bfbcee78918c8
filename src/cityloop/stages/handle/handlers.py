"""What handling does when others have told something."""

from cityloop.cases import case_hold
from cityloop.cases.assists import call_off_assists
from cityloop.db import Tx
from cityloop.domain.facts import CaseVoided, DueMoved, PackAdopted, TaskReturned, Told
from cityloop.domain.ids import CaseId
from cityloop.domain.policy import Policy
from cityloop.journal import Timer, timer_drop
from cityloop.stages.handle.model import CALENDAR_MORE, LEAD_RETURNED, WHISTLE, PackNotRead
from cityloop.stages.handle.service import miss_arrivals, move_dues
from cityloop.stages.handle.store import pack_digest


def move_dues_when_adopted(tx: Tx, told: Told[PackAdopted], policy: Policy) -> None:
    """A version of the pack may count days otherwise: running deadlines follow it."""
    pack_read(tx, policy)
    move_dues(tx, policy=policy, now=tx.now)


def move_more_dues(tx: Tx, told: Told[DueMoved], policy: Policy) -> None:
    """The last of a part brings the next part."""
    if told.fact.why == CALENDAR_MORE:
        pack_read(tx, policy)
        move_dues(tx, policy=policy, now=tx.now, after=told.fact.case_id)


def pack_read(tx: Tx, policy: Policy) -> None:
    """Another process may have adopted a version that this one has not read yet: then it is tried again.

    Refuses with `PackNotRead`.
    """
    if pack_digest(tx) != policy.digest:
        raise PackNotRead("This process has not read the pack that was adopted; it is tried again in a moment.")


def call_off_when_returned(tx: Tx, told: Told[TaskReturned], policy: Policy) -> None:
    """Whoever helped the unit that sent it back is not waited for any more."""
    call_off_assists(
        tx, case_hold(tx, told.fact.case_id), reason=LEAD_RETURNED, now=tx.now, given_before=told.fact.at
    )  # fmt: skip


def drop_when_voided(tx: Tx, told: Told[CaseVoided], policy: Policy) -> None:
    """Nobody has to come any more."""
    timer_drop(tx, WHISTLE, f"case/{told.fact.case_id}")


def miss_when_due(tx: Tx, timer: Timer, policy: Policy) -> None:
    """The limit to report in has come."""
    miss_arrivals(tx, CaseId(timer.subject.removeprefix("case/")), now=tx.now)


TIMERS = {WHISTLE: miss_when_due}
ON = {
    TaskReturned: (call_off_when_returned,),
    CaseVoided: (drop_when_voided,),
    PackAdopted: (move_dues_when_adopted,),
    DueMoved: (move_more_dues,),
}
