"""Laws of the history: whatever comes, in whatever order, sealed and merged whenever: each moment once, and the last word counts."""

import math
import os
import shutil
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.telemetry_world import NOW, Telemetry

from cityloop.db import Database, open_database
from cityloop.domain.calendar import epoch_us
from cityloop.telemetry.model import DAY_US, HOUR_US
from cityloop.telemetry.thinning import Keeping, thin

TODAY = epoch_us(NOW) // DAY_US * DAY_US
# few streams of two shelves, few moments of today, yesterday, last month and long ago: so that much falls on the same
EMPTY: list[Path] = []
streams = st.sampled_from([1, 2, 4095, 4096, 9000])
moments = st.builds(
    lambda days, minutes: TODAY - days * DAY_US + minutes * 60_000_000, st.sampled_from([0, 0, 1, 20, 45, 46, 400]), st.integers(0, 130)
)
rows = st.lists(
    st.tuples(streams, moments, st.integers(-50, 50).map(float), st.sampled_from([0, 0, 0, 7])), min_size=1, max_size=12
)
deeds = st.lists(
    st.one_of(st.tuples(st.just("say"), rows), st.tuples(st.just("seal"), st.none()), st.tuples(st.just("merge"), st.none())),
    min_size=1, max_size=14,
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def empty(tmp_path_factory):
    """An empty database to copy: a law makes many towns. None of them asks whether a disk keeps what it was told to."""
    sync, os.fsync = os.fsync, lambda handle: None
    EMPTY.append(tmp_path_factory.mktemp("empty") / "city.db")
    open_database(str(EMPTY[0]), "lawtown").close()
    yield
    EMPTY.clear()
    os.fsync = sync


@contextmanager
def a_town():
    with TemporaryDirectory() as folder:
        shutil.copy(EMPTY[0], folder)
        database = Database(str(Path(folder) / "city.db"), "lawtown")
        try:
            yield Telemetry(database, Path(folder) / "segments")
        finally:
            database.close()


def do(town: Telemetry, deeds: list) -> None:
    for what, said in deeds:
        if what == "say":
            town.say(said)
        elif what == "seal":
            town.segments.seal(NOW)
        else:
            while town.segments.merge(NOW):
                pass


LAW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@LAW
@given(deeds)
def test_each_moment_is_there_once_with_the_last_that_was_said_of_it(deeds):
    with a_town() as town:
        do(town, deeds)
        assert town.points() == town.truth


@LAW
@given(deeds, st.sampled_from([HOUR_US, 600_000_000, DAY_US]), moments, moments)
def test_means_are_those_of_a_plain_sum(deeds, step, one, other):
    since, until = min(one, other), max(one, other) + 1
    with a_town() as town:
        do(town, deeds)
        found = town.history.means(None, since, until, step)
        plain = defaultdict(list)
        for (stream, at, _), value in town.truth.items():
            if since <= at < until:
                plain[stream, at // step * step].append(value)
        got = list(zip(*(column.tolist() for column in found), strict=True))
        wanted = [(*key, len(values), math.fsum(values) / len(values), min(values), max(values)) for key, values in sorted(plain.items())]
        assert [row[:3] + row[4:] for row in got] == [row[:3] + row[4:] for row in wanted]
        assert [row[3] for row in got] == pytest.approx([row[3] for row in wanted], abs=1e-9)


@LAW
@given(deeds)
def test_the_latest_is_the_last_moment(deeds):
    with a_town() as town:
        do(town, deeds)
        found = town.history.latest({key[0] for key in town.truth})
        last = {}
        for stream, at, _ in town.truth:
            last[stream] = max(at, last.get(stream, at))
        assert dict(zip(found.stream.tolist(), found.at.tolist(), strict=True)) == last


@LAW
@given(deeds, st.integers(1, 9))
def test_a_limit_takes_the_first_or_the_newest(deeds, limit):
    with a_town() as town:
        do(town, deeds)
        first = town.history.points([1], -(2**60), 2**60, limit)
        newest = town.history.points([1], -(2**60), 2**60, limit, newest=True)
        all_at = sorted(at for stream, at, _ in town.truth if stream == 1)
        assert first.at.tolist() == all_at[:limit]
        assert newest.at.tolist() == all_at[-limit:]


@LAW
@given(deeds, st.integers(1, 60))
def test_what_is_thinned_says_the_same_of_each_hour(deeds, after_days):
    """Each hour has the count, mean, least and most that it had; newer observations stay as they came."""
    with a_town() as town:
        do(town, deeds)
        while town.segments.seal(NOW):
            pass
        before = town.history.means(None, -(2**60), 2**60, HOUR_US)
        while thin(town.segments, Keeping(hourly_after_days=after_days), NOW):
            pass
        after = town.history.means(None, -(2**60), 2**60, HOUR_US)
        for one, other in zip(before, after, strict=True):
            assert one.tolist() == pytest.approx(other.tolist(), abs=1e-9)
        cut = TODAY - after_days * DAY_US
        assert town.points(since=cut) == {key: value for key, value in town.truth.items() if key[1] >= cut}
        there = town.segments.known()[0]
        assert not [each for each in there if not each.thinned and each.first_us < cut and each.period_us[1] <= cut]
