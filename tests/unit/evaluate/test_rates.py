"""Pure decisions of evaluating: rates, periods, areas, and cells of spreadsheets."""

import doctest
import re
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from tests.laws.figure_world import policy_of

from cityloop.domain.calendar import calendar_in, epoch_us, span_us
from cityloop.domain.policy import DueReading, FigureReadings, LimitUnit
from cityloop.stages.evaluate import routes, rules
from cityloop.stages.evaluate.model import (
    WINDOWS,
    Against,
    AreaUnknown,
    By,
    FilterUnknown,
    Known,
    Measure,
    MetricUnknown,
    Only,
    Part,
    Taken,
    Tally,
    Window,
)
from cityloop.stages.evaluate.model.metrics import ELAPSED, METRIC_OF, METRICS, WORKING, metrics_by
from cityloop.stages.evaluate.rules import asking, periods, values

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
    found = {each.metric: each for each in rules.group_of("x", Tally(numbers={}), METRICS).figures}
    assert found["filed"].value == 0
    assert found["filed"].denominator is None
    assert (found["closing_rate"].numerator, found["closing_rate"].denominator) == (0, 0)
    assert found["closing_rate"].value is None


def test_times_are_summed_exactly_and_shown_in_minutes():
    friday = datetime(2026, 3, 6, 9, 30, tzinfo=UTC)  # 17:30 in the city
    tallies = {"a": Tally(numbers={(each, Part.denominator): 2 for each in (ELAPSED, WORKING)})}
    began = np.full(2, epoch_us(friday))
    ended = began + np.array([span_us(timedelta(days=3)), span_us(timedelta(seconds=30))])
    taken = [Taken("a", (ELAPSED, WORKING), began, ended)]
    rules.add_times(tallies, taken, CALENDAR)
    elapsed, working = (rules.figure_of(METRIC_OF[each], tallies["a"]) for each in (ELAPSED, WORKING))
    assert (elapsed.numerator, elapsed.value) == (4321, 2160)  # 3 days and half a minute
    assert (working.numerator, working.value) == (481, 240)  # 30 minutes of Friday, 450 of Monday, half a minute


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


def test_what_is_counted_only_must_be_in_the_pack():
    policy = policy_of(areas=("990101",))
    for only in (Only(), Only(area="990101"), Only(area="990101001001001"), Only(grid="g1"), Only(channel="app")):
        rules.only_known(only, policy)
    with pytest.raises(AreaUnknown, match=re.escape("areas.csv")):
        rules.only_known(Only(area="990109"), policy)
    for only in (Only(grid="g9"), Only(problem_class="x"), Only(unit="gone"), Only(channel="pigeon")):
        with pytest.raises(FilterUnknown):
            rules.only_known(only, policy)


def test_groups_have_the_pack_s_names():
    policy = policy_of(areas=("990101",))
    assert rules.name_of(By.district, "990101", policy) == {"zh": "街", "en": "Street"}
    assert rules.name_of(By.street, "", policy) is None
    assert rules.name_of(By.unit, "gone", policy) is None
    assert rules.name_of(By.person, "machine", policy) is None
    assert rules.name_of(By.channel, "collector", policy)["zh"] == "采集员上报"


def test_only_sides_that_are_counted_can_be_listed():
    policy = policy_of()
    assert rules.metric_named("filing_rate", Part.denominator, policy).code == "filing_rate"
    assert rules.metric_named(ELAPSED, Part.numerator, policy).code == ELAPSED  # what it was taken over
    for code, part in (("filed", Part.denominator), ("luck", Part.numerator)):
        with pytest.raises(MetricUnknown):
            rules.metric_named(code, part, policy)


@pytest.mark.parametrize("due", DueReading)
def test_the_table_is_sound(due):
    """One name for each, words in both languages; what is owed says how the city reads it."""
    table = metrics_by(FigureReadings(due_window=due))
    assert len(METRIC_OF) == len(METRICS)
    assert set(table) == set(METRIC_OF)
    assert set(WINDOWS) == set(Window)
    for metric in table.values():
        assert set(metric.name) == set(metric.formula) == {"zh", "en"}
        assert metric.those is not None or metric.measure is not Measure.ppm
        assert (metric.took is not None) == (metric.measure is Measure.min)
        assert (metric.rows.moments == ()) == (metric.window is Window.now)
    assert {table[code].window for code in ("due_to_handle", "to_handle", "closing_rate")} == {Window(due)}
    assert table["filed_on_time"].window is Window.settled


@pytest.mark.parametrize(
    ("metric", "now", "then", "change"),
    [
        ("filed", (12, None), (10, None), (10, None, 10, 2, 200_000)),
        ("filed", (0, None), (3, None), (3, None, 3, -3, -1_000_000)),
        ("filed", (1, None), (0, None), (0, None, 0, 1, None)),  # no percent of nothing
        ("closing_rate", (3, 4), (1, 3), (1, 3, 333_333, 416_667, None)),  # points, in parts per million
        ("closing_rate", (0, 0), (1, 3), (1, 3, 333_333, None, None)),
        ("closing_rate", (1, 3), (0, 0), (0, 0, None, None, None)),
        (ELAPSED, (90 * MIN_US, 1), (120 * MIN_US, 2), (120, 2, 60, 30, 500_000)),
        ("open_now", (5, None), (5, None), (None,) * 5),  # the same in every period
    ],
)
def test_a_change_is_the_difference_and_its_share(metric, now, then, change):
    def tally(two):
        return Tally(numbers={(metric, part): n for part, n in zip(Part, two, strict=True) if n is not None})

    figure = rules.figure_of(METRIC_OF[metric], tally(now), {Against.year: (Known.part, tally(then))})
    (found,) = figure.changes
    assert (found.numerator, found.denominator, found.value, found.difference, found.change_ppm) == change
    unknown = rules.figure_of(METRIC_OF[metric], tally(now), {Against.before: (Known.none, Tally(numbers={}))})
    assert (unknown.changes[0].against, unknown.changes[0].value) == (Against.before, None)


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
        (date(2026, 3, 4), "2026-03-04"),
    ],
)
def test_no_cell_of_a_file_is_run(cell, plain):
    assert routes.plain_cell(cell) == plain


def test_examples_in_docstrings_hold():
    for module in (asking, periods, values):
        result = doctest.testmod(module)
        assert result.attempted > 0
        assert result.failed == 0
