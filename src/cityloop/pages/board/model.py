"""What the wall shows. Each figure has a key, under which the cases behind it are asked for."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from cityloop.domain.errors import NotFound
from cityloop.domain.ids import AreaCode, CaseId, ClassKey, UnitId
from cityloop.domain.lifecycle import State
from cityloop.domain.policy import Policy, Words
from cityloop.pages.clocks import ClockView


class FigureUnknown(NotFound):
    """The wall has no such figure."""

    code = "board.figure_unknown"


class Step(StrEnum):
    """The seven steps of the loop 感识预处核评励."""

    sense = "sense"
    understand = "understand"
    foresee = "foresee"
    handle = "handle"
    inspect = "inspect"
    evaluate = "evaluate"
    reward = "reward"


class StepFlow(Struct, frozen=True, kw_only=True):
    """A step today: what passed it, what waits in it now, and of that what is late. None: the step has no such figure."""

    step: Step
    passed: int | None = None
    passed_key: str = ""
    waiting: int | None = None
    waiting_key: str = ""
    late: int | None = None
    late_key: str = ""
    oldest_at: datetime | None = None  # since when the oldest of what waits is open


class UnitLoad(Struct, frozen=True, kw_only=True):
    """What a unit has in hand, by lamp."""

    unit: UnitId
    key: str
    open: int
    red: int
    yellow: int


class ChannelCount(Struct, frozen=True, kw_only=True):
    """Reports of today by the way in which they came."""

    channel: str
    key: str
    reports: int


class Unusual(Struct, frozen=True, kw_only=True):
    """What is more or less than on other days like today up to this time: an interval in which 99.9 % of such days lie."""

    by: str  # class or street
    code: str
    key: str
    today: int
    usual: float
    low: int
    high: int
    days: int


class NextClock(Struct, frozen=True, kw_only=True):
    """A clock that is about to run out."""

    id: CaseId
    number: str | None
    state: State
    class_key: ClassKey | None
    street: AreaCode | None
    unit: UnitId | None
    clock: ClockView | None


class Lamps(Struct, frozen=True, kw_only=True):
    """Open cases by lamp; `none`: no clock runs."""

    red: int
    yellow: int
    green: int
    grey: int
    none: int


class BoardView(Struct, frozen=True, kw_only=True):
    """The wall. `day` is the city's own; figures of today begin with it."""

    at: datetime
    city: Words
    simulated: bool
    day: date
    seq: int
    open: int
    lamps: Lamps
    unplaced: int  # open cases that are not on the map
    flow: list[StepFlow]
    clocks: list[NextClock]
    units: list[UnitLoad]
    channels: list[ChannelCount]
    unusual: list[Unusual]
    usual_days: int  # with how many days today was compared; too few: nothing is called unusual
    names: dict[str, Words]  # of the classes, streets and units that are named by their codes


def names_of(policy: Policy, codes: Iterable[str | None]) -> dict[str, Words]:
    """The names of classes, areas and units, by their codes."""
    known: tuple[Mapping[Any, Any], ...] = (policy.class_by_key, policy.area_by_code, policy.unit_by_id)
    found = {}
    for code in {each for each in codes if each}:
        named = next((where[code] for where in known if code in where), None)
        if named is not None:
            found[code] = named.name
    return found
