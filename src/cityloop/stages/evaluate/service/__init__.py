"""Use cases of evaluating: figures, and scores."""

from cityloop.stages.evaluate.service.figures import (
    asked_from,
    asked_then,
    figures,
    figures_again,
    items_all,
    items_behind,
    over_time,
    series,
)
from cityloop.stages.evaluate.service.scoring import sheet_of

__all__ = ["asked_from", "asked_then", "figures", "figures_again", "items_all", "items_behind", "over_time", "series", "sheet_of"]
