"""Open311 GeoReport v2: other people's apps report here, and read what became of it; other cities are read."""

from cityloop.doors.open311.apply import APPLY
from cityloop.doors.open311.client import City, FolderSource, HttpSource, Source
from cityloop.doors.open311.keys import Keys
from cityloop.doors.open311.model import Partner
from cityloop.doors.open311.reading import Read, read_city
from cityloop.doors.open311.routes import ROUTES
from cityloop.doors.open311.wire import Format

__all__ = [
    "APPLY", "ROUTES", "City", "FolderSource", "Format", "HttpSource", "Keys", "Partner", "Read", "Source", "read_city",
]  # fmt: skip
