"""HTTP of drills: only from this machine, only by who operates the city."""

import asyncio
from datetime import datetime
from typing import Any

from litestar import Request, Response, get, post
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from msgspec import Struct

from cityloop.domain.errors import NotAllowed
from cityloop.domain.facts import DrillResult
from cityloop.domain.permission import Permission
from cityloop.http import Door, needs
from cityloop.operate import drills
from cityloop.operate.cuts import Cuts
from cityloop.operate.drill_paper import paper
from cityloop.operate.guards import is_here
from cityloop.printing import MEDIA, Form, written

OPERATE = [needs(Permission.operate)]
MINUTES_MAX = 60


class NotFromHere(NotAllowed):
    """Parts are taken away only by somebody at the machine itself."""

    code = "drill.not_from_here"


async def at_the_machine(connection: ASGIConnection, _: BaseRouteHandler) -> None:
    """A guard: asked on this machine itself.

    Refuses with `NotFromHere`.
    """
    if not is_here(connection):
        raise NotFromHere("A drill is run on the machine of the server; type `cityloop drill` there.")


HERE = [*OPERATE, at_the_machine]


class DrillAsked(Struct, kw_only=True):
    """Which parts shall be taken away, each for how long. `really`: on a city that is no simulation."""

    faults: list[str]
    each_s: int
    really: bool = False


class DrillBegun(Struct, kw_only=True):
    """The drill, and which of its faults can be tried here: what nobody set up cannot be taken away."""

    id: str
    can: list[str]


class CutAsked(Struct, kw_only=True):
    """What is taken away now, and for how long at most."""

    what: str
    seconds: float


class DrillOver(Struct, kw_only=True):
    """What the drill showed."""

    whole: bool
    results: list[DrillResult]


class DrillView(Struct, kw_only=True):
    """A drill and what it showed."""

    id: str
    started_at: datetime
    ended_at: datetime | None
    whole: bool
    each_s: int
    simulated: bool
    results: list[DrillResult]


def cuts_of(request: Request) -> Cuts:
    """The switchboard of this process."""
    return request.app.state.parts.cuts


@post("/v1/drills", status_code=201, guards=HERE)
async def post_drill(data: DrillAsked, request: Request, door: Door) -> DrillBegun:
    """Begin a drill."""
    policy, by = door.policy, door.caller.account
    id = await door.change(
        lambda tx: drills.start(tx, faults=data.faults, each_s=data.each_s, really=data.really, by=by, policy=policy)
    )
    cuts_of(request).begin(id, MINUTES_MAX * 60)
    able = request.app.state.parts.can_be_cut()
    return DrillBegun(id=id, can=[each for each in data.faults if each in able])


@post("/v1/drills/{drill_id:str}/cuts", status_code=201, guards=HERE)
async def post_drill_cut(drill_id: str, data: CutAsked, request: Request) -> CutAsked:
    """Take a part away for some seconds; it comes back by itself."""
    cuts_of(request).cut(drill_id, data.what, data.seconds)
    return data


@post("/v1/drills/{drill_id:str}/end", status_code=201, guards=HERE)
async def post_drill_end(drill_id: str, data: DrillOver, request: Request, door: Door) -> DrillView:
    """End a drill, and say what it showed."""
    cuts_of(request).end()
    await door.change(lambda tx: drills.end(tx, drill_id, whole=data.whole, results=data.results))
    return await door.read(lambda tx: view(drills.drill_get(tx, drill_id)))


@get("/v1/drills", guards=OPERATE)
async def get_drills(door: Door) -> list[DrillView]:
    """Drills and what they showed, the last one first."""
    return await door.read(lambda tx: [view(each) for each in drills.drill_list(tx)])


@get("/v1/drills/{drill_id:str}/report", guards=OPERATE)
async def get_drill_report(drill_id: str, door: Door, form: Form = Form.html, language: str = "zh") -> Response[bytes]:
    """The paper of a drill, as a page, PDF, Word document or workbook."""
    row, policy = await door.read(lambda tx: drills.drill_get(tx, drill_id)), door.policy
    spoken = language if language in policy.settings.languages else policy.settings.languages[0]
    raw = await asyncio.to_thread(lambda: written(paper(row, policy, spoken), form))
    return Response(raw, media_type=MEDIA[form], headers={"Cache-Control": "no-store"})


def view(row: drills.DrillRow) -> DrillView:
    """A drill as it is shown."""
    return DrillView(
        id=row.id, started_at=row.started_at, ended_at=row.ended_at, whole=row.whole, each_s=row.each_s, simulated=row.simulated,
        results=list(row.told),
    )  # fmt: skip


ROUTES: list[Any] = [post_drill, post_drill_cut, post_drill_end, get_drills, get_drill_report]
