"""热线: work orders come in from 12345, and are signed for, sent back, answered; each keeps its own number and clocks."""

from cityloop.doors.hotline import desk_routes, routes
from cityloop.doors.hotline.apply import APPLY
from cityloop.doors.hotline.handlers import ON
from cityloop.doors.hotline.port import Hotline, HttpHotline
from cityloop.doors.hotline.target import HotlineTarget

ROUTES = [*routes.ROUTES, *desk_routes.ROUTES]
__all__ = ["APPLY", "ON", "ROUTES", "Hotline", "HotlineTarget", "HttpHotline"]
