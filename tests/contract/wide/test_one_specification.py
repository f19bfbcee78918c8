"""One set of expressions, three engines: DuckDB over the files, PostgreSQL over loaded and over its own tables, Spark. Counts are
equal to the last digit, and so is what rows took; rates follow from counts.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.engines import POSTGRES, postgres_database
from tests.laws.figure_world import policy_of, redo_all, tell_stories
from tests.laws.journal_world import ALL
from tests.laws.test_figures import question

from cityloop.db import open_database
from cityloop.domain.policy import DueReading
from cityloop.journal import Journal
from cityloop.stages.evaluate import figures, items_all
from cityloop.stages.evaluate.model import By, Part
from cityloop.stages.evaluate.model.metrics import METRIC_OF
from cityloop.stages.evaluate.store import Then
from cityloop.wide import Archive, Shadow
from cityloop.wide.engines.duckdb import DuckWide
from cityloop.wide.reading import standing

BYS = (By.unit, By.person, By.major, By.week)
READINGS = (DueReading.settled, DueReading.either)


class Kept:
    """A city whose stories lie in the archive: settled, in rounds, and not sealed; then more was told of old cases."""

    def __init__(self, folder: Path):
        self.folder = folder / "wide"
        self.database = open_database(str(folder / "city.db"), "c1")
        tell_stories(self.database, 1)
        tell_stories(self.database, 2)
        self.archive = Archive(Shadow(self.folder, self.database, Journal(ALL)))
        shadow = self.archive.shadow
        shadow.follow(700)
        self.archive.seal()
        self.archive.settle()
        shadow.follow(300)
        self.archive.seal()
        shadow.follow_all()
        redo_all(self.database, closes=True)
        self.half, self.size = 500, shadow.follow_all() and shadow.at.seq
        self.duck = DuckWide(self.folder, threads=1)
        self.truth = {(seq, due, by): self.ask(self.duck, seq, due, by) for seq in (self.half, self.size) for due in READINGS for by in BYS}

    def ask(self, engine, seq, due, by):
        policy = policy_of(due=due)
        return figures(Then(engine, seq), question(by, policy=policy), policy=policy)


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> Iterator[Kept]:
    found = Kept(tmp_path_factory.mktemp("kept"))
    yield found
    found.duck.close()
    found.archive.shadow.close()
    found.database.close()


def equal(kept, engine, *, seqs, dues=READINGS, bys=BYS):
    """Every figure: numerators, denominators, values; and the rows behind one."""
    for seq, due, by in [each for each in kept.truth if each[0] in seqs and each[1] in dues and each[2] in bys]:
        assert kept.ask(engine, seq, due, by) == kept.truth[seq, due, by], (seq, due, by)
    metric, asked, policy = METRIC_OF["rework_rate"], question(By.unit), policy_of()
    here, there = (list(items_all(Then(each, seqs[0]), asked, metric, Part.numerator, policy=policy, group=None)) for each in (kept.duck, engine))
    assert here == there
    assert here


def test_the_archive_says_what_the_tables_say(kept):
    with kept.database.reading() as tx:
        for due in READINGS:
            for by in BYS:
                policy = policy_of(due=due)
                assert figures(tx, question(by, policy=policy), policy=policy) == kept.truth[kept.size, due, by]
    assert kept.truth[kept.half, READINGS[0], By.unit].whole != kept.truth[kept.size, READINGS[0], By.unit].whole


@pytest.mark.skipif(not POSTGRES, reason="no server is named")
def test_on_postgresql_over_loaded_images_and_over_its_own_tables(kept):
    from cityloop.journal.replay import replay
    from cityloop.wide.engines.postgres import PostgresWide, load

    with ExitStack() as stack:
        url = stack.enter_context(postgres_database())
        load(url, kept.duck)
        loaded = PostgresWide(url)
        stack.callback(loaded.close)
        equal(kept, loaded, seqs=(kept.size,), dues=READINGS[:1], bys=BYS[1:])
        equal(kept, loaded, seqs=(kept.half,), dues=READINGS[1:], bys=BYS[:1])
        live = open_database(url, "c1")
        stack.callback(live.close)
        replay(kept.database, live, Journal(ALL))
        live.engine.connection.execute("ANALYZE")
        own = PostgresWide(url, city="c1")
        stack.callback(own.close)
        equal(kept, own, seqs=(kept.size,), bys=BYS[:1])


def test_on_spark(kept, tmp_path, monkeypatch):
    pytest.importorskip("pyspark")
    from pyspark.sql import SparkSession

    from cityloop.wide.engines.spark import SparkWide

    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("SPARK_LOCAL_IP", os.environ.get("SPARK_LOCAL_IP", "127.0.0.1"))
    made = SparkSession.builder.master("local[2]").appName("wide").config("spark.ui.enabled", "false")
    made = made.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1").config("spark.sql.shuffle.partitions", "2")
    made = made.config("spark.driver.memory", "1g").config("spark.sql.warehouse.dir", str(tmp_path / "warehouse"))
    spark = made.getOrCreate()
    try:
        engine = SparkWide(spark, kept.folder, standing(kept.folder), tmp_path)
        equal(kept, engine, seqs=(kept.size,), dues=READINGS[:1], bys=BYS[1:2])
        equal(kept, engine, seqs=(kept.half,), dues=READINGS[1:], bys=BYS[:1])
    finally:
        spark.stop()


