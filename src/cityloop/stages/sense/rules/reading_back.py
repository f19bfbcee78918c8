"""How observations are read back: steps of time by the city's clock, cells that no spreadsheet runs."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cityloop.domain.calendar import epoch_us
from cityloop.domain.cells import never_run
from cityloop.telemetry.model import DAY_US, HOUR_US

STEPS = {"hour": HOUR_US, "day": DAY_US, "month": 28 * DAY_US}  # month: the shortest


def cell(value: object) -> object:
    """A value as a cell: text that a spreadsheet would run gets an apostrophe before it; a number is one.

    >>> cell("=1+1"), cell(-1.5), cell("pm25")
    ("'=1+1", -1.5, 'pm25')
    """
    return never_run(value) if isinstance(value, str) else value


def step_us(step: str) -> int | None:
    """The length of a step that is named or given in seconds, of a month the least; None where it is none.

    >>> step_us("900"), step_us("day") == DAY_US, step_us("0"), step_us("year")
    (900000000, True, None, None)
    """
    if step.isascii() and step.isdigit() and len(step) <= 9:
        return int(step) * 1_000_000 or None
    return STEPS.get(step)


def edges_of(step: str, since: datetime, until: datetime, zone: ZoneInfo) -> list[int]:
    """The beginnings of the days or months that a span touches, by a clock. Units: microseconds since 1970, UTC.

    >>> day = edges_of("day", datetime(2026, 3, 29, tzinfo=ZoneInfo("UTC")), datetime(2026, 3, 31, tzinfo=ZoneInfo("UTC")), ZoneInfo("Europe/Berlin"))
    >>> [(later - before) // HOUR_US for before, later in zip(day, day[1:])]
    [23, 24]
    """
    local = since.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    if step == "month":
        local = local.replace(day=1)
    found = []
    while (moment := local.replace(tzinfo=zone)) < until:
        found.append(epoch_us(moment))
        local = (local + timedelta(days=32)).replace(day=1) if step == "month" else local + timedelta(days=1)
    return found
