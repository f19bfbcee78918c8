"""A series over time says of each group and period what the figures of that period say."""

from datetime import timedelta

import pytest
from tests.laws.figure_world import tell_stories
from tests.laws.test_figures import AS_OF_NOW, METRICS, PERIODS, POLICY, question

from cityloop.domain.calendar import calendar_in
from cityloop.stages.evaluate import figures, over_time, series
from cityloop.stages.evaluate.model import By, MetricUnknown, PeriodWrong
from cityloop.stages.evaluate.rules import metric_called
from cityloop.stages.evaluate.store import marks

GROUPS = (By.unit, By.street, By.grid, By.person, By.minor_class, By.channel)


@pytest.fixture
def told(places):
    database = places.open()
    tell_stories(database, 3)
    return database


def of_each_period(tx, by, every, policy=POLICY):
    """Every figure of every group and period, by figures of that period's own days."""
    zone = calendar_in(policy).zone
    found = {}
    for bucket in over_time(question(by), every, policy=policy).buckets:
        first, last = bucket.since.astimezone(zone).date(), (bucket.until - timedelta(seconds=1)).astimezone(zone).date()
        answer = figures(tx, question(by, (first, last)), policy=policy)
        for group in answer.groups:
            for figure in group.figures:
                found[bucket.key, group.group, figure.metric] = (figure.numerator, figure.denominator, figure.value)
    return found


def said(tx, by, every, metric, policy=POLICY):
    answer = series(tx, over_time(question(by), every, policy=policy), by, metric_called(metric, policy), policy=policy)
    return {
        (period, each.group): (point.numerator, point.denominator, point.value)
        for each in answer.groups
        for period, point in zip(answer.periods, each.points, strict=True)
    }


def none_of(value):
    return not value[0] and not value[1]


@pytest.mark.parametrize("by", GROUPS)
def test_a_series_says_what_the_figures_of_each_period_say(told, by):
    with told.reading() as tx:
        truth = of_each_period(tx, by, By.week)
        for metric in METRICS:
            if metric.code in AS_OF_NOW:
                continue
            got = {key: value for key, value in said(tx, by, By.week, metric.code).items() if not none_of(value)}
            want = {key[:2]: value for key, value in truth.items() if key[2] == metric.code and not none_of(value)}
            assert got == want, metric.code


def test_the_whole_of_a_series_is_the_figure_of_all_its_days(told):
    with told.reading() as tx:
        answer = series(tx, over_time(question(By.unit), By.day, policy=POLICY), By.unit, metric_called("handled_on_time", POLICY), policy=POLICY)
        whole = figures(tx, question(By.unit, PERIODS[0]), policy=POLICY)
        assert len(answer.periods) == 22
        by_group = {group.group: group for group in whole.groups}
        for each in answer.groups:
            figure = next(one for one in by_group[each.group].figures if one.metric == "handled_on_time")
            assert (each.whole.numerator, each.whole.denominator) == (figure.numerator, figure.denominator)


def test_what_is_as_of_now_has_no_series_and_time_goes_by_time(told):
    with told.reading() as tx:
        now = next(iter(AS_OF_NOW))
        with pytest.raises(MetricUnknown):
            series(tx, over_time(question(By.unit), By.week, policy=POLICY), By.unit, metric_called(now, POLICY), policy=POLICY)
        with pytest.raises(PeriodWrong):
            over_time(question(By.unit), By.unit, policy=POLICY)


def test_a_series_that_mixes_its_groups_is_seen(told, monkeypatch):
    """Planted: all rows stand in one group. The law must notice."""
    monkeypatch.setattr(marks, "group_of", lambda *_: "''")
    with told.reading() as tx:
        got = said(tx, By.unit, By.week, "handled_on_time")
    assert {group for _, group in got} == {""}
    monkeypatch.undo()
    with told.reading() as tx:
        assert got != said(tx, By.unit, By.week, "handled_on_time")


def test_a_series_asks_one_statement_for_its_rows(told):
    """Cheap: however many groups and periods, the rows are read once."""
    asked: list[str] = []
    with told.reading() as tx:
        real = tx.engine.tally
        tx.engine.tally = lambda sql, *more: (asked.append(sql), real(sql, *more))[1]  # type: ignore[method-assign]
        try:
            said(tx, By.unit, By.day, "handled_on_time")
        finally:
            del tx.engine.tally
    assert len(asked) == 1
