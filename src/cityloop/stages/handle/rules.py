"""Pure decisions of handling."""

from datetime import datetime

from cityloop.domain.calendar import WorkCalendar
from cityloop.domain.clock import due_of
from cityloop.domain.facts import DueMoved
from cityloop.stages.handle.model import (
    CALENDAR,
    CALENDAR_MORE,
    NOTE_CHARS_MIN,
    PART_MAX,
    ProofMissing,
    ReasonUnknown,
    ReturnReason,
    Running,
    TooManyPhotos,
)


def proof_enough(photos: int, note: str, photos_max: int) -> None:
    """Whether what was handed in can show that the work is done: a photo, or a note that says something.

    Refuses with `ProofMissing` or `TooManyPhotos`.
    """
    if photos > photos_max:
        raise TooManyPhotos(f"{photos} photos are too many for one completion; send at most {photos_max}.")
    if not photos and len("".join(note.split())) < NOTE_CHARS_MIN:
        raise ProofMissing(
            f"Nothing shows that the work is done; add a photo, or a note of {NOTE_CHARS_MIN} characters or more."
        )


def is_overdue(finished_at: datetime, due: datetime) -> bool:
    """Whether it was finished too late. The due moment itself is in time."""
    return finished_at > due


def return_reason(reason: str) -> ReturnReason:
    """The reason, if a task can be sent back for it.

    Refuses with `ReasonUnknown`.
    """
    if reason not in tuple(ReturnReason):
        raise ReasonUnknown(f"{reason[:40]!r} is no reason of ours; choose one of: {', '.join(ReturnReason)}.")
    return ReturnReason(reason)


def due_again(task: Running, calendar: WorkCalendar) -> datetime:
    """A running task's deadline from its start, the limit that it keeps and when it stood, on another calendar."""
    return due_of(task.start, task.limit, task.pauses, (), calendar)


def dues_moved(running: list[Running], calendar: WorkCalendar, now: datetime) -> list[DueMoved]:
    """What a calendar moves, at most one part of it; the last one says whether more wait."""
    moved = [(task, due) for task in running if (due := due_again(task, calendar)) != task.due_at]
    part = moved[:PART_MAX]
    return [
        DueMoved(
            case_id=task.case_id, task_id=task.id, due_at=due, at=now,
            why=CALENDAR_MORE if place == PART_MAX and len(moved) > PART_MAX else CALENDAR,
        )
        for place, (task, due) in enumerate(part, 1)
    ]  # fmt: skip
