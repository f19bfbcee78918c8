"""识: what, where, how urgent; which case does it belong to; what was done before."""

from cityloop.stages.understand.handlers import AHEAD, ON
from cityloop.stages.understand.routes import ROUTES
from cityloop.stages.understand.service import understand_report

__all__ = ["AHEAD", "ON", "ROUTES", "understand_report"]
