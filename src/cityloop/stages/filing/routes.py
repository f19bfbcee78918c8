"""HTTP of filing: parse, permit, call, show."""

from typing import Any

from litestar import Response, post
from msgspec import Struct

from cityloop.cases import case_get, scope
from cityloop.db import Tx
from cityloop.domain.ids import CaseId, ClassKey, PostId, ReportId, RuleCode
from cityloop.domain.lifecycle import State
from cityloop.domain.permission import Permission
from cityloop.http import Door, needs
from cityloop.http.door import etag
from cityloop.stages.filing import service
from cityloop.stages.filing.model import PlaceAsked


class AcceptAsked(Struct, kw_only=True):
    """What is put right; nothing given keeps what was proposed."""

    class_key: str | None = None
    rule: RuleCode | None = None
    place: PlaceAsked | None = None


class VerifyAsk(Struct, kw_only=True):
    """Who shall look; without a post the one of the duty grid."""

    post: PostId | None = None


class VerifyResult(Struct, kw_only=True):
    """What was seen on site."""

    found: bool
    note: str = ""


class FilingAsked(Struct, kw_only=True):
    """`unverified` files without the look on site that the rule asks for."""

    unverified: bool = False


class RefusalAsked(Struct, kw_only=True):
    """Why it is not taken up: a code of `filing.reason.*`, and words for the file."""

    reason: str
    note: str = ""


class JoinAsked(Struct, kw_only=True):
    """The open case that takes the reports."""

    into: CaseId


class PartAsked(Struct, kw_only=True):
    """The report that leaves, and why: a code of `part.reason.*`; `into` is the open case that takes it, none lets it begin
    one of its own."""

    report_id: ReportId
    reason: str
    into: CaseId | None = None
    note: str = ""


class CaseStep(Struct, kw_only=True):
    """Where the case stands now."""

    id: CaseId
    state: State
    number: str | None
    class_key: ClassKey | None
    rule: RuleCode | None
    post: PostId | None


@post("/v1/cases/{case_id:str}/accept", status_code=201, guards=[needs(Permission.case_accept)])
async def post_accept(case_id: CaseId, data: AcceptAsked, door: Door) -> Response[CaseStep]:
    """Take a waiting case up, with class, rule and place put right."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_accept)
        return service.accept_case(
            tx, case_id, policy=door.policy, now=tx.now, class_key=data.class_key, rule=data.rule, place=data.place
        )

    return await _step(door, case_id, use_case)


@post("/v1/cases/{case_id:str}/verification", status_code=201, guards=[needs(Permission.case_accept)])
async def post_verification(case_id: CaseId, data: VerifyAsk, door: Door) -> Response[CaseStep]:
    """Send a collector to look on site before filing."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_accept)
        return service.ask_verify(tx, case_id, policy=door.policy, now=tx.now, post=data.post)

    return await _step(door, case_id, use_case)


@post("/v1/cases/{case_id:str}/verification/result", status_code=201, guards=[needs(Permission.case_verify)])
async def post_verification_result(case_id: CaseId, data: VerifyResult, door: Door) -> Response[CaseStep]:
    """Tell what was seen on site."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_verify)
        return service.verify_case(
            tx, case_id, found=data.found, by=door.caller.account, note=data.note, policy=door.policy, now=tx.now
        )

    return await _step(door, case_id, use_case)


@post("/v1/cases/{case_id:str}/filing", status_code=201, guards=[needs(Permission.case_file)])
async def post_filing(case_id: CaseId, data: FilingAsked, door: Door) -> Response[CaseStep]:
    """Give the case a number, a rule and a clock."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_file)
        return service.file_case(tx, case_id, policy=door.policy, now=tx.now, unverified=data.unverified)

    return await _step(door, case_id, use_case)


@post("/v1/cases/{case_id:str}/filing/back", status_code=201, guards=[needs(Permission.case_file)])
async def post_filing_back(case_id: CaseId, data: RefusalAsked, door: Door) -> Response[CaseStep]:
    """Give the case back to the acceptor for completion; the reason is a code of `completion.reason.*`."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_file)
        return service.demand_completion(
            tx, case_id, reason=data.reason, note=data.note, policy=door.policy, now=tx.now
        )

    return await _step(door, case_id, use_case)


@post("/v1/cases/{case_id:str}/refusal", status_code=201, guards=[needs(Permission.case_file)])
async def post_refusal(case_id: CaseId, data: RefusalAsked, door: Door) -> Response[CaseStep]:
    """Do not take the case up, with a reason that its reporter is told."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_file)
        return service.refuse_case(tx, case_id, reason=data.reason, note=data.note, policy=door.policy, now=tx.now)

    return await _step(door, case_id, use_case)


@post("/v1/cases/{case_id:str}/join", status_code=201, guards=[needs(Permission.case_accept)])
async def post_join(case_id: CaseId, data: JoinAsked, door: Door) -> Response[CaseStep]:
    """Let the reports of a waiting case become part of an open one."""

    def use_case(tx: Tx) -> CaseId:
        tx.hold([f"case/{case_id}", f"case/{data.into}"])
        for id in (case_id, data.into):
            scope.case_for(tx, door.caller, id, Permission.case_accept)
        return service.join_case(tx, case_id, data.into, now=tx.now)

    return await _step(door, case_id, use_case)


@post(
    "/v1/cases/{case_id:str}/parting", status_code=201, guards=[needs(Permission.case_accept, Permission.case_dispatch)]
)
async def post_parting(case_id: CaseId, data: PartAsked, door: Door) -> Response[CaseStep]:
    """Take a wrongly joined report out of the case: it begins one of its own, or joins the one that is named."""

    def use_case(tx: Tx) -> CaseId:
        tx.hold([f"case/{each}" for each in (case_id, data.into) if each])
        for id in filter(None, (case_id, data.into)):
            scope.case_for(tx, door.caller, id, Permission.case_accept, Permission.case_dispatch)
        return service.part_report(
            tx, case_id, data.report_id, reason=data.reason, note=data.note, into=data.into, policy=door.policy,
            now=tx.now,
        )  # fmt: skip

    return await _step(door, case_id, use_case)


async def _step(door: Door, case_id: CaseId, use_case: Any) -> Response[CaseStep]:
    """Change the case, then show where it stands."""
    await door.change(use_case, of=f"case/{case_id}")
    case = await door.read(lambda tx: case_get(tx, case_id), short=True)
    view = CaseStep(
        id=case.id, state=case.state, number=case.number, class_key=case.class_key, rule=case.rule, post=case.post
    )
    return Response(view, headers=etag(case.no))


ROUTES = [post_accept, post_verification, post_verification_result, post_filing, post_refusal, post_join,
          post_parting, post_filing_back]  # fmt: skip
