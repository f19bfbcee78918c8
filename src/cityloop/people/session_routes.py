"""HTTP of signing in and out, and of what is one's own."""

import secrets
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated, TypeVar

import structlog
from litestar import Response, delete, get, post, put
from litestar.datastructures import Cookie
from msgspec import Meta, Struct

from cityloop.domain.errors import NeedsSignIn
from cityloop.domain.ids import AccountId, AreaCode, PostId, UnitId
from cityloop.domain.personal import ACCOUNT, Personal
from cityloop.domain.policy import Words
from cityloop.http import Door
from cityloop.http.identity import signed_in
from cityloop.people import passwords, rules, service, sessions, store
from cityloop.people.caller import COOKIE, forget, same_site
from cityloop.people.model import Credential, Crowded, SessionKind, WrongPassword

T = TypeVar("T")
HASHING_MAX = 8  # at once, so that who signs in never takes all readers for long
Secret = Annotated[str, Meta(max_length=1_000)]
log = structlog.get_logger("cityloop.people")
_hashing: list[None] = []


class SignInAsked(Struct, kw_only=True):
    """Who wants to come in. With `as_token` the answer carries a bearer token and sets no cookie."""

    name: Annotated[str, Meta(max_length=200), Personal("to sign in", keep_days=0, eraser=ACCOUNT)]
    password: Secret
    as_token: bool = False


class SignedIn(Struct, kw_only=True):
    """Whose session it is, and until when. `token` only where it was asked for."""

    account: AccountId
    expires_at: datetime
    must_change_password: bool
    token: str | None = None


class SeatView(Struct, kw_only=True):
    """A post that the caller sits in, with the words of the pack."""

    post: PostId
    name: Words
    role: str
    role_name: Words
    unit: UnitId
    area: AreaCode | None
    permissions: list[str]


class Me(Struct, kw_only=True):
    """The caller. Without seats while the password must be changed."""

    account: AccountId
    name: Annotated[str, Personal("to name who acted", keep_days=365)]
    seats: list[SeatView]
    permissions: list[str]
    must_change_password: bool
    simulated: bool


class SessionView(Struct, kw_only=True):
    """A session or a token of one's own."""

    id: str
    kind: SessionKind
    made_at: datetime
    seen_at: datetime
    expires_at: datetime
    agent: str
    current: bool


class PasswordAsked(Struct, kw_only=True):
    """The password until now, and the one from now on."""

    old: Secret
    new: Secret


@post("/v1/sessions", status_code=201)
async def post_session(data: SignInAsked, door: Door) -> Response[SignedIn]:
    """Sign in. Signing in twice makes two sessions, so an Idempotency-Key changes nothing here."""
    same_site(door.request, must_say=False)
    name = rules.name_normal(data.name)
    known = await door.read(lambda tx: sessions.knock(tx, name))
    right = await slowly(door, lambda: passwords.matches(known.hash, data.password))
    token = secrets.token_urlsafe(32)
    agent = door.request.headers.get("user-agent", "")
    use_case = partial(
        sessions.sign_in, name=name, known=known, right=right, digest=sessions.token_digest(token),
        hours=door.policy.settings.session_hours, agent=agent,
    )  # fmt: skip
    # not by `door.change`: its once-only table would keep a digest of the password
    session = await door.request.app.state.edge.writer.submit(use_case, actor="anonymous")
    if session is None or known.credential is None:
        log.info("sign_in_failed", name_digest=known.name_digest[:16])
        raise WrongPassword("The name or the password is wrong; try again, or ask the security administrator.")
    log.info("signed_in", account=session.account, session=session.digest[:16])
    await _renew_hash(door, known.credential, data.password)
    view = SignedIn(
        account=session.account, expires_at=session.expires_at, must_change_password=known.credential.must_change,
        token=token if data.as_token else None,
    )  # fmt: skip
    lifetime_s = int((session.expires_at - session.made_at).total_seconds())
    return Response(view, status_code=201, cookies=[] if data.as_token else [_cookie(door, token, lifetime_s)])


@delete("/v1/sessions/current", status_code=204, guards=[signed_in])
async def delete_session(door: Door) -> Response[None]:
    """Sign out: the session ends, everywhere."""
    account, digest = _me(door)
    await door.change(lambda tx: sessions.sign_out(tx, account, digest))
    forget_all(door)
    return Response(None, status_code=204, cookies=[_cookie(door, "", 0)])


@get("/v1/me", guards=[signed_in])
async def get_me(door: Door) -> Me:
    """Who is calling: seats, permissions."""
    account = door.caller.account
    assert account, "the guard lets nobody else in"
    policy = door.policy
    credential = await door.read(lambda tx: tx.get("credential", Credential, account))
    seats = [
        SeatView(
            post=seat.post, name=policy.post_by_id[seat.post].name, role=seat.role,
            role_name=policy.role_by_id[seat.role].name, unit=seat.unit, area=seat.area,
            permissions=sorted(seat.permissions),
        )
        for seat in door.caller.seats
    ]  # fmt: skip
    return Me(
        account=account, name=door.caller.name, seats=seats,
        permissions=sorted({each for seat in door.caller.seats for each in seat.permissions}),
        must_change_password=bool(credential and credential.must_change), simulated=policy.simulated,
    )  # fmt: skip


@get("/v1/me/sessions", guards=[signed_in])
async def get_sessions(door: Door) -> list[SessionView]:
    """One's own sessions and tokens, the newest first. An id is no token: nobody can sign in with it."""
    account, digest = _me(door)
    found = await door.read(lambda tx: store.session_list_of(tx, account))
    return [
        SessionView(
            id=each.digest, kind=each.kind, made_at=each.made_at, seen_at=each.seen_at, expires_at=each.expires_at,
            agent=each.agent, current=each.digest == digest,
        )
        for each in found
    ]  # fmt: skip


@delete("/v1/me/sessions/{session_id:str}", status_code=204, guards=[signed_in])
async def delete_my_session(session_id: str, door: Door) -> None:
    """End a session of one's own, e.g. that of a lost phone."""
    account, _ = _me(door)
    await door.change(lambda tx: sessions.sign_out(tx, account, session_id))
    forget_all(door)


@put("/v1/me/password", status_code=204, guards=[signed_in])
async def put_my_password(data: PasswordAsked, door: Door) -> None:
    """Choose another password; one's other sessions end."""
    account, digest = _me(door)
    name = await door.read(lambda tx: store.name_of_account(tx, account)) or ""
    new = rules.password_checked(data.new, name)
    known = await door.read(lambda tx: sessions.knock(tx, name))
    right, hashed = await slowly(door, lambda: (passwords.matches(known.hash, data.old), passwords.hash_of(new)))
    if not right:
        await door.change(lambda tx: sessions.count_wrong(tx, known))
        raise WrongPassword("The old password is wrong; nothing was changed.")
    await door.change(lambda tx: service.set_password(tx, account, hashed, must_change=False, keep_session=digest))
    forget_all(door)
    log.info("password_changed", account=account)


async def slowly(door: Door, work: Callable[[], T]) -> T:
    """Hash or check passwords aside, a few at once.

    Refuses with `Crowded`.
    """
    if len(_hashing) >= HASHING_MAX:
        raise Crowded("Too many are signing in at this moment; try again in a second.")
    _hashing.append(None)
    try:
        return await door.aside(work)
    finally:
        _hashing.pop()


def forget_all(door: Door) -> None:
    """Let this process look sessions and seats up anew."""
    forget(door.request.app.state.edge.database)


async def _renew_hash(door: Door, credential: Credential, password: str) -> None:
    """Hash the password again where the kept hash was made with weaker numbers than today's."""
    if not passwords.is_old(credential.hash):
        return
    hashed = await slowly(door, lambda: passwords.hash_of(password))
    await door.request.app.state.edge.writer.submit(
        lambda tx: store.hash_renew(tx, credential, hashed), actor="machine:people"
    )


def _me(door: Door) -> tuple[AccountId, str]:
    if door.caller.account is None or door.caller.session is None:
        raise NeedsSignIn("Nobody is signed in; sign in, or send a token.")
    return door.caller.account, door.caller.session


def _cookie(door: Door, value: str, lifetime_s: int) -> Cookie:
    return Cookie(
        key=COOKIE, value=value, path="/", max_age=lifetime_s, httponly=True, samesite="strict",
        secure=door.request.url.scheme == "https",
    )  # fmt: skip


ROUTES = [post_session, delete_session, get_me, get_sessions, delete_my_session, put_my_password]
