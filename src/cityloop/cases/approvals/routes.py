"""HTTP of approvals: ask, decide, take back; what waits for me; the problem store and its settlement."""

from datetime import datetime
from typing import Annotated

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body
from msgspec import Struct

from cityloop.cases import scope
from cityloop.cases.approvals.asking import ask_approval, withdraw_approval
from cityloop.cases.approvals.deciding import grant_approval, refuse_approval
from cityloop.cases.approvals.holds import settle_hold
from cityloop.cases.approvals.lists import ProblemLine, WaitingLine, problems, waiting
from cityloop.cases.approvals.model import Approval, Asking
from cityloop.cases.approvals.store import approval_of
from cityloop.cases.store import case_get
from cityloop.db import Tx
from cityloop.domain.approval import asks_with
from cityloop.domain.ids import ApprovalId, CaseId
from cityloop.domain.lifecycle import State
from cityloop.domain.permission import Permission
from cityloop.domain.policy import ApprovalKind, Lapse, Limit, LimitUnit
from cityloop.files.uploads import stored_photos
from cityloop.http import Door, Page, needs, page_limit
from cityloop.http.door import etag, keep_body

P = Permission
ASKERS = (P.case_handle, P.case_accept)
DECIDERS = (P.case_approve_work, P.case_approve_file)


class ApprovalAsk(Struct, kw_only=True):
    """What is asked for, because of which code, for how long, and what goes with it."""

    kind: ApprovalKind
    reason: str
    length_value: int | None = None
    length_unit: LimitUnit | None = None
    until: datetime | None = None
    note: str = ""
    plan: str = ""
    photos: list[UploadFile] = []


class DecisionAsk(Struct, kw_only=True):
    """Agreed or not; a refusal has a reason."""

    granted: bool
    reason: str = ""
    note: str = ""


class SettlementAsk(Struct, kw_only=True):
    """What has become of the conditions."""

    note: str = ""


class SettlementStep(Struct, kw_only=True):
    """Where the case stands now, and when its work is due."""

    case_id: CaseId
    state: State
    due_at: datetime | None


class ApprovalStep(Struct, kw_only=True):
    """Where a request stands now. `role` decides next; None: it is over."""

    id: ApprovalId
    case_id: CaseId
    kind: ApprovalKind
    nth: int
    reason: str
    length: Limit | None
    until: datetime | None
    steps: list[str]
    role: str | None
    decide_due: datetime
    lapse: Lapse
    clock_stands: bool
    outcome: str | None
    answer: str | None
    state: State


def asking_of(data: ApprovalAsk) -> Asking:
    """What a request's form asks for."""
    unit, value = data.length_unit, data.length_value
    length = Limit(value=value, unit=unit) if value is not None and unit is not None else None
    return Asking(
        kind=data.kind, reason=data.reason, length=length, until=data.until, note=data.note, plan=data.plan
    )  # fmt: skip


@post(
    "/v1/cases/{case_id:str}/approvals", status_code=201, guards=[needs(*ASKERS)], before_request=keep_body,
)  # fmt: skip
async def post_approval(
    case_id: CaseId, data: Annotated[ApprovalAsk, Body(media_type=RequestEncodingType.MULTI_PART)], door: Door
) -> Response[ApprovalStep]:
    """Ask for a return, more time, a suspension, a deferral, or that the case be made void."""
    permission = asks_with(data.kind)
    await door.read(lambda tx: scope.case_for(tx, door.caller, case_id, permission), short=True)
    photos = await stored_photos(door, data.photos)

    def use_case(tx: Tx) -> ApprovalId:
        scope.case_for(tx, door.caller, case_id, permission)
        return ask_approval(
            tx, case_id, asking_of(data), caller=door.caller, policy=door.policy, now=tx.now, photos=photos
        )

    return await _step(door, case_id, await door.change(use_case, of=f"case/{case_id}"))


@post(
    "/v1/cases/{case_id:str}/approvals/{approval_id:str}/decision", status_code=201, guards=[needs(*DECIDERS)],
)  # fmt: skip
async def post_decision(
    case_id: CaseId, approval_id: ApprovalId, data: DecisionAsk, door: Door
) -> Response[ApprovalStep]:
    """Agree or refuse, for the step that is asked now."""

    def use_case(tx: Tx) -> ApprovalId:
        scope.case_seen(tx, door.caller, case_id)
        given = {"note": data.note, "caller": door.caller, "policy": door.policy, "now": tx.now}
        if data.granted:
            return grant_approval(tx, case_id, approval_id, **given)
        return refuse_approval(tx, case_id, approval_id, reason=data.reason, **given)

    return await _step(door, case_id, await door.change(use_case, of=f"case/{case_id}"))


@post(
    "/v1/cases/{case_id:str}/approvals/{approval_id:str}/withdrawal", status_code=201, guards=[needs(*ASKERS)],
)  # fmt: skip
async def post_withdrawal(case_id: CaseId, approval_id: ApprovalId, door: Door) -> Response[ApprovalStep]:
    """Take a request back."""

    def use_case(tx: Tx) -> ApprovalId:
        scope.case_seen(tx, door.caller, case_id)
        return withdraw_approval(tx, case_id, approval_id, caller=door.caller, now=tx.now)

    return await _step(door, case_id, await door.change(use_case, of=f"case/{case_id}"))


@post(
    "/v1/cases/{case_id:str}/settlement", status_code=201, guards=[needs(P.case_handle, P.case_approve_work)],
)  # fmt: skip
async def post_settlement(case_id: CaseId, data: SettlementAsk, door: Door) -> Response[SettlementStep]:
    """Say that the conditions are there: the case leaves the problem store, and its clock goes on."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, P.case_handle, P.case_approve_work)
        by = door.caller.account
        assert by, "the guard lets nobody through"
        return settle_hold(tx, case_id, note=data.note, by=by, policy=door.policy, now=tx.now)

    await door.change(use_case, of=f"case/{case_id}")
    case = await door.read(lambda tx: case_get(tx, case_id), short=True)
    return Response(SettlementStep(case_id=case.id, state=case.state, due_at=case.due_at), headers=etag(case.no))


@get("/v1/approvals", guards=[needs(P.case_read)])
async def get_approvals(
    door: Door, mine: bool = False, after: str | None = None, limit: int = 100
) -> Page[WaitingLine]:
    """Requests that nobody has decided, the most urgent first; `mine`: those that wait for the caller."""
    many = page_limit(limit)
    return await door.read(lambda tx: waiting(tx, door.caller, mine=mine, after=after, limit=many))


@get("/v1/problems", guards=[needs(P.case_read)])
async def get_problems(
    door: Door, deferred: bool = False, after: str | None = None, limit: int = 100
) -> Page[ProblemLine]:
    """The problem store: what is suspended, the first to expire first; or with `deferred` what is put off to a date."""
    many, kind = page_limit(limit), ApprovalKind.deferral if deferred else ApprovalKind.suspension
    return await door.read(lambda tx: problems(tx, door.caller, kind, after=after, limit=many))


async def _step(door: Door, case_id: CaseId, approval_id: ApprovalId) -> Response[ApprovalStep]:
    """Where the request stands, with the case's version."""

    def question(tx: Tx) -> Response[ApprovalStep]:
        case = case_get(tx, case_id)
        return Response(_shown(approval_of(tx, case, approval_id), case.state), headers=etag(case.no))

    return await door.read(question)


def _shown(approval: Approval, state: State) -> ApprovalStep:
    return ApprovalStep(
        id=approval.id, case_id=approval.case_id, kind=approval.kind, nth=approval.nth, reason=approval.reason,
        length=approval.limit, until=approval.until, steps=list(approval.roles), role=approval.role,
        decide_due=approval.decide_due, lapse=approval.lapse, clock_stands=approval.clock_stands,
        outcome=approval.outcome, answer=approval.answer, state=state,
    )  # fmt: skip


ROUTES = [post_approval, post_decision, post_withdrawal, post_settlement, get_approvals, get_problems]
