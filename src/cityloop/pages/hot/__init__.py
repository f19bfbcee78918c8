"""Hot issues 热点, and what will come back 未诉先办."""

from cityloop.pages.hot.keeper import Known, keeper_of
from cityloop.pages.hot.routes import ROUTES

__all__ = ["ROUTES", "Known", "keeper_of"]
