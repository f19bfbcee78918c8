"""HTTP of inspecting, in three parts: looking on site, calling back, and what a reporter does with their code."""

from cityloop.stages.inspect.routes import calling, looking, tracking
from cityloop.stages.inspect.routes.calling import RedoAsked, post_redo
from cityloop.stages.inspect.routes.looking import (
    InspectionResult,
    PostAsked,
    post_inspection,
    post_inspection_post,
)
from cityloop.stages.inspect.routes.tracking import OwnVerdict, post_own_verdict

ROUTES = [*looking.ROUTES, *calling.ROUTES, *tracking.ROUTES]

__all__ = [
    "ROUTES",
    "InspectionResult",
    "OwnVerdict",
    "PostAsked",
    "RedoAsked",
    "post_inspection",
    "post_inspection_post",
    "post_own_verdict",
    "post_redo",
]
