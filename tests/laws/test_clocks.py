"""Clocks that are paused and extended against the same walk; their lamps against the order of time."""

from datetime import UTC

from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.laws.moments import (
    ALWAYS,
    AMOUNTS,
    FEW,
    MANY,
    MICROSECOND,
    MINUTE,
    QUARTER,
    SCENES,
    plain_due_after,
    some_min,
)

from cityloop.domain import clock as clocks
from cityloop.domain.policy import Limit, LimitUnit
from cityloop.domain.time import calendar_of, worked_us


def clock_after(scene, unit, value, acts):
    """A clock that was paused, resumed and extended in order of time, and its calendar."""
    calendar, at = calendar_of(scene[0]), scene[1]
    clock = clocks.clock_of(at, Limit(value=value, unit=unit), calendar)
    for act, gap, more in acts:
        at += gap * MINUTE
        if act == "extend":
            clock = clocks.extended(clock, Limit(value=more, unit=unit), calendar)
        elif clock.is_paused:
            clock = clocks.resumed(clock, at, calendar)
        else:
            clock = clocks.paused(clock, at)
    return clock, calendar


ACTS = st.tuples(st.sampled_from(["pause or resume", "extend"]), st.integers(0, 3_000), st.integers(0, 9))
CLOCKS = st.builds(clock_after, SCENES, st.sampled_from(LimitUnit), st.integers(1, 30), st.lists(ACTS, max_size=6))


def measured(clock, start, end, calendar):
    if clock.limit.unit in (LimitUnit.urgent_hour, LimitUnit.urgent_day, LimitUnit.natural_day):
        return (end.astimezone(UTC) - start.astimezone(UTC)) // MICROSECOND
    return worked_us(start, end, calendar)


@FEW
@given(CLOCKS)
def test_a_clock_follows_from_its_facts(given_clock):
    clock, calendar = given_clock

    assert clocks.recomputed(clock, calendar) == clock
    assert clocks.due_of(clock.start, clock.limit, clock.pauses, clock.extensions, calendar) == clock.due


@MANY
@given(CLOCKS)
def test_from_start_to_due_without_the_pauses_is_the_limit(given_clock):
    clock, calendar = given_clock
    granted = clocks.due_of(clock.start, clock.limit, (), clock.extensions, calendar)
    due = clock.due.astimezone(UTC)
    counted = [each for each in clock.pauses if each.until and each.since.astimezone(UTC) <= due]
    stood = sum(measured(clock, each.since, each.until, calendar) for each in counted)

    assert measured(clock, clock.start, due, calendar) - stood == measured(clock, clock.start, granted, calendar)


@FEW
@given(SCENES, AMOUNTS, st.lists(AMOUNTS, max_size=5), st.booleans(), st.lists(st.integers(0, 3), max_size=2))
def test_a_paused_deadline_is_the_first_moment_with_enough_minutes_at_work(scene, amount, gaps, working, more):
    (week, at), calendar = scene, calendar_of(scene[0])
    value = some_min(amount, week) if working else amount % 24
    limit = Limit(value=value, unit=LimitUnit.work_minute if working else LimitUnit.urgent_hour)
    clock = clocks.clock_of(at, limit, calendar)
    for each in more:
        clock, value = clocks.extended(clock, replace(limit, value=each), calendar), value + each
    for gap in gaps:
        at += gap * MINUTE
        assume(at != clock.due.astimezone(UTC))  # at its last moment it may still be paused: see the table of cases
        clock = clocks.resumed(clock, at, calendar) if clock.is_paused else clocks.paused(clock, at)
    if clock.is_paused:
        clock = clocks.resumed(clock, at + QUARTER, calendar)

    plain = plain_due_after(scene[1], value if working else value * 60, week if working else ALWAYS, clock.pauses)
    assert clock.due.astimezone(UTC) == plain


@MANY
@given(CLOCKS, st.lists(st.integers(-3_000, 30_000), min_size=2, max_size=6))
def test_the_used_share_grows_and_passes_the_whole_exactly_when_late(given_clock, offsets):
    clock, calendar = given_clock
    due = clock.due.astimezone(UTC)
    times = sorted([*(clock.start + each * MINUTE for each in offsets), due, due + MICROSECOND, due + MINUTE])
    used = [clocks.used_ppm(clock, at, calendar) for at in times]

    assert used == sorted(used)
    for at, share in zip(times, used, strict=True):
        stands = clock.is_paused and clock.pauses[-1].since <= min(at, due)
        assert (share > 1_000_000) == (at > due and not stands)
        assert (clocks.left_s(clock, at, calendar) < 0) <= (share > 1_000_000)


@MANY
@given(CLOCKS, st.lists(st.integers(-3_000, 30_000), min_size=2, max_size=9), st.integers(0, 1_000_000))
def test_lamps_never_go_back_while_the_clock_runs(given_clock, offsets, yellow_ppm):
    clock, calendar = given_clock
    times = sorted([*(clock.start + each * MINUTE for each in offsets), clock.due.astimezone(UTC) + MINUTE])
    lamps = [clocks.lamp(clock, at, calendar, yellow_ppm=yellow_ppm) for at in times]
    order = [list(clocks.Lamp).index(each) for each in lamps]

    assert order == sorted(order)  # green, yellow, red; grey from a pause that lasts
    for at, light in zip(times, lamps, strict=True):
        used = clocks.used_ppm(clock, at, calendar)
        assert light is clocks.Lamp.grey or (light is clocks.Lamp.red) == (used > 1_000_000)
        assert light is not clocks.Lamp.grey or clock.is_paused
