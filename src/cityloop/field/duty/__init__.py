"""Duty 值守: signing on and off, the roster, the day's grid, and the track of a shift, which its worker sees."""

from cityloop.field.duty.apply import APPLY
from cityloop.field.duty.handlers import ON, TIMERS
from cityloop.field.duty.model import EndReason, Plan, Shift
from cityloop.field.duty.routes import ROUTES as OWN
from cityloop.field.duty.service import plans_of, shift_now
from cityloop.field.duty.watch_routes import ROUTES as WATCHING

ROUTES = [*OWN, *WATCHING]

__all__ = ["APPLY", "ON", "ROUTES", "TIMERS", "EndReason", "Plan", "Shift", "plans_of", "shift_now"]
