"""Pure decisions of handling."""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from cityloop.cases.model import TaskStage
from cityloop.domain.calendar import WorkCalendar
from cityloop.domain.clock import due_of, pauses_in
from cityloop.domain.facts import DueMoved, Measure
from cityloop.domain.lifecycle import State
from cityloop.domain.policy import Limit, Settings
from cityloop.stages.handle.model import (
    CALENDAR,
    CALENDAR_MORE,
    NOTE_CHARS_MIN,
    Counted,
    ProofMissing,
    ReasonUnknown,
    ReturnReason,
    Running,
    StageLeft,
    StageWrong,
    TooManyPhotos,
)

PART_MAX = 500  # cases whose deadlines are moved in one transaction
ACCEPTING = frozenset({State.reported, State.verifying, State.to_file})
OF_TASK = {
    State.verifying: Measure.verify,
    State.to_sign: Measure.handle,
    State.handling: Measure.handle,
    State.inspecting: Measure.inspect,
}
_read = msgspec.json.Decoder(Limit).decode


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


def stage_after(stages: tuple[TaskStage, ...], running: int | None, said: str) -> TaskStage:
    """The step that begins when the one that runs is reached.

    Refuses with `StageWrong` where the work has no steps, the last one runs, or another is named.
    """
    if running is None or running + 1 >= len(stages):
        raise StageWrong("This work has no further step; when all is done, finish it.")
    if stages[running].code != said:
        raise StageWrong(f"The step that runs is {stages[running].code}, not {said[:40]}; look at the case again.")
    return stages[running + 1]


def last_stage(stages: tuple[TaskStage, ...], running: int | None) -> None:
    """That no step is left but the one that the finished work ends.

    Refuses with `StageLeft`.
    """
    if running is not None and running + 1 < len(stages):
        left = ", ".join(each.code for each in stages[running:-1])
        raise StageLeft(f"Before the work can end these steps must be reached: {left}; say so step by step.")


def limits_running(case: Running, settings: Settings) -> list[Counted]:
    """Every limit that runs in the case. One that the facts do not carry is taken as the pack has it now.

    Source: standards.md 1.9 and 1.10: to accept (also while somebody verifies), to verify, to dispatch, to sign, to
    handle, to inspect.
    """
    found = []
    if case.state in ACCEPTING and case.accept_due:
        limit = _limit(case.accept_limit, settings.accept_limit)
        found.append(Counted(measures=Measure.accept, start=case.received_at, limit=limit, due_at=case.accept_due))
    if case.state is State.to_dispatch and case.dispatch_due and case.clock_since:
        limit = _limit(case.dispatch_limit, settings.dispatch_limit)
        found.append(Counted(measures=Measure.dispatch, start=case.clock_since, limit=limit, due_at=case.dispatch_due))
    if case.state is State.to_sign and case.task_sign_due and case.task_given_at:
        limit = _limit(case.task_sign_limit, settings.sign_limit)
        sign = Counted(
            measures=Measure.sign, task_id=case.task_id, start=case.task_given_at, limit=limit,
            due_at=case.task_sign_due,
        )  # fmt: skip
        found.append(sign)
    measures = OF_TASK.get(case.state)
    if measures and case.task_limit and case.task_start and case.task_due:
        work = Counted(
            measures=measures, task_id=case.task_id, start=case.task_start, limit=_read(case.task_limit),
            due_at=case.task_due, pauses=pauses_in(case.task_pauses),
        )  # fmt: skip
        found.append(work)
    return found


def due_again(running: Counted, calendar: WorkCalendar) -> datetime:
    """A deadline from its start, the limit that it keeps and when it stood, on another calendar."""
    return due_of(running.start, running.limit, running.pauses, (), calendar)


def dues_moved(case: Running, *, settings: Settings, calendar: WorkCalendar, now: datetime) -> list[DueMoved]:
    """What a calendar moves in a case."""
    return [
        DueMoved(case_id=case.id, task_id=each.task_id, measures=each.measures, due_at=due, at=now, why=CALENDAR)
        for each in limits_running(case, settings)
        if (due := due_again(each, calendar)) != each.due_at
    ]


def marked(moved: list[DueMoved], *, more: bool) -> list[DueMoved]:
    """A part of what moves, whose last fact says whether more waits."""
    return [*moved[:-1], replace(moved[-1], why=CALENDAR_MORE)] if moved and more else moved


def _limit(kept: str | None, known: Limit) -> Limit:
    return _read(kept) if kept else known
