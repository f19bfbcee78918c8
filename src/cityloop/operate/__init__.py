"""Operate: how the city's own platform is, what holds it up, and what whoever runs it should do next."""

from cityloop.operate import drill_routes, health_routes, routes
from cityloop.operate.apply import APPLY
from cityloop.operate.counted import Counted
from cityloop.operate.cuts import LOOK_EVERY_S as DRILL_LOOK_EVERY_S
from cityloop.operate.risks import ACTOR, tell, to_tell
from cityloop.operate.turns import Turns
from cityloop.operate.use import ACTOR as USE_ACTOR
from cityloop.operate.use import KEEP_EVERY_S, Use, days_over, functions_of, keep, tell_days
from cityloop.operate.watch import LOOK_EVERY_S, Watch

__all__ = [
    "ACTOR",
    "APPLY",
    "DRILL_LOOK_EVERY_S",
    "KEEP_EVERY_S",
    "LOOK_EVERY_S",
    "ROUTES",
    "USE_ACTOR",
    "Counted",
    "Turns",
    "Use",
    "Watch",
    "days_over",
    "functions_of",
    "keep",
    "tell",
    "tell_days",
    "to_tell",
]  # fmt: skip

ROUTES = [*health_routes.ROUTES, *routes.ROUTES, *drill_routes.ROUTES]
