"""The loop of some simulated days: reports come in by every door, the stages react, people act, until the days are over."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from msgspec import Struct

from cityloop.app import Parts
from cityloop.db import Tx
from cityloop.domain.errors import Refused
from cityloop.domain.facts import Told
from cityloop.domain.ids import ReportId
from cityloop.doors.hotline import HotlineTarget
from cityloop.journal import told_from
from cityloop.notices import Outbox
from cityloop.people.demo import demo_hash, seed_accounts
from cityloop.simulation.agenda import Agenda
from cityloop.simulation.channels import Album, Doors
from cityloop.simulation.clock import PlayClock
from cityloop.simulation.crew import Crew
from cityloop.simulation.deeds import World, do
from cityloop.simulation.habits import follow
from cityloop.simulation.hotline import MadeUpHotline
from cityloop.simulation.knowledge import MadeUpAnswers
from cityloop.simulation.planting import Planting
from cityloop.simulation.reports import Reporter, Telling, Truth
from cityloop.simulation.shifts import MadeUpShifts
from cityloop.simulation.store import facts_after, log_size
from cityloop.simulation.surveys import MadeUpSurveys

WEEK = 7
SITTINGS_A_DAY = 43  # moments at which something happens; what falls between waits for the next
DAYTIME = (2, 1, 1, 1, 1, 2, 5, 12, 20, 22, 20, 16, 12, 14, 18, 20, 20, 18, 16, 14, 12, 8, 5, 3)  # reports by the hour


class NotSimulated(Refused):
    """The city is real; nothing is made up in it."""

    code = "simulation.city_is_real"


class Played(Struct, frozen=True, kw_only=True):
    """What the days came to."""

    reports: int  # that were told
    facts: int
    deeds: dict[str, dict[str, int]]  # what was done -> how often, and why it was not
    routes: dict[str, int]  # by which way reports were told
    hotline_heard: int  # deeds of the city that the hotline took, each once
    hotline_refused: int  # while it could not be reached

    @property
    def done(self) -> int:
        """The deeds that were done."""
        return sum(each.get("done", 0) for each in self.deeds.values())


Between = Callable[[datetime], None]


def play(
    parts: Parts,
    clock: PlayClock,
    *,
    reports: int,
    seed: int,
    password: str,
    days: int = WEEK,
    until: datetime | None = None,
    on_progress: Callable[[int, int | None], None] = lambda done, of: None,
    between: Between = lambda moment: None,
    planted: bool = False,
) -> Played:
    """Play the days before `until` (now). Afterwards the clock is the real one again.

    `between` hears of each moment before anybody acts in it. `planted`: three causes are planted too (`planting`). Refuses with `NotSimulated`. `clock` must be the clock of the
    city's database.
    """
    policy = parts.book.in_force()
    if not policy.simulated:
        raise NotSimulated("This city's pack is not marked simulated, so nothing is made up in it; use another home.")
    assert parts.database.clock is clock, "the days need a clock that they can set"
    end = until or datetime.now(UTC).replace(microsecond=0)
    begin = end - timedelta(days=days)
    clock.moment = begin
    hashed = demo_hash(password)
    try:
        parts.writer.change(lambda tx: seed_accounts(tx, policy, hashed), actor="machine:demo")
        moments = sittings(begin, days, reports, Random(seed), policy.week.zone)
        return _Days(parts, clock, seed, (begin, end), planted=planted).play(moments, on_progress, between)
    finally:
        clock.moment = None


def sittings(begin: datetime, days: int, reports: int, random: Random, zone: str) -> list[tuple[datetime, int]]:
    """The moments of the days, each with how many reports come in: few at night, most in the morning."""
    seconds = sorted(random.uniform(60, days * 86_400 - 60) for _ in range(days * SITTINGS_A_DAY))
    moments = [(begin + timedelta(seconds=each)).replace(microsecond=0) for each in seconds]
    weights = [DAYTIME[each.astimezone(ZoneInfo(zone)).hour] for each in moments]
    counts = [0] * len(moments)
    for place in random.choices(range(len(moments)), weights, k=reports):
        counts[place] += 1
    return list(zip(moments, counts, strict=True))


class _Days:
    """One playing of some days."""

    def __init__(self, parts: Parts, clock: PlayClock, seed: int, days: tuple[datetime, datetime], *, planted: bool = False):
        self.parts = parts
        self.clock = clock
        policy, random = parts.book.in_force(), Random(seed)
        with parts.database.reading() as tx:
            crew = Crew(tx, policy, random)
            self.seen = log_size(tx)
        self.first = self.seen
        truths: dict[ReportId, Truth] = {}
        agenda = Agenda(random, policy.week.zone)
        album = Album(parts.files, policy.settings, random)
        hotline = MadeUpHotline(agenda, days)
        hotline.now = parts.database.clock
        self.doors = Doors(policy=policy, crew=crew, random=random, album=album, hotline=hotline)
        self.world = World(policy=policy, crew=crew, agenda=agenda, random=random, hotline=hotline, truths=truths)
        self.outbox = Outbox(parts.writer, lambda tx: [HotlineTarget(hotline)])
        self.reporter = Reporter(policy, random)
        self.planting = Planting(self.reporter, agenda, seed, days) if planted else None
        self.answers = MadeUpAnswers(crew, policy, seed)
        self.shifts = MadeUpShifts(crew, policy, seed, days[1])
        self.surveys = MadeUpSurveys(crew, policy, album, seed)
        self.deeds: dict[str, Counter] = {}
        self.routes: Counter = Counter()

    def play(
        self, moments: list[tuple[datetime, int]], on_progress: Callable[[int, int | None], None], between: Between
    ) -> Played:
        total = sum(count for _, count in moments)
        done = 0
        self.parts.writer.whole(self.answers.begin, actor="machine:demo")
        for moment, count in moments:
            self.clock.moment = moment
            between(moment)
            self.follow_pack()
            self.parts.writer.whole(lambda tx, count=count: self.sit(tx, count), actor="machine:demo")
            self.settle()
            self.look()
            done += count
            on_progress(done, total)
        self.clock.moment = self.shifts.end
        self.parts.writer.whole(self.shifts.finish, actor="machine:demo")
        self.parts.writer.whole(self.surveys.finish, actor="machine:demo")
        self.settle()
        self.look()
        while self.parts.sealer.seal():
            pass
        hotline = self.world.hotline
        return Played(
            reports=total, facts=self.seen - self.first, deeds={what: dict(self.deeds[what]) for what in sorted(self.deeds)},
            routes=dict(sorted(self.routes.items())), hotline_heard=len(hotline.once), hotline_refused=hotline.refused,
        )  # fmt: skip

    def settle(self) -> None:
        """Let the stages react, what is due happen, and the hotline hear of it."""
        self.parts.delivery.drain()
        while self.parts.timers.fire():
            self.parts.delivery.drain()
        while self.outbox.step():
            pass

    def follow_pack(self) -> None:
        """Another version of the pack may have been put in force."""
        policy = self.parts.book.in_force()
        self.world.policy = self.doors.policy = policy

    def sit(self, tx: Tx, reports: int) -> None:
        """Let people do what is due, then let reports come in."""
        for deed in self.world.agenda.due(tx.now):
            self.deeds.setdefault(deed.what, Counter())[do(tx, deed, self.world)] += 1
        self.answers.sit(tx)
        self.shifts.sit(tx)
        for _ in range(reports):
            self.tell(tx, self.reporter.telling())
        if self.planting:
            self.planting.sit(tx, self.tell)

    def tell(self, tx: Tx, said: Telling) -> None:
        """Let a report come in."""
        self.routes[said.route.value] += 1
        if report_id := self.doors.tell(tx, said):
            self.world.truths[report_id] = said.truth

    def look(self) -> None:
        """Put down what follows from the facts that are new."""
        with self.parts.database.reading() as tx:
            rows = facts_after(tx, self.seen)
        for row in rows:
            told: Told = told_from(self.parts.database.city, row.seq, row.body)
            follow(self.world.agenda, told)
            if self.planting:
                self.planting.hear(told)
            self.seen = row.seq
