"""HTTP of inspecting: looking on site, appeals, calling back, and what a reporter does with their code."""

from cityloop.stages.inspect.routes import appealing, calling, inspecting, replying, tracking
from cityloop.stages.inspect.routes.calling import RedoAsked, post_redo
from cityloop.stages.inspect.routes.tracking import OwnVerdict, post_own_verdict

ROUTES = [*inspecting.ROUTES, *appealing.ROUTES, *calling.ROUTES, *replying.ROUTES, *tracking.ROUTES]

__all__ = ["ROUTES", "OwnVerdict", "RedoAsked", "post_own_verdict", "post_redo"]
