"""HTTP of coming in by a provider: there and back again, and the links that say which account that is."""

import asyncio
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, TypeVar
from urllib.parse import urlencode, urlsplit

import msgspec
import structlog
from litestar import Response, delete, get, post
from litestar.datastructures import Cookie
from msgspec import Meta, Struct

from cityloop.db import Tx
from cityloop.domain.errors import CityloopError
from cityloop.domain.ids import AccountId
from cityloop.domain.permission import Permission
from cityloop.domain.personal import ACCOUNT, Personal
from cityloop.domain.policy import Words
from cityloop.http import Door, needs
from cityloop.http.identity import signed_in, stepped_up
from cityloop.http.secret import Tampered, opened, sealed
from cityloop.people import sessions
from cityloop.people.caller import same_site
from cityloop.people.elsewhere import service, store
from cityloop.people.elsewhere.model import (
    CannotProve,
    Half,
    Known,
    NoLink,
    NotFromHere,
    ProviderKind,
    ProviderRefused,
    Started,
    showed_two,
)
from cityloop.people.elsewhere.providers import Providers
from cityloop.people.model import Crowded, Session, WrongCode
from cityloop.people.second import second_get
from cityloop.people.service import account_open
from cityloop.people.session_routes import (
    SignedIn,
    arrival_of,
    cookies_in,
    device_of,
    forget_all,
    me_of,
    secret_of,
    tell_owner,
)
from cityloop.people.sessions import Shown

T = TypeVar("T")
START, HALF = "cityloop_start", "cityloop_half"
AT_PROVIDER = timedelta(minutes=10)
CODE_WITHIN = timedelta(minutes=5)
PROOF_AGO = timedelta(minutes=1)  # two clocks may differ by so much
HOME = "/console"
ASKING_MAX = 8
log = structlog.get_logger("cityloop.people")
_asking: list[None] = []
Subject = Annotated[str, Meta(min_length=1, max_length=255), Personal("to sign in", keep_days=0, eraser=ACCOUNT)]


class ProviderView(Struct, kw_only=True):
    """A provider by whom one may come in."""

    id: str
    name: Words
    proves: bool  # it says when somebody last showed who they are


class Sent(Struct, kw_only=True):
    """Where the browser goes now."""

    address: str


class BackAsked(Struct, kw_only=True):
    """Which page of ours to come back to."""

    back: str = HOME


class LinkView(Struct, kw_only=True):
    """A link of an account with a provider."""

    provider: str
    subject: Subject
    made_at: datetime


class LinkAsked(Struct, kw_only=True):
    """Whom of which provider to link, by the name that the provider itself has for them (`sub`, userid, unionId)."""

    provider: str
    subject: Subject


class CodeAsked(Struct, kw_only=True):
    """The code of the second factor."""

    code: Annotated[str, Meta(max_length=40)]


def local_page(path: str) -> str:
    """A page of ours to come back to; anything else is the first page.

    >>> [local_page(each) for each in ("/people/me?x=1", "//evil.example", "https://evil.example", "/\\\\evil", "javascript:1", "/a\\nb")]
    ['/people/me?x=1', '/console', '/console', '/console', '/console', '/console']
    """
    parts = urlsplit(path) if path.isprintable() else None
    good = parts and not parts.scheme and not parts.netloc and path.startswith("/") and path[1:2] not in ("/", "\\")
    return path if good and len(path) <= 500 and "\\" not in path else HOME


@get("/v1/sign-in/providers")
async def get_providers(door: Door) -> list[ProviderView]:
    """The providers by whom one may come in."""
    return [
        ProviderView(id=id, name={"zh": each.name_zh, "en": each.name_en}, proves=each.kind is ProviderKind.oidc)
        for id, each in _providers(door).named.items()
    ]


@get("/v1/sign-in/{provider:str}", status_code=302)
async def get_sign_in(provider: str, door: Door, back: str = HOME) -> Response[None]:
    """To the provider, and back to a page of ours."""
    try:
        address, cookie = await _begun(door, provider, back=back, purpose="enter")
    except CityloopError as error:
        return Response(None, status_code=302, headers=_to(_refused(local_page(back), error)))
    return Response(None, status_code=302, headers=_to(address), cookies=[cookie])


@post("/v1/me/links/{provider:str}", status_code=201, guards=[signed_in, stepped_up])
async def post_my_link(provider: str, data: BackAsked, door: Door) -> Response[Sent]:
    """Begin to link one's account: go to the address, and come back linked."""
    me_of(door)
    address, cookie = await _begun(door, provider, back=data.back, purpose="link")
    return Response(Sent(address=address), status_code=201, cookies=[cookie])


@post("/v1/me/proof/{provider:str}", status_code=201, guards=[signed_in])
async def post_proof_at(provider: str, data: BackAsked, door: Door) -> Response[Sent]:
    """Prove once more that it is you, at the provider: go to the address, and come back.

    Refuses with `CannotProve` where the provider never says when somebody last showed who they are.
    """
    me_of(door)
    named = _providers(door).named.get(provider)
    if named is not None and named.kind is not ProviderKind.oidc:
        raise CannotProve("This provider does not say when you last showed who you are; use your password or a code.")
    address, cookie = await _begun(door, provider, back=data.back, purpose="prove")
    return Response(Sent(address=address), status_code=201, cookies=[cookie])


@get("/v1/sign-in/{provider:str}/callback", status_code=302)
async def get_callback(provider: str, door: Door, code: str = "", iss: str | None = None) -> Response[None]:
    """Back from the provider. What is wrong is told on the page that was left."""
    gone = _cookie(door, START, "", 0)
    back = HOME
    try:
        started = _started(door, provider, door.request.query_params.get("state", ""))
        back = started.back
        code = code or door.request.query_params.get("authCode", "")  # so DingTalk calls it
        if not code:
            raise ProviderRefused("The provider did not let you in; sign in again, or with your password.")
        known = await _aside(lambda: _providers(door).way(provider).finish(code, started, _providers(door).redirect(provider), door.now, iss))
        cookies = await _done(door, started, known)
    except CityloopError as error:
        log.info("provider_sign_in_failed", provider=provider[:40], code=error.code, why=error.log)
        return Response(None, status_code=302, headers=_to(_refused(back, error)), cookies=[gone])
    if any(each.key == HALF for each in cookies):  # the page asks for the code
        back = f"{back}{'&' if '?' in back else '?'}code_owed=1"
    return Response(None, status_code=302, headers=_to(back), cookies=[gone, *cookies])


@post("/v1/sessions/second", status_code=201)
async def post_second_step(data: CodeAsked, door: Door) -> Response[SignedIn]:
    """The code that is still owed by whom a provider let in."""
    same_site(door.request, must_say=False)
    half = _half(door)
    token, (cookie, device) = secrets.token_urlsafe(32), device_of(door)
    second = await door.read(lambda tx: second_get(tx, half.account))
    shown = Shown(right=True, code=data.code, secret=secret_of(door, half.account, second))
    use_case = lambda tx: service.enter_with_code(
        tx, half, shown, digest=sessions.token_digest(token), door=sessions.door_rules(door.policy.settings),
        arrival=arrival_of(door, device),
    )  # fmt: skip
    session = await door.request.app.state.edge.writer.submit(use_case, actor="anonymous")
    if session is None:
        raise WrongCode("The code is wrong or was used before; wait for the next one, or take one from your paper.")
    forget_all(door)
    view = SignedIn(account=session.account, expires_at=session.expires_at, must_change_password=False)
    cookies = [_cookie(door, HALF, "", 0), *cookies_in(door, token, session, cookie)]
    return Response(view, status_code=201, cookies=cookies)


@get("/v1/sign-in/{provider:str}/out", status_code=302)
async def get_sign_out(provider: str, door: Door) -> Response[None]:
    """Out of the provider too, after one's own session has ended."""
    providers = _providers(door)
    way = providers.way(provider)
    address = await _aside(lambda: way.leave(f"{providers.address}/console"))
    return Response(None, status_code=302, headers=_to(address or HOME))


@get("/v1/me/links", guards=[signed_in])
async def get_my_links(door: Door) -> list[LinkView]:
    """The providers by whom one signs in."""
    account, _ = me_of(door)
    return await door.read(lambda tx: _links(tx, account))


@delete("/v1/me/links/{provider:str}", status_code=204, guards=[signed_in, stepped_up])
async def delete_my_link(provider: str, door: Door) -> None:
    """End a link of one's own."""
    account, _ = me_of(door)
    await door.change(lambda tx: service.unlink(tx, account, provider))
    forget_all(door)


@get("/v1/accounts/{account_id:str}/links", guards=[needs(Permission.account_manage)])
async def get_links(account_id: AccountId, door: Door) -> list[LinkView]:
    """The providers by whom somebody signs in."""
    return await door.read(lambda tx: _links(tx, account_id))


@post("/v1/accounts/{account_id:str}/links", status_code=201, guards=[needs(Permission.account_manage), stepped_up])
async def post_link(account_id: AccountId, data: LinkAsked, door: Door) -> list[LinkView]:
    """Link somebody's account with whom a provider names so. Never by an address that matches."""
    _providers(door).way(data.provider)

    def use_case(tx: Tx) -> AccountId:
        account_open(tx, account_id)
        return service.link(tx, account_id, data.provider, data.subject)

    await door.change(use_case)
    return await door.read(lambda tx: _links(tx, account_id))


@delete(
    "/v1/accounts/{account_id:str}/links/{provider:str}",
    status_code=204,
    guards=[needs(Permission.account_manage), stepped_up],
)
async def delete_link(account_id: AccountId, provider: str, door: Door) -> None:
    """End somebody's link."""

    def use_case(tx: Tx) -> AccountId:
        account_open(tx, account_id)
        return service.unlink(tx, account_id, provider)

    await door.change(use_case)
    forget_all(door)


async def _begun(door: Door, provider: str, *, back: str, purpose: str) -> tuple[str, Cookie]:
    account, session = me_of(door) if purpose != "enter" else ("", "")  # first: who may not is told so before anything else
    providers = _providers(door)
    way, now = providers.way(provider), door.now
    started = Started(
        provider=provider, state=secrets.token_urlsafe(32), nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48), back=local_page(back), purpose=purpose, at=now, until=now + AT_PROVIDER,
        account=account, session=session, max_age_s=door.policy.settings.session_hours * 3600 if purpose == "enter" else 0,
    )  # fmt: skip
    address = await _aside(lambda: way.begin(started, providers.redirect(provider)))
    return address, _cookie(door, START, _sealed(door, START, started), int(AT_PROVIDER.total_seconds()))


def _started(door: Door, provider: str, state: str) -> Started:
    """What this browser carried to the provider."""
    kept = _opened(door, START, Started)
    if kept is None or kept.provider != provider or kept.until <= door.now or not secrets.compare_digest(kept.state.encode(), state.encode()):
        raise NotFromHere("This visit to the provider did not begin in this browser, or took too long; begin again.")
    return kept


def _half(door: Door) -> Half:
    half = _opened(door, HALF, Half)
    if half is None or half.until <= door.now:
        raise NotFromHere("The provider's answer is too old; sign in there again.")
    return half


async def _done(door: Door, started: Started, known: Known) -> list[Cookie]:
    """What follows from whom the provider names; the cookies that the browser gets."""
    edge, provider = door.request.app.state.edge, started.provider
    if started.purpose == "link":
        account = AccountId(started.account)
        await edge.writer.submit(lambda tx: service.link(tx, account, provider, known.subject), actor=f"account:{account}")
        log.info("linked", account=account, provider=provider)
        return []
    if started.purpose == "prove":
        await _prove(door, started, known)
        return []
    named = _providers(door).named[provider]
    two_factors = showed_two(named, known)
    if named.two_factors and not two_factors:
        log.info("provider_showed_one_factor", provider=provider)
    token, (cookie, device) = secrets.token_urlsafe(32), device_of(door)
    use_case = lambda tx: service.enter(
        tx, provider, known, two_factors=two_factors, digest=sessions.token_digest(token),
        door=sessions.door_rules(door.policy.settings), arrival=arrival_of(door, device),
    )  # fmt: skip
    found: Session | AccountId = await edge.writer.submit(use_case, actor="anonymous")
    forget_all(door)
    if not isinstance(found, Session):
        half = Half(account=found, provider=provider, until=door.now + CODE_WITHIN, proved_at=known.proved_at)
        return [_cookie(door, HALF, _sealed(door, HALF, half), int(CODE_WITHIN.total_seconds()))]
    log.info("signed_in", account=found.account, session=found.digest[:16], provider=provider)
    await tell_owner(door, found)
    return cookies_in(door, token, found, cookie)


async def _prove(door: Door, started: Started, known: Known) -> None:
    if known.proved_at is None or known.proved_at < started.at - PROOF_AGO:
        raise ProviderRefused("The provider did not ask you again; use your password or a code.")

    def use_case(tx: Tx) -> str:
        if store.link_account(tx, started.provider, known.subject) != started.account:
            raise NoLink("The provider names somebody else than who is signed in here.")
        return sessions.step_up(tx, AccountId(started.account), started.session)

    await door.request.app.state.edge.writer.submit(use_case, actor=f"account:{started.account}")
    forget_all(door)


async def _aside(work: Callable[[], T]) -> T:
    """Ask a provider in a thread of its own, a few at once: who reads must not wait for it.

    Refuses with `Crowded`.
    """
    if len(_asking) >= ASKING_MAX:
        raise Crowded("Too many are signing in at this moment; try again in a second.")
    _asking.append(None)
    try:
        return await asyncio.get_running_loop().run_in_executor(None, work)
    finally:
        _asking.pop()


def _refused(back: str, error: CityloopError) -> str:
    """The page that was left, with what was wrong."""
    parts = urlsplit(back)
    asked = "&".join(each for each in (parts.query, urlencode({"refused": error.code})) if each)
    return f"{parts.path}?{asked}"


def _providers(door: Door) -> Providers:
    return getattr(door.request.app.state, "providers", None) or Providers()


def _links(tx: Tx, account: AccountId) -> list[LinkView]:
    return [LinkView(provider=each.provider, subject=each.subject, made_at=each.made_at) for each in store.link_list(tx, account)]


def _sealed(door: Door, purpose: str, what: Struct) -> str:
    return sealed(door.secret, purpose, msgspec.json.encode(what), cipher=door.cipher).hex()


def _opened(door: Door, purpose: str, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(opened(door.secret, purpose, bytes.fromhex(door.request.cookies.get(purpose, ""))), type=kind)
    except (Tampered, ValueError, msgspec.MsgspecError):
        return None


def _to(address: str) -> dict[str, str]:
    return {"Location": address, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


def _cookie(door: Door, key: str, value: str, lifetime_s: int) -> Cookie:
    """Lax: the browser must bring it back from another site's page."""
    return Cookie(
        key=key, value=value, path="/v1/", max_age=lifetime_s, httponly=True, samesite="lax",
        secure=door.request.url.scheme == "https",
    )  # fmt: skip


ROUTES = [
    get_providers, get_sign_in, get_callback, get_sign_out, post_second_step, post_my_link, post_proof_at, get_my_links,
    delete_my_link, get_links, post_link, delete_link,
]  # fmt: skip
