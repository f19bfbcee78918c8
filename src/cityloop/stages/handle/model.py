"""What handling speaks of, and how it says no."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from cityloop.domain.clock import Pause
from cityloop.domain.errors import Invalid, NotAllowed, Refused, Unavailable
from cityloop.domain.facts import Measure
from cityloop.domain.ids import CaseId, TaskId
from cityloop.domain.lifecycle import State
from cityloop.domain.policy import Limit

NOTE_CHARS_MIN = 8  # a note alone proves something from here: "已清运并冲洗路面" has eight
CALENDAR = "calendar"  # why a deadline moved
CALENDAR_MORE = "calendar_more"  # the same, and more deadlines wait for the next part
LEAD_RETURNED = "lead_returned"  # why those who help are not waited for
PAGE = 1_000  # cases looked at with one statement


WHISTLE = "whistle"  # the timer of who must report in


class WhistleReason(StrEnum):
    """Why a street calls departments. Words: `whistle.reason.*`."""

    duty_unclear = "duty_unclear"  # nobody knows who answers for it
    many_needed = "many_needed"  # it takes several departments
    emergency = "emergency"
    long_standing = "long_standing"  # it was tried and is still there


class RateReason(StrEnum):
    """Why a department is rated so. Words: `rate.reason.*`."""

    prompt = "prompt"
    effective = "effective"
    late = "late"
    absent = "absent"
    ineffective = "ineffective"
    evasive = "evasive"  # it said that it was not its business


class Helping(Struct, frozen=True, kw_only=True):
    """A helping task that runs, as far as its clocks go. Limits are JSON."""

    id: TaskId
    case_id: CaseId
    given_at: datetime
    time_limit: str
    due_at: datetime
    signed_at: datetime | None
    sign_due: datetime
    sign_limit: str


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
    task_extensions: str | None
    task_sign_due: datetime | None
    task_sign_limit: str | None
    guests: str | None = None
    helping: tuple[Helping, ...] = ()


class AssistReason(StrEnum):
    """Why a unit that helps is not waited for. Words: `assist.reason.*`."""

    not_needed = "not_needed"  # it could be done without
    too_slow = "too_slow"  # it did not come
    danger = "danger"  # it could not wait
    other_means = "other_means"  # somebody else helped


class Counted(Struct, frozen=True, kw_only=True):
    """A running limit: what its due moment follows from, and what that is now."""

    measures: Measure
    task_id: TaskId | None = None
    start: datetime
    limit: Limit
    due_at: datetime
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Limit, ...] = ()


class ReasonUnknown(Invalid):
    """No reason for which a task can be sent back."""

    code = "handle.reason_unknown"


class NeedsApproval(Refused):
    """A return for this reason is asked for first."""

    code = "handle.needs_approval"


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


class AssistStillOpen(Refused):
    """Units that help have not finished."""

    code = "handle.assist_still_open"


class NoAssist(Refused):
    """No helping task runs for this unit."""

    code = "handle.no_assist"


class AlreadySigned(Refused):
    """The helping task was signed for."""

    code = "handle.already_signed"


class AnswerMissing(Invalid):
    """The answer says nothing."""

    code = "handle.answer_missing"


class NotAsked(Refused):
    """No answer is asked for."""

    code = "handle.not_asked"


class CalledWrongly(Invalid):
    """Those cannot be called."""

    code = "handle.called_wrongly"


class WhistleRunning(Refused):
    """Departments are called already."""

    code = "handle.whistle_running"


class WhistleOver(Refused):
    """No departments are called now."""

    code = "handle.whistle_over"


class WhistleNotOver(Refused):
    """The joint handling is not over."""

    code = "handle.whistle_not_over"


class NotCalled(Refused):
    """The unit was not called, or has done it."""

    code = "handle.not_called"


class NotYourWhistle(NotAllowed):
    """Another street called."""

    code = "handle.not_your_whistle"


class ScoreWrong(Invalid):
    """No score of ours."""

    code = "handle.score_wrong"
