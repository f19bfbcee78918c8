"""Observations of the past come in from files: wide ones, a column a property, and long ones; each says its mapping."""

from cityloop.doors.past.mapping import PastMapping, mapping_in
from cityloop.doors.past.service import Tally, import_past

ROUTES: list[object] = []

__all__ = ["ROUTES", "PastMapping", "Tally", "import_past", "mapping_in"]
