"""HTTP of a street's call to departments."""

from datetime import datetime
from typing import Annotated, Any

from litestar import Response, post
from msgspec import Meta, Struct

from cityloop.cases import Case, case_get, scope
from cityloop.cases.whistle import whistle_last, whistle_units
from cityloop.db import Tx
from cityloop.domain.ids import CaseId, UnitId
from cityloop.domain.permission import Permission
from cityloop.http import Door, needs
from cityloop.http.door import etag
from cityloop.stages.handle.service import end_whistle, rate_unit, report_in, sound_whistle


class WhistleAsked(Struct, kw_only=True):
    """Which departments are called, and why: a code of `whistle.reason.*`."""

    units: tuple[UnitId, ...]
    reason: str
    note: str = ""


class RecordAsked(Struct, kw_only=True):
    """The record of the joint handling."""

    words: str


class RatingAsked(Struct, kw_only=True):
    """How good a department was: 1 to 5, the best 5, and why: a code of `rate.reason.*`."""

    unit: UnitId
    score: Annotated[int, Meta(ge=0, le=99)]
    reason: str


class CalledView(Struct, kw_only=True):
    """A department that was called."""

    unit: UnitId
    reported_at: datetime | None
    late: bool | None
    missed: bool
    score: int | None


class WhistleView(Struct, kw_only=True):
    """The call as it stands."""

    street: UnitId
    report_due: datetime
    ended_at: datetime | None
    units: list[CalledView]


@post("/v1/cases/{case_id:str}/whistle", status_code=201, guards=[needs(Permission.case_whistle)])
async def post_whistle(case_id: CaseId, data: WhistleAsked, door: Door) -> Response[WhistleView]:
    """Call departments to the case."""

    def use_case(tx: Tx) -> CaseId:
        case = scope.case_for(tx, door.caller, case_id, Permission.case_whistle)
        return sound_whistle(
            tx, case_id, units=data.units, reason=data.reason, note=data.note, by=door.caller.account,
            street=_street(door, case), policy=door.policy, now=tx.now,
        )  # fmt: skip

    return await _shown(door, case_id, use_case)


@post("/v1/cases/{case_id:str}/whistle/arrival", status_code=201, guards=[needs(Permission.case_report_in)])
async def post_arrival(case_id: CaseId, door: Door) -> Response[WhistleView]:
    """Report in: the department has come."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_report_in)
        units = frozenset(s.unit for s in door.caller.seats if Permission.case_report_in in s.permissions)
        return report_in(tx, case_id, by=door.caller.account, units=units, now=tx.now)

    return await _shown(door, case_id, use_case)


@post("/v1/cases/{case_id:str}/whistle/end", status_code=201, guards=[needs(Permission.case_whistle)])
async def post_whistle_end(case_id: CaseId, data: RecordAsked, door: Door) -> Response[WhistleView]:
    """End the joint handling, with its record."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_whistle)
        return end_whistle(
            tx, case_id, record=data.words, by=door.caller.account, street=_streets(door), policy=door.policy, now=tx.now
        )

    return await _shown(door, case_id, use_case)


@post("/v1/cases/{case_id:str}/whistle/rating", status_code=201, guards=[needs(Permission.case_whistle)])
async def post_rating(case_id: CaseId, data: RatingAsked, door: Door) -> Response[WhistleView]:
    """Rate a department that was called."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_whistle)
        return rate_unit(
            tx, case_id, unit=data.unit, score=data.score, reason=data.reason, by=door.caller.account,
            street=_streets(door), now=tx.now,
        )  # fmt: skip

    return await _shown(door, case_id, use_case)


def _streets(door: Door) -> frozenset[UnitId]:
    """The units in which the caller may call departments."""
    return frozenset(seat.unit for seat in door.caller.seats if Permission.case_whistle in seat.permissions)


def _street(door: Door, case: Case) -> UnitId:
    """The unit for which the caller calls: that of a seat which sees the case."""
    return next(seat.unit for seat in door.caller.seats if scope.may(seat, case, Permission.case_whistle))


async def _shown(door: Door, case_id: CaseId, use_case: Any) -> Response[WhistleView]:
    """Change the case, then show the call."""
    await door.change(use_case, of=f"case/{case_id}")

    def ask(tx: Tx) -> tuple[Case, WhistleView]:
        whistle = whistle_last(tx, case_id)
        assert whistle, f"case {case_id} has no whistle"
        units = [
            CalledView(
                unit=each.unit, reported_at=each.reported_at, late=each.late, missed=each.missed, score=each.score
            )
            for each in whistle_units(tx, whistle.id)
        ]  # fmt: skip
        view = WhistleView(
            street=whistle.street, report_due=whistle.report_due, ended_at=whistle.ended_at, units=units
        )  # fmt: skip
        return case_get(tx, case_id), view

    case, view = await door.read(ask)
    return Response(view, headers=etag(case.no))


ROUTES = [post_whistle, post_arrival, post_whistle_end, post_rating]
