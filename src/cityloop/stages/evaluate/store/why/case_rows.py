"""The cases of a period as columns, for looking for causes; nothing personal among them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

import numpy as np
from h3.api.basic_str import latlng_to_cell
from numpy.typing import NDArray

from cityloop.db import Tx
from cityloop.domain.calendar import WorkCalendar
from cityloop.domain.ids import AreaCode
from cityloop.domain.policy import DayKind
from cityloop.stages.evaluate.model import TooMany
from cityloop.stages.evaluate.model.why import CaseRows, DayRow
from cityloop.stages.evaluate.store.counting import head_of
from cityloop.stages.evaluate.store.rows import inside, inside_any, numbered
from cityloop.stages.evaluate.store.why.measures import weather_between

CASES_MAX = 200_000
GRAIN_S = 300
PLACE_RES = 10  # hexagons of about 60 metres' edge
EPOCH_DAY = date(1970, 1, 1)
_CODES = ("id", "class_key", "cell", "street", "district", "unit", "channel", "vendor", "component")
# Cases that were taken up and are a problem of their own; not what was refused, merged or made void.
_CASES = """
SELECT case_file.id, case_file.class_key, case_file.cell, case_file.street, case_file.district, case_file.unit, report.channel,
  alarm.vendor, case_file.component, case_file.lon, case_file.lat, case_file.opened_at, case_file.closed_at, case_file.due_at,
  case_file.state, case_file.on_time, case_file.reworks, case_file.redos, case_file.simulated
FROM case_file JOIN report ON report.city = case_file.city AND report.id = case_file.report_id
  LEFT JOIN alarm ON alarm.city = report.city AND alarm.id = report.alarm
WHERE case_file.city = :city AND case_file.opened_at >= :since AND case_file.opened_at < :until
  AND case_file.class_key IS NOT NULL AND case_file.state NOT IN ('not_accepted', 'merged', 'void')"""
_WALKS = """
SELECT task.case_id, task.unit FROM task JOIN case_file ON case_file.city = task.city AND case_file.id = task.case_id
WHERE task.city = :city AND task.kind = 'handle' AND task.unit IS NOT NULL AND case_file.opened_at >= :since
  AND case_file.opened_at < :until
ORDER BY task.case_id, task.id"""


def case_rows(
    tx: Tx, since: datetime, until: datetime, *, now: datetime, calendar: WorkCalendar, scope: Sequence[AreaCode] | None,
    class_key: str | None = None, area: str | None = None,
) -> tuple[CaseRows, bool]:  # fmt: skip
    """The cases opened in a period, in order of opening, from the city's first report on; and whether any is simulated. `scope` None is the whole city.

    A period that runs ends on the next five minutes, so that the same cases are the same rows for a while; late is what is so now.
    Refuses with `TooMany`.
    """
    end = min(until, next_grain(now))
    begun = head_of(tx).first_at
    since = max(since, begun) if begun and begun < end else since  # days before the city are no days without cases
    asked: dict[str, object] = {"since": since, "until": end}
    more = ""
    if scope is not None:
        more, asked = more + f" AND {inside_any('scope', len(scope))}", asked | numbered("scope", scope)
    if class_key:
        more, asked = more + f" AND {inside('class', 'case_file.class_key')}", asked | {"class": class_key}
    if area:
        more, asked = more + f" AND {inside('area')}", asked | {"area": area}
    found = tx.tuples(f"{_CASES}{more} ORDER BY case_file.opened_at, case_file.id LIMIT {CASES_MAX + 1}", **asked)
    if len(found) > CASES_MAX:
        raise TooMany(f"More than {CASES_MAX} cases lie in the period; ask for fewer days, one class or one area.")
    walks = {
        str(case): tuple(str(unit) for _, unit in group)
        for case, group in groupby(tx.tuples(_WALKS, since=since, until=end), key=lambda row: row[0])
    }
    days = _days(tx, since, end, calendar)
    return _columns(found, walks, days, (since, end), calendar, min(now, end)), any(row[-1] for row in found)


def next_grain(now: datetime) -> datetime:
    """The first whole five minutes after a moment.

    >>> next_grain(datetime(2026, 3, 2, 9, 4, 59, tzinfo=UTC)).isoformat()
    '2026-03-02T09:05:00+00:00'
    """
    return datetime.fromtimestamp((now.timestamp() // GRAIN_S + 1) * GRAIN_S, UTC)


def _columns(
    found: Sequence[tuple], walks: Mapping[str, tuple[str, ...]], days: tuple[DayRow, ...], span: tuple[datetime, datetime],
    calendar: WorkCalendar, now: datetime,
) -> CaseRows:  # fmt: skip
    rows = list(zip(*found, strict=True)) or [()] * (len(_CODES) + 10)
    codes = {name: np.array([each or "" for each in rows[place]], np.str_) for place, name in enumerate(_CODES)}
    component = codes.pop("component")
    lon, lat = (np.array([np.nan if each is None else each for each in rows[at]], float) for at in (9, 10))
    opened, closed, due = (_seconds(rows[at]) for at in (11, 12, 13))
    state, on_time = np.array(rows[14], np.str_), rows[15]
    is_closed = state == "closed"
    end = span[1].timestamp()
    in_time = np.array([-1 if each is None else int(each) for each in on_time], np.int8)
    in_time = np.where(is_closed, in_time, np.where(due < now.timestamp(), 0, -1)).astype(np.int8)
    local = [datetime.fromtimestamp(each, calendar.zone) for each in opened]
    day = np.array([(each.date() - EPOCH_DAY).days for each in local], np.int32)
    of_day = {each.day: each for each in days}
    return CaseRows(
        **codes, place=np.array([_place(*each) for each in zip(component, lon, lat, strict=True)], np.str_), lon=lon, lat=lat,
        opened=opened, closed=np.where(is_closed, closed, np.nan), in_time=in_time,
        redone=np.array([bool(a) or bool(b) for a, b in zip(rows[16], rows[17], strict=True)], bool),
        walks=tuple(walks.get(str(id), ()) for id in codes["id"]), day=day,
        hour=np.array([each.hour for each in local], np.int8), day_kind=np.array([of_day[each].kind for each in day], np.str_),
        weather=np.array([of_day[each].weather for each in day], np.str_), since=span[0].timestamp(), until=end, days=days,
    )  # fmt: skip


def _seconds(moments: Sequence[str | None]) -> NDArray[np.float64]:
    """Stored moments (UTC, fixed width) in seconds since 1970; nan where there is none."""
    read = np.array([each[:19] if each else "NaT" for each in moments], "datetime64[s]")
    return np.where(np.isnat(read), np.nan, read.astype("int64").astype(float))


def _place(component: str, lon: float, lat: float) -> str:
    if component or np.isnan(lon) or np.isnan(lat):
        return str(component)
    return str(latlng_to_cell(lat, lon, PLACE_RES))


def _days(tx: Tx, since: datetime, until: datetime, calendar: WorkCalendar) -> tuple[DayRow, ...]:
    first, last = since.astimezone(calendar.zone).date(), (until - timedelta(microseconds=1)).astimezone(calendar.zone).date()
    sky = weather_between(tx, first, last)
    many = max(0, (last - first).days + 1)
    every = [first + timedelta(days=n) for n in range(many)]
    return tuple(
        DayRow(day=(each - EPOCH_DAY).days, kind=_kind(each, calendar), weather=str(sky.get(each, ""))) for each in every
    )


def _kind(day: date, calendar: WorkCalendar) -> str:
    """workday, weekend, or holiday where the calendar names the date and it is no working day."""
    said = calendar.kinds.get(day)
    if said is None:
        return "workday" if calendar.week.windows.get(day.weekday()) else "weekend"
    return "workday" if said is DayKind.workday else "holiday"


def weekly_counts(
    rows: CaseRows, places: Sequence[AreaCode], first: datetime, weeks: int
) -> NDArray[np.float64]:
    """Cases of each area in each of so many weeks from a moment on. Shape: (areas, weeks)."""
    week = ((rows.opened - first.astimezone(UTC).timestamp()) // (7 * 86_400)).astype(int)
    width = len(places[0]) if places else 0
    at = {place: n for n, place in enumerate(places)}
    found = np.zeros((len(places), weeks))
    for cell, when in zip(rows.cell, week, strict=True):
        place = at.get(AreaCode(str(cell)[:width]))
        if place is not None and 0 <= when < weeks:
            found[place, when] += 1
    return found


