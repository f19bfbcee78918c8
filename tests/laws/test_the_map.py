"""The city in memory shows what its tables hold: lamps of any moment, what each may see, and after any change."""

import random

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.laws.moments import MANY
from tests.laws.test_clocks import CLOCKS
from tests.laws.test_reach import POSTS, bring_along, cases_of, plain, town  # noqa: F401
from tests.mvt_reader import tile_read
from tests.world import World, caller_in

from cityloop.cases.public import is_public
from cityloop.cases.reach import Reach, reach_of
from cityloop.domain.calendar import SECOND_US, epoch_us
from cityloop.domain.clock import WORKING, Clock, Lamp, clock_of, reading
from cityloop.domain.lifecycle import State
from cityloop.pages.now import View, allowed, kept, store
from cityloop.pages.now.columns import columns_of, snapshot_of, vocabulary
from cityloop.pages.now.keeper import Keeper, _read
from cityloop.pages.now.masks import HIDDEN
from cityloop.pages.now.mercator import TileAt, share_of
from cityloop.pages.now.turns import turns_exactly, turns_of
from cityloop.pages.queue import Asked
from cityloop.pages.tiles.cases import case_tile

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


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 999), many=st.integers(1, 400))
def test_a_tile_holds_exactly_what_lies_in_it(town, seed, many):  # noqa: F811
    """At each zoom, whether shown alone or as one of many: each case in one tile, and no more in a number than there are."""
    chance = random.Random(seed)
    places = {
        f"{number:08x}-0000-7000-8000-{number:012x}": (100 + chance.gauss(0, 0.02), 30 + chance.gauss(0, 0.02))
        for number in range(many)
    }
    rows = [
        (id, "handling", 1, town.policy.classes[0].key, None, None, None, None, None, lon, lat, *(0, 1), *[None] * 10)
        for id, (lon, lat) in places.items()
    ]  # fmt: skip
    words = vocabulary()
    now = snapshot_of([columns_of(rows, town.policy, words)], 1, town.policy, words)
    for zoom in (9, 12, 14, 16, 18):
        lies_in: dict[tuple[int, int], set[str]] = {}
        for id, place in places.items():
            x, y = (int(share * (1 << zoom)) for share in share_of(*place))
            lies_in.setdefault((x, y), set()).add(id)
        for (x, y), ids in lies_in.items():
            layers = tile_read(case_tile(now, TileAt(zoom, x, y), View(reach=Reach(everything=True)), 0))
            alone = [each.tags["id"] for each in layers.get("cases", [])]
            assert len(set(alone)) == len(alone)
            assert set(alone) <= ids
            assert len(alone) + sum(each.tags["n"] for each in layers.get("clusters", [])) == len(ids)


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


def test_a_city_that_opens_again_shows_what_reading_anew_would_show(town, tmp_path):  # noqa: F811
    """From the file and what was told since; also after a month, when what had ended lately ended long ago."""
    path = tmp_path / "now.columns"
    for number in range(4):
        with town.database.reading() as tx:
            before = kept.kept(path, tx, town.policy)
            shown, anew = Keeper(path, kept_from=0).snapshot(tx, town.policy), _read(tx, town.policy, store.size(tx))
            assert (before is None) == (number == 0)
            assert told(shown) == told(anew)
            assert (np.diff(shown.columns["order"].astype(np.int64)) >= 0).all()
            kept.keep(path, tx, shown)
        town.report(f"more{number}", kind=("rubbish", "vagrant", "pothole")[number % 3], cell="a1")
        bring_along(town, f"more{number}", number)
        bring_along(town, f"r{5 * number + 1}", 3)
        town.later(days=(0, 1, 30, 0)[number])


def test_a_file_that_is_not_exactly_this_citys_is_not_taken(town, tmp_path, places, monkeypatch):  # noqa: F811
    """Cut anywhere, a byte another, of other code or policy, of a journal that went another way: the city is read anew."""
    path = tmp_path / "now.columns"
    with town.database.reading() as tx:
        right = _read(tx, town.policy, store.size(tx))
        kept.keep(path, tx, right)
        whole = path.read_bytes()
        assert told(kept.kept(path, tx, town.policy)) == told(right)
        for at in range(0, len(whole), 97):
            for spoiled in (whole[:at], whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :], whole + b"0"):
                path.write_bytes(spoiled)
                assert kept.kept(path, tx, town.policy) is None, at
        assert told(Keeper(path, kept_from=0).snapshot(tx, town.policy)) == told(right)
        assert kept.kept(path, tx, town.policy) is not None  # written again
        assert kept.kept(path, tx, replace(town.policy, digest="another")) is None
        with monkeypatch.context() as patch:
            patch.setattr(kept, "_code", lambda: "of another release")
            assert kept.kept(path, tx, town.policy) is None
    kept_of_another_way(town, places, tmp_path)
    with town.database.reading() as tx:
        assert kept.kept(tmp_path / "other.columns", tx, town.policy) is None


def kept_of_another_way(town, places, tmp_path) -> None:  # noqa: F811
    """A file of a city with the same name and policy in which other things happened."""
    city = "" if places.engine == "postgres" else town.database.city  # there all share one database
    database = places.open(city, name="other", clock=town.clock)
    other = World(database, town.clock, tmp_path / "other", town.client)
    assert other.policy.digest == town.policy.digest
    other.report("one", kind="rubbish", cell="a1")
    with other.database.reading() as tx:
        seq = store.size(tx)
        kept.keep(tmp_path / "other.columns", tx, _read(tx, other.policy, seq))
    other.close()
    with town.database.reading() as tx:
        assert store.leaf(tx, seq) != ""


def test_a_disk_that_takes_nothing_hides_no_case(town, tmp_path):  # noqa: F811
    """The file only saves time."""
    with town.database.reading() as tx:
        shown = Keeper(tmp_path / "nowhere" / "now.columns", kept_from=0).snapshot(tx, town.policy)
        assert told(shown) == told(_read(tx, town.policy, store.size(tx)))


def told(now) -> dict[str, tuple]:
    """What the columns say of each case, with words for the places of words."""
    rows = np.arange(len(now))
    words = {name: now.words(name, rows) for name in now.vocabulary}
    columns = [words.get(name) or column.tolist() for name, column in sorted(now.columns.items())]
    return dict(zip(now.ids(rows), zip(*columns, strict=True), strict=True))
