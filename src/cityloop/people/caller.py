"""Who sends a request: nobody without a look at the database, else the account of a live session."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import msgspec
from litestar.connection import ASGIConnection
from msgspec import Struct

from cityloop.db import CommitFailed, Database, Tx
from cityloop.domain.policy import Policy
from cityloop.http import NOBODY, Caller
from cityloop.http.identity import Seat
from cityloop.packs.book import PackBook
from cityloop.people import store
from cityloop.people.model import BadToken, CrossSite, Person
from cityloop.people.sessions import token_digest

T = TypeVar("T")
COOKIE = "cityloop_session"
ASK_VERSION_S = 1.0
SEEN_EVERY = timedelta(minutes=5)
KNOWN_MAX = 10_000
READS = frozenset({"GET", "HEAD", "OPTIONS"})


class _Live(Struct, frozen=True):
    caller: Caller
    policy: str
    expires_at: datetime
    seen_at: datetime


class _Known:
    """What this process knows of live sessions, and at which version of them.

    Whoever ends a session or changes a seat raises `people_version` in the same transaction. Changes made by this
    process's own routes call `forget`; those of other processes are seen when the version is next asked for, after
    ASK_VERSION_S at most.
    """

    def __init__(self) -> None:
        self.live: dict[str, _Live] = {}
        self.version = -1
        self.asked_at = float("-inf")


_known: WeakKeyDictionary[Database, _Known] = WeakKeyDictionary()


def forget(database: Database) -> None:
    """Let this process look every session up anew; after a change of its own."""
    known = _known_of(database)
    known.live.clear()
    known.asked_at = float("-inf")


async def identify(database: Database, book: PackBook, connection: ASGIConnection) -> Caller:
    """The caller of a request, by its bearer token or its cookie.

    A cookie that is no longer good is nobody's; a token that is not good is refused, as its sender counts on it.
    Refuses with `BadToken`, or `CrossSite` where a cookie changes something from another site's page.
    """
    cookie = bearer = None
    for name, value in connection.scope["headers"]:
        if name == b"cookie":
            cookie = _cookie_in(value.decode("latin-1")) or cookie
        elif name == b"authorization" and value[:7].lower() == b"bearer ":
            bearer = value[7:].strip().decode("latin-1")
    if cookie is None and bearer is None:
        return NOBODY
    live = await _live_of(database, book, connection, token_digest(bearer or cookie or ""))
    if bearer is not None:
        if live is None:
            raise BadToken("The token is not known, has expired or was revoked; sign in again for another.")
        return live.caller
    if live is None:
        return NOBODY
    if connection.scope.get("method", "GET") not in READS:
        same_site(connection, must_say=True)
    return live.caller


def same_site(connection: ASGIConnection, *, must_say: bool) -> None:
    """Whether a browser sent this from one of our own pages. Who is no browser need not say, unless `must_say`.

    Refuses with `CrossSite`. Source: Fetch Metadata; the Origin header, RFC 6454.
    """
    headers = connection.headers
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        same = site in ("same-origin", "none")
    elif origin is not None:
        same = urlsplit(origin).netloc.casefold() == headers.get("host", "").casefold() != ""
    else:
        same = not must_say
    if not same:
        raise CrossSite("This change does not come from a page of ours; send it from there, or with a bearer token.")


async def _live_of(database: Database, book: PackBook, connection: ASGIConnection, digest: str) -> _Live | None:
    policy = book.in_force()
    known = _known_of(database)
    if time.monotonic() - known.asked_at >= ASK_VERSION_S:
        known.asked_at = time.monotonic()
        version = await _ask(database, connection, store.version_get)
        if version != known.version:
            known.live.clear()
            known.version = version
    live = known.live.get(digest)
    now = database.clock()
    if live is not None and live.policy == policy.digest and now - live.seen_at < SEEN_EVERY:
        return live if live.expires_at > now else None
    at_version = known.version
    live = await _ask(database, connection, lambda tx: _look_up(tx, digest, policy))
    if live is None:
        known.live.pop(digest, None)
        return None
    if now - live.seen_at >= SEEN_EVERY:
        with contextlib.suppress(CommitFailed):  # that it was used is nice to know, and no reason to fail
            await book.writer.submit(lambda tx: store.session_seen(tx, digest), actor=live.caller.actor)
        live = msgspec.structs.replace(live, seen_at=now)
    if len(known.live) >= KNOWN_MAX:
        known.live.clear()
    if known.version == at_version:  # else it was read before a change that is known by now
        known.live[digest] = live
    return live


async def _ask(database: Database, connection: ASGIConnection, question: Callable[[Tx], T]) -> T:
    """Ask inline where the database is a file (some 40 µs), in a thread where it is across a network."""

    def ask() -> T:
        with database.reading() as tx:
            return question(tx)

    if not database.on_postgres:
        return ask()
    return await asyncio.get_running_loop().run_in_executor(connection.app.state.edge.readers, ask)


def _look_up(tx: Tx, digest: str, policy: Policy) -> _Live | None:
    row = store.session_row(tx, digest)
    if row is None:
        return None
    posts = [] if row.must_change else store.post_list_of(tx, row.account)
    seats = tuple(
        Seat(
            post=post.id, role=post.role, unit=post.unit, area=post.area,
            permissions=frozenset(policy.role_by_id[post.role].permissions),
        )
        for id in posts
        if (post := policy.post_by_id.get(id))
    )  # fmt: skip
    name = msgspec.json.decode(row.person, type=Person).name if row.person else ""
    caller = Caller(account=row.account, name=name, seats=seats, session=digest)
    return _Live(caller, policy.digest, _moment(row.expires_at), _moment(row.seen_at))


def _moment(text: str) -> datetime:
    return msgspec.convert(text, datetime)


def _known_of(database: Database) -> _Known:
    known = _known.get(database)
    if known is None:
        known = _known[database] = _Known()
    return known


def _cookie_in(header: str) -> str | None:
    for part in header.split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE and value:
            return value
    return None
