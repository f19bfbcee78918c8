"""The city in memory shows what its tables hold: lamps of any moment, what each may see, and after any change."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.laws.moments import MANY
from tests.laws.test_clocks import CLOCKS
from tests.laws.test_reach import POSTS, bring_along, cases_of, plain, town  # noqa: F401
from tests.world import caller_in

from cityloop.cases.public import is_public
from cityloop.cases.reach import reach_of
from cityloop.domain.calendar import SECOND_US, epoch_us
from cityloop.domain.clock import WORKING, Clock, Lamp, clock_of, reading
from cityloop.domain.lifecycle import State
from cityloop.pages.now import View, allowed, store
from cityloop.pages.now.keeper import Keeper, _read
from cityloop.pages.now.masks import HIDDEN
from cityloop.pages.now.turns import turns_exactly, turns_of
from cityloop.pages.queue import Asked

ALL = slice(0, None)


def at_once(clock: Clock, calendar, ppm: int) -> tuple[int, int]:
    start, due = (np.array([epoch_us(each)], dtype=np.int64) for each in (clock.start, clock.due))
    yellow, red = turns_of(start, due, np.array([clock.limit.unit in WORKING]), calendar, ppm)
    return int(yellow[0]), int(red[0])


@MANY
@given(CLOCKS, st.integers(1, 999_999), st.lists(st.integers(-3_000, 40_000), min_size=1, max_size=6))
def test_the_lamp_of_any_second_is_told_by_two_moments(given_clock, ppm, minutes):
    """Yellow and red begin when the clock, read by itself, says so; also for one that stood, and for many at once."""
    clock, calendar = given_clock
    if clock.is_paused:
        return
    plain = clock_of(clock.start, clock.limit, calendar)
    for each, (yellow, red) in (
        (clock, turns_exactly(clock, calendar, ppm)),
        (plain, at_once(plain, calendar, ppm)),
    ):
        moments = [epoch_us(each.start) // SECOND_US + minute * 60 for minute in minutes] + [
            yellow - 1,
            yellow,
            red - 1,
            red,
        ]
        for at_s in (each for each in moments if each * SECOND_US >= epoch_us(plain.start)):
            shown = reading(each, calendar.local(at_s * SECOND_US), calendar, yellow_ppm=ppm).lamp
            told = Lamp.red if at_s >= red else Lamp.yellow if at_s >= yellow else Lamp.green
            assert told is shown, (at_s, yellow, red)


def shown(now, view, at_s) -> set[str]:
    return set(now.ids(np.flatnonzero(allowed(now, view, ALL, at_s))))


def test_the_map_shows_what_asking_one_by_one_would_show(town):  # noqa: F811
    """Of every post, in every state; and to the public nothing but what strangers may know of."""
    cases = {case.id: case for case in cases_of(town)}
    at_s = int(town.clock().timestamp())
    with town.database.reading() as tx:
        now = _read(tx, town.policy, store.size(tx))
    assert len(now) == len(cases)
    for posts in [(post,) for post in POSTS] + [("handler-cleaning", "acceptor-south")]:
        caller = caller_in(town.policy, *posts)
        reach = reach_of(caller)
        for states in ((), (State.handling,), (State.closed, State.reported)):
            asked = Asked(states=states)
            view = View(reach=reach, states=states, open=None)
            assert shown(now, view, at_s) == set(plain(list(cases.values()), asked, caller)), posts
    assert shown(now, View(open=None), at_s) == {
        id for id, case in cases.items() if is_public(case, town.policy) and case.state not in HIDDEN
    }


def test_what_changed_is_put_where_reading_anew_would_put_it(town):  # noqa: F811
    """Step after step, the columns that follow the journal are those that the tables give."""
    keeper = Keeper()
    for number in range(12):
        with town.database.reading() as tx:
            followed, anew = keeper.snapshot(tx, town.policy), _read(tx, town.policy, store.size(tx))
            assert followed.seq == anew.seq
            assert told(followed) == told(anew)
            assert (np.diff(followed.columns["order"].astype(np.int64)) >= 0).all()
        keeper.forget()
        town.report(f"more{number}", kind=("rubbish", "vagrant", "pothole")[number % 3], cell="a1")
        town.later(minutes=11)
        bring_along(town, f"more{number}", number % 4)
        bring_along(town, f"r{3 * number}", 3)  # known before, and moved now


def told(now) -> dict[str, tuple]:
    """What the columns say of each case, with words for the places of words."""
    rows = np.arange(len(now))
    words = {name: now.words(name, rows) for name in now.vocabulary}
    columns = [words.get(name) or column.tolist() for name, column in sorted(now.columns.items())]
    return dict(zip(now.ids(rows), zip(*columns, strict=True), strict=True))
