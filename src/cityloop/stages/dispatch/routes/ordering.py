"""HTTP of reminders, numbered supervision and a leader's word."""

from datetime import datetime
from typing import Annotated, Any

from litestar import Response, post
from msgspec import Meta, Struct

from cityloop.cases import case_get, scope
from cityloop.cases.model import marks_shown
from cityloop.cases.store import supervision_last
from cityloop.db import Tx
from cityloop.domain.facts import Addressed, SupervisionLevel
from cityloop.domain.ids import CaseId
from cityloop.domain.permission import Permission
from cityloop.http import Door, needs
from cityloop.http.door import etag
from cityloop.stages.dispatch.service import (
    accept_answer,
    ask_answer_again,
    instruct_case,
    supervise_case,
    urge_case,
)


class UrgeAsked(Struct, kw_only=True):
    """Why the unit is reminded: a code of `urge.reason.*`."""

    reason: str
    note: str = ""


class SuperviseAsked(Struct, kw_only=True):
    """How grave it is, and why: a code of `supervise.reason.*`."""

    level: SupervisionLevel = SupervisionLevel.ordinary
    reason: str
    note: str = ""


class AgainAsked(Struct, kw_only=True):
    """Why the answer does not do: a code of `supervise.reason.*`."""

    reason: str


class InstructAsked(Struct, kw_only=True):
    """A leader's word, for whom it is, and how urgent: 0 ordinary, 1 soon, 2 danger."""

    words: str
    addressed: Addressed = Addressed.command
    urgency: Annotated[int, Meta(ge=0, le=2)] = 0


class OrderView(Struct, kw_only=True):
    """What the case bears now: its marks, and its latest supervision."""

    id: CaseId
    marks: list[str]
    urgency: int
    supervision: str | None = None
    state: str | None = None
    answer_due: datetime | None = None


@post("/v1/cases/{case_id:str}/urge", status_code=201, guards=[needs(Permission.case_urge)])
async def post_urge(case_id: CaseId, data: UrgeAsked, door: Door) -> Response[OrderView]:
    """Remind the unit that is answerable."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_urge)
        return urge_case(
            tx, case_id, reason=data.reason, note=data.note, by=door.caller.account, policy=door.policy, now=tx.now
        )

    return await _said(door, case_id, use_case)


@post("/v1/cases/{case_id:str}/supervision", status_code=201, guards=[needs(Permission.case_supervise)])
async def post_supervision(case_id: CaseId, data: SuperviseAsked, door: Door) -> Response[OrderView]:
    """Supervise the unit that is answerable, under a number, with a date for its answer."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_supervise)
        return supervise_case(
            tx, case_id, level=data.level, reason=data.reason, note=data.note, by=door.caller.account,
            policy=door.policy, now=tx.now,
        )  # fmt: skip

    return await _said(door, case_id, use_case)


@post("/v1/cases/{case_id:str}/supervision/accepted", status_code=201, guards=[needs(Permission.case_supervise)])
async def post_supervision_accepted(case_id: CaseId, door: Door) -> Response[OrderView]:
    """Be content with the unit's answer."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_supervise)
        return accept_answer(tx, case_id, by=door.caller.account, now=tx.now)

    return await _said(door, case_id, use_case)


@post("/v1/cases/{case_id:str}/supervision/again", status_code=201, guards=[needs(Permission.case_supervise)])
async def post_supervision_again(case_id: CaseId, data: AgainAsked, door: Door) -> Response[OrderView]:
    """Ask for another answer, by a new date."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_supervise)
        return ask_answer_again(tx, case_id, reason=data.reason, by=door.caller.account, policy=door.policy, now=tx.now)

    return await _said(door, case_id, use_case)


@post("/v1/cases/{case_id:str}/instruction", status_code=201, guards=[needs(Permission.case_instruct)])
async def post_instruction(case_id: CaseId, data: InstructAsked, door: Door) -> Response[OrderView]:
    """Put a leader's word on the case."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_instruct)
        return instruct_case(
            tx, case_id, words=data.words, addressed=data.addressed, urgency=data.urgency, by=door.caller.account,
            policy=door.policy, now=tx.now,
        )  # fmt: skip

    return await _said(door, case_id, use_case)


async def _said(door: Door, case_id: CaseId, use_case: Any) -> Response[OrderView]:
    """Say it, then show what the case bears."""
    await door.change(use_case, of=f"case/{case_id}")
    case, last = await door.read(lambda tx: (case_get(tx, case_id), supervision_last(tx, case_id)), short=True)
    view = OrderView(id=case.id, marks=marks_shown(case.marks), urgency=case.urgency)
    if last:
        view.supervision, view.state, view.answer_due = last.number, last.state.value, last.answer_due
    return Response(view, headers=etag(case.no))


ROUTES = [post_urge, post_supervision, post_supervision_accepted, post_supervision_again, post_instruction]
