"""Alarms 告警: a rule begins to hold for a stream, holds no more, and what people say of it. Codes and numbers only."""

from datetime import datetime
from typing import ClassVar

from msgspec import Struct

from cityloop.domain.facts.fact import Fact
from cityloop.domain.facts.filing import CaseFact
from cityloop.domain.ids import AccountId, AlarmId, CellCode, ClassKey, ComponentCode, ThingId, UnitId


class AlarmAbout(Struct, frozen=True, kw_only=True):
    """What an alarm is about, as the register said when it was raised. Units: degrees (WGS 84), `limit` in `unit` (UCUM)."""

    rule: str  # a row of sense_rules.csv, or of health
    kind: str  # what it looks for
    colour: str
    class_key: ClassKey | None = None  # what is reported; none: a person looks, and nothing is
    is_health: bool = False
    ends: str = "person"
    property: str
    unit: str = ""
    limit: float
    thing_id: ThingId
    stream: int
    vendor: str = ""
    owner: UnitId | None = None
    lon: float | None = None
    lat: float | None = None
    cell: CellCode | None = None
    component: ComponentCode | None = None


class AlarmFact(Fact, frozen=True, kw_only=True):
    """A fact whose subject is an alarm; its id follows from rule, stream and the moment it began."""

    SUBJECT: ClassVar[str] = "alarm"
    KEY: ClassVar[str] = "alarm_id"

    alarm_id: AlarmId


class AlarmRaised(AlarmFact, frozen=True, kw_only=True):
    """A rule holds for a stream, for as long as it must. `at` is when it was raised, by the clock of what was observed."""

    about: AlarmAbout
    began_at: datetime
    value: float
    track: int = 0  # of a detection
    reasons: tuple[str, ...] = ()  # codes and numbers: kind:above, value:12.5, limit:10, for_s:600
    since: datetime  # the span of the curve that shows it
    until: datetime
    is_camera: bool = False
    is_suspect: bool = False  # the device may be wrong: a person looks, and nothing is reported
    simulated: bool = False


class AlarmCleared(AlarmFact, frozen=True, kw_only=True):
    """It holds no more."""

    value: float
    why: str = "gone"  # gone: the cause; changed: the rule, or the device, is another


class AlarmJudged(AlarmFact, frozen=True, kw_only=True):
    """Somebody says whether there was what the rule saw. The last word counts."""

    is_true: bool
    reason: str  # a code with words: sense.judged.*
    by: AccountId | None = None  # None: the inspection or the look on site said so


class MaintenancePlanned(Fact, frozen=True, kw_only=True):
    """A window in which a device is worked on 检修窗口: nothing is raised for it."""

    SUBJECT: ClassVar[str] = "thing"
    KEY: ClassVar[str] = "thing_id"

    thing_id: ThingId
    begins: datetime
    ends: datetime  # not after `begins`: the window is taken back
    by: AccountId


class CauseEnded(CaseFact, frozen=True, kw_only=True):
    """What the sensors of a case saw has gone. `closes`: their rule says that this is enough, and nobody works on it yet."""

    alarm_id: AlarmId
    closes: bool = False
