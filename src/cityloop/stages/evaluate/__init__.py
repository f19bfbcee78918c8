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
from cityloop.stages.evaluate.service.bulletin import (
    BULLETIN_IS_THERE,
    TIMERS,
    Press,
    bulletin_get,
    document_again,
    files_in,
    message_for,
)
from cityloop.stages.evaluate.service.why.measuring import tell_weather_of, weather_in
from cityloop.stages.evaluate.store import Sums
from cityloop.stages.evaluate.store.apply import APPLY

__all__ = [
    "APPLY",
    "BULLETIN_IS_THERE",
    "ROUTES",
    "TIMERS",
    "Press",
    "Sums",
    "asked_from",
    "bulletin_get",
    "document_again",
    "figures",
    "figures_again",
    "files_in",
    "items_all",
    "items_behind",
    "message_for",
    "over_time",
    "series",
    "sheet_of",
    "tell_weather_of",
    "weather_in",
]  # fmt: skip
