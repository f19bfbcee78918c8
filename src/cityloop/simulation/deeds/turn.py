"""One deed's turn: what it needs, who does it, and what it may not be."""

from collections.abc import Callable, MutableMapping
from datetime import datetime
from random import Random
from typing import NamedTuple

from msgspec import Struct

from cityloop.cases import Case
from cityloop.db import Tx
from cityloop.domain.ids import AccountId, ReportId, UnitId
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy
from cityloop.http import NOBODY, Caller
from cityloop.simulation.agenda import Agenda, Deed
from cityloop.simulation.crew import Crew
from cityloop.simulation.hotline import MadeUpHotline
from cityloop.simulation.reports import Truth

P = Permission


class World(Struct, kw_only=True):
    """What deeds need."""

    policy: Policy
    crew: Crew
    agenda: Agenda
    random: Random
    hotline: MadeUpHotline
    truths: MutableMapping[ReportId, Truth]


class Turn(Struct, kw_only=True):
    """A deed, done now by somebody."""

    tx: Tx
    world: World
    deed: Deed
    case: Case
    caller: Caller | None = None  # until it is chosen; None: nobody does it

    @property
    def now(self) -> datetime:
        return self.tx.now

    @property
    def by(self) -> AccountId:
        """Who does it; it is somebody who is signed in."""
        account = self.caller.account if self.caller else None
        assert account, f"nobody does {self.deed.what}"
        return account

    @property
    def units(self) -> frozenset[UnitId]:
        """The units that they sit in."""
        return frozenset(seat.unit for seat in self.caller.seats) if self.caller else frozenset()

    @property
    def policy(self) -> Policy:
        return self.world.policy

    @property
    def random(self) -> Random:
        return self.world.random


class Way(NamedTuple):
    """Who does a deed, and what they do. Nobody: it is left."""

    who: Callable[[Turn], Caller | None]
    what: Callable[[Turn], None]


def whoever(permission: Permission) -> Callable[[Turn], Caller | None]:
    """Somebody who may do this to the case."""
    return lambda turn: turn.world.crew.who_may(permission, turn.case)


def at_post(permission: Permission) -> Callable[[Turn], Caller | None]:
    """Who sits in the post that was asked, or whoever may."""
    return lambda turn: turn.world.crew.at(turn.deed.about) or turn.world.crew.who_may(permission, turn.case)


def of_unit(permission: Permission) -> Callable[[Turn], Caller | None]:
    """Somebody of the unit that the deed names."""
    return lambda turn: turn.world.crew.of_unit(turn.deed.about, permission)


def a_resident(turn: Turn) -> Caller:
    """Whoever reported: nobody whom the city knows."""
    return NOBODY
