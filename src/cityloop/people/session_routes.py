"""HTTP of signing in and out, and of what is one's own."""

import asyncio
import contextlib
import secrets
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated, TypeVar

import structlog
from litestar import Response, delete, get, post
from litestar.datastructures import Cookie
from msgspec import Meta, Struct

from cityloop.db import Tx
from cityloop.domain.ids import AccountId, AreaCode, PostId, UnitId
from cityloop.domain.personal import ACCOUNT, PASSING, Personal
from cityloop.domain.policy import Words
from cityloop.domain.words import WORDS
from cityloop.http import Door
from cityloop.http.identity import NeedsProof, nobody, proved, signed_in
from cityloop.http.secret import Tampered, opened
from cityloop.people import arrivals, passwords, rules, sessions, store
from cityloop.people.arrivals import DEVICE_COOKIE, DEVICE_DAYS, Arrival, device_digest
from cityloop.people.caller import cookie_name, forget, owed, same_site, stands
from cityloop.people.model import (
    SEEN,
    Credential,
    Crowded,
    Owed,
    Session,
    SessionKind,
    SignInSeen,
    WrongCode,
    WrongPassword,
)
from cityloop.people.second import SecondFactor, second_get
from cityloop.people.sessions import Knock, Shown

T = TypeVar("T")
# photos that a browser kept for an hour go with the session; not "storage": there lies what waits for a network and was not sent
CLEARED = {"Clear-Site-Data": '"cache"'}
HASHING_MAX = 8  # at once, so that who signs in never takes all readers for long
Secret = Annotated[str, Meta(max_length=1_000)]
log = structlog.get_logger("cityloop.people")
_hashing: list[None] = []


class SignInAsked(Struct, kw_only=True):
    """Who wants to come in. With `as_token` the answer carries a bearer token and sets no cookie."""

    name: Annotated[str, Meta(max_length=200), Personal("to sign in", keep_days=0, eraser=ACCOUNT)]
    password: Secret
    code: Annotated[str, Meta(max_length=40)] | None = None
    as_token: bool = False


class SignedIn(Struct, kw_only=True):
    """Whose session it is, and until when. `token` only where it was asked for."""

    account: AccountId
    expires_at: datetime
    must_change_password: bool
    token: str | None = None


class ProofAsked(Struct, kw_only=True):
    """The code of the second factor; without one, the password."""

    password: Secret | None = None
    code: Annotated[str, Meta(max_length=40)] | None = None


class ProofView(Struct, kw_only=True):
    """When it was proved."""

    proved_at: datetime


class ProofNeeded(Struct, kw_only=True):
    """Whether the last proof is too old."""

    needed: bool


class NewDevice(Struct, kw_only=True):
    """Somebody came in with a browser that was new to the account."""

    at: datetime
    agent: Annotated[str, Personal(SEEN, keep_days=0, eraser=PASSING)]
    network: Annotated[str, Personal(SEEN, keep_days=0, eraser=PASSING)]


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
    """The caller. Without seats while they owe something: another password, or a second factor."""

    account: AccountId
    name: Annotated[str, Personal("to name who acted", keep_days=365)]
    seats: list[SeatView]
    permissions: list[str]
    must_change_password: bool
    owes: Owed | None
    has_second_factor: bool
    proof_by: str  # "code" or "password": what `POST /v1/me/proof` asks for
    new_device: NewDevice | None  # that nobody has said anything to
    idle_min: int
    simulated: bool


@post("/v1/sessions", status_code=201)
async def post_session(data: SignInAsked, door: Door) -> Response[SignedIn]:
    """Sign in. Signing in twice makes two sessions, so an Idempotency-Key changes nothing here.

    With a second factor the first answer is `people.needs_code`: then send all three.
    """
    same_site(door.request, must_say=False)
    name = rules.name_normal(data.name)
    cookie, device = device_of(door)
    known = await door.read(lambda tx: sessions.knock(tx, name, device))
    right = await slowly(door, lambda: passwords.matches(known.hash, data.password))
    token = secrets.token_urlsafe(32)
    rules_of_door = sessions.door_rules(door.policy.settings)
    use_case = partial(
        sessions.sign_in, name=name, known=known, shown=shown_by(door, known, right, data.code),
        digest=sessions.token_digest(token), door=rules_of_door, arrival=arrival_of(door, device),
    )  # fmt: skip
    # not by `door.change`: its once-only table would keep a digest of the password
    session = await door.request.app.state.edge.writer.submit(use_case, actor="anonymous")
    if session is None or known.credential is None:
        log.info("sign_in_failed", name_digest=known.name_digest[:16])
        if right and known.credential is not None:
            raise WrongCode("The code is wrong or was used before; wait for the next one, or take one from your paper.")
        raise WrongPassword("The name or the password is wrong; try again, or ask the security administrator.")
    log.info("signed_in", account=session.account, session=session.digest[:16])
    await tell_owner(door, session)
    await _renew_hash(door, known.credential, data.password)
    forget_all(door)
    view = SignedIn(
        account=session.account, expires_at=session.expires_at, must_change_password=known.credential.must_change,
        token=token if data.as_token else None,
    )  # fmt: skip
    if data.as_token:
        return Response(view, status_code=201)
    return Response(view, status_code=201, cookies=cookies_in(door, token, session, cookie))


async def tell_owner(door: Door, session: Session) -> None:
    """Tell the owner of an account, by the offices that they are linked with, that it began with a new browser."""
    providers = getattr(door.request.app.state, "providers", None)
    if providers is None or not providers.named:
        return
    links = await door.read(lambda tx: arrivals.to_be_told(tx, session))
    if links:
        text = WORDS["people.notice.new_device"]["zh"].format(agent=session.agent[:60])
        asyncio.get_running_loop().run_in_executor(None, providers.tell, links, text)  # nobody waits for it


def shown_by(door: Door, known: Knock, right: bool, code: str | None) -> Shown:
    """What somebody showed, with the secret that a code is checked by."""
    account = known.credential.account if known.credential else None
    secret = secret_of(door, account, known.second) if account and code else None
    return Shown(right=right, code=code or None, secret=secret)


def secret_of(door: Door, account: AccountId, second: SecondFactor | None) -> bytes | None:
    """The secret of a second factor; None where it cannot be opened: codes on paper are good without it."""
    with contextlib.suppress(Tampered):
        return opened(door.secret, "second", second.sealed, of=account) if second else None
    return None


def device_of(door: Door) -> tuple[str, str]:
    """The cookie of the browser, its own or a fresh one, and the cookie's digest."""
    cookie = door.request.cookies.get(DEVICE_COOKIE, "")
    if not 40 <= len(cookie) <= 60:
        cookie = secrets.token_urlsafe(32)
    return cookie, device_digest(cookie)


def arrival_of(door: Door, device: str) -> Arrival:
    """From where somebody knocks."""
    client = door.request.client
    return Arrival(
        device=device, agent=door.request.headers.get("user-agent", ""), network=client.host if client else ""
    )


def cookies_in(door: Door, token: str, session: Session, device_cookie: str) -> list[Cookie]:
    """The cookies of whoever has just come in: the session's, and one by which the browser is known again."""
    lifetime_s = int((session.expires_at - session.made_at).total_seconds())
    known = Cookie(
        key=DEVICE_COOKIE, value=device_cookie, path="/", max_age=DEVICE_DAYS * 86_400, httponly=True, samesite="lax",
        secure=door.request.url.scheme == "https",
    )  # fmt: skip
    return [_cookie(door, token, lifetime_s), known]


@get("/v1/me/proof", guards=[signed_in])
async def get_proof(door: Door) -> ProofNeeded:
    """Whether an export, a reveal or a change of rights would ask for a proof now."""
    try:
        await proved(door.request)
    except NeedsProof:
        return ProofNeeded(needed=True)
    return ProofNeeded(needed=False)


@post("/v1/me/proof", status_code=201, guards=[signed_in])
async def post_proof(data: ProofAsked, door: Door) -> ProofView:
    """Prove once more that it is you, before an export, a reveal or a change of rights: the code, or the password."""
    account, digest = me_of(door)
    name = await door.read(lambda tx: store.name_of_account(tx, account)) or ""
    _, device = device_of(door)
    known = await door.read(lambda tx: sessions.knock(tx, name, device))
    needs_password = known.second is None
    right = needs_password and await slowly(door, lambda: passwords.matches(known.hash, data.password or ""))
    shown = shown_by(door, known, right, data.code)
    rules_of_door = sessions.door_rules(door.policy.settings)
    edge = door.request.app.state.edge
    good = await edge.writer.submit(
        lambda tx: sessions.prove(tx, account, digest, known, shown, rules_of_door), actor=door.caller.actor
    )
    if not good:
        log.info("proof_failed", account=account)
        if needs_password:
            raise WrongPassword("The password is wrong; try again.")
        raise WrongCode("The code is wrong or was used before; wait for the next one, or take one from your paper.")
    forget_all(door)
    return ProofView(proved_at=door.now)


@delete("/v1/sessions/current", status_code=204, guards=[signed_in])
async def delete_session(door: Door) -> Response[None]:
    """Sign out: the session ends, everywhere."""
    account, digest = me_of(door)
    await door.change(lambda tx: sessions.sign_out(tx, account, digest))
    forget_all(door)
    return Response(None, status_code=204, cookies=[_cookie(door, "", 0)], headers=CLEARED)


@get("/v1/me", guards=[signed_in])
async def get_me(door: Door) -> Me:
    """Who is calling: seats, permissions."""
    account = door.caller.account
    assert account, "the guard lets nobody else in"
    policy = door.policy
    digest = door.caller.session or ""

    def ask(tx: Tx) -> tuple[Owed | None, SignInSeen | None, SecondFactor | None, bool]:
        row = store.session_row(tx, digest)
        is_person = row is not None and row.kind == SessionKind.session
        owes = owed(tx, row, policy) if is_person else None
        seen = arrivals.unnoticed(tx, account, digest) if is_person else None
        return owes, seen, second_get(tx, account), stands(tx, account, policy)

    owes, seen, second, is_standing = await door.read(ask)
    has_second = bool(second and second.confirmed_at)
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
        must_change_password=owes in (Owed.password, Owed.old_password), owes=owes, has_second_factor=has_second,
        proof_by="code" if has_second else "password",
        new_device=NewDevice(at=seen.at, agent=seen.agent, network=seen.network) if seen else None,
        idle_min=0 if is_standing else policy.settings.session_idle_min, simulated=policy.simulated,
    )  # fmt: skip


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


def me_of(door: Door) -> tuple[AccountId, str]:
    if door.caller.account is None or door.caller.session is None:
        raise nobody(door.caller)
    return door.caller.account, door.caller.session


def _cookie(door: Door, value: str, lifetime_s: int) -> Cookie:
    return Cookie(
        key=cookie_name(door.request), value=value, path="/", max_age=lifetime_s, httponly=True, samesite="strict",
        secure=door.request.url.scheme == "https",
    )  # fmt: skip


ROUTES = [post_session, delete_session, get_me, get_proof, post_proof]
