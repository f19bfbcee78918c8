"""Pure decisions of approvals: what may be asked for, how far it reaches, by when it is decided, who may."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from cityloop.cases.approvals.model import (
    ApprovalReasonUnknown,
    AskedTooLate,
    Asking,
    AttachmentMissing,
    FormMissing,
    LengthWrong,
    one_of,
)
from cityloop.domain.approval import DENIALS, PUTS_OFF, REASONS, row_for
from cityloop.domain.calendar import WorkCalendar
from cityloop.domain.clock import Clock
from cityloop.domain.policy import ApprovalKind, ApprovalRow, Limit
from cityloop.domain.time import due_at, due_extended


class Reach(Struct, frozen=True, kw_only=True):
    """How far what is asked for reaches: to a moment, by a limit, or not in time at all."""

    end: datetime | None = None
    length: Limit | None = None
    until: datetime | None = None  # of a hold


def reason_known(kind: ApprovalKind, reason: str) -> str:
    """The reason, if this can be asked for because of it. Refuses with `ApprovalReasonUnknown`."""
    if reason not in REASONS[kind]:
        raise ApprovalReasonUnknown(
            f"{reason[:40]!r} is no reason for {kind}; choose one of: {one_of(REASONS[kind])}."
        )
    return reason


def denial_known(reason: str) -> str:
    """The reason, if a request can be refused because of it. Refuses with `ApprovalReasonUnknown`."""
    if reason not in DENIALS:
        raise ApprovalReasonUnknown(f"{reason[:40]!r} refuses nothing; choose one of: {one_of(DENIALS)}.")
    return reason


def reach_of(asking: Asking, clock: Clock | None, *, now: datetime, calendar: WorkCalendar) -> Reach:
    """How far it reaches: an extension from the deadline, a hold from now.

    Refuses with `LengthWrong` or `BadLimit`.
    """
    kind, length, until = asking.kind, asking.length, asking.until
    if kind is ApprovalKind.extension:
        if length is None or until is not None or length.value < 1:
            raise LengthWrong("An extension is asked for as a limit, e.g. 2 work_day; it is counted from the deadline.")
        assert clock, "an extension is of a task"
        return Reach(end=due_extended(clock.due, length, calendar), length=length)
    if kind not in PUTS_OFF:
        if length is not None or until is not None:
            raise LengthWrong(f"{kind} has no length; leave it out.")
        return Reach()
    if (length is None) == (until is None):
        raise LengthWrong(f"{kind} is asked for until a moment, or for a limit: one of the two.")
    if until is not None and until.tzinfo is None:
        raise LengthWrong("`until` has no offset; write it 2026-03-06T08:00:00Z or with +08:00.")
    end = until if until is not None else due_at(now, length, calendar)
    if end <= now:
        raise LengthWrong(f"{kind} would end before it begins; give a later moment.")
    return Reach(end=end, length=length, until=end)


def row_of(
    rows: Sequence[ApprovalRow], asking: Asking, nth: int, reach: Reach, clock: Clock | None, *, now: datetime,
    calendar: WorkCalendar,
) -> ApprovalRow:  # fmt: skip
    """The matrix's row for it. Refuses with `NotInPack`, `TooOften` or `TooLong`."""

    def end_of(limit: Limit) -> datetime:
        of_deadline = asking.kind is ApprovalKind.extension and clock
        return due_extended(clock.due, limit, calendar) if of_deadline else due_at(now, limit, calendar)

    return row_for(rows, asking.kind, nth, reach.end, end_of)


def enough_for(row: ApprovalRow, note: str, photos: int) -> None:
    """Whether what comes with it is what the row asks for. Refuses with `FormMissing` or `AttachmentMissing`."""
    if row.form != "none" and not note.strip():
        named = "a note" if row.form == "note" else f"a note, and the form {row.form} as an attachment"
        raise FormMissing(f"A request of this kind comes with {named}; add it.")
    if row.attachment and not photos:
        raise AttachmentMissing("A request of this kind comes with an attachment; add a photo of what shows it.")


def asked_in_time(row: ApprovalRow, clock: Clock | None, now: datetime) -> None:
    """Whether the task is not due yet, where the row asks for that. Refuses with `AskedTooLate`."""
    if row.before_due and clock and not clock.is_paused and now > clock.due:
        raise AskedTooLate("The task is overdue; this had to be asked for before its due moment. Finish the work.")


def stands_while_asked(row: ApprovalRow, clock: Clock | None) -> bool:
    """Whether asking makes the clock stand: it runs, and the row says so."""
    return row.clock_stands and clock is not None and not clock.is_paused


def decide_due(
    row: ApprovalRow, clock: Clock | None, until: datetime | None, *, now: datetime, calendar: WorkCalendar
) -> datetime:
    """By when the first step decides: within the row's limit; before the task is due, where its clock runs on and the row
    asks for that; before the hold would be over."""
    found = [due_at(now, row.decide_limit, calendar)]
    if row.before_due and clock and not clock.is_paused and not row.clock_stands:
        found.append(clock.due)
    return min([*found, until] if until else found)


def steps_asked(row: ApprovalRow, present: Sequence[str], own: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The roles that are asked, in order, and those that are not: nobody sits there, or the asker does and has spoken.

    The last one is asked in any case: there another person of the role decides.
    """
    there = [role for role in row.steps if role in present]
    while len(there) > 1 and there[0] in own:
        del there[0]
    return tuple(there), tuple(role for role in row.steps if role not in there)
