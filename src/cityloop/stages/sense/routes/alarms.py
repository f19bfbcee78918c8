"""HTTP of alarms: lists, one with its curve, what people say of it, figures, rules that cry wolf, windows of maintenance."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from litestar import Response, get, post
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.errors import Invalid
from cityloop.domain.ids import AlarmId, ThingId
from cityloop.domain.permission import Permission
from cityloop.domain.time import utc_text
from cityloop.http import Door, Page, needs, page_limit
from cityloop.http.door import keep_body
from cityloop.http.lists import keys_of, mark_of
from cityloop.stages.sense.rules.wolf import WolfProposal, wolf_proposal
from cityloop.stages.sense.service import alarms as service
from cityloop.stages.sense.service.curve import Curve, curve_of
from cityloop.stages.sense.store import alarms as store
from cityloop.stages.sense.store.alarms import Wanted
from cityloop.stages.sense.store.register import thing_row
from cityloop.stages.sense.store.rows import AlarmRow

READ, JUDGE, MANAGE = [needs(Permission.device_read)], [needs(Permission.alarm_judge)], [needs(Permission.device_manage)]
NO_STORE = {"Cache-Control": "no-store"}
LOOK_BACK = timedelta(days=90)
BY = ("rule", "sensor", "vendor")


class AlarmView(Struct, kw_only=True):
    """An alarm. `reasons` are codes and numbers; `curve` is told of one alarm only."""

    id: AlarmId
    rule: str
    kind: str
    colour: str
    class_key: str | None
    is_health: bool
    ends: str
    property: str
    unit: str
    limit: float
    thing_id: ThingId
    stream: int
    vendor: str
    owner: str | None
    lon: float | None
    lat: float | None
    cell: str | None
    began_at: datetime
    raised_at: datetime
    value: float
    reasons: list[str]
    is_suspect: bool
    simulated: bool
    cleared_at: datetime | None
    cleared_why: str | None
    is_true: bool | None
    judged_for: str | None
    judged_at: datetime | None
    case_id: str | None
    since: datetime
    until: datetime
    curve: Curve | None = None


class JudgeAsked(Struct, kw_only=True):
    """Whether there was what the rule saw, and why one says so."""

    is_true: bool
    reason: str


class MaintenanceAsked(Struct, kw_only=True):
    """When a device is worked on."""

    begins: datetime
    ends: datetime


class FigureView(Struct, kw_only=True):
    """How alarms of a rule, a sensor or a vendor did. `untrue_ppm`: of those that were judged; None: none was."""

    name: str
    raised: int
    running: int
    judged: int
    untrue: int
    untrue_ppm: int | None


@get("/v1/alarms", guards=READ)
async def get_alarms(
    door: Door, rule: str | None = None, colour: str | None = None, thing: str | None = None, vendor: str | None = None,
    property: str | None = None, cell: str | None = None, running: bool | None = None, health: bool | None = None,
    judged: bool | None = None, after: str | None = None, limit: int = 50,
) -> Response[Page[AlarmView]]:  # fmt: skip
    """Alarms, those raised last first."""
    wanted = Wanted(
        rule=rule, colour=colour, thing_id=thing, vendor=vendor, property=property, cell=cell, is_open=running, is_health=health,
        is_judged=judged,
    )  # fmt: skip
    return await _page(door, wanted, after, limit)


@get("/v1/devices/{thing_id:str}/alarms", guards=READ)
async def get_device_alarms(thing_id: ThingId, door: Door, after: str | None = None, limit: int = 50) -> Response[Page[AlarmView]]:
    """The alarms of a device, those raised last first."""
    await door.read(lambda tx: thing_row(tx, thing_id))
    return await _page(door, Wanted(thing_id=thing_id), after, limit)


@get("/v1/alarms/figures", guards=READ)
async def get_alarm_figures(
    door: Door, group: str = "rule", since: datetime | None = None, until: datetime | None = None
) -> Response[list[FigureView]]:
    """How many alarms were raised, and what share of those judged was false: by rule, sensor or vendor."""
    if group not in BY:
        raise Invalid(f"group={group[:20]!r} is none of {', '.join(BY)}.")

    def ask(tx: Tx) -> list[FigureView]:
        ends = until or tx.now + timedelta(seconds=1)
        return [
            FigureView(
                name=row.name, raised=row.raised, running=row.running, judged=row.judged, untrue=row.untrue,
                untrue_ppm=row.untrue * 1_000_000 // row.judged if row.judged else None,
            )
            for row in store.figures(tx, group, since or ends - LOOK_BACK, ends)
        ]  # fmt: skip

    return Response(await door.read(ask), headers=NO_STORE)


@get("/v1/rules/proposals", guards=READ)
async def get_rule_proposals(door: Door) -> Response[list[WolfProposal]]:
    """Rules that cry wolf, each with its numbers and the limit that would have spared most and lost nothing."""
    rules = door.policy.sense_rules

    def ask(tx: Tx) -> list[WolfProposal]:
        since = tx.now - LOOK_BACK
        found = (wolf_proposal(rule, store.judged_values(tx, rule.code, since)) for rule in rules)
        return sorted((each for each in found if each), key=lambda each: -each.untrue_ppm)

    return Response(await door.read(ask), headers=NO_STORE)


@get("/v1/alarms/{alarm_id:str}", guards=READ)
async def get_alarm(alarm_id: AlarmId, door: Door) -> Response[AlarmView]:
    """One alarm: why, with the curve that shows it, and what became of it."""
    row, case = await door.read(lambda tx: (store.alarm_get(tx, alarm_id), store.case_of_alarms(tx, [alarm_id])))
    parts: Any = door.request.app.state.parts
    curve = await door.aside(lambda: curve_of(parts.senses.history, row.stream, row.since, row.until))
    return Response(_view(row, case.get(row.id), curve), headers=NO_STORE)


@post("/v1/alarms/{alarm_id:str}/judge", status_code=201, guards=JUDGE, before_request=keep_body)
async def post_judge(alarm_id: AlarmId, data: JudgeAsked, door: Door) -> Response[AlarmView]:
    """Say whether an alarm was true."""
    by = door.caller.account
    await door.change(lambda tx: service.judge_alarm(tx, alarm_id, is_true=data.is_true, reason=data.reason, by=by).id)
    row, case = await door.read(lambda tx: (store.alarm_get(tx, alarm_id), store.case_of_alarms(tx, [alarm_id])))
    return Response(_view(row, case.get(row.id)), status_code=201, headers=NO_STORE)


@post("/v1/devices/{thing_id:str}/maintenance", status_code=201, guards=MANAGE, before_request=keep_body)
async def post_maintenance(thing_id: ThingId, data: MaintenanceAsked, door: Door) -> Response[MaintenanceAsked]:
    """Say when a device is worked on: nothing is raised for it within."""
    by = door.caller.account
    if not by or data.begins.tzinfo is None or data.ends.tzinfo is None:
        raise Invalid("Say both moments with their zone, e.g. 2026-03-06T08:00:00+08:00.")

    def plan(tx: Tx) -> str:
        service.plan_maintenance(tx, thing_id, begins=data.begins, ends=data.ends, by=by)
        return thing_id

    await door.change(plan)
    return Response(data, status_code=201, headers=NO_STORE)


async def _page(door: Door, wanted: Wanted, after: str | None, limit: int) -> Response[Page[AlarmView]]:
    count = page_limit(limit)
    moment, id = keys_of(after, 2) if after else (None, None)
    before = (str(moment), str(id)) if after else None

    def ask(tx: Tx) -> Page[AlarmView]:
        rows = store.alarm_list(tx, wanted, before=before, limit=count + 1)
        more = mark_of(utc_text(rows[count - 1].raised_at), rows[count - 1].id) if len(rows) > count else None
        cases = store.case_of_alarms(tx, [each.id for each in rows[:count]])
        return Page(items=[_view(each, cases.get(each.id)) for each in rows[:count]], next=more)

    return Response(await door.read(ask), headers=NO_STORE)


def _view(row: AlarmRow, case_id: str | None, curve: Curve | None = None) -> AlarmView:
    same = {name: getattr(row, name) for name in AlarmView.__struct_fields__ if hasattr(row, name)}
    reasons = msgspec.json.decode(row.reasons, type=list[str])
    return AlarmView(**(same | {"reasons": reasons, "limit": row.limit_value, "case_id": case_id, "curve": curve}))


ROUTES = [
    get_alarms, get_alarm_figures, get_rule_proposals, get_alarm, get_device_alarms, post_judge, post_maintenance,
]  # fmt: skip
