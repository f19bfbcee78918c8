"""Ten million observations read back: the hourly mean of every stream over the whole time."""

import statistics
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from cityloop.app import Settings, join, open_city
from cityloop.telemetry.batch import batch_of
from cityloop.telemetry.log import own_log

ROWS, STREAMS = 10_000_000, 1_000
HOUR_US = 3_600_000_000


def hourly_mean_s(home: Path) -> tuple[float, float, float]:
    """Seconds for the hourly mean by the sealed segments; for the same by the bare log and columns; and to seal them."""
    parts = join(Settings(city="past", home=str(home), pack="demo"))
    open_city(parts)
    log, let_go = own_log(parts.senses.root)
    each = ROWS // STREAMS
    now_us = time.time_ns() // 1000
    drawn = np.random.default_rng(7)
    for start in range(0, each, 100):
        at = now_us - (each - start - np.arange(100)) * 60_000_000
        log.append(
            batch_of(np.tile(np.arange(1, STREAMS + 1), 100), np.repeat(at, STREAMS), drawn.normal(60, 5, 100 * STREAMS))
        )
    let_go()
    began = time.perf_counter()
    while parts.senses.segments.seal(datetime.now(UTC)):
        pass
    sealed_s = time.perf_counter() - began
    took = []
    for _ in range(3):
        began = time.perf_counter()
        means = parts.senses.history.means(None, 0, now_us + HOUR_US, HOUR_US)
        took.append(time.perf_counter() - began)
    assert int(means.count.sum()) == ROWS
    parts.close()
    return statistics.median(took), _plainly(home / "telemetry" / "log"), sealed_s


def _plainly(root: Path) -> float:
    """By columns in memory, read from a file of the same values: sorted, summed by stream and hour."""
    drawn = np.random.default_rng(7)
    at = np.tile(np.arange(ROWS // STREAMS), STREAMS)
    stream = np.repeat(np.arange(STREAMS), ROWS // STREAMS)
    value = drawn.normal(60, 5, ROWS)
    np.savez(root / "plain.npz", at=at, stream=stream, value=value)
    began = time.perf_counter()
    with np.load(root / "plain.npz") as kept:
        hour = kept["stream"] * 1_000_000 + kept["at"] // 60
        first = np.flatnonzero(np.concatenate([[True], hour[1:] != hour[:-1]]))
        np.add.reduceat(kept["value"], first) / np.diff(np.append(first, ROWS))
    seconds = time.perf_counter() - began
    (root / "plain.npz").unlink()
    return seconds


