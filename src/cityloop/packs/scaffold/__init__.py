"""A city's first pack from a boundary and a list of organisations: sound at once, to be filled as the city surveys."""

from cityloop.packs.scaffold.model import BoundaryUnreadable, Datum, FolderTaken, Scaffold, UnitsUnreadable
from cityloop.packs.scaffold.new import new_pack

__all__ = ["BoundaryUnreadable", "Datum", "FolderTaken", "Scaffold", "UnitsUnreadable", "new_pack"]
