"""HTTP of what belongs to a report at any stage: who sent it, and what else they sent."""

from typing import Annotated

from litestar import Response, get, post
from msgspec import Struct

from cityloop.cases.callers import CallerView, caller_view, look_up_caller
from cityloop.cases.reveal import ContactView, contact_of, reveal_contact
from cityloop.domain.ids import ReportId
from cityloop.domain.permission import Permission
from cityloop.domain.personal import Personal
from cityloop.http import Door, needs
from cityloop.http.identity import stepped_up

NO_STORE = {"Cache-Control": "no-store"}


class RevealAsked(Struct, kw_only=True):
    """Why somebody must know who reported: call_back, ask_more, danger, complaint, appeal, ordered."""

    reason: str


@get("/v1/reports/{report_id:str}/contact", guards=[needs(Permission.person_reveal)])
async def get_contact(report_id: ReportId, door: Door) -> Response[ContactView]:
    """Who reported, masked: enough to tell two apart."""
    view = await door.read(lambda tx: contact_of(tx, door.caller, report_id, masked=True))
    return Response(view, headers=NO_STORE)


@post("/v1/reports/{report_id:str}/reveal", status_code=201, guards=[needs(Permission.person_reveal), stepped_up])
async def post_reveal(report_id: ReportId, data: RevealAsked, door: Door) -> Response[ContactView]:
    """Who reported, whole. That you asked, and why, is a fact that stays."""
    await door.change(lambda tx: reveal_contact(tx, door.caller, report_id, reason=data.reason))
    view = await door.read(lambda tx: contact_of(tx, door.caller, report_id, masked=False))
    return Response(view, status_code=201, headers=NO_STORE)


class CallerAsked(Struct, kw_only=True):
    """The number that calls. It is not kept."""

    phone: Annotated[str, Personal("to find what the caller reported before", keep_days=1)]


@post("/v1/callers", status_code=201, guards=[needs(Permission.person_reveal)])
async def post_caller(data: CallerAsked, door: Door) -> Response[CallerView]:
    """What a number reported and asked before, open cases first. That you looked is a fact; the number stands nowhere."""
    await door.change(lambda tx: look_up_caller(tx, door.caller, data.phone))
    view = await door.read(lambda tx: caller_view(tx, door.caller, data.phone))
    return Response(view, status_code=201, headers=NO_STORE)


ROUTES = [get_contact, post_reveal, post_caller]
