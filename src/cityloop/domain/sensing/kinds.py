"""Kinds of devices and what they observe, as rows of the pack say it."""

from msgspec import Struct

from cityloop.domain.ids import ClassKey
from cityloop.domain.sensing.devices import Observing


class ObservedProperty(Struct, frozen=True, kw_only=True):
    """A row of the pack's observed_properties.csv. Units: `least` and `most` in its unit."""

    code: str
    name: dict[str, str]  # language -> words
    unit: str = ""  # UCUM
    observing: Observing = Observing.measurement
    definition: str = ""  # where it is defined: an address
    least: float | None = None
    most: float | None = None
    words: tuple[str, ...] = ()  # of a category


class KindStream(Struct, frozen=True, kw_only=True):
    """A row of device_streams.csv: what a device of a kind observes, and by what it is seen to be ill. 0: by nothing."""

    kind: str
    key: str
    property: str
    every_s: float = 0
    silent_s: float = 0  # nothing for so long: silent
    freeze_s: float = 0  # the same for so long: frozen
    freeze_within: float = 0
    drift: float = 0  # by so much from the middle of its neighbours: drifting
    drift_radius_m: float = 0
    drift_s: float = 0
    least: float | None = None  # what the sensor can say at all; empty: as its property
    most: float | None = None
    low: float | None = None  # of a battery: at or below this it is changed
    is_open: bool = False


class DeviceKind(Struct, frozen=True, kw_only=True):
    """A row of device_kinds.csv, with its streams."""

    kind: str
    name: dict[str, str]
    class_key: ClassKey | None = None  # of the maintenance case
    calibrate_days: int = 0  # 0: never
    streams: tuple[KindStream, ...] = ()
