"""The three causes of `planted`, played: some more reports, and a dispatcher who cannot decide between two units."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from heapq import heappop, heappush
from random import Random
from zoneinfo import ZoneInfo

from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Told
from cityloop.domain.ids import CaseId
from cityloop.domain.policy import Kind, LimitUnit, Policy, Rule
from cityloop.simulation.agenda import Agenda
from cityloop.simulation.planted import BACK, BACK_DAYS, RAINY, SPOTS, WANDERS, Causes
from cityloop.simulation.reports import Reporter, Route, Telling, Truth
from cityloop.stages.evaluate.service.why import tell_weather

RAIN_REPORTS = 6  # more, on a rainy day
WANDER_REPORTS = 3  # a day, of the class that wanders
HOURS_MAX = 8  # a class whose limit is longer is not back within the week
BY_DAY = range(8, 19)  # hours of the planted reports
Tell = Callable[[Tx, Telling], None]


def causes_of(policy: Policy, seed: int) -> Causes:
    """Where the causes lie in a city: three classes of events that are done within hours, two streets, two units.

    Shape: the class that wanders goes from whoever is answerable to the unit named last, and back; the other one is not
    named, because the duty table says it.
    """
    random = Random(f"planted {seed}")
    quick = sorted({rule.class_key for rule in policy.rules if _is_quick(rule) and policy.class_by_key[rule.class_key].kind is Kind.event})
    back, rain, wander = random.sample(quick, 3)
    one, other = random.sample(sorted({cell.code[:9] for cell in policy.cells}), 2)
    units = sorted(unit.id for unit in policy.units if not unit.id.startswith("street-"))
    return Causes(back=(back, one), rain=(rain, other), wander=(wander, "", random.choice(units)))


def _is_quick(rule: Rule) -> bool:
    hours = {LimitUnit.urgent_hour: 1.0, LimitUnit.work_hour: 1.0, LimitUnit.work_minute: 1 / 60}
    return rule.limit.unit in hours and rule.limit.value * hours[rule.limit.unit] <= HOURS_MAX


class Planting:
    """Tells the planted reports when their moment has come, and hears what becomes of them."""

    def __init__(self, reporter: Reporter, agenda: Agenda, seed: int, days: tuple[datetime, datetime]):
        self.policy, self.reporter, self.agenda = reporter.policy, reporter, agenda
        self.random = Random(f"planting {seed}")
        self.causes = causes_of(self.policy, seed)
        self.begin, self.end = days
        self.zone = ZoneInfo(self.policy.week.zone)
        self._coming: list[tuple[datetime, int, Truth]] = []
        self._count = 0
        self._skies: list[tuple[datetime, str]] = []
        self._told: dict[CaseId, tuple[str, Truth]] = {}
        self._moved: Counter[CaseId] = Counter()
        self._plan()

    def sit(self, tx: Tx, tell: Tell) -> None:
        """What has come by now."""
        while self._skies and self._skies[0][0] <= tx.now:
            at, code = self._skies.pop(0)
            tx.actor = "machine:demo"
            tell_weather(tx, at.astimezone(self.zone).date(), code, now=tx.now)
        while self._coming and self._coming[0][0] <= tx.now:
            _, _, truth = heappop(self._coming)
            of, rule = self.policy.class_by_key[truth.class_key], self.policy.rule_by_code[truth.rule]
            text = self.reporter.words(of, rule, vague=False)
            tell(tx, Telling(route=Route.collector, truth=truth, text=text, placed=True, address="", declared=of.key))

    def hear(self, told: Told) -> None:
        """What is planted further because of a fact."""
        match told.fact:
            case f.CaseFiled(problem=problem, case_id=case):
                where = problem.where
                if where.lon is not None and where.lat is not None:
                    truth = Truth(class_key=problem.class_key, rule=problem.rule, lon=where.lon, lat=where.lat)
                    self._told[case] = (where.street or "", truth)
            case f.CaseClosed(case_id=case) if case in self._told:
                street, truth = self._told[case]
                if (truth.class_key, street) == self.causes.back and self.random.random() < BACK:
                    self._at(told.fact.at + timedelta(days=self.random.uniform(*BACK_DAYS)), truth)
            case f.CaseDispatched(case_id=case):
                self._wander(case, told.fact)
            case f.CaseReassigned(case_id=case):
                self._wander(case, told.fact)

    def _wander(self, case: CaseId, fact: f.CaseDispatched | f.CaseReassigned) -> None:
        """To the other unit, and back to the first."""
        if case not in self._told or self._told[case][1].class_key != self.causes.wander[0] or self._moved[case] > 1:
            return
        if self._moved[case] == 0 and self.random.random() >= WANDERS:
            self._moved[case] = 2
            return
        back = fact.from_unit if isinstance(fact, f.CaseReassigned) else self.causes.wander[2]
        if back != fact.duty.unit:
            self._moved[case] += 1
            self.agenda.after(fact.at, "reassign", case, 3, 12, back)

    def _plan(self) -> None:
        """Skies and reports of all days; rain and the class that wanders by day, the spots of the first in the first third."""
        span = (self.end - self.begin).days
        for day in range(span):
            at = self.begin + timedelta(days=day)
            is_rain = self.random.random() < RAINY
            self._skies.append((at, "rain" if is_rain else "dry"))
            for _ in range(RAIN_REPORTS if is_rain else 0):
                self._at(self._in_day(at), self._somewhere(*self.causes.rain))
            for _ in range(WANDER_REPORTS):
                self._at(self._in_day(at), self._somewhere(self.causes.wander[0], ""))
        for _ in range(SPOTS):
            self._at(self._in_day(self.begin + timedelta(days=self.random.randrange(max(1, span // 3)))), self._somewhere(*self.causes.back))

    def _in_day(self, day: datetime) -> datetime:
        local = day.astimezone(self.zone).replace(hour=self.random.choice(BY_DAY), minute=self.random.randrange(60))
        return max(local.astimezone(day.tzinfo), self.begin)

    def _somewhere(self, class_key: str, street: str) -> Truth:
        """Somewhere in a cell of the street, or of the city."""
        cell = self.random.choice([each for each in self.policy.cells if each.code.startswith(street)])
        ring = cell.ring[:-1]
        lon, lat = sum(point[0] for point in ring) / len(ring), sum(point[1] for point in ring) / len(ring)
        corner, share = self.random.choice(ring), self.random.random() * 0.8
        rule = next(each for each in self.policy.rules_of_class[class_key] if _is_quick(each))
        return Truth(
            class_key=class_key, rule=rule.code, lon=round(lon + (corner[0] - lon) * share, 6),
            lat=round(lat + (corner[1] - lat) * share, 6),
        )  # fmt: skip

    def _at(self, moment: datetime, truth: Truth) -> None:
        if moment < self.end:
            self._count += 1
            heappush(self._coming, (moment, self._count, truth))
