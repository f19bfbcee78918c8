"""Keeping: backups and the way back, moving to another engine, how long things stay, leaving with everything."""

from cityloop.keeping.chest import Chest
from cityloop.keeping.following import Follower
from cityloop.keeping.making import make, told_last
from cityloop.keeping.restoring import restore

__all__ = ["Chest", "Follower", "make", "restore", "told_last"]
