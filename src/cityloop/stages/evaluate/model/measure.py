"""Measures that were taken and the weather of days, as they stand; and how the room says no."""

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from cityloop.domain.errors import Invalid, NotFound
from cityloop.domain.ids import AreaCode, ClassKey, UnitId


class MeasureKind(StrEnum):
    """What was done. Words: `measure.kind.*`."""

    rule = "rule"
    patrol = "patrol"
    works = "works"
    interface = "interface"
    hands = "hands"


class Sky(StrEnum):
    """The weather of a day. Words: `weather.*`."""

    dry = "dry"
    rain = "rain"
    storm = "storm"
    snow = "snow"
    heat = "heat"
    fog = "fog"


class MeasureRow(Struct, frozen=True, kw_only=True):
    """A measure: from `since` on, in an area, for a class or all of them."""

    id: str
    no: int
    kind: MeasureKind
    area: AreaCode
    class_key: ClassKey | None = None
    unit: UnitId | None = None
    since: date
    taken_at: datetime
    taken_by: str
    note: str | None = None


class WeatherRow(Struct, frozen=True, kw_only=True):
    """The weather of a local day."""

    day: date
    no: int
    code: Sky


class WeatherUnknown(Invalid):
    """The code names no weather."""

    code = "evaluate.weather_unknown"


class MeasureWrong(Invalid):
    """The measure names something that is not there, or begins on a day that cannot be."""

    code = "evaluate.measure_wrong"


class MeasureUnknown(NotFound):
    """There is no such measure, or not in the caller's area."""

    code = "evaluate.measure_unknown"
