"""派: who must act, by when, at which level."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from cityloop.domain.clock import Pause
from cityloop.domain.facts.filing import CaseFact, StageKept
from cityloop.domain.ids import AreaCode, TaskId, UnitId
from cityloop.domain.policy import Level, Limit


class Duty(Struct, frozen=True, kw_only=True):
    """Who answers, and why: the row of the duty table with its source."""

    unit: UnitId
    assist: tuple[UnitId, ...] = ()
    level: Level
    limit: Limit
    why: tuple[str, ...]  # row, clause, area, load: codes and pack words


class Resumed(Struct, frozen=True, kw_only=True):
    """The clock of a task that its unit sent back 回退: it stood, and goes on where the unit gets the case again.

    The due moment follows from `start`, the duty's limit and `pauses`. Units: `left_s` in seconds of the limit's own
    measure, below zero when it was late.
    """

    task_id: TaskId  # that was sent back
    start: datetime
    pauses: tuple[Pause, ...]
    left_s: int


class CaseDispatched(CaseFact, frozen=True, kw_only=True):
    """派遣: one unit is answerable; others may assist. The clock of handling starts."""

    task_id: TaskId
    duty: Duty
    sign_due: datetime
    sign_limit: Limit | None = None
    due_at: datetime
    automatic: bool
    confidence_ppm: int
    resumes: Resumed | None = None  # None: the clock begins with this fact
    stages: tuple[StageKept, ...] = ()  # of the rule, where its limit counts; the duty's limit is that of the one running
    stage: int = 0  # which of them runs; those before were reached


class DispatchProposed(CaseFact, frozen=True, kw_only=True):
    """The machine may not dispatch alone: a dispatcher decides. No duty: nobody could be found."""

    duties: tuple[Duty, ...]
    confidence_ppm: int
    why: tuple[str, ...]


class LevelMove(StrEnum):
    """Between the desks of city, district and street."""

    down = "down"
    up = "up"
    back = "back"


class CaseLevelMoved(CaseFact, frozen=True, kw_only=True):
    """Another level's desk has it now, with a clock of its own."""

    move: LevelMove
    level: Level
    area: AreaCode | None
    from_level: Level
    dispatch_due: datetime
    dispatch_limit: Limit | None = None
    reason: str
