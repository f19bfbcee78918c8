"""What dispatch speaks of, and how it says no."""

from datetime import datetime

from msgspec import Struct

from cityloop.domain.errors import Invalid, NotAllowed, Refused
from cityloop.domain.facts import Where
from cityloop.domain.ids import AreaCode, ClassKey, TaskId, UnitId
from cityloop.domain.policy import Level, Limit


class Asked(Struct, frozen=True, kw_only=True):
    """What the duty table is asked: everything but the load, which depends on who would answer."""

    class_key: ClassKey
    where: Where
    level: Level
    limit: Limit  # of the rule that the case was filed under
    hour: int
    is_workday: bool


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
