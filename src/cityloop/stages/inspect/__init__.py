"""核: seen by another than the one who did it; closed, or sent back."""

from cityloop.stages.inspect.handlers import AHEAD, ON
from cityloop.stages.inspect.routes import ROUTES
from cityloop.stages.inspect.service import ask_again, ask_inspection, inspect_case, settle_case

__all__ = ["AHEAD", "ON", "ROUTES", "ask_again", "ask_inspection", "inspect_case", "settle_case"]
