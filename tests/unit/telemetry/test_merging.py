"""Files read side by side a few rows at a time are the files read whole, sorted, the last word of each."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cityloop.telemetry import columns, merging
from cityloop.telemetry.batch import batch_of, joined
from cityloop.telemetry.model import SegmentLost
from cityloop.telemetry.segments import Seen

ROW = st.tuples(st.integers(0, 3), st.integers(0, 6), st.floats(-9, 9), st.integers(0, 2))
FILES = st.lists(st.lists(ROW, max_size=30), min_size=1, max_size=5)


def written(folder: Path, rows: list[list[tuple]]) -> list[Path]:
    """Each list sealed as a file."""
    paths = []
    for number, each in enumerate(rows):
        table = columns.raw_table(columns.last_of_each(batch_of(*zip(*each, strict=True)) if each else merging.NOTHING))
        paths.append(folder / f"{number}.parquet")
        columns.write_columns(paths[-1], [table], columns.RAW)
    return paths


def said(rows: list[list[tuple]]) -> list[tuple]:
    """A slow plain oracle: what the last file says of each stream, moment and track."""
    last = {(stream, at, track): value for each in rows for stream, at, value, track in each}
    return [(stream, at, last[stream, at, track], track) for stream, at, track in sorted(last)]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=FILES, read=st.integers(1, 7), group=st.integers(1, 9))
def test_merged_is_what_the_last_file_says_of_each(tmp_path, monkeypatch, rows, read, group):
    """However few rows are at hand; and all but the last batch are whole row groups."""
    monkeypatch.setattr(merging, "READ_ROWS", read)
    monkeypatch.setattr(columns, "GROUP_ROWS", group)
    found = list(merging.merged(written(tmp_path, rows)))

    whole = joined(found)
    assert list(zip(*(column.tolist() for column in whole), strict=True)) == said(rows)
    assert all(each.size % group == 0 for each in found[:-1])


@given(rows=st.lists(ROW, max_size=40), cuts=st.lists(st.integers(1, 5), min_size=40, max_size=40))
def test_what_goes_by_is_counted_across_tables(rows, cuts):
    """Streams that a cut divides count once."""
    whole, seen, at = columns.last_of_each(batch_of(*zip(*rows, strict=True)) if rows else merging.NOTHING), Seen(), 0
    for step in cuts:
        seen.look(columns.raw_table(type(whole)(*(column[at : at + step] for column in whole))))
        at += step
    assert (seen.rows, seen.streams) == (whole.size, len(set(whole.stream.tolist())))
    if rows:
        assert (seen.first_us, seen.last_us) == (min(whole.at), max(whole.at))


def test_a_damaged_file_is_refused(tmp_path):
    """Rather than merged without it."""
    paths = written(tmp_path, [[(1, 1, 1.0, 0)], [(1, 2, 1.0, 0)]])
    paths[1].write_bytes(b"PAR1 nothing PAR1")
    with pytest.raises(SegmentLost):
        list(merging.merged(paths))
