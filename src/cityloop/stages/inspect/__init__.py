"""核: seen by another than the one who did it; closed, or sent back."""

from cityloop.stages.inspect.handlers import AHEAD, ON
from cityloop.stages.inspect.model import DismissReason
from cityloop.stages.inspect.routes import ROUTES
from cityloop.stages.inspect.service import (
    ask_again,
    ask_inspection,
    dismiss_appeal,
    inspect_case,
    lodge_appeal,
    settle_case,
    uphold_appeal,
)

__all__ = [
    "AHEAD",
    "ON",
    "ROUTES",
    "DismissReason",
    "ask_again",
    "ask_inspection",
    "dismiss_appeal",
    "inspect_case",
    "lodge_appeal",
    "settle_case",
    "uphold_appeal",
]
