"""Observations as they are sent to us: one, a list, lines, data arrays of SensorThings; rows that cannot be read go aside."""

import math
import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from cityloop.domain.unreadable import UNREADABLE
from cityloop.stages.sense.rules.moments import moment, moments

SLICE_BYTES = 512 << 10  # of lines that are read in one go: some milliseconds
KEY_CHARS_MAX = 200
_UNSEEN = re.compile(r"[\x00-\x1f\x7f]")
_NO_NUMBER = re.compile(rb"\b(?:NaN|nan|Inf(?:inity)?|inf(?:inity)?)\b")


class Odd(NamedTuple):
    """A row that cannot be kept: of which stream, as far as it says, why (`sense.aside.*`), and a number of it."""

    key: str
    reason: str
    example: float | None = None


class Rows(NamedTuple):
    """Rows as columns. `units` is empty where no row says one; `tracks` None where there are none."""

    keys: list[str]
    at: NDArray[np.int64]
    value: NDArray[np.float64]
    tracks: NDArray[np.int64] | None = None
    words: dict[int, str] = {}  # row -> what stands in place of a number: a word of a category, true or false
    units: dict[int, str] = {}  # row -> the unit that it says


_NOTHING = Rows([], np.array([], np.int64), np.array([], np.float64))


class _Plain(Struct, gc=False, forbid_unknown_fields=True):
    stream: str
    value: float
    at: str | int | float | None = None


class _Said(Struct):
    stream: str
    value: Any = None
    at: str | int | float | None = None
    unit: str | None = None
    track: str | int | None = None


class _Arrays(Struct, kw_only=True):
    stream: Any = msgspec.field(name="Datastream")
    components: list[str]
    rows: list[list[Any]] = msgspec.field(name="dataArray")


_LINES = msgspec.json.Decoder(_Plain)
_ONE = msgspec.json.Decoder(_Plain)
_LIST = msgspec.json.Decoder(list[_Plain])
_ANY_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_SAID = msgspec.json.Decoder(_Said)
_ARRAYS = msgspec.json.Decoder(_Arrays)
_OBJECT = msgspec.json.Decoder(dict[str, Any])


def key_said(key: str) -> str:
    """The name of a stream as it is put down: without characters that no name may have, and not without end."""
    return _UNSEEN.sub("", key)[:KEY_CHARS_MAX]


def slices(body: bytes) -> Iterator[bytes]:
    """A body of lines in pieces, each of whole lines."""
    start, size = 0, len(body)
    while start < size:
        end = min(size, start + SLICE_BYTES)
        if end < size:
            end = body.rfind(b"\n", start, end) + 1 or body.find(b"\n", end) + 1 or size
        yield body[start:end]
        start = end


def lines_read(body: bytes, now: int) -> tuple[Rows, list[Odd]]:
    """Lines of JSON, each an observation."""
    try:
        return _columns(_LINES.decode_lines(body), now), []
    except UNREADABLE:
        return _each([line for line in body.splitlines() if line.strip()], now)


def one_read(body: bytes, now: int) -> tuple[str, int, float] | None:
    """One observation that is a number, as name, moment and value; None where it is anything else."""
    try:
        row = _ONE.decode(body)
    except UNREADABLE:
        return None
    return row.stream, moment(row.at, now), row.value


def json_read(body: bytes, now: int) -> tuple[Rows, list[Odd]] | None:
    """One observation, a list of them, or data arrays of SensorThings; None where it is no JSON of these."""
    start = body[:64].lstrip()[:1]
    if start == b"{":
        rows, odd = _each([body], now)
        return None if any(each.reason == "unreadable" for each in odd) else (rows, odd)
    if start != b"[":
        return None
    try:
        return _columns(_LIST.decode(body), now), []
    except UNREADABLE:
        pass
    try:
        parts = [bytes(each) for each in _ANY_LIST.decode(body)]
    except UNREADABLE:
        return None
    return _data_arrays(parts, now) if parts and b'"dataArray"' in parts[0] else _each(parts, now)


def either_read(body: bytes, now: int) -> tuple[Rows, list[Odd]] | None:
    """JSON or lines of it, where nobody says which."""
    text = body.strip()
    if text[:1] == b"{" and b"\n" in text:
        try:
            _OBJECT.decode(text)
        except UNREADABLE:
            return lines_read(text, now)
    return json_read(text, now)


def topic_read(payload: bytes, key: str, now: int) -> tuple[Rows, list[Odd]] | None:
    """What came by the topic of one stream: a bare number, or an object that says the value and perhaps the moment."""
    text = payload.strip()
    if text[:1] == b"{":
        try:
            line = msgspec.json.encode({**_OBJECT.decode(text), "stream": key})
        except UNREADABLE:
            return None
        return _each([line], now)
    try:
        value = float(text)
    except ValueError:
        return None
    if not math.isfinite(value):
        return _NOTHING, [Odd(key, "not_a_number")]
    return Rows([key], np.array([now]), np.array([value])), []


def rows_joined(several: Sequence[Rows]) -> Rows:
    """Rows of many messages as one, in their order."""
    if len(several) == 1:
        return several[0]
    keys: list[str] = []
    words: dict[int, str] = {}
    units: dict[int, str] = {}
    for rows in several:
        words |= {place + len(keys): word for place, word in rows.words.items()}
        units |= {place + len(keys): unit for place, unit in rows.units.items()}
        keys += rows.keys
    tracks = None
    if any(rows.tracks is not None for rows in several):
        tracks = np.concatenate([np.zeros(len(rows.keys), np.int64) if rows.tracks is None else rows.tracks for rows in several])
    at, value = np.concatenate([rows.at for rows in several]), np.concatenate([rows.value for rows in several])
    return Rows(keys, at, value, tracks, words, units)


def track_number(said: str | int | None) -> int:
    """The number of a track: that of a name is drawn from its hash, so that it stays the same."""
    if said is None or said == "":
        return 0
    if isinstance(said, int) and abs(said) < 1 << 62:
        return said
    return int.from_bytes(sha256(str(said).encode()).digest()[:8], "big", signed=True)


def _columns(rows: Sequence[_Plain], now: int) -> Rows:
    value = np.fromiter([row.value for row in rows], np.float64, len(rows))
    return Rows([row.stream for row in rows], moments([row.at for row in rows], now), value)


def _each(lines: Sequence[bytes], now: int) -> tuple[Rows, list[Odd]]:
    """Rows one by one, with whatever they say beside the number."""
    good: list[_Said] = []
    odd: list[Odd] = []
    for line in lines:
        try:
            row = _SAID.decode(line)
        except UNREADABLE:
            odd.append(Odd(_key_in(line), "not_a_number" if _NO_NUMBER.search(line) else "unreadable"))
            continue
        if (reason := _reason(row.value)) is None:
            good.append(row)
        else:
            odd.append(Odd(row.stream, reason))
    words = {place: _word(row.value) for place, row in enumerate(good) if isinstance(row.value, (str, bool))}
    units = {place: row.unit for place, row in enumerate(good) if row.unit is not None}
    tracks = [track_number(row.track) for row in good]
    value = np.array([math.nan if place in words else float(row.value) for place, row in enumerate(good)], np.float64)
    at = moments([row.at for row in good], now)
    return Rows([row.stream for row in good], at, value, np.array(tracks, np.int64) if any(tracks) else None, words, units), odd


def _reason(value: Any) -> str | None:
    """Why this is no value; None: it may be one. What a word means is known with its stream."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return "not_a_number" if value.strip().lower() in ("nan", "inf", "-inf", "infinity", "-infinity") else None
    if isinstance(value, int):
        return None if abs(value) < 10**300 else "not_a_number"
    return None if isinstance(value, float) and math.isfinite(value) else "not_a_number"


def _word(value: str | bool) -> str:
    return ("false", "true")[value] if isinstance(value, bool) else value


def _key_in(line: bytes) -> str:
    """Of which stream a line that cannot be read is, where that much can be seen."""
    found = re.search(rb'"stream"\s*:\s*"([^"\\]{1,200})"', line)
    return found[1].decode("utf-8", "replace") if found else ""


def _data_arrays(parts: Sequence[bytes], now: int) -> tuple[Rows, list[Odd]] | None:
    """Source: OGC SensorThings 1.1 (18-088), 13: the data array extension. A stream is called by its name."""
    lines: list[bytes] = []
    for part in parts:
        try:
            said = _ARRAYS.decode(part)
        except UNREADABLE:
            return None
        key = said.stream.get("@iot.id", "") if isinstance(said.stream, dict) else said.stream
        places = {name: place for place, name in enumerate(said.components)}
        when = places.get("phenomenonTime", places.get("resultTime"))
        if "result" not in places or not isinstance(key, str):
            return None
        for row in said.rows:
            if len(row) != len(said.components):
                return None
            at = row[when] if when is not None else None
            lines.append(msgspec.json.encode({"stream": key, "value": row[places["result"]], "at": at}))
    return _each(lines, now)
