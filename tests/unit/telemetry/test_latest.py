"""Last values, against the slow and plain way."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cityloop.telemetry.batch import batch_of
from cityloop.telemetry.latest import NEVER, Latest, LatestBook
from cityloop.telemetry.log import Log, parts_in

row = st.tuples(st.sampled_from([1, 2, 1_023, 1_024, 2_999]), st.integers(0, 5), st.integers(0, 1_000))


@given(st.lists(st.lists(row, max_size=15), max_size=6))
def test_the_last_value_is_that_of_the_latest_moment(batches):
    """Law: of a stream the greatest moment counts; of the same moment what came last."""
    latest, plain = Latest(), {}
    for rows in batches:
        latest.see(batch_of(*zip(*rows, strict=True)) if rows else batch_of([], [], []))
        for stream, at, value in rows:
            if at >= plain.get(stream, (NEVER, 0))[0]:
                plain[stream] = (at, value)
    found = latest.of(np.arange(1, 4_000))
    for stream, at, value in zip(range(1, 4_000), *found, strict=True):
        assert (at, value) == plain.get(stream, (NEVER, value))
        assert stream in plain or math.isnan(value)


def test_it_is_made_again_from_the_log_and_from_what_was_saved(tmp_path):
    """A start reads what was saved and what came since; without what was saved, the whole log."""
    log = Log(tmp_path / "log" / "0000", roll_bytes=100)
    book = LatestBook(tmp_path / "log", tmp_path / "latest")
    for at in range(10):
        log.append(batch_of([1, 2], [at, at], [at, 2 * at]))
        book.refresh()
    assert (tmp_path / "latest").exists()
    gone = parts_in(log.folder)[:4]
    for part in gone:  # sealed meanwhile
        part.path.unlink()
    log.append(batch_of([1], [11], [7.5]))
    again = LatestBook(tmp_path / "log", tmp_path / "latest").of(np.array([1, 2, 3]))
    assert again.value[:2].tolist() == [7.5, 18.0]
    assert again.at.tolist() == [11, 9, NEVER]
    (tmp_path / "latest").write_bytes(b"torn")
    assert LatestBook(tmp_path / "log", tmp_path / "latest").of(np.array([1])).value.tolist() == [7.5]
    log.close()


def test_two_processes_are_one_city(tmp_path):
    logs = [Log(tmp_path / "log" / name) for name in ("0000", "0001")]
    logs[0].append(batch_of([1, 2], [5, 5], [1.0, 2.0]))
    logs[1].append(batch_of([1], [6], [3.0]))
    assert LatestBook(tmp_path / "log", tmp_path / "latest").of(np.array([1, 2])).value.tolist() == [3.0, 2.0]
    for log in logs:
        log.close()
