"""HTTP of what streams said: points and means, as JSON or as CSV that is sent while it is read; open data for everybody."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from litestar import Request, Response, get
from litestar.response import Stream as Streamed
from msgspec import Struct

from cityloop.domain.calendar import epoch_us
from cityloop.domain.errors import Invalid
from cityloop.domain.ids import StreamId
from cityloop.domain.permission import Permission
from cityloop.domain.sensing import Stream
from cityloop.http import Door
from cityloop.http.strangers import SEARCHES, pace_stranger
from cityloop.stages.sense.model import Register, StreamUnknown
from cityloop.stages.sense.rules.reading_back import cell, edges_of, step_us
from cityloop.telemetry.history import History
from cityloop.telemetry.model import DAY_US, moment_of

POINTS_MAX = 10_000
MEANS_MAX = 20_000
PAGE_ROWS = 50_000  # of a CSV, read at once
BOM = "\ufeff"
AGAIN = {"Cache-Control": "no-cache"}


class Form(StrEnum):
    """How the answer is written."""

    json = "json"
    csv = "csv"


class BadSpan(Invalid):
    """A span of time, or a step, that cannot be asked for."""

    code = "sense.bad_span"


class PointsView(Struct, kw_only=True):
    """What a stream said. Shape: columns of one length; where only hours are kept, `count` says of how many a point is the mean.

    Units: `at` in microseconds since 1970, UTC. `more`: there are more; ask from after the last, or before the first.
    """

    stream: str
    unit: str
    at: list[int]
    value: list[float]
    track: list[int]
    count: list[int]
    more: bool


class MeansView(Struct, kw_only=True):
    """What a stream said in each step; a step without an observation is not there. Shape: columns of one length."""

    stream: str
    unit: str
    step: str
    at: list[int]
    count: list[int]
    mean: list[float]
    least: list[float]
    most: list[float]


@get("/v1/streams/{stream_id:str}/points")
async def get_points(
    request: Request, stream_id: StreamId, door: Door, since: datetime | None = None, until: datetime | None = None,
    limit: int = 1000, newest: bool = False, form: Form = Form.json,
) -> Response[Any]:  # fmt: skip
    """The observations of a stream from `since` to before `until` (else of the last day): the first ones, or the newest.

    As CSV all of them, however many.
    """
    name, stream, history = _stream(request, door, stream_id)
    begin, end = _span(door, since, until, timedelta(days=1))
    if form is Form.csv:
        return _sent(name, _points_csv(history, name, stream, begin, end))
    if not 1 <= limit <= POINTS_MAX:
        raise BadSpan(f"limit={limit} is out of bounds; ask for 1 to {POINTS_MAX}.")
    found = await door.aside(lambda: history.points([stream.no], begin, end, limit + 1, newest=newest))
    kept = slice(-limit, None) if newest else slice(limit)
    view = PointsView(
        stream=name, unit=stream.unit, at=found.at[kept].tolist(), value=found.value[kept].tolist(), track=found.track[kept].tolist(),
        count=found.count[kept].tolist(), more=len(found.at) > limit,
    )  # fmt: skip
    return Response(view, headers=AGAIN)


@get("/v1/streams/{stream_id:str}/means")
async def get_means(
    request: Request, stream_id: StreamId, door: Door, since: datetime | None = None, until: datetime | None = None,
    step: str = "hour", form: Form = Form.json,
) -> Response[Any]:  # fmt: skip
    """Count, mean, least and most of a stream by steps from `since` to before `until` (else of the last week).

    `step`: seconds, or hour, day or month, by the city's clock.
    """
    name, stream, history = _stream(request, door, stream_id)
    begin, end = _span(door, since, until, timedelta(days=7))
    zone = ZoneInfo(door.policy.week.zone)
    length = step_us(step)
    if length is None or (end - begin) // length > MEANS_MAX:
        raise BadSpan(f"step={step[:20]} is no step, or gives more than {MEANS_MAX} of them; say seconds, hour, day or month.")
    edges = edges_of(step, moment_of(begin), moment_of(end), zone) if length >= DAY_US and not step.isdigit() else length
    found = await door.aside(lambda: history.means([stream.no], begin, end, edges))
    if form is Form.csv:
        rows = zip(found.at.tolist(), found.count.tolist(), found.mean.tolist(), found.least.tolist(), found.most.tolist(), strict=True)
        head = ["stream", "unit", "at", "count", "mean", "least", "most"]
        return _sent(name, _lines(head, ([name, stream.unit, _text(at), *rest] for at, *rest in rows)))
    view = MeansView(
        stream=name, unit=stream.unit, step=step, at=found.at.tolist(), count=found.count.tolist(), mean=found.mean.tolist(),
        least=found.least.tolist(), most=found.most.tolist(),
    )  # fmt: skip
    return Response(view, headers=AGAIN)


def _stream(request: Request, door: Door, id: StreamId) -> tuple[str, Stream, History]:
    """The stream, if the caller may read it: an open one everybody, paced; another who may read devices.

    To a stranger a stream that is not open is not there. Refuses with `StreamUnknown`, `CameTooOften`.
    """
    parts = request.app.state.parts
    register: Register = parts.register.now()
    stream = next((each for each in register.streams.values() if each.id == id), None)
    if not door.caller.may(Permission.device_read):
        pace_stranger(door, SEARCHES)
        if stream and not stream.is_open:
            stream = None
    if stream is None:
        raise StreamUnknown(f"There is no stream {id[:60]!r}; see the streams of its device.")
    return f"{register.things[stream.thing].key}/{stream.key}", stream, parts.senses.history


def _span(door: Door, since: datetime | None, until: datetime | None, usual: timedelta) -> tuple[int, int]:
    end = until or door.now + timedelta(microseconds=1)
    begin = since or end - usual
    if begin.tzinfo is None or end.tzinfo is None or begin >= end:
        raise BadSpan("since and until are moments with a zone, e.g. 2026-03-06T08:00:00+08:00, and since is before until.")
    return epoch_us(begin), epoch_us(end)


def _sent(name: str, lines: Iterator[str]) -> Streamed:
    file = "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in name)
    return Streamed(lines, media_type="text/csv; charset=utf-8", headers=AGAIN | {"Content-Disposition": f'attachment; filename="{file}.csv"'})


def _points_csv(history: History, name: str, stream: Stream, begin: int, end: int) -> Iterator[str]:
    """All points as lines, some at a time: memory stays as it is, however many there are."""

    def rows() -> Iterator[list[Any]]:
        after = begin
        while True:
            found = history.points([stream.no], after, end, PAGE_ROWS)
            if not len(found.at):
                return
            whole = len(found.at) < PAGE_ROWS
            # the last moment may have more tracks on the next page: it comes again there, unless it fills a page by itself
            last = found.at[-1]
            kept = slice(None) if whole or found.at[0] == last else slice(int(np.searchsorted(found.at, last)))
            columns = (found.at[kept], found.value[kept], found.track[kept], found.count[kept])
            for at, value, track, count in zip(*(column.tolist() for column in columns), strict=True):
                yield [name, stream.unit, _text(at), value, track or "", count]
            if whole:
                return
            after = int(last) if found.at[0] != last else int(last) + 1

    return _lines(["stream", "unit", "at", "value", "track", "count"], rows())


def _lines(head: list[str], rows: Iterator[list[Any]]) -> Iterator[str]:
    yield BOM
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    for number, row in enumerate(rows, 1):
        writer.writerow([cell(each) for each in row])
        if number % 2000 == 0:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _text(at: int) -> str:
    return moment_of(at).astimezone(UTC).isoformat().replace("+00:00", "Z")


ROUTES = [get_points, get_means]
