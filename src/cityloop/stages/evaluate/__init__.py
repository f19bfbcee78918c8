"""评: how well did people, units and areas do; each number lists its cases."""

from cityloop.stages.evaluate.routes import ROUTES
from cityloop.stages.evaluate.service import (
    asked_from,
    figures,
    figures_again,
    items_all,
    items_behind,
    over_time,
    series,
    sheet_of,
)
from cityloop.stages.evaluate.store.apply import APPLY

__all__ = ["APPLY", "ROUTES", "asked_from", "figures", "figures_again", "items_all", "items_behind", "over_time", "series", "sheet_of"]
