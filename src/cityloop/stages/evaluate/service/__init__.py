"""Use cases of evaluating: figures."""

from cityloop.stages.evaluate.service.figures import (
    asked_from,
    figures,
    figures_again,
    items_all,
    items_behind,
    over_time,
    series,
)

__all__ = ["asked_from", "figures", "figures_again", "items_all", "items_behind", "over_time", "series"]
