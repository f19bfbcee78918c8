"""Periods are what a slow look at each day says: named ones, those before and a year before, those inside a span."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tests.laws.figure_world import policy_of

from cityloop.domain.calendar import calendar_in
from cityloop.stages.evaluate import rules
from cityloop.stages.evaluate.model import Against, Period

CALENDAR = calendar_in(policy_of())
ONE = timedelta(days=1)
DAYS = st.dates(date(1972, 1, 1), date(2190, 12, 31))


def slow_period(period: Period, day: date) -> set[date]:
    """Every day that is in the same period, by looking at each."""

    def name(each: date):
        week = each.isocalendar()[:2]
        return {"day": each, "week": week, "month": (each.year, each.month), "quarter": (each.year, (each.month - 1) // 3),
                "year": each.year}[period]  # fmt: skip

    return {each for n in range(-370, 371) if name(each := day + n * ONE) == name(day)}


@given(st.sampled_from(Period), DAYS)
def test_a_named_period_has_the_days_that_share_its_name(period, day):
    first, last = rules.days_of(period, day)
    assert {first + n * ONE for n in range((last - first).days + 1)} == slow_period(period, day)
    assert rules.kind_of(first, last) is period
    names = {rules.name_of_period(period, each) for each in (first, day, last)}
    assert len(names) == 1
    assert names != {rules.name_of_period(period, last + ONE)}


@given(st.sampled_from(Period), DAYS)
def test_the_period_before_is_the_one_that_ends_the_day_before(period, day):
    first, last = rules.days_of(period, day)
    before = rules.days_against(Against.before, first, last)
    assert before == (min(days := slow_period(period, first - ONE)), max(days))
    assert before[1] + ONE == first


@given(DAYS, st.integers(0, 500))
def test_any_run_of_days_follows_as_many(first, more):
    last = first + more * ONE
    if rules.kind_of(first, last) is None:
        before = rules.days_against(Against.before, first, last)
        assert before[1] + ONE == first
        assert before[1] - before[0] == last - first


@given(st.sampled_from(Period), DAYS)
def test_the_same_period_of_the_year_before_has_the_same_name(period, day):
    """A month is the same month, a week the same week number; the 53rd week and 29 February stand beside the last."""
    first, last = rules.days_of(period, day)
    other = rules.days_against(Against.year, first, last)
    assert rules.kind_of(*other) is period
    year, name = (first + (last - first) // 2).year, rules.name_of_period(period, first)
    if period is Period.week:
        year = first.isocalendar().year
    wanted = name.replace(f"{year:04d}", f"{year - 1:04d}", 1)
    if rules.name_of_period(period, other[0]) != wanted:
        assert name.endswith(("-W53", "-02-29"))
        assert rules.name_of_period(period, other[1] + ONE) > wanted or period is Period.day
        assert rules.name_of_period(period, other[0]).endswith(("-W52", "-02-28"))


@given(DAYS, st.integers(0, 500))
def test_the_same_days_of_the_year_before_lie_a_year_before(first, more):
    last = first + more * ONE
    if rules.kind_of(first, last) is None:
        other = rules.days_against(Against.year, first, last)
        for then, now in zip(other, (first, last), strict=True):
            assert (now - then).days in (365, 366)
            assert (then.month, min(then.day, 28)) == (now.month, min(now.day, 28))


@given(st.sampled_from(Period), DAYS, st.integers(0, 380))
def test_the_calendar_periods_of_a_span_hold_each_of_its_days_once(period, first, more):
    span = rules.span_of(first, first + more * ONE, CALENDAR)
    buckets = rules.buckets_of(period, span, CALENDAR)
    for n in range(more + 1):
        noon = datetime(first.year, first.month, first.day, 4, tzinfo=UTC) + n * ONE  # in the city
        held = [each.key for each in buckets if each.since <= noon < each.until]
        assert held == [rules.name_of_period(period, first + n * ONE)]
    assert (buckets[0].since, buckets[-1].until) == (span.since, span.until)
    assert all(a.until == b.since for a, b in pairwise(buckets))
