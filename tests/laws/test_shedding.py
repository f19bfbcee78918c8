"""Load shedding on a clock of its own: one server, five times as much as it can do, and the rule that decides who waits."""

from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityloop.http.shed import LEVELS, Lane, Limits, Load, Pulse, Shedder, pressure_of, retry_after_s, share_shed

COST_S = {Lane.later: 0.008, Lane.open: 0.002, Lane.look: 0.003, Lane.report: 0.003, Lane.sense: 0.004, Lane.work: 0.003}
MIX = {Lane.later: 0.10, Lane.open: 0.47, Lane.look: 0.22, Lane.report: 0.15, Lane.sense: 0.01, Lane.work: 0.05}
SAYS_NO_S = 0.00005
WORK_LIMIT_S = 0.25  # of writes, issue 8


@dataclass
class Day:
    """What came of each lane: how long who was let in waited, and how many were sent away."""

    waited: dict[Lane, list[float]] = field(default_factory=lambda: {lane: [] for lane in Lane})
    away: dict[Lane, int] = field(default_factory=lambda: dict.fromkeys(Lane, 0))
    busy_s: float = 0.0
    last_away: float = 0.0

    def share_away(self, lane: Lane) -> float:
        return self.away[lane] / max(1, self.away[lane] + len(self.waited[lane]))

    def p95(self, lane: Lane) -> float:
        ordered = sorted(self.waited[lane])
        return ordered[int(0.95 * (len(ordered) - 1))]


def arrivals(seed: int, times: float, seconds: float, mix: dict[Lane, float]) -> list[tuple[float, Lane]]:
    """Who comes when: `times` as much as the server can do."""
    random = Random(seed)
    per_s = times / sum(share * COST_S[lane] for lane, share in mix.items())
    found, at = [], 0.0
    while (at := at + random.expovariate(per_s)) < seconds:
        found.append((at, random.choices(list(mix), list(mix.values()))[0]))
    return found


def day(come: list[tuple[float, Lane]], *, sheds: bool = True) -> Day:
    """A server with one thread: each turn of its loop does all that came since the last one."""
    pulse, shedder, limits, found = Pulse(), Shedder(), Limits(), Day()
    now, at, due = 0.0, 0, pulse.begin(0.0)
    while at < len(come):
        upto = at
        while upto < len(come) and come[upto][0] <= now:
            upto += 1
        if upto == at:
            now = max(now, min(come[at][0], due))
        for came_at, lane in come[at:upto]:
            pulse.came += 1
            if not sheds or shedder.lets_in(lane, pressure_of(Load(late_s=pulse.late_s(now)), limits)):
                now += COST_S[lane]
                found.busy_s += COST_S[lane]
                found.waited[lane].append(now - came_at)
            else:
                now += SAYS_NO_S
                found.away[lane] += 1
                found.last_away = now
        at = upto
        if now >= due:
            due = pulse.beat(now)
    return found


def test_five_times_too_much_leaves_work_in_the_field_alone():
    """Nobody on duty is sent away, and they wait no longer than writes may take; without the rule they wait for seconds."""
    come = arrivals(1, 5.0, 30.0, MIX)
    found, without = day(come), day(come, sheds=False)
    assert found.away[Lane.work] == 0
    assert found.p95(Lane.work) <= WORK_LIMIT_S
    assert without.p95(Lane.work) > 10 * WORK_LIMIT_S
    assert found.share_away(Lane.open) > 0.9
    assert found.busy_s > 0.8 * 30.0, "a server that sends everybody away is no help either"


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(1.5, 8.0))
def test_who_can_wait_goes_first(seed, times):
    """Of an earlier lane at least as large a share is sent away as of a later one; whoever is let in waits a bounded time."""
    found = day(arrivals(seed, times, 8.0, MIX))
    order = [Lane.later, Lane.open, Lane.look, Lane.report, Lane.work]
    shares = [found.share_away(lane) for lane in order]
    assert all(one >= other - 0.05 for one, other in pairwise(shares)), shares
    assert found.away[Lane.work] == 0
    assert max(found.waited[Lane.work]) <= 4 * WORK_LIMIT_S


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 0.6))
def test_a_server_that_keeps_up_sends_nobody_away(seed, times):
    assert sum(day(arrivals(seed, times, 8.0, MIX)).away.values()) == 0


def test_once_it_is_over_everybody_is_let_in_again():
    """Five seconds of too much, then an ordinary day: after a second nothing is sent away."""
    storm = arrivals(3, 5.0, 5.0, MIX)
    calm = [(at + 5.0, lane) for at, lane in arrivals(4, 0.4, 10.0, MIX)]
    assert day(storm + calm).last_away < 6.0


def test_one_stumble_sends_nobody_away():
    """A collection, a sealing, a slow disk: one late beat is none; three are."""
    pulse = Pulse(every_s=0.02)
    due = pulse.begin(0.0)
    for _ in range(10):
        pulse.came = Pulse.CROWD
        due = pulse.beat(due)
    pulse.came = Pulse.CROWD
    due = pulse.beat(due + 0.5)
    pulse.came = Pulse.CROWD
    assert pulse.late_s(due) < 0.001
    assert pulse.late_s(due + 0.45) == pytest.approx(0.45 - Pulse.STUMBLE_S), "a turn is late once it is longer than a stumble"
    for _ in range(3):
        pulse.came = Pulse.CROWD
        due = pulse.beat(due + 0.2)
    assert pulse.late_s(due) == pytest.approx(0.2)
    assert pulse.late_s(due + 0.45) == pytest.approx(0.45), "and once the last were late who stands far behind is late at once"
    pulse.came = 1
    due = pulse.beat(due + 0.2)
    assert pulse.late_s(due + 0.45) == 0.0, "where nobody comes, nobody need be sent away"


@given(st.sampled_from(list(Lane)), st.floats(0, 50), st.floats(0, 50))
def test_more_to_do_never_sends_fewer_away(lane, one, other):
    low, high = sorted((one, other))
    assert 0.0 <= share_shed(lane, low) <= share_shed(lane, high) <= 1.0
    assert 1 <= retry_after_s(low) <= retry_after_s(high) <= 30


@given(st.sampled_from(list(Lane)), st.floats(0, 30), st.integers(1, 400))
def test_a_share_is_spread_evenly(lane, pressure, count):
    """Of any number in a row the share is sent away, to within one: nobody is unlucky for long."""
    shedder = Shedder()
    away = sum(not shedder.lets_in(lane, pressure) for _ in range(count))
    assert abs(away - count * share_shed(lane, pressure)) <= 1.0 + 1e-6 * count
    assert shedder.sent_away[lane] == away


def test_every_queue_counts():
    """Whatever is full, changes, reads, requests or the loop: each alone is enough."""
    limits = Limits()
    for load in (Load(late_s=limits.late_s), Load(turn_s=limits.turn_s), Load(turns=limits.turns), Load(changes=limits.changes), Load(reads=limits.reads), Load(under_way=limits.under_way)):
        assert pressure_of(load, limits) == 1.0
    assert pressure_of(Load(), limits) == 0.0
    assert all(begins < ends for begins, ends in LEVELS.values())
