"""HTTP for people: what residents may know of the service, and what whoever runs it should do next."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response, get
from msgspec import Struct

from cityloop.domain.permission import Permission
from cityloop.domain.policy.platform import RiskArea
from cityloop.http import NOBODY, Door, needs
from cityloop.operate.alerts import Firing, rules
from cityloop.operate.deeds import Deed
from cityloop.operate.health_routes import NO_STORE, watch_of
from cityloop.operate.status import Works
from cityloop.pages.screen import language_of, made
from cityloop.pages.telling import Teller

OPERATE = [needs(Permission.operate)]


class PartView(Struct, kw_only=True):
    """A part of the service, how it is, and since when."""

    part: str
    works: Works
    since: datetime


class ServiceStatus(Struct, kw_only=True):
    """How the service is, for everybody. `drill`: somebody takes parts away on purpose."""

    works: Works
    parts: list[PartView]
    drill: bool
    at: datetime


class AlertView(Struct, kw_only=True):
    """An alert that holds. `waits`: not for long enough yet to wake anybody."""

    name: str
    severity: str
    words: dict[str, str]
    since: datetime
    value: float
    waits: bool
    runbook: str


class RiskView(Struct, kw_only=True):
    """A risk of the platform as the pack says it, and how it stands. `value` None: nothing to measure here."""

    code: str
    area: RiskArea
    measure: str
    words: dict[str, str]
    colour: str
    limit: float
    value: float | None
    is_over: bool
    since: datetime | None
    reports: bool  # whether it is told into the loop
    source: str


class OperateScreen(Struct, kw_only=True):
    """What the operator's room shows."""

    deeds: list[Deed]
    alerts: list[AlertView]
    risks: list[RiskView]
    processes: int
    version: str
    looked_at: datetime | None
    backup_at: datetime | None
    at: datetime


def moment_of(seconds: float | None) -> datetime | None:
    """A moment out of seconds since 1970."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def alert_view(each: Firing) -> AlertView:
    """An alert with its rule's words."""
    rule = next(rule for rule in rules() if rule.name == each.name)
    return AlertView(
        name=each.name, severity=rule.severity, words={"zh": rule.zh, "en": rule.en}, since=datetime.fromtimestamp(each.since, UTC),
        value=each.value, waits=each.waits, runbook=rule.runbook,
    )  # fmt: skip


async def status_now(request: Request) -> ServiceStatus:
    """How the service is; asks for no more than is known, or a short question of the database."""
    watch = watch_of(request)
    parts = await asyncio.to_thread(watch.parts)
    order = [Works.well, Works.slow, Works.down]
    return ServiceStatus(
        works=max((each.works for each in parts), key=order.index),
        parts=[PartView(part=each.name, works=each.works, since=datetime.fromtimestamp(each.since, UTC)) for each in parts],
        drill=watch.is_drill(), at=request.app.state.edge.database.clock(),
    )  # fmt: skip


@get("/v1/status")
async def get_status(request: Request) -> Response[ServiceStatus]:
    """How the service is, for everybody: whether reporting, the work outside, following a report and the hotline work."""
    return Response(await status_now(request), headers=NO_STORE)


@get("/status", include_in_schema=False)
async def get_status_page(request: Request) -> Response[bytes]:
    """The same as a page. It knows nobody and needs no database."""
    policy = request.app.state.edge.policy()
    tell = Teller(policy=policy, language=language_of(request, policy))
    return made(request, NOBODY, policy, "status.html", tell=tell, status_now=await status_now(request))


@get("/v1/operate", guards=OPERATE)
async def get_operate(request: Request, door: Door) -> OperateScreen:
    """What to do next, the most urgent first; the alerts that hold; the platform's own risks."""
    watch = watch_of(request)
    state = await asyncio.to_thread(watch.state)
    standing = {each.code: each for each in state.standings}
    risks = []
    for each in door.policy.platform_risks:
        now = standing.get(each.code)
        risks.append(
            RiskView(
                code=each.code, area=each.area, measure=each.measure, words=each.words, colour=each.colour, limit=each.limit,
                value=now.value if now else None, is_over=bool(now and now.is_over), since=moment_of(now.since if now else None),
                reports=each.class_key is not None, source=each.source,
            )
        )  # fmt: skip
    known = {each.name for each in rules()}
    return OperateScreen(
        deeds=state.deeds,
        alerts=[alert_view(each) for each in state.firing if each.name in known], risks=risks, processes=state.processes,
        version=watch.version, looked_at=moment_of(state.looked_at), backup_at=state.backup_at, at=door.now,
    )  # fmt: skip


ROUTES: list[Any] = [get_status, get_status_page, get_operate]
