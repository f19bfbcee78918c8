"""What the stage speaks of: the register as it is read, observations as a door names them, what became of them."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from msgspec import Struct

from cityloop.domain.errors import Invalid, NotFound, Refused, Unavailable
from cityloop.domain.ids import ThingId
from cityloop.domain.policy import Policy
from cityloop.domain.sensing import Stream, Thing


class DeviceUnknown(NotFound):
    """No such device."""

    code = "sense.device_unknown"


class TooMuch(Unavailable):
    """More observations than can be judged wait; come again in a moment. Nothing of the request was kept."""

    code = "sense.too_much"


class StreamUnknown(NotFound):
    """No such stream."""

    code = "sense.stream_unknown"


class DeviceWrong(Invalid):
    """What is said of a device or a stream cannot be."""

    code = "sense.device_wrong"


class KeyTaken(Refused):
    """Another device, or another stream of the device, has this key."""

    code = "sense.key_taken"


class DeviceRetired(Refused):
    """A retired device is changed no more, and observes nothing."""

    code = "sense.device_retired"


class Register(Struct, frozen=True, kw_only=True):
    """The devices and streams of a city at one version: what doors, the kernel and pages look things up in."""

    version: int
    things: dict[ThingId, Thing]
    streams: dict[int, Stream]  # by number
    by_key: dict[str, int]  # `thing.key/stream.key` -> number; closed streams and retired devices are not in it


class Named(NamedTuple):
    """Observations as a door has read them: streams by their names, moments in microseconds since 1970, UTC."""

    keys: Sequence[str]
    at: Sequence[int]
    value: Sequence[float]
    track: Sequence[int] | None = None


class Taken(Struct, frozen=True, kw_only=True):
    """What became of observations: kept for good, or put aside with a reason (`sense.aside.*` in the words)."""

    kept: int
    aside: dict[str, int]  # reason -> how many


class Heard(NamedTuple):
    """A message that came by MQTT, and what a door may look up to read it.

    A door's `TOPICS` says which function reads what comes by which topics: `{filter: function(Heard)}`, where the function
    gives `Named`, several of them, or None where there is nothing to keep; it may be a coroutine. `{city}` in a filter is
    the city's id. Whatever it refuses with `Invalid` goes aside as unreadable, and is acknowledged.
    """

    topic: str
    payload: bytes
    now: datetime
    register: Register
    policy: Policy
    parts: Any  # the parts of the city, as a route finds them


class AlarmUnknown(NotFound):
    """No such alarm."""

    code = "sense.alarm_unknown"


class ReasonWrong(Invalid):
    """A reason that does not fit what is said of an alarm."""

    code = "sense.reason_wrong"


class MaintenanceWrong(Invalid):
    """A window of maintenance that is none."""

    code = "sense.maintenance_wrong"


class JudgeReason(StrEnum):
    """Why an alarm was true, or false. Words: `sense.judged.*`."""

    as_said = "as_said"  # it was so
    seen_on_site = "seen_on_site"
    inspected = "inspected"  # the work that followed was inspected
    nothing_found = "nothing_found"  # somebody looked, and nothing was there
    limit_wrong = "limit_wrong"  # what was measured was so, and is no matter
    sensor_wrong = "sensor_wrong"  # what was measured was not so
    other_cause = "other_cause"  # a bird, rain, work on the road

    @property
    def is_true(self) -> bool:
        return self in (JudgeReason.as_said, JudgeReason.seen_on_site, JudgeReason.inspected)
