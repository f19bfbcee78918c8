"""The city now: where every case stands, as columns in memory, as fresh as the journal. Maps and walls are drawn from it."""

from cityloop.pages.now.columns import LAMPS, STATES, Snapshot
from cityloop.pages.now.keeper import Keeper, keeper_of
from cityloop.pages.now.masks import View, allowed

__all__ = ["LAMPS", "STATES", "Keeper", "Snapshot", "View", "allowed", "keeper_of"]
