"""The forms of a case's page: each is the API's own request, with the version that was seen."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, Response, post
from litestar.datastructures import FormMultiDict, Headers, UploadFile

from cityloop.domain.errors import CityloopError, Invalid, NeedsSignIn
from cityloop.domain.facts import LevelMove
from cityloop.domain.ids import CaseId
from cityloop.domain.permission import Permission
from cityloop.http import Door, needs
from cityloop.http.problems import status_of
from cityloop.pages.screen import local, moved
from cityloop.pages.sheet import sheet_page
from cityloop.stages.dispatch import routes as dispatch
from cityloop.stages.filing import routes as filing
from cityloop.stages.handle import routes as handle
from cityloop.stages.inspect import routes as inspect

Form = FormMultiDict


class DeedUnknown(Invalid):
    """No deed of that name."""

    code = "page.deed_unknown"


class Carrying(Request):
    """A form's request as the API reads it: with the headers that a form cannot send."""

    def __init__(self, request: Request, carried: dict[str, str]):
        super().__init__(request.scope, request.receive, request.send)
        self._carried = carried

    @property
    def headers(self) -> Headers:
        return Headers({**dict(super().headers.items()), **self._carried})


def door_with(door: Door, request: Request, body: bytes = b"", **carried: str) -> Door:
    """The same door, as if the request had carried these headers."""
    named = {name.replace("_", "-"): value for name, value in carried.items()}
    return Door(request.app.state.edge, door.caller, Carrying(request, named), body)


def _text(form: Form, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _photos(form: Form) -> list[UploadFile]:
    return [each for each in form.getall("photos", []) if isinstance(each, UploadFile) and each.filename]


def _accept(form: Form) -> filing.AcceptAsked:
    return filing.AcceptAsked(class_key=_text(form, "class_key") or None)


def _task(form: Form) -> dispatch.TaskAsked:
    return dispatch.TaskAsked(unit=_text(form, "unit") or None)


def _level(form: Form) -> dispatch.LevelAsked:
    way = _text(form, "way")
    if way not in tuple(LevelMove):
        raise Invalid(f"{way[:20]!r} is no way to pass a case; choose one of {', '.join(LevelMove)}.")
    return dispatch.LevelAsked(move=LevelMove(way), reason="by_hand")


def _ended(form: Form) -> handle.CompletionAsked:
    return handle.CompletionAsked(note=_text(form, "note"), photos=_photos(form))


def _seen(form: Form) -> inspect.InspectionResult:
    return inspect.InspectionResult(
        passed=_text(form, "passed") == "yes", note=_text(form, "note"), photos=_photos(form)
    )


Ask = Callable[[Form], Any]
DEEDS: dict[str, tuple[Any, Ask | None]] = {
    "accept": (filing.post_accept, _accept),
    "ask_verify": (filing.post_verification, lambda form: filing.VerifyAsk(post=None)),
    "verify": (
        filing.post_verification_result,
        lambda form: filing.VerifyResult(found=_text(form, "found") == "yes", note=_text(form, "note")),
    ),
    "file": (filing.post_filing, lambda form: filing.FilingAsked(unverified=_text(form, "unverified") == "yes")),
    "refuse": (
        filing.post_refusal,
        lambda form: filing.RefusalAsked(reason=_text(form, "reason"), note=_text(form, "note")),
    ),
    "merge": (filing.post_join, lambda form: filing.JoinAsked(into=CaseId(_text(form, "into").strip()))),
    "move_level": (dispatch.post_level, _level),
    "dispatch": (dispatch.post_task, _task),
    "sign": (handle.post_signature, None),
    "return": (
        handle.post_return,
        lambda form: handle.ReturnAsked(reason=_text(form, "reason"), note=_text(form, "note")),
    ),
    "reach_stage": (
        handle.post_stage,
        lambda form: handle.StageAsked(stage=_text(form, "stage"), note=_text(form, "note")),
    ),
    "finish": (handle.post_completion, _ended),
    "ask_inspection": (inspect.post_inspection_post, lambda form: inspect.PostAsked(post=_text(form, "post"))),
    "inspect": (inspect.post_inspection, _seen),
}


@post(
    "/cases/{case_id:str}/deeds/{deed:str}", status_code=303, include_in_schema=False,
    guards=[needs(Permission.case_read)],
)  # fmt: skip
async def post_deed(case_id: CaseId, deed: str, request: Request, door: Door) -> Response[bytes]:
    """Do what a form of the case's page asks; a refusal shows the page again with what was typed."""
    if deed not in DEEDS:
        raise DeedUnknown(f"There is no deed {deed[:30]!r}; use the buttons of the case's page.")
    route, ask = DEEDS[deed]
    form = await request.form()
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    matched = door_with(door, request, if_match=f'"{_text(form, "no")}"')
    try:
        answer: Awaitable[Any] = route.fn(case_id, ask(form), matched) if ask else route.fn(case_id, matched)
        await answer
    except NeedsSignIn:
        raise
    except CityloopError as error:
        return await sheet_page(request, door, case_id, status=status_of(error), failed=deed, error=error, typed=typed)
    return after_deed(deed, case_id, typed.get("back", ""))


def after_deed(deed: str, case_id: CaseId, back: str) -> Response[bytes]:
    """Back to the list, where the next case comes up; or to the case, where the deed was done on its own page."""
    to = local(back) if back else f"/cases/{case_id}"
    return moved(f"{to}{'&' if '?' in to else '?'}done={deed}&was={case_id}")


ROUTES = [post_deed]
