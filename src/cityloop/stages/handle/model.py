"""What handling speaks of, and how it says no."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from cityloop.domain.clock import Pause
from cityloop.domain.errors import Invalid, Refused, Unavailable
from cityloop.domain.facts import Measure
from cityloop.domain.ids import CaseId, TaskId
from cityloop.domain.lifecycle import State
from cityloop.domain.policy import Limit

NOTE_CHARS_MIN = 8  # a note alone proves something from here: "已清运并冲洗路面" has eight
CALENDAR = "calendar"  # why a deadline moved
CALENDAR_MORE = "calendar_more"  # the same, and more deadlines wait for the next part
PAGE = 1_000  # cases looked at with one statement


class ReturnReason(StrEnum):
    """Why a unit sends a task back. Words: `handle.reason.*`."""

    not_ours = "not_ours"  # another unit answers for it
    wrong_place = "wrong_place"  # it lies elsewhere
    wrong_class = "wrong_class"  # it is something else
    repeated = "repeated"  # it is known under another number
    not_found = "not_found"  # nothing is there
    no_means = "no_means"  # conditions for the work are absent


class Running(Struct, frozen=True, kw_only=True):
    """A case in which a limit runs, as far as its clocks go. Limits and pauses are JSON, as the rows keep them; a limit is
    missing where it was given before facts carried it.

    Shape: what begins with `task_` is of the task that runs, if one does.
    """

    id: CaseId
    state: State
    received_at: datetime
    clock_since: datetime | None
    accept_due: datetime | None
    accept_limit: str | None
    dispatch_due: datetime | None
    dispatch_limit: str | None
    task_id: TaskId | None
    task_start: datetime | None
    task_given_at: datetime | None
    task_due: datetime | None
    task_limit: str | None
    task_pauses: str | None
    task_sign_due: datetime | None
    task_sign_limit: str | None


class Counted(Struct, frozen=True, kw_only=True):
    """A running limit: what its due moment follows from, and what that is now."""

    measures: Measure
    task_id: TaskId | None = None
    start: datetime
    limit: Limit
    due_at: datetime
    pauses: tuple[Pause, ...] = ()


class ReasonUnknown(Invalid):
    """No reason for which a task can be sent back."""

    code = "handle.reason_unknown"


class ProofMissing(Refused):
    """Nothing shows that the work is done."""

    code = "handle.proof_missing"


class TooManyPhotos(Invalid):
    """More photos than the city takes."""

    code = "handle.too_many_photos"


class StageWrong(Refused):
    """The step is not the one that runs, or none can be reached."""

    code = "handle.stage_wrong"


class StageLeft(Refused):
    """The work has steps that were not reached."""

    code = "handle.stage_left"


class PackNotRead(Unavailable):
    """The pack that was adopted elsewhere is not read here yet."""

    code = "handle.pack_not_read"
