"""The loop of a simulated week: reports come in, the stages react, people act, until the week is over."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from msgspec import Struct

from cityloop.app import Parts
from cityloop.db import Tx
from cityloop.domain.errors import Refused
from cityloop.domain.facts import Channel, Told
from cityloop.domain.ids import ReportId
from cityloop.domain.permission import Permission
from cityloop.journal import told_from
from cityloop.people.demo import demo_hash, seed_accounts
from cityloop.simulation.agenda import Agenda
from cityloop.simulation.clock import WeekClock
from cityloop.simulation.crew import Crew
from cityloop.simulation.deeds import World, do
from cityloop.simulation.reports import Reporter, Truth
from cityloop.simulation.store import facts_after, log_size
from cityloop.stages.intake import receive_report

DAYS = 7
SITTINGS = 300  # moments of the week at which something happens; what falls between waits for the next
DAYTIME = (2, 1, 1, 1, 1, 2, 5, 12, 20, 22, 20, 16, 12, 14, 18, 20, 20, 18, 16, 14, 12, 8, 5, 3)  # reports by the hour


class NotSimulated(Refused):
    """The city is real; nothing is made up in it."""

    code = "simulation.city_is_real"


class Played(Struct, frozen=True, kw_only=True):
    """What a week came to."""

    reports: int
    deeds: int
    facts: int


def play_week(
    parts: Parts,
    clock: WeekClock,
    *,
    reports: int,
    seed: int,
    password: str,
    until: datetime | None = None,
    on_progress: Callable[[int, int | None], None] = lambda done, of: None,
) -> Played:
    """Play the seven days before `until` (now). Afterwards the clock is the real one again.

    Refuses with `NotSimulated`. `clock` must be the clock of the city's database.
    """
    policy = parts.book.in_force()
    if not policy.simulated:
        raise NotSimulated("This city's pack is not marked simulated, so nothing is made up in it; use another home.")
    assert parts.database.clock is clock, "the week needs a clock that it can set"
    end = until or datetime.now(UTC).replace(microsecond=0)
    clock.moment = end - timedelta(days=DAYS)
    hashed = demo_hash(password)
    try:
        parts.writer.change(lambda tx: seed_accounts(tx, policy, hashed), actor="machine:demo")
        return _Week(parts, clock, seed).play(sittings(end, reports, Random(seed), policy.week.zone), on_progress)
    finally:
        clock.moment = None


def sittings(end: datetime, reports: int, random: Random, zone: str) -> list[tuple[datetime, int]]:
    """The moments of the week, each with how many reports come in: few at night, most in the morning."""
    start = end - timedelta(days=DAYS)
    seconds = sorted(random.uniform(60, DAYS * 86_400 - 60) for _ in range(SITTINGS))
    moments = [(start + timedelta(seconds=each)).replace(microsecond=0) for each in seconds]
    weights = [DAYTIME[each.astimezone(ZoneInfo(zone)).hour] for each in moments]
    counts = [0] * len(moments)
    for place in random.choices(range(len(moments)), weights, k=reports):
        counts[place] += 1
    return list(zip(moments, counts, strict=True))


class _Week:
    """One playing of a week."""

    def __init__(self, parts: Parts, clock: WeekClock, seed: int):
        self.parts = parts
        self.clock = clock
        policy, random = parts.book.in_force(), Random(seed)
        with parts.database.reading() as tx:
            crew = Crew(tx, policy, random)
            self.seen = log_size(tx)
        self.first = self.seen
        self.truths: dict[ReportId, Truth] = {}
        agenda = Agenda(random, policy.week.zone)
        self.world = World(policy=policy, crew=crew, agenda=agenda, random=random, truths=self.truths)
        self.reporter = Reporter(policy, random)
        self.deeds = 0

    def play(self, moments: list[tuple[datetime, int]], on_progress: Callable[[int, int | None], None]) -> Played:
        total = sum(count for _, count in moments)
        done = 0
        for moment, count in moments:
            self.clock.moment = moment
            self.parts.writer.whole(lambda tx, count=count: self.sit(tx, count), actor="machine:demo")
            self.parts.delivery.drain()
            while self.parts.timers.fire():
                self.parts.delivery.drain()
            self.look()
            done += count
            on_progress(done, total)
        while self.parts.sealer.seal():
            pass
        return Played(reports=total, deeds=self.deeds, facts=self.seen - self.first)

    def sit(self, tx: Tx, reports: int) -> None:
        """Let people do what is due, then let reports come in."""
        for deed in self.world.agenda.due(tx.now):
            self.deeds += do(tx, deed, self.world)
        for _ in range(reports):
            sound, truth = self.reporter.report(tx.now)
            permission = {Channel.collector: Permission.case_verify, Channel.hotline: Permission.report_behalf}.get(
                sound.channel
            )
            by = self.world.crew.with_permission(permission) if permission else None
            tx.actor = f"account:{by}" if by else "anonymous"
            self.truths[receive_report(tx, sound, by=by).id] = truth

    def look(self) -> None:
        """Put down what follows from the facts that are new."""
        with self.parts.database.reading() as tx:
            rows = facts_after(tx, self.seen)
        for row in rows:
            told: Told = told_from(self.parts.database.city, row.seq, row.body)
            self.world.agenda.follow(told)
            self.seen = row.seq
