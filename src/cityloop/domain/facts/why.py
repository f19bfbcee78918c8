"""What causes are looked for by and effects are measured of: the weather of a day, a measure that was taken. Codes only."""

from datetime import date
from typing import ClassVar

from cityloop.domain.facts.fact import Fact, VaultRef
from cityloop.domain.ids import AccountId, AreaCode, ClassKey, UnitId


class WeatherObserved(Fact, frozen=True, kw_only=True):
    """The weather of a local day, by its code; told again, the last one counts."""

    SUBJECT: ClassVar[str] = "weather"
    KEY: ClassVar[str] = "day"

    day: date
    code: str  # with words: weather.*


class MeasureTaken(Fact, frozen=True, kw_only=True):
    """Somebody says that from a day on something is done otherwise in an area: a rule, a patrol, works, an interface."""

    SUBJECT: ClassVar[str] = "measure"
    KEY: ClassVar[str] = "measure_id"

    measure_id: str
    kind: str  # with words: measure.kind.*
    area: AreaCode
    class_key: ClassKey | None = None
    unit: UnitId | None = None
    since: date
    by: AccountId
    note: VaultRef | None = None  # what it is, in words
