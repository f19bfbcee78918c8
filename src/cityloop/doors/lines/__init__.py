"""Lines of text for phones without applications: USSD menus and SMS through a gateway's webhook."""

from cityloop.doors.lines.routes import ROUTES
from cityloop.doors.lines.service import unless_stopped

__all__ = ["ROUTES", "unless_stopped"]
