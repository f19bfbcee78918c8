"""The questions that are put to DuckDB: text, made of sources and of where they may contradict each other."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from cityloop.telemetry.batch import Batch
from cityloop.telemetry.model import SHELF, Segment, shelf_of

IN_LIST_MAX = 200  # streams that are written into the question: then what a file says of its parts tells which to read
SPANS_MAX = 16
TAIL = 2**62  # its place: what is not sealed came last
AT = '"at"'  # else a word of its language
RAW = f"stream, {AT}, value, track"
Span = tuple[int, int]  # first and last moment


class Source(Struct, frozen=True, kw_only=True):
    """A file, or the tail (no path): what it is called, what it spans, and its place among those that say the same."""

    path: str
    place: int
    shelf: int
    span: Span
    thinned: bool = False


class Said(Struct, frozen=True, kw_only=True):
    """What is asked for, and of what."""

    sources: Sequence[Source]
    wanted: NDArray | None  # streams; None: all
    since: int
    until: int


def sources_of(there: Iterable[Segment], tail: Batch, path: Callable[[str], Path]) -> list[Source]:
    """The segments and, shelf by shelf, the tail."""
    found = [
        Source(path=str(path(each.id)), place=each.place, shelf=each.shelf, span=(each.first_us, each.last_us), thinned=each.thinned)
        for each in there
    ]
    shelves = shelf_of(tail.stream)
    for shelf in np.unique(shelves):
        at = tail.at[shelves == shelf]
        found.append(Source(path="", place=TAIL, shelf=int(shelf), span=(int(at.min()), int(at.max()))))
    return found


def contested(spans: Sequence[Span]) -> list[Span]:
    """Where two or more spans overlap: the moments of which two sources may say something. At most so many spans.

    >>> contested([(0, 10), (8, 20), (20, 30), (40, 50)])
    [(8, 10), (20, 20)]
    """
    found: list[Span] = []
    reach: int | None = None
    for first, last in sorted(spans):
        if reach is not None and first <= reach:
            overlap = (first, min(last, reach))
            if found and overlap[0] <= found[-1][1]:
                found[-1] = (found[-1][0], max(found[-1][1], overlap[1]))
            else:
                found.append(overlap)
        reach = last if reach is None else max(reach, last)
    return found if len(found) <= SPANS_MAX else [(found[0][0], found[-1][1])]


def observations(said: Said) -> list[str]:
    """Statements that together give each raw observation that is asked for once."""
    found = []
    for shelf in sorted({each.shelf for each in said.sources if not each.thinned}):
        mine = [each for each in said.sources if each.shelf == shelf and not each.thinned]
        spans = contested([each.span for each in mine])
        disputed = " OR ".join(f"{AT} BETWEEN {first} AND {last}" for first, last in spans)
        free = f" AND NOT ({disputed})" if spans else ""
        found += [f"SELECT {RAW} FROM {each} WHERE {_asked(said)}{free}" for each in _tables(mine, shelf)]
        if spans:
            those = [each for each in mine if any(each.span[0] <= last and each.span[1] >= first for first, last in spans)]
            every = " UNION ALL ".join(
                f"SELECT {RAW}, {each.place} AS place FROM {_tables([each], shelf)[0]} WHERE {_asked(said)} AND ({disputed})" for each in those
            )
            found.append(f"SELECT stream, {AT}, max_by(value, place) AS value, track FROM ({every}) GROUP BY stream, {AT}, track")
    return found


def hours(said: Said) -> list[str]:
    """Statements that together give each thinned hour that is asked for."""
    paths = [each.path for each in said.sources if each.thinned]
    return [f"SELECT stream, {AT}, count, mean, least, most FROM {_files(paths)} WHERE {_asked(said)}"] if paths else []


def points(said: Said, limit: int, *, newest: bool) -> str:
    """The points of streams; see `History.points`."""
    every = _points(said)
    if newest:
        first = f"SELECT * FROM ({every}) ORDER BY {AT} DESC, stream, track LIMIT {int(limit)}"
        return f"SELECT * FROM ({first}) ORDER BY stream, {AT}, track"
    return f"SELECT * FROM ({every}) ORDER BY stream, {AT}, track LIMIT {int(limit)}"


def latest(said: Said) -> str:
    """The newest point of each stream."""
    return f"SELECT * FROM ({_points(said)}) QUALIFY row_number() OVER (PARTITION BY stream ORDER BY {AT} DESC, track) = 1 ORDER BY stream"


def spans(said: Said) -> str:
    """The first and the last moment of each stream. No source is asked what another said later: a moment stays one."""
    raw = [each.path for each in said.sources if each.path and not each.thinned]
    thin = [each.path for each in said.sources if each.path and each.thinned]
    tables = [_files(paths) for paths in (raw, thin) if paths]
    tables += ["tail"] if any(not each.path for each in said.sources) else []
    every = " UNION ALL ".join(f"SELECT stream, {AT} FROM {each} WHERE {_asked(said)}" for each in tables)
    nothing = f"SELECT 0::INTEGER AS stream, 0::BIGINT AS {AT} WHERE false"
    return f"SELECT stream, min({AT}) AS first, max({AT}) AS last FROM ({every or nothing}) GROUP BY stream ORDER BY stream"


def means(said: Said, step: int | Sequence[int], origin: int) -> str:
    """Count, mean, least and most by step; see `History.means`."""
    raw, thin = observations(said), hours(said)
    at = _step(step, origin)
    parts = [
        f"SELECT stream, {at} AS step, count(*) AS n, sum(value) AS total, min(value) AS least, max(value) AS most "
        f"FROM ({' UNION ALL '.join(raw)}) GROUP BY stream, step"
    ] if raw else []  # fmt: skip
    if thin:
        parts.append(
            f"SELECT stream, {at} AS step, sum(count) AS n, sum(mean * count) AS total, min(least) AS least, max(most) AS most "
            f"FROM ({' UNION ALL '.join(thin)}) GROUP BY stream, step"
        )
    if not parts:
        return (
            f"SELECT 0::INTEGER AS stream, 0::BIGINT AS {AT}, 0::BIGINT AS count, 0::DOUBLE AS mean, 0::DOUBLE AS least, 0::DOUBLE AS most "
            "WHERE false"
        )
    return (
        f"SELECT stream, step AS {AT}, sum(n)::BIGINT AS count, sum(total) / sum(n) AS mean, min(least) AS least, max(most) AS most "
        f"FROM ({' UNION ALL '.join(parts)}) GROUP BY stream, step ORDER BY stream, step"
    )


def _points(said: Said) -> str:
    raw = [f"SELECT {RAW}, 1::BIGINT AS count, value AS least, value AS most FROM ({each})" for each in observations(said)]
    thin = [f"SELECT stream, {AT}, mean AS value, 0::BIGINT AS track, count, least, most FROM ({each})" for each in hours(said)]
    nothing = (
        f"SELECT 0::INTEGER AS stream, 0::BIGINT AS {AT}, 0::DOUBLE AS value, 0::BIGINT AS track, 0::BIGINT AS count, "
        "0::DOUBLE AS least, 0::DOUBLE AS most WHERE false"
    )
    return " UNION ALL ".join([*raw, *thin]) or nothing


def _step(step: int | Sequence[int], origin: int) -> str:
    """The beginning of the step of a moment. A division of whole numbers goes down, also before the origin."""
    if isinstance(step, int):
        return f"{AT} - (({AT} - {origin}) % {step} + {step}) % {step}"
    edges = list(step)
    cases = " ".join(f"WHEN {AT} >= {each} THEN {each}" for each in reversed(edges[1:]))
    return f"CASE {cases} ELSE {edges[0]} END" if cases else f"{edges[0]}"


def _asked(said: Said) -> str:
    when = f"{AT} >= {said.since} AND {AT} < {said.until}"
    if said.wanted is None:
        return when
    if len(said.wanted) <= IN_LIST_MAX:
        return f"{when} AND stream IN ({', '.join(str(int(each)) for each in said.wanted) or 'NULL'})"
    return f"{when} AND stream IN (SELECT no FROM wanted)"


def _tables(sources: Sequence[Source], shelf: int) -> list[str]:
    """What to read FROM: the files as one, the tail of the shelf as another."""
    paths = [each.path for each in sources if each.path]
    found = [_files(paths)] if paths else []
    if any(not each.path for each in sources):
        found.append(f"(SELECT * FROM tail WHERE stream // {SHELF} = {shelf})")
    return found


def _files(paths: Sequence[str]) -> str:
    listed = ", ".join("'" + each.replace("'", "''") + "'" for each in paths)
    return f"read_parquet([{listed}])"
