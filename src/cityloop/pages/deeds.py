"""The forms of a case's page: each is the API's own request, with the version that was seen."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from litestar import Request, Response, post
from litestar.datastructures import FormMultiDict, Headers, UploadFile

from cityloop.cases.approvals import routes as approvals
from cityloop.domain.errors import CityloopError, Invalid, NeedsSignIn
from cityloop.domain.facts import Addressed, LevelMove, SupervisionLevel
from cityloop.domain.ids import ApprovalId, CaseId, ReportId, UnitId
from cityloop.domain.permission import Permission
from cityloop.domain.policy import ApprovalKind, LimitUnit
from cityloop.http import Door, needs
from cityloop.http.problems import status_of
from cityloop.pages.moves import OF_REQUEST
from cityloop.pages.screen import local, moved
from cityloop.pages.sheet import sheet_page
from cityloop.stages.dispatch.routes import giving as dispatch
from cityloop.stages.dispatch.routes import moving, ordering, transferring
from cityloop.stages.filing import routes as filing
from cityloop.stages.handle.routes import assisting, whistling
from cityloop.stages.handle.routes import working as handle
from cityloop.stages.inspect.routes import appealing, calling
from cityloop.stages.inspect.routes import inspecting as inspect

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
    return handle.CompletionAsked(
        note=_text(form, "note"), photos=_photos(form), without_assist=_text(form, "without_assist")
    )


def _number(form: Form, name: str) -> int:
    text = _text(form, name)
    return int(text) if text.isdigit() and len(text) < 4 else 0


def _chosen(form: Form, name: str, kind: type[StrEnum]) -> Any:
    """One of a few words.

    Refuses with `Invalid`.
    """
    value = _text(form, name)
    if value not in tuple(kind):
        raise Invalid(f"{value[:20]!r} is none of the choices; choose one of {', '.join(kind)}.")
    return kind(value)


def _seen(form: Form) -> inspect.InspectionResult:
    return inspect.InspectionResult(
        passed=_text(form, "passed") == "yes", note=_text(form, "note"), photos=_photos(form)
    )


def _approval(form: Form) -> approvals.ApprovalAsk:
    """What is asked for and why stand in one field, so that the two fit; a moment is the city's own time."""
    kind, _, reason = _text(form, "what").partition(":")
    value, unit, until = (_text(form, name).strip() for name in ("length_value", "length_unit", "until"))
    if kind not in tuple(ApprovalKind) or (value and not value.isdigit()) or (value and unit not in tuple(LimitUnit)):
        raise Invalid("The form asks for nothing that there is; choose what is asked for, and a length in whole units.")
    try:
        moment = datetime.fromisoformat(until).replace(tzinfo=ZoneInfo(_text(form, "zone"))) if until else None
    except (ValueError, ZoneInfoNotFoundError):
        raise Invalid(f"{until[:20]!r} is no moment; write it 2026-03-06T08:00.") from None
    return approvals.ApprovalAsk(
        kind=ApprovalKind(kind), reason=reason, length_value=int(value) if value else None,
        length_unit=LimitUnit(unit) if value else None, until=moment, note=_text(form, "note"),
        plan=_text(form, "plan"), photos=_photos(form),
    )  # fmt: skip


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
    "ask_approval": (approvals.post_approval, _approval),
    "grant": (approvals.post_decision, lambda form: approvals.DecisionAsk(granted=True, note=_text(form, "note"))),
    "deny": (
        approvals.post_decision,
        lambda form: approvals.DecisionAsk(granted=False, reason=_text(form, "reason"), note=_text(form, "note")),
    ),
    "withdraw": (approvals.post_withdrawal, None),
    "resume": (approvals.post_settlement, lambda form: approvals.SettlementAsk(note=_text(form, "note"))),
    "reassign": (
        moving.post_reassignment,
        lambda form: moving.ReassignAsked(
            unit=UnitId(_text(form, "unit")), reason=_text(form, "reason"), note=_text(form, "note")
        ),
    ),
    "ask_assist": (moving.post_assist, lambda form: moving.AssistAsk(unit=UnitId(_text(form, "unit")))),
    "sign_assist": (assisting.post_assist_signature, None),
    "finish_assist": (assisting.post_assist_completion, _ended),
    "urge": (
        ordering.post_urge,
        lambda form: ordering.UrgeAsked(reason=_text(form, "reason"), note=_text(form, "note")),
    ),
    "supervise": (
        ordering.post_supervision,
        lambda form: ordering.SuperviseAsked(
            level=_chosen(form, "level", SupervisionLevel), reason=_text(form, "reason"), note=_text(form, "note")
        ),
    ),
    "answer": (assisting.post_supervision_answer, lambda form: assisting.AnswerAsked(words=_text(form, "words"))),
    "ask_answer_again": (
        ordering.post_supervision_again,
        lambda form: ordering.AgainAsked(reason=_text(form, "reason")),
    ),
    "accept_answer": (ordering.post_supervision_accepted, None),
    "instruct": (
        ordering.post_instruction,
        lambda form: ordering.InstructAsked(
            words=_text(form, "words"),
            addressed=_chosen(form, "addressed", Addressed),
            urgency=_number(form, "urgency"),
        ),
    ),
    "whistle": (
        whistling.post_whistle,
        lambda form: whistling.WhistleAsked(
            units=tuple(UnitId(each) for each in form.getall("units", []) if isinstance(each, str)),
            reason=_text(form, "reason"), note=_text(form, "note"),
        ),
    ),
    "report_in": (whistling.post_arrival, None),
    "end_whistle": (whistling.post_whistle_end, lambda form: whistling.RecordAsked(words=_text(form, "words"))),
    "rate": (
        whistling.post_rating,
        lambda form: whistling.RatingAsked(
            unit=UnitId(_text(form, "unit")), score=_number(form, "score"), reason=_text(form, "reason")
        ),
    ),
    "transfer": (
        transferring.post_transfer,
        lambda form: transferring.TransferAsked(
            system=_text(form, "system"), their_number=_text(form, "their_number"), reason=_text(form, "reason"),
            note=_text(form, "note"),
        ),
    ),
    "finish_transfer": (
        transferring.post_transfer_done, lambda form: transferring.TransferDone(note=_text(form, "note")),
    ),
    "return_transfer": (
        transferring.post_transfer_back,
        lambda form: transferring.TransferBack(reason=_text(form, "reason"), note=_text(form, "note")),
    ),
    "uphold": (
        appealing.post_appeal_upheld,
        lambda form: appealing.UpholdAsked(appeal=_text(form, "appeal"), words=_text(form, "note")),
    ),
    "dismiss": (
        appealing.post_appeal_dismissed,
        lambda form: appealing.DismissAsked(
            appeal=_text(form, "appeal"), reason=_text(form, "reason"), words=_text(form, "note")
        ),
    ),
    "part": (
        filing.post_parting,
        lambda form: filing.PartAsked(
            report_id=ReportId(_text(form, "report_id")), reason=_text(form, "reason"), note=_text(form, "note"),
            into=CaseId(_text(form, "into").strip()) or None,
        ),
    ),
    "complete": (
        filing.post_filing_back,
        lambda form: filing.RefusalAsked(reason=_text(form, "reason"), note=_text(form, "note")),
    ),
    "redo": (calling.post_redo, lambda form: calling.RedoAsked(reason=_text(form, "reason"))),
}  # fmt: skip


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
        named = (ApprovalId(_text(form, "approval")),) if deed in OF_REQUEST else ()
        answer: Awaitable[Any] = route.fn(case_id, *named, *((ask(form),) if ask else ()), matched)
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
