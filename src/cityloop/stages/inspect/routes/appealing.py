"""HTTP of a unit's appeal against what was counted, and of its decision."""

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from msgspec import Struct

from cityloop.cases import case_get, scope
from cityloop.cases.appeals import About, AppealState, appeal_list_of
from cityloop.db import Tx
from cityloop.domain.ids import CaseId, TaskId, UnitId
from cityloop.domain.permission import Permission
from cityloop.http import Door, needs
from cityloop.http.door import etag
from cityloop.stages.inspect.service import dismiss_appeal, lodge_appeal, uphold_appeal
from cityloop.stages.inspect.service.appealing import task_of_unit


class AppealAsked(Struct, kw_only=True):
    """What should not be counted against the unit, and why."""

    about: About
    words: str


class UpholdAsked(Struct, kw_only=True):
    """Which appeal is right."""

    appeal: str
    words: str = ""


class DismissAsked(Struct, kw_only=True):
    """Which appeal is not right, and why: a code of `appeal.reason.*`."""

    appeal: str
    reason: str
    words: str = ""


class AppealView(Struct, kw_only=True):
    """An appeal as it stands."""

    id: str
    task: TaskId
    unit: UnitId
    about: About
    state: AppealState
    excluded: bool


class OwnTask(Struct, kw_only=True):
    """A task of one's own unit, also where the case is another's now."""

    id: TaskId
    case: CaseId
    given_at: datetime
    due_at: datetime
    ended_at: datetime | None
    outcome: str | None
    overdue: bool | None
    appeals: list[AppealView]


@get("/v1/tasks/{task_id:str}", guards=[needs(Permission.case_appeal)])
async def get_task(task_id: TaskId, door: Door) -> Response[OwnTask]:
    """A task of your own unit, also where the case went elsewhere; its ETag is that of the case."""
    return await _task(door, task_id)


@post("/v1/tasks/{task_id:str}/appeal", status_code=201, guards=[needs(Permission.case_appeal)])
async def post_appeal(task_id: TaskId, data: AppealAsked, door: Door) -> Response[OwnTask]:
    """Appeal against what was counted against your unit's task."""
    units = units_of(door)
    task = await door.read(lambda tx: task_of_unit(tx, task_id, units), short=True)

    def use_case(tx: Tx) -> CaseId:
        return lodge_appeal(
            tx, task_id, about=data.about, words=data.words, by=door.caller.account, units=units, policy=door.policy,
            now=tx.now,
        )  # fmt: skip

    await door.change(use_case, of=f"case/{task.case_id}")
    return await _task(door, task_id)


@post("/v1/cases/{case_id:str}/appeal/upheld", status_code=201, guards=[needs(Permission.case_judge)])
async def post_appeal_upheld(case_id: CaseId, data: UpholdAsked, door: Door) -> Response[list[AppealView]]:
    """Find for the unit: what it appealed against is not counted."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_judge)
        return uphold_appeal(
            tx, case_id, data.appeal, words=data.words, by=door.caller.account, policy=door.policy, now=tx.now
        )

    return await _decided(door, case_id, use_case)


@post("/v1/cases/{case_id:str}/appeal/dismissed", status_code=201, guards=[needs(Permission.case_judge)])
async def post_appeal_dismissed(case_id: CaseId, data: DismissAsked, door: Door) -> Response[list[AppealView]]:
    """Find against the unit: it stays counted."""

    def use_case(tx: Tx) -> CaseId:
        scope.case_for(tx, door.caller, case_id, Permission.case_judge)
        return dismiss_appeal(
            tx, case_id, data.appeal, reason=data.reason, words=data.words, by=door.caller.account,
            policy=door.policy, now=tx.now,
        )  # fmt: skip

    return await _decided(door, case_id, use_case)


def units_of(door: Door) -> frozenset[UnitId]:
    """The units for which the caller may appeal."""
    return frozenset(seat.unit for seat in door.caller.seats if Permission.case_appeal in seat.permissions)


def views_of(tx: Tx, case_id: CaseId) -> list[AppealView]:
    """The appeals of a case."""
    return [
        AppealView(
            id=each.id, task=each.task_id, unit=each.unit, about=each.about, state=each.state, excluded=each.excluded
        )
        for each in appeal_list_of(tx, case_id)
    ]  # fmt: skip


async def _task(door: Door, task_id: TaskId) -> Response[OwnTask]:
    units = units_of(door)

    def ask(tx: Tx) -> tuple[int, OwnTask]:
        task = task_of_unit(tx, task_id, units)
        view = OwnTask(
            id=task.id, case=task.case_id, given_at=task.given_at, due_at=task.due_at, ended_at=task.ended_at,
            outcome=task.outcome, overdue=task.overdue,
            appeals=[each for each in views_of(tx, task.case_id) if each.task == task.id],
        )  # fmt: skip
        return case_get(tx, task.case_id).no, view

    no, view = await door.read(ask)
    return Response(view, headers={**etag(no), "Cache-Control": "no-store"})


async def _decided(door: Door, case_id: CaseId, use_case: Any) -> Response[list[AppealView]]:
    """Decide, then show the appeals of the case."""
    await door.change(use_case, of=f"case/{case_id}")
    case, views = await door.read(lambda tx: (case_get(tx, case_id), views_of(tx, case_id)), short=True)
    return Response(views, headers=etag(case.no))


ROUTES = [get_task, post_appeal, post_appeal_upheld, post_appeal_dismissed]
