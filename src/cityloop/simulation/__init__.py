"""Days of a made-up city, played through the same use cases that people call; every report says that it is simulated."""

from cityloop.simulation.clock import PlayClock
from cityloop.simulation.play import WEEK, NotSimulated, Played, play

__all__ = ["WEEK", "NotSimulated", "PlayClock", "Played", "play"]
