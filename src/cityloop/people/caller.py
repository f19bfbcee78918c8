"""Who sends a request: nobody without a look at the database, else the account of a live session."""

import asyncio
import binascii
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

from cityloop.db import CommitFailed, Database, Row, Tx
from cityloop.domain.ids import AccountId
from cityloop.domain.policy import Policy
from cityloop.http import NOBODY, Caller
from cityloop.http.identity import Seat, paced
from cityloop.http.limits import Pace
from cityloop.packs.book import PackBook
from cityloop.people import rules, store
from cityloop.people.keys import PREFIX
from cityloop.people.model import BadKey, BadToken, CrossSite, Owed, Person, SessionKind
from cityloop.people.sessions import token_digest

T = TypeVar("T")
COOKIE = "cityloop_session"
SECURE_COOKIE = f"__Host-{COOKIE}"  # over TLS: no other host and no plain connection can have put it there
ASK_VERSION_S = 1.0
SEEN_EVERY = timedelta(minutes=5)
KNOWN_MAX = 10_000
QUIET = "x-quiet"
READS = frozenset({"GET", "HEAD", "OPTIONS"})


class _Live(Struct, frozen=True):
    caller: Caller
    policy: str
    expires_at: datetime
    seen_at: datetime


LookUp = Callable[[Tx, str, Policy], _Live | None]


class _Known:
    """What this process knows of live sessions, and at which version of them.

    Whoever ends a session or changes a seat raises `people_version` in the same transaction. Changes made by this
    process's own routes call `forget`; those of other processes are seen when the version is next asked for, after
    ASK_VERSION_S at most.
    """

    def __init__(self) -> None:
        self.live: dict[tuple[LookUp, str], _Live] = {}  # a session's token opens nothing as a key, nor a key as a token
        self.version = -1
        self.forgotten = 0  # how often all was let go, for a change of our own or another's
        self.asked_at = float("-inf")


_known: WeakKeyDictionary[Database, _Known] = WeakKeyDictionary()


def forget(database: Database) -> None:
    """Let this process look every session up anew; after a change of its own."""
    known = _known_of(database)
    known.live.clear()
    known.asked_at = float("-inf")
    known.forgotten += 1


def times_forgotten(database: Database) -> int:
    """How often that was, so that processes that read for this one do the same."""
    return _known_of(database).forgotten


async def identify(database: Database, book: PackBook, connection: ASGIConnection) -> Caller:
    """The caller of a request, by its key, its bearer token or its cookie. A key or token may be a password, for clients
    that can send nothing but one (RFC 7617); the user's name beside it says nothing.

    A cookie that is no longer good is nobody's; a key or token that is not good is refused, as its sender counts on it.
    Refuses with `BadKey`, `BadToken`, or `CrossSite` where a cookie changes something from another site's page.
    """
    cookie = bearer = key = None
    for name, value in connection.scope["headers"]:
        if name == b"cookie":
            cookie = _cookie_in(value.decode("latin-1"), cookie_name(connection)) or cookie
        elif name == b"authorization" and value[:7].lower() == b"bearer ":
            bearer = value[7:].strip().decode("latin-1")
        elif name == b"authorization" and value[:6].lower() == b"basic ":
            bearer = _password_in(value[6:].strip())
        elif name == b"x-api-key":
            key = value.strip().decode("latin-1")
    if key is None and bearer is not None and bearer.startswith(PREFIX):
        key = bearer
    if key is not None:
        return await _holder(database, book, connection, key)
    if cookie is None and bearer is None:
        return NOBODY
    live = await _live_of(database, book, connection, token_digest(bearer or cookie or ""))
    if bearer is not None:
        if live is None or live.caller.account is None:
            raise BadToken("The token is not known, has expired or was revoked; sign in again for another.")
        return live.caller
    if live is None:
        return NOBODY
    if live.caller.account is None:
        return live.caller
    if connection.scope.get("method", "GET") not in READS:
        same_site(connection, must_say=True)
    return live.caller


async def caller_of_key(connection: ASGIConnection, key: str) -> Caller:
    """The holder of a key, for a door that finds it elsewhere than in the headers, e.g. in a form's `api_key`.

    Refuses with `BadKey` or `CameTooOften`.
    """
    edge = connection.app.state.edge
    caller = await _holder(edge.database, connection.app.state.parts.book, connection, key)
    paced(edge, caller)
    return caller


async def _holder(database: Database, book: PackBook, connection: ASGIConnection, key: str) -> Caller:
    live = await _live_of(database, book, connection, token_digest(key), _look_up_key, store.key_seen)
    if live is None:
        raise BadKey("The key is not known, has expired or was revoked; ask the city's security administrator for another.")
    return live.caller


def _password_in(value: bytes) -> str:
    try:
        return binascii.a2b_base64(value).partition(b":")[2].decode("latin-1")
    except binascii.Error:
        return ""


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


async def _live_of(
    database: Database,
    book: PackBook,
    connection: ASGIConnection,
    digest: str,
    look_up: LookUp | None = None,
    seen: Callable[[Tx, str], None] = store.session_seen,
) -> _Live | None:
    look_up = look_up or _look_up
    policy = book.in_force()
    known = _known_of(database)
    if time.monotonic() - known.asked_at >= ASK_VERSION_S:
        known.asked_at = time.monotonic()
        version = await _ask(database, connection, store.version_get)
        if version != known.version:
            known.live.clear()
            known.forgotten += 1
            known.version = version
    place = (look_up, digest)
    live = known.live.get(place)
    now = database.clock()
    if live is not None and live.policy == policy.digest and now - live.seen_at < SEEN_EVERY:
        return live if live.expires_at > now else None
    at_version = known.version
    live = await _ask(database, connection, lambda tx: look_up(tx, digest, policy))
    if live is None or live.caller.account is None:
        known.live.pop(place, None)
        return live
    if now - live.seen_at >= SEEN_EVERY:
        if QUIET in connection.headers or "cityloop_quiet" in connection.scope:  # the page asks by itself, and nobody sits before it
            return live
        with contextlib.suppress(CommitFailed):  # that it was used is nice to know, and no reason to fail
            await book.writer.submit(lambda tx: seen(tx, digest), actor=live.caller.actor)
        live = msgspec.structs.replace(live, seen_at=now)
    if len(known.live) >= KNOWN_MAX:
        known.live.clear()
    if known.version == at_version:  # else it was read before a change that is known by now
        known.live[place] = live
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
    seen_at, is_person = _moment(row.seen_at), row.kind == SessionKind.session
    ended = row.ended_for
    if ended is None and is_person and rules.is_idle(seen_at, policy.settings.session_idle_min, tx.now) and not stands(tx, row.account, policy):
        ended = "idle"
    if ended:
        return _Live(Caller(ended=ended), policy.digest, _moment(row.expires_at), seen_at)
    owes = owed(tx, row, policy) if is_person else None
    if row.must_change and not is_person:
        owes = Owed.password
    seats = () if owes else seats_of(tx, row.account, policy)
    stepped_at = _moment(row.stepped_at) if is_person and row.stepped_at else None
    caller = Caller(account=row.account, name=_name_in(row.person), seats=seats, session=digest, stepped_at=stepped_at)
    return _Live(caller, policy.digest, _moment(row.expires_at), seen_at)


def stands(tx: Tx, account: AccountId, policy: Policy) -> bool:
    """Whether an account is a screen that nobody touches, and nothing else: its sessions do not end for want of use."""
    roles = roles_of(tx, account, policy)
    return bool(roles) and roles.issubset(policy.settings.standing_roles)


def must_have_second(tx: Tx, account: AccountId, policy: Policy) -> bool:
    """Whether an account has a post whose people must have a second factor."""
    return not roles_of(tx, account, policy).isdisjoint(policy.settings.second_factor_roles)


def roles_of(tx: Tx, account: AccountId, policy: Policy) -> set[str]:
    """The roles of an account's posts, as far as the pack in force has these."""
    return {policy.post_by_id[id].role for id in store.post_list_of(tx, account) if id in policy.post_by_id}


def owed(tx: Tx, row: Row, policy: Policy) -> Owed | None:
    """What a person must do before their posts count: choose a password of their own, or set a second factor."""
    said = policy.settings
    if row.must_change:
        return Owed.password
    by_password = (row.how or "password").startswith("password")
    if by_password and row.changed_at and rules.password_is_over(_moment(row.changed_at), said.password_days, tx.now):
        return Owed.old_password
    if said.second_factor_roles and not row.confirmed_at and not rules.is_strong(row.how or "") and must_have_second(tx, row.account, policy):
        return Owed.second
    return None


async def stepped_at_now(database: Database, connection: ASGIConnection, caller: Caller) -> datetime | None:
    """When a caller last proved who they are, as the database says now."""
    row = await _ask(database, connection, lambda tx: store.session_row(tx, caller.session or ""))
    return _moment(row.stepped_at) if row and row.stepped_at and row.ended_for is None else None


def _look_up_key(tx: Tx, digest: str, policy: Policy) -> _Live | None:
    row = store.key_row(tx, digest)
    if row is None:
        return None
    seats = seats_of(tx, row.account, policy, scopes=frozenset(row.scopes.split()))
    pace = Pace(per_min=row.per_min, burst=row.burst)
    caller = Caller(account=row.account, name=_name_in(row.person), seats=seats, key=row.id, pace=pace)
    return _Live(caller, policy.digest, _moment(row.expires_at), _moment(row.seen_at))


def seats_of(tx: Tx, account: AccountId, policy: Policy, *, scopes: frozenset[str] | None = None) -> tuple[Seat, ...]:
    """The seats of an account; by a key they give no more than the key's scopes."""
    seats = []
    for id in store.post_list_of(tx, account):
        if post := policy.post_by_id.get(id):
            given = frozenset(policy.role_by_id[post.role].permissions)
            given = given if scopes is None else given & scopes
            seats.append(Seat(post=post.id, role=post.role, unit=post.unit, area=post.area, permissions=given))
    return tuple(seats)


def _name_in(person: bytes | None) -> str:
    return msgspec.json.decode(person, type=Person).name if person else ""


def _moment(text: str) -> datetime:
    return msgspec.convert(text, datetime)


def _known_of(database: Database) -> _Known:
    known = _known.get(database)
    if known is None:
        known = _known[database] = _Known()
    return known


def cookie_name(connection: ASGIConnection) -> str:
    """Under which name a session's cookie goes."""
    return SECURE_COOKIE if connection.scope.get("scheme") == "https" else COOKIE


def _cookie_in(header: str, wanted: str = COOKIE) -> str | None:
    for part in header.split(";"):
        name, _, value = part.strip().partition("=")
        if name == wanted and value:
            return value
    return None
