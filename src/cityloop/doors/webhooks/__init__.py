"""Webhooks: facts go out to those who asked for them, as far as they may read, signed, and again until they are taken."""

from cityloop.doors.webhooks.apply import APPLY
from cityloop.doors.webhooks.handlers import ON
from cityloop.doors.webhooks.routes import ROUTES
from cityloop.doors.webhooks.target import targets

__all__ = ["APPLY", "ON", "ROUTES", "targets"]
