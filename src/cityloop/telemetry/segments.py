"""Seals what was written ahead: files of columns by period and shelf, each told as a fact; then the log may forget.

A round has three steps, so that only the second needs the writer: files are made and on the disk; their facts are committed
together with how far the logs are sealed; what nobody names any more is removed. A crash between any two loses nothing and
keeps nothing twice: what a round is about to make or remove stands in a note beside the files, and whoever starts next removes
what is in the note and not in the table.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pyarrow as pa
from msgspec import Struct

from cityloop.db import Tx
from cityloop.db.durable import make_folder, sync_folder
from cityloop.domain.calendar import epoch_us
from cityloop.domain.facts.telemetry import SegmentErased, SegmentFact, SegmentSealed
from cityloop.journal import Writer
from cityloop.telemetry import columns, store
from cityloop.telemetry.batch import Batch, joined
from cityloop.telemetry.merging import merged
from cityloop.telemetry.model import DAY_US, DAYS_APART, Segment, SegmentLost, Written, is_over, moment_of, parts_of

SEAL_ROWS_MAX = 2_000_000  # in one round: what lies in memory meanwhile
MERGE_ROWS_MAX = 8_000_000
MERGE_AT = 8  # segments of a period that runs still
SEALER = "machine:segments"


class Round(Struct, frozen=True, kw_only=True):
    """What a round made and is about to tell."""

    facts: tuple[SegmentFact, ...] = ()
    marks: dict[str, Any] = {}  # log -> how far it is sealed now
    gone: tuple[str, ...] = ()  # segments whose files go when the facts are told


class Seen:
    """What goes by while tables are written that are sorted by stream."""

    def __init__(self) -> None:
        self.rows = self.streams = 0
        self.first_us, self.last_us = 2**62, -(2**62)
        self._stream: int | None = None

    def look(self, table: pa.Table) -> pa.Table:
        """Count a table; gives it."""
        stream, at = table["stream"].to_numpy(), table["at"].to_numpy()
        if table.num_rows:
            self.rows += table.num_rows
            self.streams += int((stream[1:] != stream[:-1]).sum()) + (int(stream[0]) != self._stream)
            self.first_us, self.last_us = min(self.first_us, int(at.min())), max(self.last_us, int(at.max()))
            self._stream = int(stream[-1])
        return table


class Segments:
    """The sealed observations of a city. One process at a time seals; any number may read."""

    def __init__(self, folder: Path, writer: Writer, logs: Callable[[], Mapping[str, Written]]):
        self.folder = folder
        self._writer = writer
        self._logs = logs
        self._note = folder / "under_way.json"
        self.lost: dict[str, SegmentLost] = {}  # segments whose files could not be read: what needs them waits, all else goes on

    def path(self, segment: str) -> Path:
        """Where a segment lies."""
        return self.folder / segment[:7] / f"{segment}.parquet"

    def start(self) -> None:
        """Clear away what a round left that did not end: by whoever seals, before it does."""
        if not self._note.exists():
            return
        named = msgspec.json.decode(self._note.read_bytes(), type=list[str])
        with self._writer.database.reading() as tx:
            known = store.segments_known(tx, named)
        self._remove(each for each in named if each not in known)
        self._note.unlink()

    def seal(self, now: datetime, *, keep_after: Mapping[str, Any] | None = None) -> int:
        """Seal what waits, at most so many rows; gives how many. `keep_after`: what others have still to read of the logs."""
        made = self.sealing(now)
        self.tell(made)
        self.settle(made, keep_after)
        return sum(each.rows for each in made.facts if isinstance(each, SegmentSealed))

    def sealing(self, now: datetime) -> Round:
        """The first step: read what waits, make files of it."""
        self.start()
        with self._writer.database.reading() as tx:
            marks, given = store.sealed_to(tx), store.segments_given(tx)
        batches: list[Batch] = []
        room = SEAL_ROWS_MAX
        for name, log in self._logs().items():
            for position, batch in log.follow(marks.get(name)):
                if room <= 0:
                    break
                batches.append(batch)
                marks[name] = position
                room -= batch.size
        waiting = joined(batches)
        if not waiting.size:
            return Round(marks=marks if batches else {})
        parts = list(parts_of(waiting, epoch_us(now) // DAY_US))
        named = [f"{period}.{shelf}.{given + number}" for number, (period, shelf, _) in enumerate(parts, 1)]
        self.write_note(named)
        facts = []
        for number, (period, shelf, rows) in enumerate(parts, 1):
            table = columns.raw_table(columns.last_of_each(waiting.at_rows(rows)))
            no = given + number
            facts.append(SegmentSealed(at=now, place=no, **self.written([table], columns.RAW, period, shelf, no)))
        return Round(facts=tuple(facts), marks=marks)

    def written(self, tables: Iterable[pa.Table], schema: pa.Schema, period: str, shelf: int, no: int) -> dict[str, Any]:
        """Write tables of observations or hours, sorted by stream and moment also across them; gives what a fact says of it."""
        segment, seen = f"{period}.{shelf}.{no}", Seen()
        digest, size_bytes = columns.write_columns(self.path(segment), map(seen.look, tables), schema)
        return {
            "segment": segment, "period": period, "shelf": shelf, "digest": digest, "size_bytes": size_bytes, "rows": seen.rows,
            "streams": seen.streams, "first_at": moment_of(seen.first_us), "last_at": moment_of(seen.last_us),
        }  # fmt: skip

    def tell(self, made: Round, *, actor: str = SEALER) -> None:
        """The second step: the facts, and how far the logs are sealed, in one transaction."""

        def told(tx: Tx) -> None:
            for fact in made.facts:
                tx.emit(fact)
            for name, position in made.marks.items():
                store.sealed_to_put(tx, name, position)

        if made.facts or made.marks:
            self._writer.whole(told, actor=actor)

    def settle(self, made: Round, keep_after: Mapping[str, Any] | None = None) -> None:
        """The third step: remove what nobody names any more."""
        self._remove(made.gone)
        for each in made.gone:
            self.lost.pop(each, None)
        self._note.unlink(missing_ok=True)
        logs = self._logs()
        for name, position in made.marks.items():
            others = (keep_after or {}).get(name, position)
            logs[name].forget(min(tuple(position), tuple(others)))

    def known(self) -> tuple[list[Segment], int]:
        """Every segment, in the order of places, and the last number that was given to one."""
        with self._writer.database.reading() as tx:
            return store.segment_list(tx), store.segments_given(tx)

    def waiting_bytes(self) -> int:
        """How much is written ahead and not sealed."""
        with self._writer.database.reading() as tx:
            marks = store.sealed_to(tx)
        return sum(log.behind_bytes(marks.get(name)) for name, log in self._logs().items())

    def merge(self, now: datetime) -> int:
        """Make one segment of several of a period and shelf, where that is due; gives how many were replaced."""
        made = self.merging(now)
        self.tell(made)
        self.settle(made)
        return len(made.gone)

    def merging(self, now: datetime) -> Round:
        """The first step of a merge: one file of several."""
        self.start()
        today = epoch_us(now) // DAY_US
        there, given = self.known()
        for period, run in merges_due(there, today):
            made = self.tried(run, partial(self._merged, period, run, given + 1, now))
            if made.facts:
                return made
        return Round()

    def _merged(self, period: str, run: Sequence[Segment], no: int, now: datetime) -> Round:
        gone = tuple(each.id for each in run)
        self.write_note([f"{period}.{run[0].shelf}.{no}", *gone])
        tables = map(columns.raw_table, merged([self.path(each.id) for each in run]))
        held = self.written(tables, columns.RAW, period, run[0].shelf, no)
        return Round(facts=(SegmentSealed(at=now, place=run[-1].place, **held, replaces=gone),), gone=gone)

    def tried(self, run: Sequence[Segment], make: Callable[[], Round]) -> Round:
        """What is made of these; an empty round where one of them is lost, which is remembered in `lost`."""
        if any(each.id in self.lost for each in run):
            return Round()
        try:
            return make()
        except (SegmentLost, duckdb.Error) as error:
            found = [each for each in run if fault_of(self, each)]
            if not found:
                raise
            self.lost |= {each.id: columns.lost(self.path(each.id), error) for each in found}
            self.start()
            return Round()

    def give_up(self, names: Sequence[str], now: datetime) -> None:
        """Tell that the files of these are lost for good, and remove what is left of them; by any process."""
        self.tell(Round(facts=tuple(SegmentErased(at=now, segment=each, why="lost") for each in names)), actor="operator")
        self._remove(names)

    def write_note(self, named: Sequence[str]) -> None:
        """Note what a round is about to make and to remove."""
        make_folder(self.folder)
        part = self._note.with_suffix(".part")
        with open(part, "wb") as file:
            file.write(msgspec.json.encode(named))
            file.flush()
            os.fsync(file.fileno())
        part.rename(self._note)
        sync_folder(self.folder)

    def _remove(self, segments: Iterable[str]) -> None:
        for each in segments:
            path = self.path(each)
            path.unlink(missing_ok=True)
            path.with_suffix(".part").unlink(missing_ok=True)


def merges_due(there: Sequence[Segment], today: int) -> Iterator[tuple[str, list[Segment]]]:
    """Which segments should be one: those that follow each other, of one shelf, raw, and not too many rows together.

    A period that is over becomes one; a period that runs as soon as it has many; days of a month long past become the month.
    `there` is in the order of places.
    """
    groups: dict[tuple[str, int], list[Segment]] = {}
    for each in there:
        if not each.thinned:
            period = each.period[:7] if is_over(each.period[:7], today - DAYS_APART) else each.period
            groups.setdefault((period, each.shelf), []).append(each)
    for (period, _), found in groups.items():
        least = 2 if is_over(period, today) else MERGE_AT
        for run in _runs(found):
            if len(run) >= least and not _disputed(run, there):
                yield period, run


def _runs(found: Sequence[Segment]) -> Iterator[list[Segment]]:
    run: list[Segment] = []
    for each in found:
        if run and sum(one.row_count for one in run) + each.row_count > MERGE_ROWS_MAX:
            yield run
            run = []
        run.append(each)
    yield run


def _disputed(run: Sequence[Segment], there: Sequence[Segment]) -> bool:
    """Whether another segment says the same moments later than the first of a run and earlier than the last."""
    first, last = min(each.first_us for each in run), max(each.last_us for each in run)
    mine = {each.id for each in run}
    return any(
        each.shelf == run[0].shelf and run[0].place < each.place < run[-1].place and each.first_us <= last and each.last_us >= first
        for each in there
        if each.id not in mine and not each.thinned
    )


def faults_of(segments: Segments) -> Iterator[tuple[str, str]]:
    """Segments that are not as they were sealed, each with what is wrong."""
    for each in segments.known()[0]:
        if fault := fault_of(segments, each):
            yield each.id, fault


def fault_of(segments: Segments, segment: Segment) -> str:
    """What is wrong with the file of a segment: `missing`, `damaged`, or nothing."""
    path = segments.path(segment.id)
    if not path.exists():
        return "missing"
    is_whole = path.stat().st_size == segment.size_bytes and columns.digest_of(path) == segment.digest
    return "" if is_whole else "damaged"
