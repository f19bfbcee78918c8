"""What residents and workers may know: does reporting work, does the work outside, the hotline, the devices; since when."""

import time
from collections.abc import Mapping, Sequence
from enum import StrEnum

import msgspec
from msgspec import Struct

from cityloop.operate.alerts import Firing
from cityloop.operate.meter import Sample

SHED = frozenset({"NotReady", "ErrorsRise"})


class Works(StrEnum):
    """How a part of the service is."""

    well = "well"
    slow = "slow"  # it works, and what follows comes late
    down = "down"  # what is sent now must be sent again


class Part(Struct, frozen=True, kw_only=True):
    """A part of the service. `since` in seconds since 1970."""

    name: str
    works: Works
    since: float


def parts_of(samples: Sequence[Sample], firing: Sequence[Firing], missing: Mapping[str, str], *, hotline: bool) -> dict[str, Works]:
    """How each part is. Where nobody set up a hotline or a broker it is not spoken of."""
    names = {each.name for each in firing if not each.waits}
    shut = bool(missing) or bool(names & SHED)
    late = bool(names & {"BehindGrows", "AnswersSlow", "LoopBlocked"})
    main = Works.down if shut else Works.slow if late else Works.well
    found = {"reporting": main, "work": main, "tracking": Works.down if shut else Works.well}
    if hotline:
        found["hotline"] = Works.down if shut else Works.slow if "OutboxDown" in names else Works.well
    told = {each.name: each.value for each in samples}
    if "cityloop_telemetry_up" in told:
        silent = not told["cityloop_telemetry_up"]
        found["devices"] = Works.down if silent else Works.slow if "TelemetryBehind" in names else Works.well
    return found


class Memory:
    """Since when each part is as it is."""

    def __init__(self) -> None:
        self._parts: dict[str, Part] = {}

    def seen(self, found: Mapping[str, Works], now: float | None = None) -> list[Part]:
        """The parts, with their moments."""
        at = time.time() if now is None else now
        for name, works in found.items():
            before = self._parts.get(name)
            if before is None or before.works is not works:
                self._parts[name] = Part(name=name, works=works, since=at)
        return [self._parts[name] for name in found]

    def kept(self) -> bytes:
        """For the next process."""
        return msgspec.json.encode(list(self._parts.values()))

    def load(self, raw: bytes) -> None:
        """As the process before knew it."""
        self._parts = {each.name: each for each in msgspec.json.decode(raw, type=list[Part])}
