"""Figures of the archive are those of the city's own tables; and as of a past fact, those that were told then."""

from contextlib import contextmanager
from random import Random

import pytest
from msgspec.structs import replace
from tests.laws.figure_world import policy_of, tell_stories
from tests.laws.journal_world import ALL
from tests.laws.test_figures import PERIODS, POLICY, SIDES, question

from cityloop.domain.policy import DueReading
from cityloop.journal import Journal
from cityloop.journal.replay import replay
from cityloop.stages.evaluate import figures, items_all
from cityloop.stages.evaluate.model import Against, By
from cityloop.stages.evaluate.model.metrics import METRIC_OF
from cityloop.stages.evaluate.service import series
from cityloop.stages.evaluate.service.figures import over_time
from cityloop.stages.evaluate.store import Then
from cityloop.wide import Archive, Shadow
from cityloop.wide.columns import SPINE
from cityloop.wide.engines.duckdb import DuckWide

GROUPS = [By.all, By.unit, By.person, By.major, By.week]


@contextmanager
def kept(database, folder, seed=0):
    """How many facts the shadow of a city has heard, its archive, and what reads that.

    By chance some are sealed, some settled, and some wait in the shadow.
    """
    shadow, wide, random = Shadow(folder, database, Journal(ALL)), DuckWide(folder, threads=1), Random(seed)
    archive, heard = Archive(shadow), 0
    try:
        while some := shadow.follow(random.randrange(1, 40)):
            heard += some
            for do in (archive.seal, archive.settle):
                if random.random() < 0.4:
                    do()
        yield heard, archive, wide
    finally:
        wide.close()
        shadow.close()


@pytest.mark.parametrize("seed", [1, 2])
def test_figures_of_the_archive_are_those_of_the_tables(places, tmp_path, seed):
    database = places.open()
    tell_stories(database, seed)
    with kept(database, tmp_path / "wide", seed) as (size, _, wide), database.reading() as tx:
        then = Then(wide, size)
        for by in GROUPS:
            for days in PERIODS[:2]:
                asked, against = question(by, days), () if by is By.week else tuple(Against)
                told = figures(tx, asked, policy=POLICY, against=against)
                assert figures(then, asked, policy=POLICY, against=against) == told


@pytest.mark.parametrize("due", DueReading)
def test_each_reading_and_each_limit_counts_the_same_rows(places, tmp_path, due):
    """What is asked for only, what the caller's seats cover, and the rows behind each number."""
    database, policy = places.open(), policy_of(due=due, areas=("990101001",))
    tell_stories(database, 3)
    only = [{}, {"area": "990101001"}, {"grid": "g1"}, {"problem_class": "x/event/0101"}, {"channel": "collector"}]
    with kept(database, tmp_path / "wide") as (size, _, wide), database.reading() as tx:
        then = Then(wide, size)
        for each in only if due is DueReading.either else only[:1]:
            asked = replace(question(By.unit, policy=POLICY), readings=policy.figures, only=replace(question().only, **each))
            asked = replace(asked, cells=("990101001001001", "990101001002003") if "grid" in each else (), scope=("990101", "990102"))
            assert figures(then, asked, policy=policy) == figures(tx, asked, policy=policy)
        for metric, part in SIDES[list(DueReading).index(due) :: 7]:
            here, there = (list(items_all(each, asked, metric, part, policy=policy, group=None)) for each in (tx, then))
            assert here == there, (metric.code, part)


def test_a_series_of_the_archive_is_that_of_the_tables(places, tmp_path):
    database = places.open()
    tell_stories(database, 4)
    with kept(database, tmp_path / "wide") as (size, _, wide), database.reading() as tx:
        then, asked = Then(wide, size), over_time(question(), By.day, policy=POLICY)
        for metric in (METRIC_OF["handled_on_time"], METRIC_OF["handling_working_min"]):
            assert series(then, asked, By.unit, metric, policy=POLICY) == series(tx, asked, By.unit, metric, policy=POLICY)


@pytest.mark.parametrize("share", [0.15, 0.5, 0.85])
def test_figures_as_of_a_fact_are_those_of_the_facts_up_to_it(places, target_places, tmp_path, share):
    """Facts that come later, and change what was told of the period, are not seen; nor is what they did."""
    database = places.open()
    tell_stories(database, 5, count=40)
    with kept(database, tmp_path / "wide") as (size, _, wide):
        seq = int(size * share)
        target = target_places.open(database.city, name="replayed")
        replay(database, target, Journal(ALL), until=seq)
        with target.reading() as tx:
            for by in (By.unit, By.person):
                told = figures(tx, question(by), policy=POLICY)
                assert replace(figures(Then(wide, seq), question(by), policy=POLICY), seq=0) == told
            spine = wide.spine_at(seq)
            for table in SPINE:
                count = tx.value(f"SELECT COUNT(*) FROM {table} WHERE city = :city")
                found = wide.run(("count", table, spine.moving), lambda t=table: spine(t).count().as_table(), {"seq": seq})
                assert found[0][0].as_py() == count
