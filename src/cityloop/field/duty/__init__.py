"""Duty 值守: signing on and off, the roster, the day's grid, and the track of a shift, which its worker sees."""

from cityloop.field.duty.apply import APPLY
from cityloop.field.duty.handlers import ON, TIMERS
from cityloop.field.duty.model import EndReason, Plan, Shift
from cityloop.field.duty.routes import ROUTES
from cityloop.field.duty.service import plans_of, shift_now

__all__ = ["APPLY", "ON", "ROUTES", "TIMERS", "EndReason", "Plan", "Shift", "plans_of", "shift_now"]
