"""The rows that causes are looked for in say what the facts say: against the rows of cases, read one by one."""

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from tests.laws.figure_world import BEGIN, END, policy_of, tell_stories

from cityloop.cases import case_get, report_list_of, task_list_of
from cityloop.domain.calendar import calendar_in
from cityloop.stages.evaluate.store.why.case_rows import case_rows, weekly_counts

LEFT_OUT = ("not_accepted", "merged", "void")


def seconds(moment: datetime | None) -> float:
    return np.nan if moment is None else float(int(moment.timestamp()))


@pytest.mark.parametrize("scope", [None, ("990101",), ()])
def test_each_column_is_what_the_case_says(places, scope):
    database = places.open()
    tell_stories(database, 5, 80)
    calendar = calendar_in(policy_of())
    with database.reading() as tx:
        ids = [row.id for row in tx.all("SELECT id FROM case_file WHERE city = :city")]
        rows, simulated = case_rows(tx, BEGIN, END, now=END, calendar=calendar, scope=scope)
        every = [case_get(tx, id) for id in ids]
        wanted = [
            case for case in every
            if case.state not in LEFT_OUT and case.class_key and BEGIN <= case.opened_at < END
            and (scope is None or any((case.cell or "").startswith(area) for area in scope))
        ]  # fmt: skip
        wanted.sort(key=lambda case: (case.opened_at, case.id))
        assert list(rows.id) == [case.id for case in wanted]
        assert bool(wanted) == (scope != ())
        assert simulated == any(case.simulated for case in wanted)
        for at, case in enumerate(wanted):
            local = case.opened_at.astimezone(calendar.zone)
            is_closed = case.state == "closed"
            in_time = (-1 if case.on_time is None else int(case.on_time)) if is_closed else 0 if case.due_at and case.due_at < END else -1
            said = (
                rows.class_key[at], rows.cell[at], rows.unit[at], rows.channel[at], rows.in_time[at], rows.redone[at],
                rows.walks[at], rows.hour[at], rows.day[at],
            )  # fmt: skip
            assert said == (
                case.class_key, case.cell or "", case.unit or "", report_list_of(tx, case.id)[0].channel, in_time,
                bool(case.reworks or case.redos),
                tuple(task.unit for task in task_list_of(tx, case.id) if task.kind == "handle" and task.unit), local.hour, (local.date() - date(1970, 1, 1)).days,
            )  # fmt: skip
            assert rows.opened[at] == seconds(case.opened_at)
            assert rows.closed[at] == pytest.approx(seconds(case.closed_at if is_closed else None), nan_ok=True)
            assert rows.day_kind[at] == ("workday" if local.weekday() < 5 else "weekend")


def test_weeks_are_counted_by_area(places):
    database = places.open()
    tell_stories(database, 6, 60)
    with database.reading() as tx:
        rows, _ = case_rows(tx, BEGIN, END, now=END, calendar=calendar_in(policy_of()), scope=None)
    counts = weekly_counts(rows, ["990101001", "990101002"], BEGIN, 2)
    for place, area in enumerate(("990101001", "990101002")):
        for week in (0, 1):
            inside = [
                cell.startswith(area) and week * 7 * 86_400 <= opened - BEGIN.timestamp() < (week + 1) * 7 * 86_400
                for cell, opened in zip(rows.cell, rows.opened, strict=True)
            ]
            assert counts[place, week] == sum(inside)
    assert counts.sum() > 0


def test_days_before_the_city_are_no_days_without_cases(places):
    """Asked for a year, the rows begin on the day of the first report."""
    database = places.open()
    tell_stories(database, 7, 20)
    calendar = calendar_in(policy_of())
    with database.reading() as tx:
        rows, _ = case_rows(tx, BEGIN - timedelta(days=365), END, now=END, calendar=calendar, scope=None)
        first = tx.value("SELECT MIN(received_at) FROM report WHERE city = :city")
    day = (datetime.fromisoformat(first).astimezone(calendar.zone).date() - date(1970, 1, 1)).days
    assert (rows.days[0].day, rows.days[-1].day) == (day, ((END - timedelta(hours=1)).astimezone(calendar.zone).date() - date(1970, 1, 1)).days)
