"""Lines of lists as bytes: what a case's version fixes is written once, and only its clock is read anew."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

import msgspec
from msgspec import Struct

from cityloop.domain.calendar import WorkCalendar, calendar_in, epoch_us
from cityloop.domain.clock import Clock, Dial, Lamp, dial_of, pauses_in, reading, reading_of
from cityloop.domain.policy import LimitUnit, Policy
from cityloop.pages.clocks import ClockView

KEPT_MAX = 10_000  # of about 1 kB
READ_ANEW = b'"lamp":"'  # from here on a clock tells the moment
LAMPS = {lamp: lamp.encode() for lamp in Lamp}
Version = tuple[str, str, int]  # city, id, no
Ends = Callable[[Lamp, int, LimitUnit], bytes]  # what a line says after its clock: of its lamp, the seconds that are left and their measure


class Line(NamedTuple):
    """A line to be written, of its version; its clock, and the pauses of that as JSON."""

    version: Version
    line: Struct
    clock: ClockView | None
    pauses: str | None


class _Written(Struct, frozen=True):
    said: bytes
    clock: Dial | Clock | None  # a clock that stood once is read as it is: there are few
    unit: LimitUnit | None = None

    def at(self, now: datetime, at: int, calendar: WorkCalendar, yellow_ppm: int, ends: Ends) -> bytes:
        if self.clock is None:
            return self.said
        if isinstance(self.clock, Dial):
            shows = reading_of(self.clock, at, calendar, yellow_ppm=yellow_ppm)
        else:
            shows = reading(self.clock, now, calendar, yellow_ppm=yellow_ppm)
        end = ends(shows.lamp, shows.left_s, self.unit)
        return b'%b%b","left_s":%d,"used_ppm":%d}}%b' % (self.said, LAMPS[shows.lamp], shows.left_s, shows.used_ppm, end)


class Lines:
    """Lines that this process wrote before, by version: a case changes by facts alone, and each raises its `no`."""

    def __init__(self) -> None:
        self._kept: tuple[str, dict[Version, _Written]] = ("", {})

    def of(
        self, versions: list[Version], write: Callable[[], Iterable[Line]], policy: Policy, now: datetime,
        ends: Ends = lambda *_: b"",
    ) -> list[bytes]:  # fmt: skip
        """The lines of these versions as JSON. `write` makes those of the page, where one is not known yet.

        Shape: the last field of a case is its `clock`, whose last fields are `lamp`, `left_s` and `used_ppm`. What a line says
        after that is said anew by `ends`, where a clock runs.
        """
        digest, kept = self._kept
        if digest != policy.digest or len(kept) > KEPT_MAX:  # what runs without a task has its limit from the policy
            kept = {}
            self._kept = (policy.digest, kept)
        if any(version not in kept for version in versions):
            for each in write():
                if each.version not in kept:
                    kept[each.version] = _written(each, calendar_in(policy))
        at, calendar, yellow_ppm = epoch_us(now), calendar_in(policy), policy.settings.lamp_yellow_ppm
        return [kept[version].at(now, at, calendar, yellow_ppm, ends) for version in versions]


def written(items: Iterable[bytes], after: str | None) -> bytes:
    """A page as JSON, of items that are JSON."""
    return b'{"items":[%b],"next":%b}' % (b",".join(items), msgspec.json.encode(after))


def _written(line: Line, calendar: WorkCalendar) -> _Written:
    said, view = msgspec.json.encode(line.line), line.clock
    if view is None:
        return _Written(said, None)
    clock = Clock(start=view.since, limit=view.limit, due=view.due, pauses=pauses_in(line.pauses))
    said = said[: said.rindex(READ_ANEW) + len(READ_ANEW)]
    return _Written(said, clock if clock.pauses else dial_of(clock, calendar), view.limit.unit)
