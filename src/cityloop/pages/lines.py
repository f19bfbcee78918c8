"""Lines of lists as bytes: what a case's version fixes is written once, and only its clock is read anew."""

from collections.abc import Callable, Iterable
from datetime import datetime

import msgspec
from msgspec import Struct

from cityloop.domain.calendar import WorkCalendar, calendar_in, epoch_us
from cityloop.domain.clock import Clock, Dial, Lamp, dial_of, pauses_in, reading, reading_of
from cityloop.domain.policy import Policy

KEPT_MAX = 10_000  # of about 1 kB
READ_ANEW = b'"lamp":"'  # from here on a clock tells the moment; it is the last of its line
LAMPS = {lamp: lamp.encode() for lamp in Lamp}
Version = tuple[str, str, int]  # city, id, no


class _Written(Struct, frozen=True):
    said: bytes
    clock: Dial | Clock | None  # a clock that stood once is read as it is: there are few

    def at(self, now: datetime, at: int, calendar: WorkCalendar, yellow_ppm: int) -> bytes:
        if self.clock is None:
            return self.said
        if isinstance(self.clock, Dial):
            shows = reading_of(self.clock, at, calendar, yellow_ppm=yellow_ppm)
        else:
            shows = reading(self.clock, now, calendar, yellow_ppm=yellow_ppm)
        return b'%b%b","left_s":%d,"used_ppm":%d}}' % (self.said, LAMPS[shows.lamp], shows.left_s, shows.used_ppm)


class Lines:
    """Lines that this process wrote before, by version: a case changes by facts alone, and each raises its `no`."""

    def __init__(self) -> None:
        self._kept: tuple[str, dict[Version, _Written]] = ("", {})

    def of(
        self,
        versions: list[Version],
        write: Callable[[], Iterable[tuple[Version, Struct, str | None]]],
        policy: Policy,
        now: datetime,
    ) -> list[bytes]:
        """The lines of these versions as JSON. `write` makes those of the page, where one is not known yet, each with the
        pauses of its clock.

        Shape: the last field of a line is its `clock`, whose last fields are `lamp`, `left_s` and `used_ppm`.
        """
        digest, kept = self._kept
        if digest != policy.digest or len(kept) > KEPT_MAX:  # what runs without a task has its limit from the policy
            kept = {}
            self._kept = (policy.digest, kept)
        if any(version not in kept for version in versions):
            for version, line, pauses in write():
                if version not in kept:
                    kept[version] = _written(line, pauses, calendar_in(policy))
        at, calendar, yellow_ppm = epoch_us(now), calendar_in(policy), policy.settings.lamp_yellow_ppm
        return [kept[version].at(now, at, calendar, yellow_ppm) for version in versions]


def _written(line: Struct, pauses: str | None, calendar: WorkCalendar) -> _Written:
    said, view = msgspec.json.encode(line), line.clock
    if view is None:
        return _Written(said, None)
    clock = Clock(start=view.since, limit=view.limit, due=view.due, pauses=pauses_in(pauses))
    said = said[: said.rindex(READ_ANEW) + len(READ_ANEW)]
    return _Written(said, clock if clock.pauses else dial_of(clock, calendar))
