"""Made-up people sign on in the field, their phones tell where they are, and they sign off when their hours are over."""

from datetime import datetime, timedelta
from random import Random

from cityloop.db import Tx
from cityloop.domain.ids import PostId, ShiftId
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy
from cityloop.field.duty import rules, service
from cityloop.field.duty.model import Position
from cityloop.http import Caller
from cityloop.places.gazetteer import named
from cityloop.places.words import PlaceKind
from cityloop.simulation.crew import Crew

DAYS = timedelta(days=2)  # before that, nobody's phone tells anything: a shift is three facts, and a city has many
SIGN_ON_PPM, STRAY_PPM = 930_000, 60_000  # of those who are planned; of those who are on duty
TELL_PPM = 300_000  # of the phones at each moment
ERROR_M = 8.0


class MadeUpShifts:
    """Who is on duty. Its chance is its own, so that the days beside it stay as they are.

    Whoever holds the first post of a role signs on by hand: visitors come in as them.
    """

    def __init__(self, crew: Crew, policy: Policy, seed: int, end: datetime):
        self.policy = policy
        self.random = Random(seed)
        self.end = end
        first = {post.role: post.id for post in reversed(policy.posts)}
        able = [each for each in crew.everybody_with(Permission.duty_sign) if each.seats[0].post not in first.values()]
        self.people = [each for each in able if self._chance(SIGN_ON_PPM)]
        self.stray = {each.seats[0].post for each in self.people if self._chance(STRAY_PPM)}
        self.on_duty: dict[PostId, tuple[ShiftId, datetime]] = {}

    def sit(self, tx: Tx) -> None:
        """Those whose hours have begun sign on, those whose are over sign off, some phones tell where they are."""
        if tx.now < self.end - DAYS:
            return
        for each in self.people:
            post = each.seats[0].post
            if post not in self.on_duty:
                self._begin(tx, each, post)
            elif tx.now >= self.on_duty[post][1]:
                service.sign_off(tx, each, self.on_duty.pop(post)[0], at=None, policy=self.policy)
            elif post in self.stray or self._chance(TELL_PPM):
                self._tell(tx, each, post)

    def finish(self, tx: Tx) -> None:
        """At the end every phone says where it is."""
        self.sit(tx)
        for each in self.people:
            if each.seats[0].post in self.on_duty:
                self._tell(tx, each, each.seats[0].post)

    def _begin(self, tx: Tx, caller: Caller, post: PostId) -> None:
        plan = service.plan_at(tx, self.policy.post_by_id[post], tx.now, self.policy)
        if plan.ends and rules.runs_at(plan, tx.now):
            self.on_duty[post] = service.sign_on(tx, caller, post, at=None, policy=self.policy), plan.ends

    def _tell(self, tx: Tx, caller: Caller, post: PostId) -> None:
        held, seat = self.policy.post_by_id[post], caller.seats[0]
        grid, area = (None, None) if post in self.stray else (held.duty_grid, seat.area)
        cell = self.random.choice(sorted(rules.cells_of(self.policy, grid, area)))
        there = named(self.policy, PlaceKind.cell, cell)
        at = Position(at=tx.now, lon=round(there.lon, 6), lat=round(there.lat, 6), error_m=ERROR_M)
        service.note_track(tx, caller, self.on_duty[post][0], [at], policy=self.policy)

    def _chance(self, ppm: int) -> bool:
        return self.random.randrange(1_000_000) < ppm
