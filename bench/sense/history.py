"""Ten million observations in sealed segments: our hourly means, beside the plainest SQL that ignores what came twice, and the bytes.

    python -m bench.sense.history
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np

from bench.machine import say
from cityloop.app import Settings, join, open_city
from cityloop.domain.calendar import epoch_us
from cityloop.telemetry.batch import batch_of
from cityloop.telemetry.model import HOUR_US

ROWS, STREAMS = 10_000_000, 1_000


def measured(home: Path) -> dict[str, float]:
    """Seconds, and how they compare."""
    parts = join(Settings(city="past", home=str(home), pack="demo"))
    open_city(parts)
    now, drawn, each = datetime.now(UTC), np.random.default_rng(7), ROWS // STREAMS
    for start in range(0, each, 100):
        at = epoch_us(now) - (each - start - np.arange(100)) * 60_000_000
        value = np.round(drawn.normal(60, 5, 100 * STREAMS), 1)
        parts.senses.past.append(batch_of(np.tile(np.arange(1, STREAMS + 1), 100), np.repeat(at, STREAMS), value))
    segments, history = parts.senses.segments, parts.senses.history
    sealed_s = once(lambda: [None for _ in iter(lambda: segments.seal(now), 0)])
    files = [str(segments.path(one.id)) for one in segments.known()[0]]
    listed = ", ".join(f"'{path}'" for path in files)
    plain = f'SELECT stream, "at" - "at" % {HOUR_US} AS hour, count(*), avg(value), min(value), max(value) FROM read_parquet([{listed}]) GROUP BY ALL'
    found = {
        "seal_rows_per_s": ROWS / sealed_s,
        "hourly_mean_s": often(lambda: history.means(None, 0, epoch_us(now) + HOUR_US, HOUR_US)),
        "plain_sql_s": often(lambda: duckdb.connect(config={"threads": 2}).execute(plain).fetchnumpy()),
        "read_bytes_s": often(lambda: [Path(path).read_bytes() for path in files]),
        "bytes_per_row": sum(os.path.getsize(path) for path in files) / ROWS,
        "one_stream_day_ms": 1000 * often(lambda: history.points([500], epoch_us(now) - 24 * HOUR_US, epoch_us(now), 2000)),
    }
    assert int(history.means(None, 0, epoch_us(now) + HOUR_US, HOUR_US).count.sum()) == ROWS
    parts.close()
    return found


def once(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def often(work: Callable[[], object]) -> float:
    return statistics.median(once(work) for _ in range(5))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for name, value in measured(Path(folder)).items():
            say(f"{name} {value:,.3f}")
        say(f"load {os.getloadavg()[0]:.1f}")
