"""Cameras: what they say that they saw, in the formats in which it is really sent."""

from cityloop.doors.cameras.listening import Talk, listening
from cityloop.doors.cameras.routes import ROUTES
from cityloop.doors.cameras.service import Cameras
from cityloop.doors.cameras.topics import TOPICS

__all__ = ["ROUTES", "TOPICS", "Cameras", "Talk", "listening"]
