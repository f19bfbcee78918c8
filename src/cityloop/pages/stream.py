"""The facts as they happen, to each follower as far as their seats see: one reader a process, permission at delivery.

Events carry the fact's `seq` as their id. A follower that went away comes back with Last-Event-ID and misses nothing.
A report is seen through its case: what is told of it before it has one reaches nobody; the case's story holds it.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from litestar import Request, get
from litestar.response import Stream

from cityloop.cases import scope
from cityloop.domain.errors import CityloopError, Invalid
from cityloop.domain.permission import Permission
from cityloop.http import Caller, Door, needs
from cityloop.pages.followers import BATCH, Crowded, Followers, Piece, pieces_after

__all__ = ["ROUTES", "Crowded", "sees_piece"]

HEARTBEAT_S = 15.0
RETRY_MS = 2_000  # how soon a follower that was let go comes back
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # the second: no proxy collects what must flow


class BadPlace(Invalid):
    """Last-Event-ID is none of ours."""

    code = "stream.bad_place"


def sees_piece(caller: Caller, piece: Piece) -> bool:
    """Whether a fact may reach a caller: of a case, by a seat that reads facts and sees it; of the city, by audit."""
    if piece.held is None:
        return piece.is_citys and caller.may(Permission.audit_read)
    return any(scope.sees(seat, piece.held) for seat in caller.seats_with(Permission.facts_read) if _reads(seat))


def _reads(seat: Any) -> bool:
    return Permission.case_read.value in seat.permissions


@get("/v1/facts/stream", guards=[needs(Permission.facts_read)], media_type="text/event-stream")
async def get_stream(request: Request, door: Door, after: int | None = None) -> Stream:
    """The facts that the caller may see, as server-sent events. Resumes after Last-Event-ID, or after `after`."""
    edge = request.app.state.edge
    followers = Followers.of(request.app, edge)
    start = _place(request.headers.get("last-event-id"), after)
    follower = await followers.join(start)

    async def events() -> AsyncIterator[bytes]:
        try:
            async for event in _events(request, door, followers, follower):
                yield event
        finally:
            followers.leave(follower)

    return Stream(events(), media_type="text/event-stream", headers=HEADERS)


async def _events(request: Request, door: Door, followers: Followers, follower: Any) -> AsyncIterator[bytes]:
    """What one follower gets: first what was missed, then what happens, heartbeats between."""
    yield f"retry: {RETRY_MS}\n\n".encode()
    passed = follower.after
    while passed < follower.joined_at and not follower.ended_for:  # what happened before we joined, from the tables
        missed = await door.read(lambda tx, low=passed: pieces_after(tx, low, BATCH))
        if not missed:
            break
        caller = await _caller(request)
        if caller is None:
            yield _end("signed_out")
            return
        yield _said(missed, caller)
        passed = missed[-1].seq
    while True:
        try:
            pieces = await asyncio.wait_for(follower.queue.get(), HEARTBEAT_S)
        except TimeoutError:
            if await _caller(request) is None:
                yield _end("signed_out")
                return
            yield b": still here\n\n"
            continue
        if pieces is None:
            yield _end(follower.ended_for)
            return
        caller = await _caller(request)
        if caller is None:
            yield _end("signed_out")
            return
        if new := [piece for piece in pieces if piece.seq > passed]:
            yield _said(new, caller)
            passed = new[-1].seq


async def _caller(request: Request) -> Caller | None:
    """Who follows, asked anew: a session may have ended, a post may have been left."""
    request.scope["cityloop_quiet"] = True  # an open stream is no sign that somebody sits before it
    try:
        caller = await request.app.state.edge.identify(request)
    except CityloopError:
        return None
    return caller if caller.may(Permission.facts_read) else None


def _said(pieces: list[Piece], caller: Caller) -> bytes:
    """The events of what the caller sees; the last place is named even if they see none of it."""
    out = [
        b"id: %d\ndata: %b\n\n" % (piece.seq, msgspec.json.encode(piece.view))
        for piece in pieces
        if sees_piece(caller, piece)
    ]
    out.append(b"id: %d\n\n" % pieces[-1].seq)  # no data: nothing is shown, the place is kept
    return b"".join(out)


def _end(why: str) -> bytes:
    return b'event: end\ndata: {"why":"%b"}\n\n' % why.encode()


def _place(header: str | None, after: int | None) -> int | None:
    """The `seq` after which to go on; None begins with what happens now.

    Refuses with `BadPlace`.
    """
    if header is None or header == "":
        given = after
    else:
        given = int(header) if header.isascii() and header.isdigit() and len(header) <= 15 else -1
    if given is not None and given < 0:
        raise BadPlace("Last-Event-ID is no number of a fact; send the id of the last event that you got.")
    return given


ROUTES = [get_stream]
