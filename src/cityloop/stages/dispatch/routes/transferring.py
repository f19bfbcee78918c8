"""HTTP of giving a case to another system, and of what it answers."""

from datetime import datetime
from typing import Any

from litestar import Response, post
from msgspec import Struct

from cityloop.cases import case_get, scope
from cityloop.db import Tx
from cityloop.domain.ids import CaseId
from cityloop.domain.lifecycle import State
from cityloop.domain.permission import Permission
from cityloop.http import Door, needs
from cityloop.http.door import etag
from cityloop.stages.dispatch.service import finish_transfer, return_transfer, transfer_case


class TransferAsked(Struct, kw_only=True):
    """To which system of systems.csv, under which number of theirs, and why: a code of `transfer.reason.*`."""

    system: str
    their_number: str = ""
    reason: str
    note: str = ""


class TransferBack(Struct, kw_only=True):
    """Why they sent it back: a code of `transfer.reason.*`."""

    reason: str
    note: str = ""


class TransferDone(Struct, kw_only=True):
    """What they say."""

    note: str = ""


class TransferView(Struct, kw_only=True):
    """Where the case stands, and by when an answer or a decision is due."""

    id: CaseId
    state: State
    due_at: datetime | None


@post("/v1/cases/{case_id:str}/transfer", status_code=201, guards=[needs(Permission.case_dispatch)])
async def post_transfer(case_id: CaseId, data: TransferAsked, door: Door) -> Response[TransferView]:
    """Give the case to another system."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_dispatch)
        return transfer_case(
            tx, case_id, system=data.system, their_number=data.their_number, reason=data.reason, note=data.note,
            policy=door.policy, now=tx.now,
        )  # fmt: skip

    return await _shown(door, case_id, use_case)


@post("/v1/cases/{case_id:str}/transfer/done", status_code=201, guards=[needs(Permission.case_dispatch)])
async def post_transfer_done(case_id: CaseId, data: TransferDone, door: Door) -> Response[TransferView]:
    """Note that the other system says it is done."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_dispatch)
        return finish_transfer(tx, case_id, note=data.note, policy=door.policy, now=tx.now)

    return await _shown(door, case_id, use_case)


@post("/v1/cases/{case_id:str}/transfer/back", status_code=201, guards=[needs(Permission.case_dispatch)])
async def post_transfer_back(case_id: CaseId, data: TransferBack, door: Door) -> Response[TransferView]:
    """Note that the other system sent it back."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_dispatch)
        return return_transfer(tx, case_id, reason=data.reason, note=data.note, policy=door.policy, now=tx.now)

    return await _shown(door, case_id, use_case)


async def _shown(door: Door, case_id: CaseId, use_case: Any) -> Response[TransferView]:
    """Change the case, then show where it stands."""
    await door.change(use_case, of=f"case/{case_id}")
    case = await door.read(lambda tx: case_get(tx, case_id), short=True)
    return Response(TransferView(id=case.id, state=case.state, due_at=case.clock_due), headers=etag(case.no))


ROUTES = [post_transfer, post_transfer_done, post_transfer_back]
