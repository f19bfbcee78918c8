"""HTTP of exclusions 剔除: a unit asks, supervision decides."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Response, get, post
from msgspec import Struct

from cityloop.cases import case_get, scope
from cityloop.cases.model import Case
from cityloop.cases.notes import KEEP_DAYS
from cityloop.db import Tx
from cityloop.domain.ids import CaseId, UnitId
from cityloop.domain.permission import Permission
from cityloop.domain.personal import Personal
from cityloop.domain.policy import Policy, Words
from cityloop.http import Door, Page, needs, page_limit
from cityloop.http.door import etag
from cityloop.http.lists import keys_of, mark_of
from cityloop.stages.evaluate.model.fair import ExclusionReason, ExclusionRow, ExclusionState, ExclusionUnknown
from cityloop.stages.evaluate.service import fair as service
from cityloop.stages.evaluate.store.fair.exclusions import exclusion_get, exclusion_list

NO_STORE = {"Cache-Control": "no-store"}
SHOWN = "to show why a case should not count"


class ExclusionAsked(Struct, kw_only=True):
    """Which case should not count in which numbers (none: in none at all), a code of `exclusion.reason.*`, and what shows it."""

    case: CaseId
    reason: str
    words: Annotated[str, Personal(SHOWN, keep_days=KEEP_DAYS)]
    metrics: list[str] = []


class ExclusionAnswered(Struct, kw_only=True):
    """What is answered; of a refusal a code of `exclusion.refused.*`."""

    reason: str = ""
    words: Annotated[str, Personal(SHOWN, keep_days=KEEP_DAYS)] = ""


class ExclusionView(Struct, kw_only=True):
    """A request as it stands; what was written is told of one request only."""

    id: str
    case: CaseId
    number: str | None
    unit: UnitId
    unit_name: Words
    metrics: list[str]
    reason: ExclusionReason
    state: ExclusionState
    asked_at: datetime
    decided_at: datetime | None
    refused_for: str | None
    note: Annotated[str, Personal(SHOWN, keep_days=KEEP_DAYS)] | None = None
    answer: Annotated[str, Personal(SHOWN, keep_days=KEEP_DAYS)] | None = None


@post("/v1/exclusions", status_code=201, guards=[needs(Permission.case_appeal)])
async def post_exclusion(data: ExclusionAsked, door: Door) -> Response[ExclusionView]:
    """Ask that a case of your unit does not count in some numbers."""

    def ask(tx: Tx) -> str:
        return service.ask_exclusion(
            tx, data.case, metrics=data.metrics, reason=data.reason, words=data.words, by=door.caller.account,
            units=_asking(door), policy=door.policy, now=tx.now,
        )  # fmt: skip

    return await _one(door, await door.change(ask))


@get("/v1/exclusions", guards=[needs(Permission.case_judge)])
async def get_exclusions(
    door: Door, standing: ExclusionState | None = None, after: str | None = None, limit: int = 50
) -> Response[Page[ExclusionView]]:
    """Requests to leave cases out, the newest first, of cases that you see."""

    def seen(tx: Tx, rows: list[ExclusionRow]) -> list[ExclusionRow]:
        cases = {each.id for each in scope.cases_seen(tx, door.caller, [CaseId(row.case_id) for row in rows])}
        return [row for row in rows if row.case_id in cases]

    return await _page(door, standing, None, after, limit, seen)


@get("/v1/exclusions/mine", guards=[needs(Permission.case_appeal)])
async def get_own_exclusions(
    door: Door, standing: ExclusionState | None = None, after: str | None = None, limit: int = 50
) -> Response[Page[ExclusionView]]:
    """The requests of your own unit, the newest first."""
    return await _page(door, standing, _asking(door), after, limit, lambda tx, rows: rows)


@get("/v1/exclusions/{exclusion_id:str}", guards=[needs(Permission.case_judge, Permission.case_appeal)])
async def get_exclusion(exclusion_id: str, door: Door) -> Response[ExclusionView]:
    """One request, with what was written."""
    return await _one(door, exclusion_id)


@post("/v1/exclusions/{exclusion_id:str}/granted", status_code=201, guards=[needs(Permission.case_judge)])
async def post_granted(exclusion_id: str, data: ExclusionAnswered, door: Door) -> Response[ExclusionView]:
    """Find for the unit: scores leave the case out."""

    def grant(tx: Tx) -> str:
        _judged(tx, door, exclusion_id)
        return service.grant_exclusion(
            tx, exclusion_id, words=data.words, by=door.caller.account, units=_seated(door), policy=door.policy, now=tx.now
        )  # fmt: skip

    return await _one(door, await door.change(grant, of=f"exclusion/{exclusion_id}"))


@post("/v1/exclusions/{exclusion_id:str}/refused", status_code=201, guards=[needs(Permission.case_judge)])
async def post_refused(exclusion_id: str, data: ExclusionAnswered, door: Door) -> Response[ExclusionView]:
    """Find against the unit: the case stays counted."""

    def refuse(tx: Tx) -> str:
        _judged(tx, door, exclusion_id)
        return service.refuse_exclusion(
            tx, exclusion_id, reason=data.reason, words=data.words, by=door.caller.account, units=_seated(door),
            policy=door.policy, now=tx.now,
        )  # fmt: skip

    return await _one(door, await door.change(refuse, of=f"exclusion/{exclusion_id}"))


@post("/v1/exclusions/{exclusion_id:str}/withdrawn", status_code=201, guards=[needs(Permission.case_appeal)])
async def post_withdrawn(exclusion_id: str, door: Door) -> Response[ExclusionView]:
    """Ask no more."""
    change = lambda tx: service.withdraw_exclusion(
        tx, exclusion_id, by=door.caller.account, units=_asking(door), now=tx.now
    )  # fmt: skip
    return await _one(door, await door.change(change, of=f"exclusion/{exclusion_id}"))


def _asking(door: Door) -> frozenset[UnitId]:
    """The units for which the caller may ask."""
    return frozenset(seat.unit for seat in door.caller.seats_with(Permission.case_appeal))


def _seated(door: Door) -> frozenset[UnitId]:
    return frozenset(seat.unit for seat in door.caller.seats)


def _judged(tx: Tx, door: Door, id: str) -> None:
    """That the caller may decide about the case; else it is not there."""
    scope.case_for(tx, door.caller, CaseId(exclusion_get(tx, id).case_id), Permission.case_judge)


async def _page(
    door: Door, state: ExclusionState | None, units: frozenset[UnitId] | None, after: str | None, limit: int,
    seen: Callable[[Tx, list[ExclusionRow]], list[ExclusionRow]],
) -> Response[Page[ExclusionView]]:  # fmt: skip
    count, before = page_limit(limit), str(keys_of(after, 1)[0]) if after else None

    def ask(tx: Tx) -> Page[ExclusionView]:
        rows = exclusion_list(tx, state=state, units=units, before=before, limit=count + 1)
        more = mark_of(rows[count - 1].id) if len(rows) > count else None
        tx.get_many("case_file", Case, [each.case_id for each in rows[:count]])
        return Page(items=[_view(tx, each, door.policy) for each in seen(tx, rows[:count])], next=more)

    return Response(await door.read(ask), headers=NO_STORE)


async def _one(door: Door, id: str) -> Response[ExclusionView]:
    """The request, for its own unit, and for those who decide about its case."""

    def ask(tx: Tx) -> tuple[int, ExclusionView]:
        row = exclusion_get(tx, id)
        if row.unit not in _asking(door):
            cases = scope.cases_seen(tx, door.caller, [CaseId(row.case_id)])
            if not any(scope.reads(door.caller, each, Permission.case_judge) for each in cases):
                raise ExclusionUnknown(f"There is no request {id[:40]!r} to leave a case out; look for it in /v1/exclusions.")
        view = _view(tx, row, door.policy)
        view.note, view.answer = service.words_of(tx, row.note), service.words_of(tx, row.answer)
        return row.no, view

    no, view = await door.read(ask)
    return Response(view, headers={**etag(no), **NO_STORE})


def _view(tx: Tx, row: ExclusionRow, policy: Policy) -> ExclusionView:
    unit = policy.unit_by_id.get(row.unit)
    return ExclusionView(
        id=row.id, case=row.case_id, number=case_get(tx, row.case_id).number, unit=row.unit, unit_name=unit.name if unit else {},
        metrics=msgspec.json.decode(row.metrics, type=list[str]),
        reason=row.reason, state=row.state, asked_at=row.asked_at, decided_at=row.decided_at, refused_for=row.refused_for,
    )  # fmt: skip


ROUTES = [
    post_exclusion, get_exclusions, get_own_exclusions, get_exclusion, post_granted, post_refused, post_withdrawn,
]  # fmt: skip
