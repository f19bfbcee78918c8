"""Which deed follows from which fact, when, and how likely: the habits of a made-up staff."""

from datetime import datetime, timedelta
from heapq import heappop, heappush
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cityloop.domain import facts as f
from cityloop.domain.facts import Told

OFFICE = (7, 21)  # hours in which people act; who works nights is not worth simulating
RETURNED = 0.05
REFUSED = 0.06
LATE = 0.13
ANSWERS = 0.55  # share of those asked by their page who say something
NEVER = 0.05  # tasks that nobody finishes this week


class Deed(NamedTuple):
    """Something that somebody will do."""

    at: datetime
    no: int
    what: str
    case_id: str
    post: str | None = None
    report_id: str | None = None


class Agenda:
    """What is still to be done, by its moment."""

    def __init__(self, random: Random, zone: str):
        self.random = random
        self.zone = ZoneInfo(zone)
        self._deeds: list[Deed] = []
        self._count = 0
        self._asked: dict[str, str] = {}  # call-back -> case

    def due(self, now: datetime) -> list[Deed]:
        """The deeds whose moment has come, in their order."""
        found = []
        while self._deeds and self._deeds[0].at <= now:
            found.append(heappop(self._deeds))
        return found

    def next_at(self) -> datetime | None:
        """The moment of the next deed."""
        return self._deeds[0].at if self._deeds else None

    def follow(self, told: Told) -> None:
        """Put down what follows from a fact."""
        fact, random = told.fact, self.random
        if isinstance(fact, f.CaseOpened):
            self.add(fact, "refuse" if random.random() < REFUSED else "accept", 4, 50)
        elif isinstance(fact, f.VerifyAsked):
            self.add(fact, "verify", 8, 55, post=fact.post)
        elif isinstance(fact, f.CaseAccepted | f.CaseVerified):
            self.add(fact, "file", 3, 30)
        elif isinstance(fact, f.DispatchProposed):
            self.add(fact, "dispatch", 3, 25)
        elif isinstance(fact, f.CaseDispatched | f.CaseReworked):
            returned = isinstance(fact, f.CaseDispatched) and random.random() < RETURNED
            self.add(fact, "return" if returned else "sign", 5, 100)
        elif isinstance(fact, f.InspectionAsked):
            self.add(fact, "inspect", 10, 90, post=fact.post)
        elif isinstance(fact, f.CaseRedone):
            self.add(fact, "sign" if fact.task_id else "dispatch", 5, 60)
        elif isinstance(fact, f.CallbackAsked | f.CallbackTried):
            self.ask(fact)

    def ask(self, fact: f.CallbackAsked | f.CallbackTried) -> None:
        """Put down when a reporter opens their page and says something, if they do; or when a seat calls."""
        random = self.random
        if isinstance(fact, f.CallbackTried):
            self.at(fact.next_at, "call", self._asked[fact.callback_id], report_id=fact.report_id)
            return
        self._asked[fact.callback_id] = fact.case_id
        if fact.way is f.Way.phone:
            self.at(fact.at + timedelta(minutes=random.triangular(20, 600, 90)), "call", fact.case_id, report_id=fact.report_id)
        elif random.random() < ANSWERS:
            hours = random.triangular(0.2, 40, 4)
            self.at(fact.at + timedelta(hours=hours), "judge", fact.case_id, report_id=fact.report_id)

    def finish(self, case_id: str, signed_at: datetime, due_at: datetime) -> None:
        """Put down when a signed task will be finished: mostly in time, some late, some not this week."""
        random, left = self.random, (due_at - signed_at).total_seconds()
        draw = random.random()
        if draw < NEVER:
            return
        share = random.uniform(1.05, 1.8) if draw < NEVER + LATE else random.triangular(0.03, 0.95, 0.25)
        self.at(signed_at + timedelta(seconds=max(600, left * share)), "finish", case_id)

    def add(self, fact: f.CaseFact, what: str, least_min: int, most_min: int, post: str | None = None) -> None:
        """Put a deed down, some minutes after a fact."""
        delay = self.random.triangular(least_min, most_min, least_min + (most_min - least_min) / 4)
        self.at(fact.at + timedelta(minutes=delay), what, fact.case_id, post)

    def at(
        self, moment: datetime, what: str, case_id: str, post: str | None = None, report_id: str | None = None
    ) -> None:
        """Put a deed down for a moment, or for the next morning."""
        local = moment.astimezone(self.zone)
        if not OFFICE[0] <= local.hour < OFFICE[1]:
            day = local if local.hour < OFFICE[0] else local + timedelta(days=1)
            local = day.replace(hour=OFFICE[0], minute=self.random.randrange(60), second=self.random.randrange(60))
        self._count += 1
        heappush(self._deeds, Deed(local.astimezone(moment.tzinfo), self._count, what, case_id, post, report_id))
