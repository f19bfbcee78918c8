"""HTTP of observations: sent one by one or by the thousand; what was put aside; the last values."""

import gzip
import io
import zlib
from datetime import datetime
from typing import Any

import msgspec
import numpy as np
from litestar import Request, Response, get, post
from msgspec import Struct

from cityloop.domain.calendar import epoch_us
from cityloop.domain.errors import Invalid
from cityloop.domain.permission import Permission
from cityloop.domain.time import utc_text
from cityloop.http import Door, Page, needs, page_limit
from cityloop.http.lists import keys_of, mark_of
from cityloop.stages.sense.model import Register, Taken
from cityloop.stages.sense.rules.reading import json_read, one_read
from cityloop.stages.sense.store.asides import Aside, aside_list
from cityloop.telemetry.latest import NEVER

SEND, READ = [needs(Permission.observe_send)], [needs(Permission.device_read)]
BODY_MAX = 32 << 20
STREAMS_MAX = 100_000
LINES = ("application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines")
NO_STORE = {"Cache-Control": "no-store"}


class UnreadableObservations(Invalid):
    """A body that holds no observations in a form that is known here."""

    code = "sense.unreadable"


class BodyTooLarge(Invalid):
    """More in one request than is taken at once."""

    code = "sense.body_too_large"


class AsideView(Struct, kw_only=True):
    """What was not kept of a stream for one reason."""

    stream: str
    reason: str
    source: str
    count: int
    first_at: datetime
    last_at: datetime
    example: float | None


class LatestView(Struct, kw_only=True):
    """What streams said last. Shape: columns of one length; a stream that has not spoken is not in it."""

    stream: list[str]
    at: list[int]  # microseconds since 1970, UTC
    value: list[float]


@post("/v1/observations", status_code=201, guards=SEND)
async def post_observations(request: Request, door: Door) -> Response[Taken]:
    """Send observations: one, a list, lines of JSON (the fast way), or data arrays of SensorThings.

    Answered once all that is kept is on the disk. What cannot be kept goes aside with its reason; the rest is kept.
    """
    if (before := await door.earlier()) is not None:
        return _answer(before.encode())
    body = unpacked(await request.body(), request.headers.get("content-encoding", ""))
    taken = await _taken(request, door, body)
    answer = msgspec.json.encode(taken)
    if "idempotency-key" in request.headers:
        answer = (await door.change(lambda tx: answer.decode())).encode()
    return _answer(answer)


@get("/v1/observations/aside", guards=READ)
async def get_asides(door: Door, reason: str | None = None, limit: int = 50, after: str | None = None) -> Page[AsideView]:
    """What was not kept, the latest first: of which stream, why, how many, a number as an example."""
    most = page_limit(limit)
    mark = tuple(str(each) for each in keys_of(after, 3)) if after else None
    rows = await door.read(lambda tx: aside_list(tx, reason=reason, before=mark, limit=most + 1))  # type: ignore[arg-type]
    last = rows[most - 1] if len(rows) > most else None
    following = mark_of(utc_text(last.last_at), last.key, last.reason) if last else None
    return Page(items=[_aside(row) for row in rows[:most]], next=following)


@get("/v1/observations/latest", guards=READ)
async def get_latest(request: Request, door: Door, stream: list[str] | None = None) -> Response[LatestView]:
    """The last value of the streams that are named, by `thing/stream`; of all open ones where none is named."""
    parts = request.app.state.parts
    register: Register = parts.register.now()
    names = [each for each in stream if each in register.by_key] if stream else list(register.by_key)
    if len(names) > STREAMS_MAX:
        raise BodyTooLarge(f"That are {len(names)} streams; name those that you want, {STREAMS_MAX} at most.")
    numbers = np.fromiter((register.by_key[each] for each in names), np.int32, len(names))
    last = await door.aside(lambda: parts.senses.latest.of(numbers))
    spoke = last.at != NEVER
    told = [name for name, there in zip(names, spoke.tolist(), strict=True) if there]
    view = LatestView(stream=told, at=last.at[spoke].tolist(), value=last.value[spoke].tolist())
    return Response(msgspec.json.encode(view), media_type="application/json", headers=NO_STORE)  # type: ignore[arg-type]


async def _taken(request: Request, door: Door, body: bytes) -> Taken:
    sensing, source = request.app.state.parts.sensing, f"key:{door.caller.key}" if door.caller.key else door.caller.actor
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in LINES:
        return await sensing.lines_taken(body, source=source, now=door.now)
    if kind not in ("application/json", ""):
        raise UnreadableObservations(f"{kind[:60]} is not read here; send application/json or application/x-ndjson.")
    now = door.now
    moment = epoch_us(now)
    if (one := one_read(body, moment)) and (done := await sensing.one_taken(*one, now=now)):
        return done
    read = json_read(body, moment)
    if read is None:
        raise UnreadableObservations(
            'This is no JSON of observations; send {"stream": "thing/stream", "at": "2026-03-06T08:00:00Z", "value": 1.5}, '
            "a list of such, or lines of such as application/x-ndjson."
        )
    return await sensing.rows_taken([read], source=source, now=now)


def unpacked(body: bytes, encoding: str) -> bytes:
    """The body as it was before it was made small.

    Refuses with `UnreadableObservations` or `BodyTooLarge`.
    """
    if encoding.strip().lower() in ("", "identity"):
        found = body
    elif encoding.strip().lower() == "gzip":
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(body)) as file:
                found = file.read(BODY_MAX + 1)
        except (OSError, EOFError, zlib.error):
            raise UnreadableObservations("The body is no gzip; send it as it is, or made small by gzip.") from None
    else:
        raise UnreadableObservations(f"Content-Encoding {encoding[:40]} is not read here; send gzip, or none.")
    if len(found) > BODY_MAX:
        raise BodyTooLarge(f"A request holds {BODY_MAX >> 20} MB at most; send several.")
    return found


def _answer(body: bytes) -> Response[Any]:
    return Response(body, status_code=201, media_type="application/json", headers=NO_STORE)


def _aside(row: Aside) -> AsideView:
    return AsideView(
        stream=row.key, reason=row.reason, source=row.source, count=row.count, first_at=row.first_at,
        last_at=row.last_at, example=row.example,
    )  # fmt: skip


ROUTES: list[Any] = [post_observations, get_asides, get_latest]
