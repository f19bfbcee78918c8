"""派: who must act, by when, at which level."""

from cityloop.stages.dispatch.handlers import AHEAD, ON
from cityloop.stages.dispatch.routes import ROUTES
from cityloop.stages.dispatch.service import dispatch_case, pass_case

__all__ = ["AHEAD", "ON", "ROUTES", "dispatch_case", "pass_case"]
