"""The log of observations: what was answered is there, whatever the disk or the process did."""

import errno
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.telemetry.batch import Batch, batch_of, joined
from cityloop.telemetry.frames import framed, frames_in
from cityloop.telemetry.log import START, Log, NotKept, Position, behind_bytes, follow, logs_in, own_log, parts_in

rows = st.lists(
    st.tuples(
        st.integers(0, 2**31 - 1), st.integers(-(2**62), 2**62), st.floats(allow_nan=True), st.integers(-(2**62), 2**62)
    ),
    max_size=20,
)  # fmt: skip


def batch(said: list[tuple]) -> Batch:
    return batch_of(*zip(*said, strict=True)) if said else batch_of([], [], [])


def same(a: Batch, b: Batch) -> bool:
    return all(x.tobytes() == y.tobytes() for x, y in zip(a, b, strict=True))


def all_of(folder: Path, position: Position = START) -> Batch:
    return joined([piece for _, piece in follow(folder, position)])


@given(rows)
def test_a_frame_is_read_as_it_was_written(said):
    [(end, read)] = frames_in(framed(batch(said)))
    assert end == len(framed(batch(said)))
    assert same(read, batch(said))


@given(rows.filter(bool), st.data())
def test_one_byte_changed_or_missing_is_seen(said, data):
    """A frame is read whole or not at all."""
    good = framed(batch(said))
    place = data.draw(st.integers(0, len(good) - 1))
    wrong = bytearray(good)
    wrong[place] ^= data.draw(st.integers(1, 255))
    assert [read for _, read in frames_in(bytes(wrong)) if not same(read, batch(said))] == []
    assert list(frames_in(bytes(wrong))) == []
    assert list(frames_in(good[:place])) == []


@given(st.lists(rows.filter(bool).map(lambda said: batch(said)), max_size=8), st.integers(64, 1_000))
def test_what_was_appended_is_followed_from_any_place(tmp_path_factory, batches, roll_bytes):
    """Law: whatever the sizes of files, following from the place after the n-th batch gives the batches after it."""
    log = Log(tmp_path_factory.mktemp("log"), roll_bytes=roll_bytes)
    places = [START, *[log.append(each) for each in batches]]
    assert places == sorted(places)
    for number, place in enumerate(places):
        assert same(joined([piece for _, piece in log.follow(place)]), joined(batches[number:]))
        assert same(joined([piece for _, piece in log.follow(place, rows=1)]), joined(batches[number:]))
    log.close()


@given(st.lists(rows.filter(bool).map(lambda said: batch(said)), min_size=1, max_size=5), st.data())
def test_a_torn_tail_is_cut_and_the_rest_is_there(tmp_path_factory, batches, data):
    """Law: after a crash that left any part of the last frame, the frames before it are read, and appending goes on."""
    folder = tmp_path_factory.mktemp("log")
    log = Log(folder)
    for each in batches[:-1]:
        log.append(each)
    log.close()
    torn = framed(batches[-1])[: data.draw(st.integers(0, len(framed(batches[-1])) - 1))]
    path = parts_in(folder)[-1].path
    path.write_bytes(path.read_bytes() + torn)
    again = Log(folder)
    assert path.stat().st_size == sum(len(framed(each)) for each in batches[:-1])
    again.append(batches[0])
    assert same(all_of(folder), joined([*batches[:-1], batches[0]]))
    again.close()


def test_a_place_beyond_the_cut_goes_on_with_the_next_file(tmp_path):
    log = Log(tmp_path)
    log.append(batch_of([1], [1], [1.0]))
    log.close()
    again = Log(tmp_path)
    again.append(batch_of([2], [2], [2.0]))
    assert all_of(tmp_path, Position(1, 9_999)).stream.tolist() == [2]
    again.close()


def test_who_wait_together_share_a_sync_and_nothing_is_lost(tmp_path):
    """Eight threads append; each finds its own in the order in which it wrote."""
    log = Log(tmp_path, roll_bytes=4_000)

    def write(number: int) -> None:
        for at in range(50):
            end = log.append(batch_of([number], [at], [0.5]))
            assert log.end >= end

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    found = all_of(tmp_path)
    for number in range(8):
        assert found.at[found.stream == number].tolist() == list(range(50))
    assert len(parts_in(tmp_path)) > 2
    log.close()


@pytest.mark.parametrize("roll_bytes", [100, 1 << 20])
def test_a_disk_that_fails_loses_nothing_that_was_answered(tmp_path, roll_bytes):
    """Each third sync fails: what was refused may be gone, what was answered is there, and the log goes on in a new file."""
    turns = iter(range(10_000))

    def sync(file: int) -> None:
        if next(turns) % 3 == 2:
            raise OSError(errno.EIO, "the disk is ill")

    log, kept = Log(tmp_path, sync=sync, roll_bytes=roll_bytes), []
    for number in range(30):
        try:
            log.append(batch_of([number], [number], [0.0]))
        except NotKept:
            continue
        kept.append(number)
    assert 10 <= len(kept) < 30
    found = all_of(tmp_path).stream.tolist()
    assert [number for number in found if number in kept] == kept
    log.close()


def test_who_waits_while_the_disk_fails_is_refused(tmp_path):
    """Two wrote to the file whose sync failed; neither is told that it was kept, though a new file has begun since."""
    begun, go = threading.Event(), threading.Event()

    def sync(file: int) -> None:
        if threading.current_thread().name == "first":
            begun.set()
            go.wait(10)
            raise OSError(errno.EIO, "the disk is ill")

    log, said = Log(tmp_path, sync=sync), {}

    def write(name: str) -> None:
        try:
            log.append(batch_of([1], [1], [1.0]))
            said[name] = "kept"
        except NotKept:
            said[name] = "refused"

    first = threading.Thread(target=write, args=("first",), name="first")
    first.start()
    begun.wait(10)
    second = threading.Thread(target=write, args=("second",))
    second.start()
    while log._written.offset < 2 * len(framed(batch_of([1], [1], [1.0]))):
        pass
    go.set()
    first.join()
    second.join()
    assert said == {"first": "refused", "second": "refused"}
    log.append(batch_of([3], [3], [3.0]))
    assert all_of(tmp_path).stream.tolist() == [3]
    log.close()


def test_what_is_written_during_a_sync_is_not_taken_for_synced(tmp_path):
    """A sync says nothing of what came after it began."""
    more = [framed(batch_of([2], [2], [2.0]))]
    log = Log(tmp_path, sync=lambda file: log._write(more.pop()) if more else None)
    end = log.append(batch_of([1], [1], [1.0]))
    assert log.end == end
    assert log.append(batch_of([3], [3], [3.0])) == log.end > end
    assert all_of(tmp_path).stream.tolist() == [1, 2, 3]
    log.close()


def test_each_process_has_a_log_of_its_own(tmp_path):
    """The lowest that nobody living holds; one that went is taken up again."""
    one, let_one_go = own_log(tmp_path)
    two, let_two_go = own_log(tmp_path)
    assert [one.folder.name, two.folder.name] == ["0000", "0001"]
    let_one_go()
    three, let_three_go = own_log(tmp_path)
    assert three.folder.name == "0000"
    assert [path.name for path in logs_in(tmp_path)] == ["0000", "0001"]
    let_two_go()
    let_three_go()


def test_how_far_behind_is_counted(tmp_path):
    log = Log(tmp_path, roll_bytes=200)
    places = [log.append(batch_of([n] * 5, [n] * 5, [0.0] * 5)) for n in range(4)]
    size = len(framed(batch_of([0] * 5, [0] * 5, [0.0] * 5)))
    assert [behind_bytes(tmp_path, place) for place in (START, *places)] == [size * n for n in (4, 3, 2, 1, 0)]
    log.close()


def test_a_frame_longer_than_a_reading_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr("cityloop.telemetry.log.READ_BYTES", 64)
    log = Log(tmp_path)
    long = batch_of(np.arange(100), np.arange(100), np.arange(100))
    log.append(long)
    assert same(all_of(tmp_path), long)
    log.close()
    Log(tmp_path).close()
    assert same(all_of(tmp_path), long)
