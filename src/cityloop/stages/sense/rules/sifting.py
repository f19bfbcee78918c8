"""What of observations can be kept: streams by their numbers, and the rest with its reason."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from cityloop.domain.sensing import LifeState, Observing, Stream
from cityloop.stages.sense.model import Named, Register
from cityloop.stages.sense.rules.reading import Odd, Rows
from cityloop.telemetry.batch import Batch

LEAST_AT = 946_684_800_000_000  # 2000-01-01: an older moment is that of a device whose clock was never set
UNKNOWN = -1


class Known(dict[str, int]):
    """The numbers of streams by their names; `UNKNOWN` where there is none."""

    def __missing__(self, key: str) -> int:
        return UNKNOWN


class Streams(NamedTuple):
    """A register as observations are looked up in it. `gone`: names of closed streams and of retired devices."""

    version: int
    known: Known
    by_no: dict[int, Stream]
    gone: frozenset[str]


class Sifted(NamedTuple):
    """What is kept, what goes aside, and the rows of streams that nobody registered: places in what was sent."""

    batch: Batch
    odd: list[Odd]
    unknown: NDArray[np.intp]


def streams_of(register: Register) -> Streams:
    """The register made ready."""
    gone = set()
    for each in register.streams.values():
        thing = register.things[each.thing]
        if each.is_closed or thing.state is LifeState.retired:
            gone.add(f"{thing.key}/{each.key}")
    return Streams(register.version, _side_by_side(register.by_key), register.streams, frozenset(gone - register.by_key.keys()))


def _side_by_side(by_key: Mapping[str, int]) -> Known:
    """The same names and numbers made anew one after the other: what lies together in memory is looked up faster."""
    names = msgspec.json.decode(msgspec.json.encode(list(by_key)), type=list[str])
    return Known(zip(names, np.array(list(by_key.values()), np.int64).tolist(), strict=True))


def rows_of(named: Named) -> Rows:
    """Observations that a door has read, as rows."""
    at, value = np.asarray(named.at, np.int64), np.asarray(named.value, np.float64)
    return Rows(list(named.keys), at, value, None if named.track is None else np.asarray(named.track, np.int64))


def sift(rows: Rows, streams: Streams, *, now: int, ahead_us: int) -> Sifted:
    """Part rows into what is kept and what is not. Units: `now` in microseconds since 1970, UTC.

    What is late is kept; what claims to come from the future is not, as nobody knows when it was.
    """
    number = np.fromiter(map(streams.known.__getitem__, rows.keys), np.int32, len(rows.keys))
    value, wrong = _meant(rows, number, streams)
    good = (number != UNKNOWN) & (rows.at <= now + ahead_us) & (rows.at >= LEAST_AT) & np.isfinite(value)
    if wrong:
        good[list(wrong)] = False
    track = np.zeros(len(number), np.int64) if rows.tracks is None else rows.tracks
    batch = Batch(number, rows.at, value, track)
    if good.all():
        return Sifted(batch, [], np.array([], np.intp))
    odd, unknown = [], []
    for place in np.flatnonzero(~good).tolist():
        key, at = rows.keys[place], int(rows.at[place])
        reason = wrong.get(place) or _reason(key, int(number[place]), at, float(value[place]), streams, now + ahead_us)
        if reason == "unknown" and np.isfinite(rows.value[place]) and LEAST_AT <= at <= now + ahead_us:
            unknown.append(place)
        odd.append(Odd(key, reason, _example(float(rows.value[place]))))
    return Sifted(batch.at_rows(good), odd, np.array(unknown, np.intp))


def counted(odd: Sequence[Odd]) -> dict[str, int]:
    """How many went aside for each reason."""
    found: dict[str, int] = {}
    for each in odd:
        found[each.reason] = found.get(each.reason, 0) + 1
    return found


def _meant(rows: Rows, number: NDArray[np.int32], streams: Streams) -> tuple[NDArray[np.float64], dict[int, str]]:
    """The values, with words as the numbers that they stand for; and rows whose word or unit is wrong."""
    wrong: dict[int, str] = {}
    if not rows.words and not rows.units:
        return rows.value, wrong
    value = rows.value.copy()
    for place, word in rows.words.items():
        stream = streams.by_no.get(int(number[place]))
        meant = None if stream is None else _number_of(word, stream)
        if meant is not None:
            value[place] = meant
        elif stream is not None:
            wrong[place] = "text"
    for place, unit in rows.units.items():
        stream = streams.by_no.get(int(number[place]))
        if stream is not None and unit != stream.unit:
            wrong[place] = "unit"
    return value, wrong


def _number_of(word: str, stream: Stream) -> float | None:
    if stream.observing is Observing.truth:
        return {"true": 1.0, "false": 0.0}.get(word.lower())
    if stream.observing is Observing.category and word in stream.words:
        return float(stream.words.index(word))
    return None


def _reason(key: str, number: int, at: int, value: float, streams: Streams, latest_at: int) -> str:
    if number == UNKNOWN:
        return "retired" if key in streams.gone else "unknown"
    if at > latest_at:
        return "future"
    if at < LEAST_AT:
        return "no_time"
    return "not_a_number"


def _example(value: float) -> float | None:
    return value if np.isfinite(value) else None
