"""Reads observations back: sealed segments and what is not yet sealed, each moment of a stream once.

A question is asked of the files by DuckDB. Where two sources may hold the same moment, and only there, it looks which came last.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray

from cityloop.db import Database
from cityloop.domain.errors import kind_of
from cityloop.telemetry import asking, columns, store
from cityloop.telemetry.batch import Batch
from cityloop.telemetry.model import SegmentLost, Written, shelf_of
from cityloop.telemetry.tail import Tail

TRIES = 5
MEMORY = "1GB"


class Points(NamedTuple):
    """Observations of streams, by stream and moment. Where only hours are kept, a point is an hour: `count` says of how many.

    Units: `at` in microseconds since 1970, UTC; the others in the stream's unit.
    """

    stream: NDArray[np.int32]
    at: NDArray[np.int64]
    value: NDArray[np.float64]
    track: NDArray[np.int64]
    count: NDArray[np.int64]
    least: NDArray[np.float64]
    most: NDArray[np.float64]


class Means(NamedTuple):
    """What streams said in each step, by stream and step; steps without an observation are not there.

    Units: `at` is the step's beginning in microseconds since 1970, UTC.
    """

    stream: NDArray[np.int32]
    at: NDArray[np.int64]
    count: NDArray[np.int64]
    mean: NDArray[np.float64]
    least: NDArray[np.float64]
    most: NDArray[np.float64]


class Spans(NamedTuple):
    """From when to when streams have spoken; those that never did are not there. Units: microseconds since 1970, UTC."""

    stream: NDArray[np.int32]
    first: NDArray[np.int64]
    last: NDArray[np.int64]


class History:
    """The city's observations, for any number of threads."""

    def __init__(self, database: Database, path: Callable[[str], Path], logs: Callable[[], Mapping[str, Written]], *, threads: int = 2):
        self._database = database
        self._path = path
        self._tail = Tail(logs)
        config: dict[str, str | bool | int | float | list[str]] = {"threads": threads, "memory_limit": MEMORY, "autoinstall_known_extensions": False}
        self._duck = duckdb.connect(config=config)

    def points(self, streams: Iterable[int], since: int, until: int, limit: int, *, newest: bool = False) -> Points:
        """What streams said from `since` to before `until`: the first ones by stream and moment, or the newest ones.

        Units: moments in microseconds since 1970, UTC. Refuses with `SegmentLost`.
        """
        return Points(*self._ask(streams, since, until, lambda said: asking.points(said, limit, newest=newest)))

    def means(self, streams: Iterable[int] | None, since: int, until: int, step: int | Sequence[int], *, origin: int = 0) -> Means:
        """Count, mean, least and most of each step, of some streams or (None) of all.

        Units: `step` in microseconds, counted from `origin`; or the beginnings of steps that are not all as long, the last of
        which ends at `until`. Refuses with `SegmentLost`.
        """
        return Means(*self._ask(streams, since, until, lambda said: asking.means(said, step, origin)))

    def latest(self, streams: Iterable[int], *, until: int = store.EVER[1]) -> Points:
        """The last observation of each stream before a moment; streams that never spoke are not there."""
        wanted = list(dict.fromkeys(streams))
        return Points(*self._ask(wanted, store.EVER[0], until, asking.latest))

    def spans(self, streams: Iterable[int]) -> Spans:
        """The first and the last moment of each stream. Refuses with `SegmentLost`."""
        return Spans(*self._ask(list(dict.fromkeys(streams)), *store.EVER, asking.spans))

    def _ask(self, streams: Iterable[int] | None, since: int, until: int, question: Callable[[asking.Said], str]) -> list[NDArray]:
        wanted = None if streams is None else np.unique(np.fromiter(streams, np.int32))
        for _ in range(TRIES - 1):
            try:
                return self._try(wanted, since, until, question)
            except (duckdb.IOException, FileNotFoundError):  # a merge took a file away meanwhile: look again where it lies
                continue
            except _Moved:
                continue
        try:
            return self._try(wanted, since, until, question, last=True)
        except (duckdb.Error, FileNotFoundError) as error:
            raise SegmentLost(
                "Observations cannot be read; run `cityloop check` and bring what it names back from a backup.", log=kind_of(error)
            ) from error

    def _try(self, wanted: NDArray | None, since: int, until: int, question: Callable[[asking.Said], str], last: bool = False) -> list[NDArray]:
        shelves = None if wanted is None else [int(each) for each in np.unique(shelf_of(wanted))]
        with self._database.reading() as tx:
            there, marks = store.segment_list(tx, since=since, until=until, shelves=shelves), store.sealed_to(tx)
        tail = among(self._tail.since(marks), wanted, since, until)
        with self._database.reading() as tx:
            if not last and store.sealed_to(tx) != marks:
                raise _Moved
        said = asking.Said(sources=asking.sources_of(there, tail, self._path), wanted=wanted, since=since, until=until)
        with self._duck.cursor() as duck:
            duck.register("tail", columns.raw_table(tail))
            if wanted is not None:
                duck.register("wanted", {"no": wanted})
            found = duck.execute(question(said)).fetchnumpy()
        return [np.ma.getdata(each) for each in found.values()]


class _Moved(Exception):
    """What was unsealed was sealed while it was read."""


def among(tail: Batch, wanted: NDArray | None, since: int, until: int) -> Batch:
    """Of what is not sealed, what is asked for, each moment once."""
    rows = (tail.at >= since) & (tail.at < until)
    if wanted is not None:
        rows &= np.isin(tail.stream, wanted)
    return columns.last_of_each(tail.at_rows(rows))
