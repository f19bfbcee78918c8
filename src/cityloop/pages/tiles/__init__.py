"""Vector tiles: the city's own basemap, and its cases."""

from cityloop.pages.tiles.routes import ROUTES

__all__ = ["ROUTES"]
