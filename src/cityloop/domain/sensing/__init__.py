"""What all that speak of devices share: how a device lives, what a rule over observations says, what an event of one is."""

from cityloop.domain.sensing.devices import ALIVE, LifeState, Observing, Stream, Thing
from cityloop.domain.sensing.events import Event, EventKind, event_id
from cityloop.domain.sensing.kinds import DeviceKind, KindStream, ObservedProperty
from cityloop.domain.sensing.life import LIFE_MOVES, LifeMove, LifeMoveNotAllowed, Why, checked_move, life_moves
from cityloop.domain.sensing.rules import Colour, RuleKind, SenseRule
from cityloop.domain.sensing.units import UnitWrong, checked_unit, unit_fault

__all__ = [
    "ALIVE",
    "LIFE_MOVES",
    "Colour",
    "DeviceKind",
    "Event",
    "EventKind",
    "KindStream",
    "LifeMove",
    "LifeMoveNotAllowed",
    "LifeState",
    "ObservedProperty",
    "Observing",
    "RuleKind",
    "SenseRule",
    "Stream",
    "Thing",
    "UnitWrong",
    "Why",
    "checked_move",
    "checked_unit",
    "event_id",
    "life_moves",
    "unit_fault",
]
