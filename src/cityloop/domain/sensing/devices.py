"""Things that observe, and their streams: what the register says of them."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from cityloop.domain.ids import CellCode, ComponentCode, StreamId, ThingId, UnitId
from cityloop.domain.place import Point


class LifeState(StrEnum):
    """The life cycle of a device 生命周期."""

    planned = "planned"  # 规划: in the register, not yet on the wall
    live = "live"  # 在用
    suspect = "suspect"  # 存疑: what it says may be wrong; its alarms are proposals
    faulty = "faulty"  # 故障: a maintenance case runs; its alarms do not count
    retired = "retired"  # 退役


ALIVE = frozenset({LifeState.live, LifeState.suspect})


class Observing(StrEnum):
    """What the results of a stream are. In words of SensorThings: the kind of observation."""

    measurement = "measurement"  # a number with a unit
    count = "count"
    truth = "truth"  # 1 or 0
    category = "category"  # one word of a list; the number is its place in the stream's list
    detection = "detection"  # somebody or something was seen: the value is the confidence, 0 to 1


class Thing(Struct, frozen=True, kw_only=True):
    """A device as it is registered 设备, with the sensor in it."""

    id: ThingId
    key: str  # how its source names it: unique in the city, e.g. a DevEUI, a serial number, a camera's name
    kind: str  # a row of the pack's device_kinds.csv
    name: str
    state: LifeState
    where: Point | None
    cell: CellCode | None
    site: str  # several sensors of one place share it; empty: alone
    component: ComponentCode | None  # the thing of the city that it sits on
    owner: UnitId | None  # who mends it
    vendor: str
    model: str
    installed_at: datetime | None
    calibrated_at: datetime | None
    calibrate_by: datetime | None
    live_url: str  # of a camera: its live view; empty: none
    still_url: str  # its snapshot
    properties: dict[str, str]  # whatever else the source says of it
    simulated: bool


class Stream(Struct, frozen=True, kw_only=True):
    """A series of observations of one property by one device. In words of SensorThings: a datastream."""

    id: StreamId
    no: int  # dense in the city, from 1: what columns, the kernel and segments know it by
    thing: ThingId
    key: str  # unique within the thing, e.g. pm25; `thing.key/stream.key` is how a source names it
    property: str  # a row of the pack's observed_properties.csv
    unit: str  # UCUM, e.g. ug/m3, Cel, %; empty: none
    observing: Observing
    every_s: float  # how often it should speak; 0: whenever something happens
    least: float | None  # what the sensor can say at all: beyond it lies
    most: float | None
    words: tuple[str, ...]  # of a category: the words its numbers stand for; of detections: (zone, class)
    is_open: bool  # anybody may read it
    is_closed: bool
