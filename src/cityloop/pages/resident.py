"""What a resident sees: report in three taps, and look up what became of it. No account, no script needed."""

import secrets
from typing import Any

import msgspec
from litestar import Request, Response, get, post

from cityloop.domain.errors import CityloopError
from cityloop.http import Door
from cityloop.http.problems import status_of
from cityloop.pages.deeds import door_with
from cityloop.pages.screen import language_of, local, moved, page, wording
from cityloop.pages.telling import Teller
from cityloop.people.caller import same_site
from cityloop.stages.intake.model import TrackingUnknown
from cityloop.stages.intake.routes import get_trail, post_report
from cityloop.stages.intake.service import Trail

TYPED = ("text", "address", "lon", "lat", "contact_phone")


@get("/report", include_in_schema=False)
async def get_report_form(door: Door) -> Response[bytes]:
    """The form."""
    return form_page(door)


@post("/report", status_code=303, include_in_schema=False)
async def post_report_form(request: Request, door: Door) -> Response[bytes]:
    """Send the report; pressed twice it is sent once, and after a refusal nothing that was typed is lost."""
    same_site(request, must_say=False)
    form = await request.form()
    typed = {name: value for name in TYPED if isinstance(value := form.get(name, ""), str)}
    key = request.query_params.get("key", "")[:80]
    sent = door_with(door, request, msgspec.json.encode(typed), idempotency_key=key) if key else door
    try:
        answer = await post_report.fn(sent.request, sent)
    except CityloopError as error:
        return form_page(door, status=status_of(error), error=error, typed=typed)
    return moved(f"/track/{answer.content.tracking_code}?new=1")


@get("/track", include_in_schema=False)
async def get_track(request: Request, door: Door) -> Response[bytes]:
    """Ask for a code; with one, go and look it up."""
    code = "".join(request.query_params.get("code", "").split())[:40]
    if code:
        return moved(local(f"/track/{''.join(char for char in code if char.isalnum() or char == '-')}"))
    return page(door, "track.html", code="", trail=None, refusal=None, new=False, status_word="")


@get("/track/{code:str}", include_in_schema=False)
async def get_track_of(code: str, request: Request, door: Door) -> Response[bytes]:
    """What became of a report, in the words of who reported."""
    try:
        answer: Response[Trail] = await get_trail.fn(code, door)
    except TrackingUnknown as error:
        said = wording(error, Teller(policy=door.policy, language=language_of(request, door.policy)))
        return page(door, "track.html", status=404, code=code[:40], trail=None, refusal=said, new=False)
    new = request.query_params.get("new") == "1"
    return page(door, "track.html", code=_grouped(code), trail=answer.content, refusal=None, new=new)


def form_page(
    door: Door, *, status: int = 200, error: CityloopError | None = None, typed: dict[str, Any] | None = None
) -> Response[bytes]:
    """The form, with what was typed and what was wrong with it."""
    tell = Teller(policy=door.policy, language=language_of(door.request, door.policy))
    return page(
        door, "report.html", status=status, tell=tell, typed=dict.fromkeys(TYPED, "") | (typed or {}),
        refusal=wording(error, tell) if error else None, key=secrets.token_urlsafe(16),
        settings=door.policy.settings,
    )  # fmt: skip


def _grouped(code: str) -> str:
    """A code in groups of four, so that it can be read aloud."""
    plain = code.upper().replace("-", "")
    return "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))


ROUTES = [get_report_form, post_report_form, get_track, get_track_of]
