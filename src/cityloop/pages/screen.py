"""How a page is made: a template, one reader's words, and headers that let nothing in from outside."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.exceptions import HTTPException

from cityloop.domain.errors import CityloopError, NeedsSignIn, NotFound
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy
from cityloop.domain.words import WORDS
from cityloop.http import NOBODY, Caller, Door
from cityloop.http.noted import NOTED
from cityloop.http.problems import fault, said, status_of, unreadable
from cityloop.pages.showing import teach
from cityloop.pages.telling import Teller
from cityloop.people import demo_sign_ins

HERE = Path(__file__).parent
STATIC = {path.name: path.read_bytes() for path in sorted((HERE / "static").iterdir())}
ASSETS = sha256(b"".join(STATIC.values())).hexdigest()[:12]  # in the address, so that what is cached is never stale
LANGUAGE_COOKIE = "cityloop_lang"
YEAR_S = 31_536_000
PLAIN = "/plain"  # the first page without script: the door, or one's own list
CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Vary": "Accept-Language, Cookie",
}
_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
    lstrip_blocks=True, auto_reload=False,
)  # fmt: skip
_templates.globals.update(assets=ASSETS, csp=CSP)
teach(_templates)


def language_of(request: Request, policy: Policy) -> str:
    """The language that the reader asks for, or two: by ?lang=, by what they chose, by their browser; else the city's."""
    known = (*policy.settings.languages, *policy.settings.side_by_side)
    chosen = [request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)]
    for part in request.headers.get("accept-language", "").split(",")[:8]:
        chosen.append(part.partition(";")[0].strip().partition("-")[0].lower())
    return next((each for each in chosen if each in known), known[0])


def page(door: Door, template: str, *, status: int = 200, tell: Teller | None = None, **given: Any) -> Response[bytes]:
    """A page for whoever stands at the door."""
    return made(door.request, door.caller, door.policy, template, status=status, tell=tell, **given)


def made(
    request: Request,
    caller: Caller,
    policy: Policy,
    template: str,
    *,
    status: int = 200,
    tell: Teller | None = None,
    **given: Any,
) -> Response[bytes]:
    """A page, with the frame that every page has."""
    tell = tell or Teller(policy=policy, language=language_of(request, policy))
    frame = {
        "tell": tell, "w": tell.word, "lang": tell.language, "languages": policy.settings.languages,
        "simulated": policy.simulated, "me": caller, "link": link_from(request),
        "may_cases": caller.may(Permission.case_read), "may_figures": caller.may(Permission.figures_read),
        "may_facts": caller.may(Permission.facts_read), "path": request.url.path,
        "done": request.query_params.get("done", ""), "was": request.query_params.get("was", ""),
    }  # fmt: skip
    body = _templates.get_template(template).render(frame | given).encode()
    cookies = [_chosen(tell.language, request)] if request.query_params.get("lang") == tell.language else []
    return Response(body, status_code=status, media_type="text/html", headers=HEADERS, cookies=cookies)


def drawn(template: str, **given: Any) -> bytes:
    """A template by itself, without a reader."""
    return _templates.get_template(template).render(given).encode()


def link_from(request: Request) -> Callable[..., str]:
    """`link(state="closed")`: this address with some of its questions changed; None takes one out."""

    def link(path: str | None = None, **changed: Any) -> str:
        kept = {} if path is not None and path != request.url.path else dict(request.query_params.items())
        for said_once in ("done", "was", "new"):
            kept.pop(said_once, None)
        asked = {name: value for name, value in (kept | changed).items() if value not in (None, "")}
        return (path or request.url.path) + (f"?{urlencode(asked)}" if asked else "")

    return link


def wants_page(request: Request) -> bool:
    """Whether a browser asks, that shows pages to a person."""
    return "text/html" in request.headers.get("accept", "")


def wrong(request: Request, error: CityloopError) -> Response[Any]:
    """A refusal: to a person as a page that says what to do, to a program as problem+json."""
    if not wants_page(request):
        return said(request, error)
    NOTED.note(request.scope, status_of(error), error.code)
    policy = request.app.state.edge.policy()
    if isinstance(error, NeedsSignIn):
        return sign_in_page(request, policy, status=401, to=address_of(request) if request.method == "GET" else "")
    return made(
        request, _caller(request), policy, "wrong.html", status=status_of(error), error=error,
        **wording(error, Teller(policy=policy, language=language_of(request, policy))),
    )  # fmt: skip


def fault_page(request: Request, error: Exception) -> Response[Any]:
    """A fault of ours: logged, and nothing of it told."""
    answer = fault(request, error)
    if not wants_page(request):
        return answer
    policy = request.app.state.edge.policy()
    tell = Teller(policy=policy, language=language_of(request, policy))
    said_so = {"says": tell.word("error.fault"), "do": tell.word("page.fault_do")}
    return made(request, _caller(request), policy, "wrong.html", status=500, tell=tell, error=error, **said_so)


def unknown_page(request: Request, error: HTTPException) -> Response[Any]:
    """An address where nothing is: to a person a page that leads home. Who asks is not known here."""
    if not wants_page(request):
        return unreadable(request, error)
    NOTED.note(request.scope, error.status_code, "not_found")
    policy = request.app.state.edge.policy()
    tell = Teller(policy=policy, language=language_of(request, policy))
    said_so = wording(NotFound("Nothing is at this address; look at it again, or begin at the first page."), tell)
    return made(request, NOBODY, policy, "wrong.html", status=404, tell=tell, error=error, **said_so)


def unreadable_page(request: Request, error: HTTPException) -> Response[Any]:
    """What the framework refuses, as problem+json: no page of ours sends such a thing."""
    return unreadable(request, error)


def sign_in_page(
    request: Request,
    policy: Policy,
    *,
    status: int = 200,
    error: CityloopError | None = None,
    name: str = "",
    to: str = "",
) -> Response[bytes]:
    """The door: who are you, and where residents go. `to` is where to go on once inside."""
    tell = Teller(policy=policy, language=language_of(request, policy))
    people = demo_sign_ins(policy) if policy.simulated else []
    return made(
        request, NOBODY, policy, "sign_in.html", status=status, tell=tell, people=people, next=local(to),
        name=name or request.query_params.get("name", ""),
        asks_code=error is not None and error.code in ("people.needs_code", "people.wrong_code"), **wording(error, tell),
    )  # fmt: skip


def address_of(request: Request) -> str:
    """Where the request goes, with its questions."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def wording(error: CityloopError | None, tell: Teller) -> dict[str, str]:
    """What a refusal says, and what to do next, in the reader's words."""
    words = WORDS.get(f"error.{error.code}", {}) if error else {}
    if error is None:
        return {"says": "", "do": ""}
    asked = tell.language.split("+")
    says = [words.get(each, error.detail) for each in asked]
    do = [error.detail if each == "en" else words.get(f"do_{each}", "") for each in asked]
    return {name: " ".join(dict.fromkeys(filter(None, said))) for name, said in (("says", says), ("do", do))}


def local(address: str) -> str:
    """An address of ours to go on to; the first page where it is none."""
    return address if address.startswith("/") and not address.startswith(("//", "/\\")) else PLAIN


def moved(to: str, *, cookies: list[Cookie] | None = None) -> Response[bytes]:
    """See another page: what was sent is done, and going back does not send it again."""
    return Response(b"", status_code=303, headers={"Location": to, "Cache-Control": "no-store"}, cookies=cookies or [])


def _caller(request: Request) -> Caller:
    return request.scope.get("cityloop_caller") or NOBODY


def _chosen(language: str, request: Request) -> Cookie:
    secure = request.scope.get("scheme") == "https"
    return Cookie(key=LANGUAGE_COOKIE, value=language, path="/", max_age=YEAR_S, samesite="lax", httponly=True, secure=secure)


HANDLERS: dict[Any, Any] = {CityloopError: wrong, HTTPException: unreadable_page, Exception: fault_page}
