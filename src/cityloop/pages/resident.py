"""What a resident sees: report in three taps, and look up what became of it. No account, no script needed."""

import secrets
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Request, Response, get, post

from cityloop.domain.errors import CityloopError
from cityloop.domain.policy import Policy
from cityloop.domain.tracking import TrackingUnknown
from cityloop.field import census
from cityloop.http import Door
from cityloop.http.problems import status_of
from cityloop.pages.deeds import door_with
from cityloop.pages.screen import language_of, local, moved, page, wording
from cityloop.pages.telling import Teller
from cityloop.people.caller import same_site
from cityloop.stages.inspect import VerdictReason
from cityloop.stages.inspect.routes import OwnVerdict, post_own_verdict
from cityloop.stages.intake.routes import get_trail, post_report
from cityloop.stages.intake.service import Trail

JUDGED = ("solved", "satisfied", "words")
AGAIN = ("dispatched", "filed", "handling")  # states in which a case that is done again may stand
TYPED = ("text", "address", "lon", "lat", "contact_phone")


@get("/report", include_in_schema=False)
async def get_report_form(door: Door, thing: str | None = None) -> Response[bytes]:
    """The form; from the code on a thing, with its place."""
    if thing is None:
        return form_page(door)
    _, component = await door.read(lambda tx: census.thing_of(tx, thing, door.policy))
    return form_page(door, typed={"lon": f"{component.lon:.7f}", "lat": f"{component.lat:.7f}"})


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
    """What became of a report, in the words of who reported; and once it is closed, what they say to it."""
    return await track_page(code, request, door)


@post("/track/{code:str}/verdict", status_code=303, include_in_schema=False)
async def post_track_verdict(code: str, request: Request, door: Door) -> Response[bytes]:
    """Give a verdict; after a refusal nothing that was chosen or typed is lost."""
    same_site(request, must_say=False)
    form = await request.form()
    typed = {name: value for name in JUDGED if isinstance(value := form.get(name, ""), str)}
    reasons = [each for each in form.getall("reasons", []) if isinstance(each, str)]
    key = request.query_params.get("key", "")[:80]
    said = OwnVerdict(
        solved=typed["solved"], satisfied=typed["satisfied"] or "none", reasons=reasons, words=typed["words"]
    )
    sent = door_with(door, request, msgspec.json.encode(said), idempotency_key=key) if key else door
    try:
        await post_own_verdict.fn(code, said, sent)
    except TrackingUnknown:
        return await track_page(code, request, door)
    except CityloopError as error:
        return await track_page(code, request, door, error=error, typed=typed | {"reasons": reasons})
    return moved(local(f"/track/{quote(code[:40])}?judged=1#judge"))


async def track_page(
    code: str,
    request: Request,
    door: Door,
    *,
    error: CityloopError | None = None,
    typed: dict[str, Any] | None = None,
) -> Response[bytes]:
    """The page of a code: what happened, what happens next, what was answered, and the question whether it is solved."""
    tell = Teller(policy=door.policy, language=language_of(request, door.policy))
    try:
        answer: Response[Trail] = await get_trail.fn(code, door)
    except TrackingUnknown as unknown:
        said = wording(unknown, tell)
        return page(door, "track.html", status=404, code=code[:40], trail=None, refusal=said, new=False)
    trail = answer.content
    return page(
        door, "track.html", status=status_of(error) if error else 200, tell=tell, code=_grouped(code), trail=trail,
        refusal=None, wrong=wording(error, tell) if error else None, new=request.query_params.get("new") == "1",
        judged=request.query_params.get("judged") == "1", next_code=_next(trail, door.policy),
        typed=_chosen(trail) | (typed or {}), reasons=tuple(VerdictReason), key=secrets.token_urlsafe(16),
        plain_code="".join(char for char in code if char.isalnum())[:40],
    )  # fmt: skip


def _chosen(trail: Trail) -> dict[str, Any]:
    """The form as it stands before anything is chosen: what was said last."""
    before = trail.judging
    none = {"solved": "", "satisfied": "", "words": "", "reasons": []}
    return none | ({"solved": before.solved, "satisfied": before.satisfied} if before and before.solved else {})


def _next(trail: Trail, policy: Policy) -> str:
    """The code of what happens next."""
    judging = trail.judging
    if trail.state != "closed" or judging is None:
        return f"track.next.{trail.state}{'_again' if trail.redos and trail.state in AGAIN else ''}"
    if judging.solved in ("not", "partly"):
        return "track.next.closed_not" if judging.is_open else "track.next.closed_over"
    if judging.solved:
        return "track.next.closed_solved"
    if not judging.is_open:
        return "track.next.closed_over"
    goes_again = policy.settings.redo_auto and trail.redos < policy.settings.redo_max
    return "track.next.closed_asked" if goes_again else "track.next.closed_asked_leader"


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


ROUTES = [get_report_form, post_report_form, get_track, get_track_of, post_track_verdict]
