"""The kernel says what the plain reading of the rules says, however the input is cut into batches."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.sense_oracle import Row, told
from tests.sense_things import register, rule, stream, thing

from cityloop.domain.sensing import Event, Observing
from cityloop.stages.sense.rules.kernel import NEVER, Window, carried, plan_of, state_of, step
from cityloop.telemetry import batch_of

SECOND = 1_000_000
START = 1_772_000_000 * SECOND
CAMERA = Observing.detection
THINGS = [*(thing(no, site="square" if no < 4 else "") for no in range(1, 6)), thing(6, kind="camera"), thing(7, kind="camera")]
STREAMS = [
    *(stream(no, least=-50, most=50) for no in range(1, 4)),
    stream(4, property="people", observing=Observing.count), stream(5, property="door", observing=Observing.truth),
    stream(6, property="seen", observing=CAMERA, words=("gate", "vendor")), stream(7, property="seen", observing=CAMERA, words=("gate", "car")),
]  # fmt: skip
REGISTER = register(THINGS, STREAMS)
RULES = {
    "above": [rule("above", property="pm25", limit=10, release=7), rule("above", "above.held", property="pm25", colour="red", limit=10, for_s=7)],
    "below": [rule("below", property="pm25", limit=-10, release=-7, for_s=3), rule("below", "zero", colour="red", property="pm25", limit=0)],
    "beyond": [rule("beyond", property="pm25")],
    "rise": [rule("rise", property="pm25", limit=8, release=4, window_s=16), rule("rise", "rise.held", property="pm25", colour="red", limit=5, window_s=40, for_s=5)],
    "fall": [rule("fall", property="pm25", limit=8, window_s=24)],
    "frozen": [rule("frozen", property="pm25", window_s=14), rule("frozen", "frozen.near", colour="red", property="pm25", window_s=21, release=2)],
    "missing": [rule("missing", property="pm25", window_s=9), rule("missing", "quiet", property="people", window_s=20)],
    "count": [rule("count", property="people", limit=6, window_s=16), rule("count", "often", property="door", limit=3, release=2, window_s=16)],
    "seen": [rule("seen", property="seen", label="vendor", limit=0.5, for_s=6, window_s=5), rule("seen", "at.once", property="seen", label="car", limit=0.8, window_s=4)],
    "crowd": [rule("count", "crowd", property="seen", limit=3, release=2, window_s=6)],
    "disagree": [rule("disagree", property="pm25", radius_m=100, limit=6, release=4, window_s=5)],
    "together": [rule("above", property="pm25", limit=5), rule("together", limit=2, of="above")],
    "device": [rule("above", property="pm25", limit=10), rule("above", "own", property="pm25", thing_key="key2", limit=3)],
}  # fmt: skip

spans = st.integers(0, 6)
values = st.one_of(st.integers(-12, 12).map(float), st.sampled_from([0.0, 1.0, 10.0, 7.0, -60.0, 60.0]))


@st.composite
def inputs(draw, late: bool = True) -> list[Row]:
    """Rows as they come: moments of a few seconds, now and then one that is late or far away."""
    rows, at = [], START
    for _ in range(draw(st.integers(1, 40))):
        at += draw(spans) * SECOND
        back = draw(st.sampled_from([0, 0, 0, 0, 3, 30])) * SECOND if late else 0
        ahead = draw(st.sampled_from([0] * 12 + [25])) * SECOND
        at += ahead
        no = draw(st.integers(1, 7))
        value = draw(values)
        if no >= 4:
            value = {4: float(abs(int(value)) % 4), 5: float(value > 0)}.get(no, draw(st.sampled_from([0.3, 0.6, 0.9])))
        rows.append((no, at - back, value, draw(st.integers(0, 4)) if no > 5 else 0))
    return rows


def batch(rows: list[Row]):
    return batch_of(*(list(column) for column in zip(*rows, strict=True))) if rows else batch_of([], [], [])


def run(plan, rows: list[Row], cuts: list[int], until: int, ticks: bool) -> list[Event]:
    """The kernel's events; between batches the watermark moves as far as it truly may."""
    state, found = state_of(plan), []
    edges = sorted({min(cut, len(rows)) for cut in cuts} | {0, len(rows)})
    for begins, ends in zip(edges, [*edges[1:], len(rows)], strict=True):
        ahead = min((row[1] for row in rows[ends:]), default=NEVER)
        state, events = step(plan, state, batch(rows[begins:ends]), ahead if ticks else NEVER)
        found += events
    state, events = step(plan, state, batch([]), until)
    return sorted(found + events, key=str)


@pytest.mark.parametrize("kind", RULES)
@settings(max_examples=80, deadline=None)
@given(rows=inputs(), cuts=st.lists(st.integers(0, 40), max_size=6), ticks=st.booleans(), more=st.integers(0, 60))
def test_any_cut_gives_what_the_plain_reading_gives(kind, rows, cuts, ticks, more):
    rules = RULES[kind]
    plan = plan_of(rules, REGISTER)
    until = max(row[1] for row in rows) + more * SECOND
    expected = sorted(told(rules, REGISTER, plan, rows, until), key=str)
    assert run(plan, rows, cuts, until, ticks) == expected


@settings(max_examples=80, deadline=None)
@given(rows=inputs(), cuts=st.lists(st.integers(0, 40), max_size=6), ticks=st.booleans())
def test_quiet_hours_and_maintenance_put_off_what_still_holds(rows, cuts, ticks):
    """Quiet hours end three minutes after the start, by the city's clock; one device is being mended for a while."""
    rules = [
        rule("above", property="pm25", limit=5, for_s=2, quiet_from="13:00", quiet_until="14:16"), rule("missing", property="pm25", window_s=9),
        rule("seen", property="seen", limit=0.5, window_s=5),
    ]  # fmt: skip
    windows = {THINGS[1].id: [Window(START + 10 * SECOND, START + 50 * SECOND)], THINGS[5].id: [Window(START, START + 20 * SECOND)]}
    plan = plan_of(rules, REGISTER, windows=windows, zone="Asia/Shanghai")
    until = max(row[1] for row in rows) + 300 * SECOND
    expected = sorted(told(rules, REGISTER, plan, rows, until), key=str)
    assert run(plan, rows, cuts, until, ticks) == expected
    assert not any(each.kind.value == "raised" and each.rule == "above" and each.at < START + 107 * SECOND for each in expected)


def steady(no: int, size: int, seed: int) -> list[Row]:
    """A day and night, with noise, and a leap now and then."""
    chance = np.random.default_rng(seed)
    at = START + np.arange(size) * 900 * SECOND
    value = 20 + 8 * np.sin(np.arange(size) / 96 * 2 * np.pi) + chance.normal(0, 1, size)
    value[chance.integers(size // 2, size, 5)] += 30
    return [(no, int(each), float(value[place]), 0) for place, each in enumerate(at)]


@pytest.mark.parametrize("window_s", [0, 3600])
@settings(max_examples=20, deadline=None)
@given(cuts=st.lists(st.integers(0, 1800), max_size=8), seed=st.integers(0, 9), ticks=st.booleans())
def test_what_is_unusual_does_not_depend_on_the_cut_nor_on_other_streams(window_s, cuts, seed, ticks):
    rules = [rule("unusual", property="pm25", limit=1e-3, window_s=window_s)]
    rows = sorted((row for no in (1, 2, 3) for row in steady(no, 600, seed + no)), key=lambda row: row[1])
    plan = plan_of(rules, REGISTER)
    until = rows[-1][1] + SECOND
    whole = run(plan, rows, [], until, ticks)
    assert run(plan, rows, cuts, until, ticks) == whole
    alone = [run(plan, [row for row in rows if row[0] == no], cuts, until, ticks) for no in (1, 2, 3)]
    assert sorted((event for events in alone for event in events), key=str) == whole


def test_a_leap_is_unusual_and_the_day_is_not():
    plan = plan_of([rule("unusual", property="pm25", limit=1e-4)], REGISTER)
    rows = [row for row in steady(1, 1400, 3) if row[2] < 40]
    leap = (1, rows[-1][1] + 900 * SECOND, 50.0, 0)
    found = [event for event in run(plan, [*rows, leap], [], leap[1] + SECOND, False) if event.kind.value == "raised"]
    assert found[-1].at == leap[1]
    assert len(found) <= 3


@settings(max_examples=60, deadline=None)
@given(rows=inputs(late=False), cut=st.integers(0, 40))
def test_a_plan_that_changes_keeps_what_it_did_not_change(rows, cut):
    """Another rule comes in the middle; those that stay say what they would have said."""
    rules = [each for kind in ("above", "rise", "frozen", "missing", "seen", "crowd", "disagree", "together") for each in RULES[kind]]
    rules = list({each.code: each for each in rules}.values())
    old, more = plan_of(rules, REGISTER), rule("fall", "new", property="people", limit=2, window_s=8)
    new = plan_of([more, *rules], REGISTER)
    until = max(row[1] for row in rows) + 60 * SECOND
    state, first = step(old, state_of(old), batch(rows[:cut]))
    state, ended = carried(old, state, new, at=until)
    state, second = step(new, state, batch(rows[cut:]), until)
    assert ended == []
    found = sorted((each for each in first + second if each.rule != "new"), key=str)
    assert found == run(old, rows, [cut], until, False)


def test_an_alarm_whose_rule_goes_is_over():
    old = plan_of([rule("above", property="pm25", limit=10), rule("seen", property="seen", limit=0.5)], REGISTER)
    state, raised = step(old, state_of(old), batch([(1, START, 12.0, 0), (6, START, 0.9, 3)]))
    assert [each.kind.value for each in raised] == ["raised", "raised"]
    new = plan_of([rule("above", property="pm25", limit=20)], REGISTER)
    _, ended = carried(old, state, new, at=START + SECOND)
    assert sorted((each.id, each.kind.value) for each in ended) == sorted((each.id, "cleared") for each in raised)


def square(*numbers: int, moved: tuple[int, ...] = ()):
    """These sensors of the square; some were moved to another site."""
    things = [thing(no, site="yard" if no in moved else "square") for no in numbers]
    return register(things, [stream(no, least=-50, most=50) for no in numbers])


ALONE, HIGHER = rule("above", property="pm25", limit=5), rule("above", property="pm25", limit=9)
TOGETHER = rule("together", limit=2, of="above")


@pytest.mark.parametrize(
    ("rules", "there", "own_over"),
    [
        ([ALONE, TOGETHER], square(1, 3), [2]),  # the site has two that are left
        ([ALONE, TOGETHER], square(1), [2]),  # and here it is looked at no more
        ([ALONE, TOGETHER], square(1, 2, 3, moved=(2,)), []),
        ([HIGHER, TOGETHER], square(1, 2, 3), [1, 2]),
        ([ALONE], square(1, 2, 3), []),
    ],
    ids=["a sensor goes", "the site goes", "a sensor is moved", "the rule that it counts is another", "its rule goes"],
)
def test_an_alarm_of_a_site_is_over_when_too_few_of_it_are_left(rules, there, own_over):
    """Whatever takes them away; as one alarm, once, at the moment of the change."""
    old = plan_of([ALONE, TOGETHER], square(1, 2, 3))
    state, events = step(old, state_of(old), batch([(1, START, 8.0, 0), (2, START + SECOND, 8.0, 0)]), START + 2 * SECOND)
    (raised,) = (each for each in events if each.rule == "together")

    new = plan_of(rules, there)
    state, changed = carried(old, state, new, at=START + 5 * SECOND)
    _, later = step(new, state, batch([]), START + 9 * SECOND)
    assert sorted(each.stream for each in changed if each.rule == "above") == own_over
    found = [each for each in changed + later if each.rule == "together"]
    assert [(each.id, each.kind.value, each.at) for each in found] == [(raised.id, "cleared", START + 5 * SECOND)]


def test_what_a_site_was_about_to_hold_goes_with_its_sensor():
    """The watermark has not passed it yet; those that stay are counted as ever."""
    old, new = plan_of([ALONE, TOGETHER], square(1, 2, 3)), plan_of([ALONE, TOGETHER], square(1, 3))
    state, _ = step(old, state_of(old), batch([(1, START, 8.0, 0), (2, START + 7 * SECOND, 8.0, 0)]), START + SECOND)
    state, _ = carried(old, state, new, at=START + 5 * SECOND)
    state, events = step(new, state, batch([]), START + 9 * SECOND)
    assert events == []
    _, events = step(new, state, batch([(3, START + 10 * SECOND, 8.0, 0)]), START + 11 * SECOND)
    assert [(each.rule, each.kind.value) for each in events] == [("above", "raised"), ("together", "raised")]


def test_silence_counts_from_when_a_device_was_put_up():
    from datetime import UTC, datetime

    installed = datetime.fromtimestamp(START / SECOND, UTC)
    one = register([thing(1, installed_at=installed)], [stream(1)])
    plan = plan_of([rule("missing", property="pm25", window_s=60)], one)
    state, events = step(plan, state_of(plan), batch([]), START + 60 * SECOND)
    assert events == []
    state, events = step(plan, state, batch([]), START + 61 * SECOND)
    assert [(each.began_at, each.at) for each in events] == [(START, START + 60 * SECOND)]


def test_a_state_that_was_saved_is_carried_whole(tmp_path):
    """A rule that was told with a whole number comes back with a float, and is the same rule: nothing ends because of a restart."""
    from cityloop.stages.sense.service.snapshot import Snapshot, load, save

    rules = [rule("above", limit=75, for_s=60, window_s=0), rule("missing", window_s=180)]
    plan = plan_of(rules, register([thing(1)], [stream(1)]))
    state, events = step(plan, state_of(plan), batch_of([1, 1], [0, 120_000_000], [80.0, 81.0]))
    assert [each.kind.value for each in events] == ["raised"]
    save(tmp_path / "kept.npz", Snapshot(plan, state, {}, 0))
    kept = load(tmp_path / "kept.npz")
    _, ended = carried(kept.plan, kept.state, plan, at=0)
    assert ended == []
