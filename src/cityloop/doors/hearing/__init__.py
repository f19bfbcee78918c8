"""Hearing: what somebody says is written down for them by a model that the city chose, before they send it."""

from cityloop.doors.hearing.ear import Ear, set_up
from cityloop.doors.hearing.routes import ROUTES

__all__ = ["ROUTES", "Ear", "set_up"]
