"""What dispatch speaks of, and how it says no."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from cityloop.domain.errors import Invalid, NotAllowed, Refused
from cityloop.domain.facts import Duty, Where
from cityloop.domain.ids import AreaCode, ClassKey, TaskId, UnitId
from cityloop.domain.policy import Level, Limit

NOTICES, NOTICES_SUBJECT = "notices", "notices/daily"  # the timer that looks for what is overdue
NOTICES_PART = 200  # units told in one transaction
SUPERVISION = "supervision"  # the timer of an answer's date


TRANSFER = "transfer"  # the timer of another system's answer


class TransferReason(StrEnum):
    """Why another system gets a case. Words: `transfer.reason.*`."""

    outside_duty = "outside_duty"  # no unit of the city answers for it
    higher_level = "higher_level"
    other_city = "other_city"
    ordered_so = "ordered_so"


class TransferBackReason(StrEnum):
    """Why another system sends it back. Words: `transfer.reason.*`."""

    not_theirs = "not_theirs"
    incomplete = "incomplete"
    nothing_found = "nothing_found"


class LevelReason(StrEnum):
    """Why a case goes to another level's desk. Words: `level.reason.*`."""

    local = "local"  # it is best done where it lies
    beyond_means = "beyond_means"  # this level cannot do it
    not_ours = "not_ours"  # it is not this level's matter
    many_areas = "many_areas"  # it concerns more than one area
    wrong_area = "wrong_area"  # it lies elsewhere


class ReassignReason(StrEnum):
    """Why another unit is made answerable. Words: `dispatch.reason.*`."""

    not_theirs = "not_theirs"  # it was given to the wrong unit
    overloaded = "overloaded"  # the unit has more than it can do
    too_slow = "too_slow"  # it does not act in time
    duty_changed = "duty_changed"  # another unit answers for it now
    ordered = "ordered"  # a leader has said so


class UrgeReason(StrEnum):
    """Why a unit is reminded. Words: `urge.reason.*`."""

    due_soon = "due_soon"
    late = "late"
    resident_waits = "resident_waits"
    danger = "danger"
    told_again = "told_again"  # further reports came


class SuperviseReason(StrEnum):
    """Why a unit is supervised, or asked for its answer again. Words: `supervise.reason.*`."""

    late = "late"
    recurs = "recurs"
    complaint = "complaint"
    danger = "danger"
    in_the_media = "in_the_media"
    ordered = "ordered"
    answer_empty = "answer_empty"  # it says nothing that helps
    not_done = "not_done"  # it does not fit what is seen


class Asked(Struct, frozen=True, kw_only=True):
    """What the duty table is asked: everything but the load, which depends on who would answer."""

    class_key: ClassKey
    where: Where
    level: Level
    limit: Limit  # of the rule that the case was filed under
    hour: int
    is_workday: bool


class Decision(Struct, frozen=True, kw_only=True):
    """What the machine makes of a case: who answers, the best first, how sure that is, and what keeps it from dispatching
    alone; where nothing does, the first duty is given out."""

    duties: tuple[Duty, ...]
    confidence_ppm: int
    why_not: tuple[str, ...]


class Returned(Struct, frozen=True, kw_only=True):
    """The task that came back last: whose it was, and when its clock began to stand."""

    task_id: TaskId
    unit: UnitId
    at: datetime


class NoUnitAnswers(Refused):
    """The duty table has no row, or no unit of the kind that it names, for this class and place."""

    code = "dispatch.no_unit_answers"


class UnitUnknown(Invalid):
    """No such unit in the pack."""

    code = "dispatch.unit_unknown"


class LevelWrong(Refused):
    """There is no desk in that direction."""

    code = "dispatch.level_wrong"


class NotThisDesk(NotAllowed):
    """Another desk holds the case."""

    code = "dispatch.not_this_desk"


class Desk(Struct, frozen=True, kw_only=True):
    """The command centre that holds a case: its level, and its area below the city."""

    level: Level
    area: AreaCode | None


class ReasonUnknown(Invalid):
    """No reason for this."""

    code = "dispatch.reason_unknown"


class SameUnit(Refused):
    """The unit has the task already."""

    code = "dispatch.same_unit"


class SupervisionRunning(Refused):
    """A supervision is not settled yet, or there is nobody to supervise."""

    code = "dispatch.supervision_running"


class NotAnswered(Refused):
    """No answer waits to be judged."""

    code = "dispatch.not_answered"


class WordsMissing(Invalid):
    """What must be said in words is empty."""

    code = "dispatch.words_missing"


class SystemUnknown(Invalid):
    """No such system in the pack."""

    code = "dispatch.system_unknown"


class NumberWrong(Invalid):
    """That is no number of another system."""

    code = "dispatch.number_wrong"
