"""What the made-up people still have to do, by its moment. Who works nights is not worth simulating."""

from datetime import datetime, timedelta
from heapq import heappop, heappush
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

OFFICE = (7, 21)  # hours in which people act


class Deed(NamedTuple):
    """Something that somebody will do: to a case, an order or a report, by its id or number."""

    at: datetime
    no: int
    what: str
    subject: str
    about: Any = None


class Agenda:
    """What is still to be done, by its moment."""

    def __init__(self, random: Random, zone: str):
        self.random = random
        self.zone = ZoneInfo(zone)

        self._deeds: list[Deed] = []
        self._count = 0

    def due(self, now: datetime) -> list[Deed]:
        """The deeds whose moment has come, in their order."""
        found = []
        while self._deeds and self._deeds[0].at <= now:
            found.append(heappop(self._deeds))
        return found

    def left(self) -> int:
        """How many deeds lie ahead."""
        return len(self._deeds)

    def happens(self, share: float) -> bool:
        """Whether something that happens so often happens now."""
        return self.random.random() < share

    def after(self, moment: datetime, what: str, subject: str, least_min: float, most_min: float, about: Any = None) -> None:
        """Put a deed down, some minutes after a moment: soon rather than late."""
        delay = self.random.triangular(least_min, most_min, least_min + (most_min - least_min) / 4)
        self.at(moment + timedelta(minutes=delay), what, subject, about)

    def at(self, moment: datetime, what: str, subject: str, about: Any = None) -> None:
        """Put a deed down for a moment, or for the next morning."""
        local = moment.astimezone(self.zone)
        if not OFFICE[0] <= local.hour < OFFICE[1]:
            day = local if local.hour < OFFICE[0] else local + timedelta(days=1)
            local = day.replace(hour=OFFICE[0], minute=self.random.randrange(60), second=self.random.randrange(60))
        self._count += 1
        heappush(self._deeds, Deed(local.astimezone(moment.tzinfo), self._count, what, subject, about))
