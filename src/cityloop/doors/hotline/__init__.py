"""热线: work orders come in from 12345, and are signed for, sent back, answered; each keeps its own number and clocks."""

from cityloop.doors.hotline import desk_routes, routes
from cityloop.doors.hotline.apply import APPLY
from cityloop.doors.hotline.handlers import ON

ROUTES = [*routes.ROUTES, *desk_routes.ROUTES]
__all__ = ["APPLY", "ON", "ROUTES"]
