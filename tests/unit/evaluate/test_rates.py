"""Pure decisions of evaluating: rates, periods, areas, and cells of spreadsheets."""

import doctest
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.laws.figure_world import policy_of

from cityloop.domain.calendar import calendar_in, calendar_of
from cityloop.domain.policy import LimitUnit
from cityloop.stages.evaluate import routes, rules
from cityloop.stages.evaluate.model import (
    WINDOWS,
    AreaUnknown,
    By,
    Measure,
    MetricUnknown,
    Part,
    Period,
    PeriodWrong,
    Tally,
    Window,
)
from cityloop.stages.evaluate.model.metrics import ELAPSED, METRIC_OF, METRICS, WORKING

CALENDAR = calendar_in(policy_of())
MIN_US = 60_000_000


@pytest.mark.parametrize(
    ("measure", "numerator", "denominator", "value"),
    [
        (Measure.count, 0, None, 0),
        (Measure.count, 7, None, 7),
        (Measure.ppm, 0, 0, None),
        (Measure.ppm, 0, 3, 0),
        (Measure.ppm, 1, 3, 333_333),
        (Measure.ppm, 2, 3, 666_667),
        (Measure.ppm, 3, 3, 1_000_000),
        (Measure.ppm, 1, 2_000_000, 1),  # half a part goes up
        (Measure.ppm, 1, 2_000_001, 0),
        (Measure.min, 0, 0, None),
        (Measure.min, 90 * MIN_US, 2, 45),
        (Measure.min, MIN_US // 2, 1, 1),
        (Measure.min, MIN_US // 2 - 1, 1, 0),
    ],
)
def test_a_value_is_the_quotient_rounded(measure, numerator, denominator, value):
    assert rules.value_of(measure, numerator, denominator) == value


def test_a_figure_of_an_empty_tally_has_no_rate():
    found = {each.metric: each for each in rules.group_of("x", Tally(numbers={}), None, False).figures}
    assert found["filed"].value == 0
    assert found["filed"].denominator is None
    assert (found["closing_rate"].numerator, found["closing_rate"].denominator) == (0, 0)
    assert found["closing_rate"].value is None


def test_times_are_summed_exactly_and_shown_in_minutes():
    friday = datetime(2026, 3, 6, 9, 30, tzinfo=UTC)  # 17:30 in the city
    tallies = {"a": Tally(numbers={(each, Part.denominator): 2 for each in (ELAPSED, WORKING)})}
    spans = [("a", friday, friday + timedelta(days=3)), ("a", friday, friday + timedelta(seconds=30))]
    rules.add_times(tallies, spans, CALENDAR)
    elapsed, working = (rules.figure_of(METRIC_OF[each], tallies["a"]) for each in (ELAPSED, WORKING))
    assert (elapsed.numerator, elapsed.value) == (4321, 2160)  # 3 days and half a minute
    assert (working.numerator, working.value) == (481, 240)  # 30 minutes of Friday, 450 of Monday, half a minute


@pytest.mark.parametrize(
    ("period", "on", "first", "last"),
    [
        (Period.day, "2026-03-04", "2026-03-04", "2026-03-04"),
        (Period.week, "2026-03-01", "2026-02-23", "2026-03-01"),
        (Period.week, "2026-03-02", "2026-03-02", "2026-03-08"),
        (Period.month, "2026-02-28", "2026-02-01", "2026-02-28"),
        (Period.month, "2026-12-31", "2026-12-01", "2026-12-31"),
        (Period.year, "2024-02-29", "2024-01-01", "2024-12-31"),
    ],
)
def test_named_periods(period, on, first, last):
    days = rules.days_asked(None, None, period, date.fromisoformat(on), date(2000, 1, 1))
    assert [day.isoformat() for day in days] == [first, last]


def test_a_day_lasts_from_midnight_to_midnight_of_the_city():
    span = rules.span_of(date(2026, 3, 1), date(2026, 3, 1), CALENDAR)
    assert span.since == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert span.until - span.since == timedelta(days=1)
    assert span.since.tzinfo is UTC


def test_a_day_on_which_the_clock_jumps_is_shorter():
    week = policy_of().week
    berlin = calendar_of(type(week)(zone="Europe/Berlin", windows=week.windows, day_min=480, work_day=week.work_day))
    span = rules.span_of(date(2026, 3, 29), date(2026, 3, 29), berlin)
    assert span.until - span.since == timedelta(hours=23)


DAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    "asked",
    [
        (DAY, None, None, None),
        (None, DAY, None, None),
        (DAY, DAY, Period.week, None),
        (DAY, DAY, None, DAY),
        (None, None, Period.week, date(1, 1, 1)),
        (None, None, Period.week, date(9999, 12, 31)),
    ],
)
def test_a_period_that_is_none_is_refused(asked):
    with pytest.raises(PeriodWrong):
        rules.days_asked(*asked, DAY)


@pytest.mark.parametrize(("first", "last"), [(DAY, date(2026, 3, 3)), (date(1, 1, 1), DAY), (DAY, date(2199, 1, 1))])
def test_a_span_beyond_the_calendar_or_turned_round_is_refused(first, last):
    with pytest.raises(PeriodWrong):
        rules.span_of(first, last, CALENDAR)


@pytest.mark.parametrize(
    ("areas", "scope"),
    [
        ((), ()),
        ((None,), None),
        (("990101", None), None),
        (("990101002", "990101"), ("990101",)),
        (("990102", "990101"), ("990101", "990102")),
        (("990101001", "990101002"), ("990101001", "990101002")),
    ],
)
def test_seats_cover_their_areas_together(areas, scope):
    assert rules.scope_of(areas) == scope


def test_an_area_must_be_in_the_pack():
    policy = policy_of(areas=("990101",))
    assert rules.area_known("990101", policy) == "990101"
    assert rules.area_known(None, policy) is None
    with pytest.raises(AreaUnknown, match=re.escape("areas.csv")):
        rules.area_known("990109", policy)


def test_groups_have_the_pack_s_names():
    policy = policy_of(areas=("990101",))
    assert rules.name_of(By.district, "990101", policy) == {"zh": "街", "en": "Street"}
    assert rules.name_of(By.street, "", policy) is None
    assert rules.name_of(By.unit, "gone", policy) is None
    assert rules.name_of(By.person, "machine", policy) is None


def test_only_sides_that_are_counted_can_be_listed():
    assert rules.metric_named("filing_rate", Part.denominator).code == "filing_rate"
    for code, part in (("filed", Part.denominator), ("luck", Part.numerator)):
        with pytest.raises(MetricUnknown):
            rules.metric_named(code, part)


def test_the_table_is_sound():
    """One name for each, words in both languages; a rate is a part of what stands below its line."""
    assert len(METRIC_OF) == len(METRICS)
    assert set(WINDOWS) == set(Window)
    for metric in METRICS:
        assert set(metric.name) == set(metric.formula) == {"zh", "en"}
        assert (metric.denominator is None) == (metric.measure is Measure.count)
        if metric.measure is Measure.ppm:
            assert metric.numerator.startswith(f"{metric.denominator} AND ")


@pytest.mark.parametrize(
    ("cell", "plain"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "'+86"),
        ("-1", "'-1"),
        ("@SUM", "'@SUM"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("＝1", "'＝1"),
        (" =1", "' =1"),
        ("roads-a", "roads-a"),
        (-5, -5),
        (None, None),
        (LimitUnit.work_hour, "work_hour"),
        (DAY, "2026-03-04"),
    ],
)
def test_no_cell_of_a_file_is_run(cell, plain):
    assert routes.plain_cell(cell) == plain


def test_examples_in_docstrings_hold():
    assert doctest.testmod(rules).failed == 0
