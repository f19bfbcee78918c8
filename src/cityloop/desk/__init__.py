"""What desks need beside the cases: search, saved views, who else looks. Nothing here is a fact."""

from cityloop.desk.handlers import AHEAD, ON
from cityloop.desk.routes import ROUTES
from cityloop.desk.search import found_by, index_all

__all__ = ["AHEAD", "ON", "ROUTES", "found_by", "index_all"]
