"""The rows of the register as its tables hold them."""

from datetime import datetime

from msgspec import Struct


class ThingRow(Struct, frozen=True, kw_only=True):
    """A device; `no` grows with every fact of it or of its streams."""

    id: str
    no: int
    key: str
    kind: str
    state: str
    lon: float | None
    lat: float | None
    cell: str | None
    site: str
    component: str | None
    owner: str | None
    vendor: str
    model: str
    installed_at: datetime | None
    calibrated_at: datetime | None
    calibrate_by: datetime | None
    simulated: bool
    registered_at: datetime
    changed_at: datetime  # when it was recorded
    state_why: str
    state_at: datetime
    state_by: str
    state_alarm: str | None = None


class StreamRow(Struct, frozen=True, kw_only=True):
    """A stream; `words` is JSON."""

    id: str
    no: int
    thing: str
    key: str
    property: str
    unit: str
    observing: str
    every_s: float
    least: float | None
    most: float | None
    words: str
    is_open: bool
    is_closed: bool


class ThingWords(Struct, frozen=True, kw_only=True):
    """What people call a device, and where its picture is: vault data. `properties` is JSON."""

    id: str
    name: str = ""
    live_url: str = ""
    still_url: str = ""
    properties: str = "{}"


class AlarmRow(Struct, frozen=True, kw_only=True):
    """An alarm; `reasons` is JSON. Units: `limit_value`, `value` and `end_value` in `unit`."""

    id: str
    no: int
    rule: str
    kind: str
    colour: str
    class_key: str | None
    is_health: bool
    ends: str
    property: str
    unit: str
    limit_value: float
    thing_id: str
    stream: int
    vendor: str
    owner: str | None
    lon: float | None
    lat: float | None
    cell: str | None
    component: str | None
    began_at: datetime
    raised_at: datetime  # by the clock of what was observed
    told_at: datetime  # when it was recorded
    value: float
    track: int
    reasons: str
    since: datetime
    until: datetime
    is_camera: bool
    is_suspect: bool
    simulated: bool
    cleared_at: datetime | None = None
    cleared_why: str | None = None
    end_value: float | None = None
    is_true: bool | None = None
    judged_for: str | None = None
    judged_at: datetime | None = None
    judged_by: str | None = None


class MaintenanceRow(Struct, frozen=True, kw_only=True):
    """When a device is worked on: the last window that was planned."""

    thing_id: str
    no: int
    begins: datetime
    ends: datetime
    planned_by: str
