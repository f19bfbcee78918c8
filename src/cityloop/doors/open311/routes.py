"""HTTP of Open311: whose city, which spelling, then the use case. Source: GeoReport v2 and its extensions."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.exceptions import HTTPException

from cityloop.db import Tx
from cityloop.domain.errors import CityloopError, NotFound
from cityloop.domain.ids import AccountId, FileDigest, ReportId
from cityloop.domain.policy import Policy
from cityloop.domain.telling import Telling
from cityloop.doors.open311 import listing, rules, service, staff, store
from cityloop.doors.open311.described import AsksCity, AsksRequests, AsksUpdates, SendsRequest, SendsUpdate, Spelled
from cityloop.doors.open311.keys import Keys, PartnerKeys, partner_for
from cityloop.doors.open311.model import (
    BadQuestion,
    Complaint,
    FormatUnknown,
    JurisdictionUnknown,
    MediaUnknown,
    TokenEarly,
)
from cityloop.doors.open311.showing import discovery_shown, notice_of
from cityloop.doors.open311.wire import MEDIA, Format, written
from cityloop.http import Caller, Door
from cityloop.http.problems import fault, status_of
from cityloop.stages.intake import keep_photos, receipt_of, receive_report

V2 = "/open311/v2"
MEDIA_FIELDS = ("media", "media[]")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
ASK_AGAIN_S = "5"
KEYS: Keys = PartnerKeys()


def endings(path: str) -> list[str]:
    """The path with each ending, and without one."""
    return [path, *(f"{path}.{each}" for each in Format)]


@get(endings("/open311/discovery"), operation_class=Spelled)
async def get_discovery(request: Request, door: Door) -> Response[Any]:
    """Where the city's Open311 endpoints are, in which formats."""
    return _reply(request, "discovery", discovery_shown(_base(request), door.policy, _telling(request, door.policy)))


@get(endings(f"{V2}/services"), operation_class=AsksCity)
async def get_services(request: Request, door: Door) -> Response[Any]:
    """The kinds of problem that may be reported, each with its service code."""
    tell = _telling(request, door.policy)
    found = await door.read(lambda tx: listing.services(tx, _jurisdiction(tx, request, door.policy), tell), short=True)
    return _reply(request, "services", found)


@get(f"{V2}/services/{{code:str}}", operation_class=AsksCity)
async def get_service(code: str, request: Request, door: Door) -> Response[Any]:
    """What is asked besides by a service whose `metadata` is true."""
    name, tell = _stem(code, request), _telling(request, door.policy)
    found = await door.read(
        lambda tx: listing.definition(tx, _jurisdiction(tx, request, door.policy), name, tell), short=True
    )
    return _reply(request, "service_definition", found)


@get(endings(f"{V2}/requests"), operation_class=AsksRequests)
async def get_requests(request: Request, door: Door) -> Response[Any]:
    """Requests by id, service, time, status and place; the newest first, at most 1000 and 90 days at once."""
    query, tell, base = rules.query_of(_asked(request), door.now), _telling(request, door.policy), _base(request)

    def ask(tx: Tx) -> tuple[list[dict[str, Any]], bool]:
        return listing.requests(tx, _jurisdiction(tx, request, door.policy), query, tell, base)

    found, more = await door.read(ask)
    headers = {}
    if more:
        following = urlencode(_asked(request) | {"page": query.page + 1, "page_size": query.page_size})
        headers["Link"] = f'<{base}{request.url.path}?{following}>; rel="next"'
    return _reply(request, "service_requests", found, headers=headers)


@get(f"{V2}/requests/{{request_id:str}}", operation_class=AsksCity)
async def get_request(request_id: str, request: Request, door: Door) -> Response[Any]:
    """How one request stands."""
    id, tell, base = _stem(request_id, request), _telling(request, door.policy), _base(request)
    extensions = _asked(request).get("extensions", "") in ("true", "1")
    found = await door.read(
        lambda tx: listing.request(tx, _jurisdiction(tx, request, door.policy), id, tell, base, extensions), short=True
    )
    return _reply(request, "service_requests", [found])


@post(endings(f"{V2}/requests"), status_code=201, operation_class=SendsRequest)
async def post_request(request: Request, door: Door) -> Response[Any]:
    """Report a problem; the answer's token tells later under which id it is handled."""
    form, sent = await _form(request)
    policy, partner = door.policy, await _partner(request, door, form)
    posted = rules.posted_of(form, policy)
    sound = service.sound_request(
        posted, policy=policy, now=door.now, photos=len(sent), by_partner=partner is not None
    )
    photos = ()
    if sent:
        files, limits = request.app.state.parts.files, policy.settings
        photos = await door.aside(lambda: keep_photos(files, sent, limits))
    by, door = _for(partner, door, form, sent)
    id = await door.change(lambda tx: receive_report(tx, sound, photos=photos, by=by).id)
    token = (await door.read(lambda tx: receipt_of(tx, ReportId(id)), short=True)).tracking_code
    notice = notice_of(posted.service, _telling(request, policy))
    body = [{"token": token, "service_notice": notice, "account_id": None}]
    return _reply(request, "service_requests", body, status=201)


@get(f"{V2}/tokens/{{token:str}}", operation_class=AsksCity)
async def get_token(token: str, request: Request, door: Door) -> Response[Any]:
    """The id of the request that a token stands for; 404 as long as there is none."""
    given = _stem(token, request)

    def ask(tx: Tx) -> str:
        _ours(tx, request, door.policy)
        return service.request_of_token(tx, given)

    id = await door.read(ask, short=True)
    return _reply(request, "service_requests", [{"service_request_id": id, "token": given}])


@get(endings(f"{V2}/servicerequestupdates"), operation_class=AsksUpdates)
async def get_updates(request: Request, door: Door) -> Response[Any]:
    """What happened to requests in a span, in its order: our own steps, and what others told."""
    since, until = rules.span_of(_asked(request), door.now)
    tell = _telling(request, door.policy)
    found = await door.read(
        lambda tx: listing.updates(tx, _jurisdiction(tx, request, door.policy), since, until, tell)
    )
    return _reply(request, "service_requests_updates", found)


@post(endings(f"{V2}/servicerequestupdates"), status_code=201, operation_class=SendsUpdate)
async def post_update(request: Request, door: Door) -> Response[Any]:
    """Tell something new of a request. It is kept with the case; what the case does is the city's to decide."""
    form, _ = await _form(request)
    partner = await _partner(request, door, form)
    posted, internal = rules.update_of(form, door.now), listing.internal_of(door.policy)
    by, door = _for(partner, door, form, [])
    id = await door.change(lambda tx: service.receive_update(tx, posted, internal=internal, by=by))
    return _reply(request, "service_requests_updates", [{"update_id": id}], status=201)


@get(f"{V2}/media/{{digest:str}}")
async def get_media(digest: FileDigest, request: Request, door: Door) -> Response[bytes]:
    """A photo of a filed case, where the city shows its reporters' photos to anybody."""
    policy = door.policy

    def ask(tx: Tx) -> None:
        if not (policy.settings.open311_public_media and listing.shows(tx, digest, policy)):
            raise MediaUnknown("There is no such picture for you; take its address from a request.")

    await door.read(ask, short=True)
    raw = await door.aside(lambda: request.app.state.parts.files.get(digest))
    safe = {
        "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'",
        "Cache-Control": "private, max-age=300",
    }  # fmt: skip
    return Response(raw, media_type="image/jpeg", headers=safe)


@get(["/open311/{what:str}", f"{V2}/{{what:str}}"], include_in_schema=False)
async def get_unknown(what: str, request: Request) -> Response[bytes]:
    """What is not there, or not in that format."""
    name, _ = rules.format_of(what, request.headers.get("accept", ""))
    raise NotFound(f"There is no {name[:40]!r} here; see {_base(request)}/open311/discovery.xml.")


def refused(request: Request, error: CityloopError) -> Response[bytes]:
    """A refusal in the specification's form."""
    status = rules.status_shown(status_of(error))
    complaints = error.complaints if isinstance(error, BadQuestion) else []
    headers = {"Retry-After": ASK_AGAIN_S} if isinstance(error, TokenEarly) or status in (429, 503) else {}
    return _complaints(request, status, complaints or [Complaint(code=status, description=error.detail)], headers)


def unreadable(request: Request, error: HTTPException) -> Response[bytes]:
    """What the framework refuses, in the specification's form."""
    if error.status_code >= 500:
        return fault(request, error)
    status = rules.status_shown(error.status_code)
    return _complaints(request, status, [Complaint(code=status, description=str(error.detail))])


def _complaints(
    request: Request, status: int, complaints: list[Complaint], headers: dict[str, str] | None = None
) -> Response[bytes]:
    return _reply(request, "errors", msgspec.to_builtins(complaints), status=status, headers=headers)


def _reply(
    request: Request, root: str, body: Any, *, status: int = 200, headers: dict[str, str] | None = None
) -> Response[bytes]:
    try:
        _, format = rules.format_of(request.url.path.rpartition("/")[2], request.headers.get("accept", ""))
    except FormatUnknown:
        format = Format.xml
    shared = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language", "X-Content-Type-Options": "nosniff"}
    return Response(
        written(format, root, body), status_code=status, media_type=MEDIA[format], headers=shared | (headers or {})
    )


def _telling(request: Request, policy: Policy) -> Telling:
    """The words of the caller's language, else of the city's first."""
    known = policy.settings.languages
    for part in request.headers.get("accept-language", "").split(",")[:8]:
        language = part.partition(";")[0].strip().partition("-")[0].lower()
        if language in known:
            return Telling(policy=policy, language=language)
    return Telling(policy=policy, language=known[0])


def _stem(name: str, request: Request) -> str:
    return rules.format_of(name, request.headers.get("accept", ""))[0]


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _asked(request: Request) -> dict[str, str]:
    return rules.asked_of(request.query_params.multi_items())


def _jurisdiction(tx: Tx, request: Request, policy: Policy) -> str | None:
    """Another city that was read; None is this one. Refuses with `JurisdictionUnknown`."""
    given = _asked(request).get("jurisdiction_id", "")
    if not given or given == (policy.settings.open311_jurisdiction or tx.city):
        return None
    if store.jurisdiction_known(tx, given):
        return given
    raise JurisdictionUnknown(f"The jurisdiction_id {given[:80]!r} was not found; leave it out for this city.")


def _ours(tx: Tx, request: Request, policy: Policy, given: str = "") -> None:
    """Refuses with `JurisdictionUnknown` what only this city can take or tell."""
    wanted = given or _asked(request).get("jurisdiction_id", "")
    if wanted and wanted != (policy.settings.open311_jurisdiction or tx.city):
        raise JurisdictionUnknown(f"The jurisdiction_id {wanted[:80]!r} is not this city's; ask that city itself.")


async def _partner(request: Request, door: Door, form: dict[str, list[str]]) -> Caller | None:
    """Whose key the form carries, once the city is the right one."""
    policy, wanted = door.policy, form.get("jurisdiction_id", [""])[-1]
    await door.read(lambda tx: _ours(tx, request, policy, wanted), short=True)
    keys: Keys = getattr(request.app.state, "open311_keys", KEYS)
    return await partner_for(request, keys, form.get("api_key", [""])[-1], policy)


async def _form(request: Request) -> tuple[dict[str, list[str]], list[bytes]]:
    """The fields of a form over those of the address, and the pictures. Refuses with `BadQuestion`."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in FORMS:
        raise BadQuestion([f"The body is no form; send it as {FORMS[0]}, or as {FORMS[1]} with media."])
    fields: dict[str, list[str]] = {}
    sent: list[bytes] = []
    try:
        for name, value in (await request.form()).multi_items():
            if isinstance(value, UploadFile):
                if name not in MEDIA_FIELDS:
                    raise BadQuestion([f"The form has a file under {name[:40]!r}; send pictures as media."])
                if raw := await value.read():
                    sent.append(raw)
                await value.close()
            elif name not in MEDIA_FIELDS or value:
                fields.setdefault(name, []).append(str(value))
    except (UnicodeDecodeError, LookupError):
        raise BadQuestion(["The form cannot be read: its text is not UTF-8; send it so."]) from None
    for name in ("api_key", "jurisdiction_id"):
        if name not in fields and (said := _asked(request).get(name)):
            fields[name] = [said]
    return fields, sent


def _for(
    partner: Caller | None, door: Door, form: dict[str, list[str]], sent: list[bytes]
) -> tuple[AccountId | None, Door]:
    """Who reports on duty, and a door in their name through which the same form passes once."""
    caller = partner or door.caller
    return partner.account if partner else None, Door(door.request.app.state.edge, caller, door.request, _same(form, sent))


def _same(form: dict[str, list[str]], sent: list[bytes]) -> bytes:
    """The same bytes for the same form, whatever its boundary."""
    return msgspec.json.encode(form, order="deterministic") + b"".join(sha256(raw).digest() for raw in sent)


HANDLERS: dict[Any, Callable] = {CityloopError: refused, HTTPException: unreadable}
ROUTES = [
    Router(
        "/",
        route_handlers=[
            get_discovery, get_services, get_service, get_requests, get_request, post_request, get_token, get_updates,
            post_update, get_media, get_unknown,
        ],
        exception_handlers=HANDLERS,
    ),
    *staff.ROUTES,
]  # fmt: skip
