"""感: what devices, cameras and lines of text notice, and what becomes a report."""

from cityloop.stages.sense.routes import ROUTES

__all__ = ["ROUTES"]
