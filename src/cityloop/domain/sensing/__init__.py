"""What all that speak of devices share: how a device lives, what a rule over observations says, what an event of one is."""

from cityloop.domain.sensing.devices import ALIVE, LifeState, Observing, Stream, Thing
from cityloop.domain.sensing.events import Event, EventKind, event_id
from cityloop.domain.sensing.rules import Colour, RuleKind, SenseRule

__all__ = [
    "ALIVE",
    "Colour",
    "Event",
    "EventKind",
    "LifeState",
    "Observing",
    "RuleKind",
    "SenseRule",
    "Stream",
    "Thing",
    "event_id",
]
