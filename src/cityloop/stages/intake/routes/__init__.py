"""HTTP of intake: parse, permit, call, show."""

from cityloop.stages.intake.routes import ahead, joining, reporting, showing
from cityloop.stages.intake.routes.reporting import post_report
from cityloop.stages.intake.routes.showing import get_trail, post_trails

__all__ = ["ROUTES", "get_trail", "post_report", "post_trails"]

ROUTES = [*reporting.ROUTES, *joining.ROUTES, *ahead.ROUTES, *showing.ROUTES]
