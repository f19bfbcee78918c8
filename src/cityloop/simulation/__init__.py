"""A week of a made-up city, played through the same use cases that people call; every report says that it is simulated."""

from cityloop.simulation.clock import WeekClock
from cityloop.simulation.week import Played, play_week

__all__ = ["Played", "WeekClock", "play_week"]
