"""OGC SensorThings 1.1, Part 1: devices, streams and observations for clients that know nothing but the standard."""

from cityloop.doors.sensorthings.apply import APPLY
from cityloop.doors.sensorthings.broker import TOPICS, Teller
from cityloop.doors.sensorthings.routes import ROUTES

__all__ = ["APPLY", "ROUTES", "TOPICS", "Teller"]
