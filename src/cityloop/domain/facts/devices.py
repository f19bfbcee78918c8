"""The register of what observes: devices, their streams, their lives. What people call a device stands in no fact."""

from datetime import datetime
from typing import ClassVar

from msgspec import Struct

from cityloop.domain.facts.fact import Fact
from cityloop.domain.ids import AlarmId, CellCode, ComponentCode, StreamId, ThingId, UnitId


class ThingSaid(Struct, frozen=True, kw_only=True):
    """What the register says of a device. Units: degrees (WGS 84)."""

    key: str
    kind: str
    lon: float | None = None
    lat: float | None = None
    cell: CellCode | None = None
    site: str = ""
    component: ComponentCode | None = None
    owner: UnitId | None = None
    vendor: str = ""
    model: str = ""
    installed_at: datetime | None = None
    calibrated_at: datetime | None = None
    calibrate_by: datetime | None = None


class StreamSaid(Struct, frozen=True, kw_only=True):
    """What the register says of a stream. Units: `least` and `most` in its unit (UCUM), `every_s` seconds."""

    id: StreamId
    no: int
    key: str
    property: str
    unit: str = ""
    observing: str = "measurement"
    every_s: float = 0
    least: float | None = None
    most: float | None = None
    words: tuple[str, ...] = ()
    is_open: bool = False


class ThingFact(Fact, frozen=True, kw_only=True):
    """A fact whose subject is a device; those of its streams are told of it, too."""

    SUBJECT: ClassVar[str] = "thing"
    KEY: ClassVar[str] = "thing_id"

    thing_id: ThingId


class ThingRegistered(ThingFact, frozen=True, kw_only=True):
    """A device stands in the register, with its streams."""

    said: ThingSaid
    state: str
    streams: tuple[StreamSaid, ...] = ()
    claimed: bool = False  # it had sent before anybody knew it
    simulated: bool = False


class ThingChanged(ThingFact, frozen=True, kw_only=True):
    """The register says something else of it; names and addresses may have changed where the rest is as before."""

    said: ThingSaid


class ThingStateChanged(ThingFact, frozen=True, kw_only=True):
    """A move of its life."""

    before: str
    state: str
    why: str  # a code with words: sense.why.*
    alarm: AlarmId | None = None  # by which a rule moved it


class StreamOpened(ThingFact, frozen=True, kw_only=True):
    """A device observes one more property."""

    stream: StreamSaid


class StreamChanged(ThingFact, frozen=True, kw_only=True):
    """A stream is described anew; its number and key stay."""

    stream: StreamSaid


class StreamClosed(ThingFact, frozen=True, kw_only=True):
    """Nothing is taken for the stream any more; what it said is kept."""

    stream_id: StreamId
    stream: int  # its number
