"""What a figure costs over ten and a hundred million facts, beside SQL written by hand on the same files.

QUICK=1 takes about two minutes and a smaller archive. Figures are measured on a shared machine: read ratios, not absolute times.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from datetime import time as clock
from functools import partial
from pathlib import Path

import duckdb
import psycopg

from bench.evaluate.archive import END_US, LAST_MONTH, make
from bench.evaluate.plain import rates
from bench.evaluate.writing import begin
from bench.machine import Postgres, say
from cityloop.domain.calendar import epoch_us
from cityloop.domain.ids import CityId
from cityloop.domain.policy import Policy, WorkDayReading, WorkWeek
from cityloop.stages.evaluate import asked_from, figures, series
from cityloop.stages.evaluate.model import Against, By, Measure
from cityloop.stages.evaluate.model.metrics import METRIC_OF
from cityloop.stages.evaluate.service import over_time
from cityloop.stages.evaluate.store import Asked, Sums, Then
from cityloop.wide.changes import Changes
from cityloop.wide.columns import SPINE
from cityloop.wide.engines.duckdb import DuckWide
from cityloop.wide.reading import standing

QUICK = bool(os.environ.get("QUICK"))
FACTS = 2_000_000 if QUICK else 10_000_000
SMALL = 60_000
TURNS = 3 if QUICK else 7
QUESTIONS = 24 if QUICK else 120
NOW = datetime.fromtimestamp(END_US / 1e6 - 3600, UTC)
told: dict[str, float | bool] = {}


class Rates(Asked, frozen=True, kw_only=True):
    """A question for rates only."""

    @property
    def metrics(self):
        return tuple(each for each in super().metrics if each.measure is Measure.ppm)


def policy_of() -> Policy:
    """As much of a policy as figures read."""
    day = ((clock(8), clock(12)), (clock(14), clock(18)))
    week = WorkWeek(zone="Asia/Shanghai", windows=dict.fromkeys(range(5), day), day_min=480, work_day=WorkDayReading.working_hours)
    nothing = dict.fromkeys(("layers", "classes", "rules", "components", "units", "roles", "posts", "areas", "cells"), ())
    return Policy(digest="bench", name={}, simulated=True, settings=None, week=week, duties=None, words={}, **nothing)  # type: ignore[arg-type]


POLICY = policy_of()


def asked(by: By, days: tuple[date, date] = LAST_MONTH) -> Asked:
    return asked_from(by, days, policy=POLICY, now=NOW)


def main() -> None:
    """Measure, and say what was measured."""
    began = time.perf_counter()
    home = Path(tempfile.mkdtemp(prefix="cityloop-evaluate-"))
    try:
        told["engines_equal"] = engines_equal(home / "small")
        sizes = [FACTS] if QUICK else [FACTS, 100_000_000]
        for facts in sizes:
            measure(home / f"of{facts}", facts, first=facts == FACTS)
            shutil.rmtree(home / f"of{facts}")
    finally:
        shutil.rmtree(home, ignore_errors=True)
    say(f"took {time.perf_counter() - began:.0f} s, load {os.getloadavg()[0]:.1f}")
    print(json.dumps({name: value if isinstance(value, bool) else round(value, 4) for name, value in told.items()}))


def measure(folder: Path, facts: int, *, first: bool) -> None:
    """One archive: all rates of all units, as of a past fact, and a dashboard beside a writer."""
    folder.mkdir()
    last, took = timed(lambda: make(folder, facts))
    size = sum(path.stat().st_size for path in folder.glob("*/*.parquet")) / 1e6
    say(f"an archive of {last:,} facts stands after {took:.0f} s, {size:,.0f} MB of images")
    wide = DuckWide(folder)
    of = {field: getattr(asked(By.unit), field) for field in Asked.__struct_fields__}
    ours, plain = beside(wide, Rates(**of), last)
    name = "" if first else "_100m"
    told[f"rates_s{name}"], told[f"sql_s{name}"], told[f"ratio_to_sql{name}"] = ours, plain, ours / plain
    say(f"all rates of all units for a month: {ours:.3f} s, by hand {plain:.3f} s: {ours / plain:.2f}")
    past = (last // 2, last * 9 // 10, last - 5) * 2
    then = [timed(partial(figures, Then(wide, seq), asked(By.unit), policy=POLICY))[1] for seq in past]
    told[f"as_of_s{name}"] = max(then[3:])
    say(f"every figure of every unit as of a past fact: {max(then[3:]):.3f} s, the first time of a shape {max(then[:3]):.3f} s")
    wide.close()
    if first:
        told["dashboard_p95_ms"] = dashboard(folder, last)
        if not QUICK:
            with spark_over(folder) as engine:
                told["spark_s"] = min(timed(lambda: figures(Then(engine, last), Rates(**of), policy=POLICY))[1] for _ in range(2))
            say(f"all rates of all units for a month on Spark, local[2]: {told['spark_s']:.1f} s")


def beside(wide: DuckWide, question: Asked, last: int) -> tuple[float, float]:
    """Seconds of the product and of the hand, one after the other in turn; that both say the same."""
    there = wide.refresh()
    paths = {table: there.paths(wide.folder, table, "now", "past") for table in SPINE}
    since, until = epoch_us(question.span.since), epoch_us(question.span.until)
    with duckdb.connect(config={"memory_limit": "1GB"}) as hand:
        ask: Callable = lambda: figures(Then(wide, last), question, policy=POLICY)
        by_hand: Callable = lambda: rates(hand, paths, last, since, until)
        answer, numbers = ask(), by_hand()
        ours = {(one.metric, group.group): (one.numerator, one.denominator) for group in answer.groups for one in group.figures if one.denominator}
        assert ours == numbers, "the hand and the product count differently"
        both = [(timed(ask)[1], timed(by_hand)[1]) for _ in range(TURNS)]
    return statistics.median(one for one, _ in both), statistics.median(other for _, other in both)


WEEK, QUARTER = (date(2025, 11, 24), date(2025, 11, 30)), (date(2025, 10, 1), date(2025, 12, 31))
QUESTIONS_OF_A_PAGE: tuple[Callable[[Then], object], ...] = (
    lambda then: figures(then, asked(By.all), policy=POLICY, against=(Against.before,)),
    lambda then: figures(then, asked(By.unit), policy=POLICY),
    lambda then: figures(then, asked(By.street), policy=POLICY),
    lambda then: figures(then, asked(By.problem_class), policy=POLICY),
    lambda then: figures(then, asked(By.unit, WEEK), policy=POLICY),
    lambda then: series(
        then, over_time(asked(By.unit, QUARTER), By.week, policy=POLICY), By.unit, METRIC_OF["handled_on_time"], policy=POLICY
    ),
)  # fmt: skip


def dashboard(folder: Path, last: int) -> float:
    """The p95 of what a page of figures asks, while another process writes, hears and seals. Units: milliseconds."""
    begin(folder, last)
    writer = subprocess.Popen([sys.executable, "-m", "bench.evaluate.writing", str(folder)])
    wide, changes, took, first = DuckWide(folder), Changes(folder, CityId("bench")), [], []
    sums = Sums(changes)
    try:
        for nth in range(QUESTIONS + 12):
            began = time.perf_counter()
            wide.refresh_later()
            then = Then(wide, changes.at()[1].seq, sums)
            QUESTIONS_OF_A_PAGE[nth % len(QUESTIONS_OF_A_PAGE)](then)
            (took if nth >= 12 else first).append((time.perf_counter() - began) * 1000)  # each shape twice before
            time.sleep(0.1)
        for ask in QUESTIONS_OF_A_PAGE:
            assert ask(then) == ask(Then(wide, then.seq)), "what was kept is not what there is"
        heard = wide.refresh().at.seq - last
        assert writer.poll() is None
        assert heard, "the writer wrote nothing"
    finally:
        writer.terminate()
        writer.wait()
        changes.close()
        wide.close()
    p95 = statistics.quantiles(took, n=20)[-1]
    say(f"a page of figures while {heard:,} facts were told and heard: median {statistics.median(took):.0f} ms, p95 {p95:.0f} ms")
    told["asked_first_ms"] = statistics.median(first[:6])
    say(f"each of them the first time, counted anew: median {told['asked_first_ms']:.0f} ms, at most {max(first[:6]):.0f} ms")
    return p95


def engines_equal(folder: Path) -> bool:
    """Whether DuckDB, Spark, and PostgreSQL where there is one, say the same of a small archive."""
    folder.mkdir()
    last = make(folder, SMALL)
    wide = DuckWide(folder)
    truth = {seq: figures(Then(wide, seq), asked(By.unit), policy=POLICY) for seq in (last, last * 9 // 10)}
    same = True
    with spark_over(folder) as spark:
        found, took = timed(lambda: figures(Then(spark, last), asked(By.unit), policy=POLICY))
        same &= found == truth[last]
        say(f"Spark says the same: {found == truth[last]}, after {took:.1f} s")
    with suppress(psycopg.OperationalError):
        from cityloop.wide.engines.postgres import PostgresWide, load

        server = Postgres()
        try:
            load(server.url, wide)
            engine = PostgresWide(server.url)
            for seq, answer in truth.items():
                same &= figures(Then(engine, seq), asked(By.unit), policy=POLICY) == answer
            engine.close()
            say(f"PostgreSQL says the same: {same}")
        finally:
            server.drop()
    wide.close()
    return same


@contextmanager
def spark_over(folder: Path) -> Iterator:
    """Spark, local[2], over an archive."""
    from pyspark.sql import SparkSession

    from cityloop.wide.engines.spark import SparkWide

    made = SparkSession.builder.master("local[2]").appName("bench").config("spark.ui.enabled", "false").config("spark.driver.memory", "4g").config("spark.ui.showConsoleProgress", "false")
    made = made.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1").config("spark.sql.shuffle.partitions", "4")
    spark = made.config("spark.log.level", "ERROR").config("spark.sql.warehouse.dir", str(folder / "warehouse")).getOrCreate()
    try:
        yield SparkWide(spark, folder, standing(folder), folder)
    finally:
        spark.stop()


def timed(work: Callable):
    """What it gives, and how long it took. Units: seconds."""
    began = time.perf_counter()
    found = work()
    return found, time.perf_counter() - began


if __name__ == "__main__":
    main()
