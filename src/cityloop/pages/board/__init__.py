"""The wall: the city now in one answer, and the cases behind each of its figures."""

from cityloop.pages.board.routes import ROUTES

__all__ = ["ROUTES"]
