"""HTTP of SensorThings: who asks, what is meant, then the use case. Source: OGC 18-088, Part 1: Sensing 1.1."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import msgspec
from litestar import Request, Response, Router, delete, get, patch, post, put
from litestar.exceptions import HTTPException

from cityloop.db import Tx
from cityloop.domain.errors import CityloopError
from cityloop.domain.permission import Permission
from cityloop.doors.sensorthings import bodies, bulk
from cityloop.doors.sensorthings.answering import Asker, answer, root_shown
from cityloop.doors.sensorthings.drafts import Draft
from cityloop.doors.sensorthings.graph import Graph
from cityloop.doors.sensorthings.model import Entity, EntityUnknown
from cityloop.doors.sensorthings.options import query_of
from cityloop.doors.sensorthings.paths import Place, place_of
from cityloop.doors.sensorthings.serving import V11, Serving, is_all_kept, needs_to_manage, put_beside
from cityloop.http import Door, needs
from cityloop.http.door import keep_body
from cityloop.http.problems import fault, problem, status_of

BELOW = f"{V11}/{{path:path}}"
SENDS = [needs(Permission.device_manage, Permission.observe_send)]
MANAGES = [needs(Permission.device_manage)]
PATCHES = ("application/json-patch+json",)
LENGTH_MAX = 64_000


@get([V11, f"{V11}/"])
async def get_service(request: Request) -> Response[Any]:
    """The collections, and what the service conforms to."""
    return _json(root_shown(_root(request), _serving(request).mqtt))


@get(BELOW)
async def get_entities(path: str, request: Request, door: Door) -> Response[Any]:
    """Entities, an entity, a property, links; with `$filter`, `$expand`, `$select`, `$orderby`, `$top`, `$skip`, `$count`."""
    place = place_of(_given(path))
    given = list(request.query_params.multi_items())
    query = query_of(given, place.last.kind)
    serving, root, whole = _serving(request), _root(request), door.caller.may(Permission.device_read)
    found = await door.read(lambda tx: answer(serving.asker(tx, root, door.now, whole=whole), place, query, given))
    if place.is_value:
        if found is None:
            return Response(b"", status_code=204)
        said = found if isinstance(found, str) else msgspec.json.encode(found).decode()
        return Response(said.encode(), media_type="text/plain; charset=utf-8")
    return _json(found)


@post(f"{V11}/CreateObservations", status_code=201, guards=SENDS, before_request=keep_body)
async def post_observations(request: Request, door: Door) -> Response[Any]:
    """Many observations as data arrays; answers with a link, or a word of what is wrong, for each of them."""
    serving = _serving(request)
    arrays = bodies.read_json(await request.body())
    graph = await _graph(serving, door)
    read = await door.aside(lambda: bulk.read(graph, arrays, door.now))
    await _put_beside(serving, door, read.beside)
    taken = await serving.keep_columns(graph, read, door.now)
    root = _root(request)
    missing = await door.read(lambda tx: serving.missing(tx, read)) if taken.aside else frozenset()
    return _json(bulk.links(read, missing, root, taken.aside), status=201)


@post(BELOW, status_code=201, guards=SENDS, before_request=keep_body)
async def post_entity(path: str, request: Request, door: Door) -> Response[Any]:
    """Make an entity, with those that are described inside of it. What it needs may be named, or lie in the address."""
    place = place_of(_given(path))
    if place.inside or place.is_ref or place.last.id is not None or not place.last.is_many:
        raise EntityUnknown("Entities are made in a collection, e.g. Things or Things('…')/Datastreams; send it there.")
    serving, root, kind = _serving(request), _root(request), place.last.kind.name
    body = bodies.read_entity(await request.body())
    graph, parent = await door.read(lambda tx: _reached(serving, tx, place))
    drafts: list[Draft] = []
    if kind == "Observation" and (stream := bulk.stream_named(body, parent)) is not None:
        drafts = [serving.plain_draft(graph, stream, body, door.now)]
        id = drafts[0].id
        await _put_beside(serving, door, drafts)
    else:
        if kind not in ("Observation", "FeatureOfInterest") or "Datastream" in body:
            needs_to_manage(door.caller)
        id = await door.change(serving.created(graph, kind, body, parent, drafts))
        serving.parts.register.refresh()
    if drafts:
        taken = await serving.keep(drafts, door.now)
        if kind == "Observation":
            is_all_kept(taken)
    link = await door.read(lambda tx: _link(serving, tx, root, kind, id), short=True)
    return Response(b"", status_code=201, headers={"Location": link})


@patch(BELOW, guards=MANAGES)
async def patch_entity(path: str, request: Request, door: Door) -> Response[Any]:
    """Say something else of an entity: what is left out stays. As JSON, or as a JSON Patch."""
    said = bodies.read_json(await request.body())
    is_list = isinstance(said, list) or request.headers.get("content-type", "").partition(";")[0].strip() in PATCHES

    def change(now: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        return (bodies.patched(now, said), True) if is_list else (bodies.an_object(said, "The body"), False)

    return await _change(path, request, door, change)


@put(BELOW, guards=MANAGES)
async def put_entity(path: str, request: Request, door: Door) -> Response[Any]:
    """Say an entity whole: what is left out is no more."""
    body = bodies.read_entity(await request.body())
    return await _change(path, request, door, lambda now: (body, True))


@delete(BELOW, status_code=200, guards=MANAGES)
async def delete_entity(path: str, request: Request, door: Door) -> Response[bytes]:
    """Remove an entity, with what cannot be without it: a device is retired, a stream closed, and their history stays."""
    place, serving, root = place_of(_given(path)), _serving(request), _root(request)

    def ask(tx: Tx) -> tuple[Graph, Entity]:
        asker = serving.asker(tx, root, door.now, whole=True)
        return asker.graph, serving.one(asker, place)[0]

    graph, entity = await door.read(ask)
    await door.change(serving.removed(graph, entity))
    serving.parts.register.refresh()
    return Response(b"", status_code=200)


async def _change(
    path: str, request: Request, door: Door, change: Callable[[dict[str, Any]], tuple[dict[str, Any], bool]]
) -> Response[bytes]:
    place, serving, root = place_of(_given(path)), _serving(request), _root(request)

    def ask(tx: Tx) -> tuple[Graph, Entity, dict[str, Any]]:
        asker = serving.asker(tx, root, door.now, whole=True)
        return asker.graph, *serving.one(asker, place)

    graph, entity, now = await door.read(ask)
    body, whole = change(now)
    await door.change(serving.changed(graph, entity, body, whole=whole))
    serving.parts.register.refresh()

    def shown(tx: Tx) -> dict[str, Any]:
        asker = serving.asker(tx, root, door.now, whole=True)
        return asker.show(serving.one(asker, place)[0], query_of([], place.last.kind))

    return _json(await door.read(shown))


def _reached(serving: Serving, tx: Tx, place: Place) -> tuple[Graph, Entity | None]:
    """What is there, and the entity before the collection that an address names."""
    asker = serving.asker(tx, "", tx.now, whole=True)
    return asker.graph, asker.reach(place.steps[:-1])


async def _graph(serving: Serving, door: Door) -> Graph:
    return await door.read(lambda tx: serving.graph(tx, whole=True), short=True)


async def _put_beside(serving: Serving, door: Door, drafts: list[Draft]) -> None:
    """Keep what stands beside observations, where anything does."""
    if drafts and (any(each.beside for each in drafts) or await door.read(lambda tx: serving.gone(tx, drafts), short=True)):
        await door.change(lambda tx: put_beside(tx, drafts) or "", key=None)


def _link(serving: Serving, tx: Tx, root: str, kind: str, id: str) -> str:
    return Asker(tx, serving.graph(tx, whole=True), serving.records, root, tx.now).link(
        Entity(kind, int(id) if kind == "Datastream" else id, None)
    )


def _given(path: str) -> str:
    if len(path) > LENGTH_MAX:
        raise EntityUnknown("The address is longer than any of ours.")
    return unquote(path) if "%" in path else path


def _serving(request: Request) -> Serving:
    state = request.app.state
    if not hasattr(state, "sensorthings"):
        state.sensorthings = Serving(state.parts)
    return state.sensorthings


def _root(request: Request) -> str:
    return str(request.base_url).rstrip("/") + V11


def _json(body: Any, status: int = 200) -> Response[bytes]:
    return Response(msgspec.json.encode(body), status_code=status, media_type="application/json")


def refused(request: Request, error: CityloopError) -> Response[bytes]:
    """A refusal, with `message` besides, where clients of the standard look for it."""
    status = status_of(error)
    headers = {"Retry-After": str(error.more.get("retry_after_s", 1))} if status in (429, 503) else {}
    return problem(status, error.code, error.detail, {"message": error.detail} | error.more, headers)


def unreadable(request: Request, error: HTTPException) -> Response[bytes]:
    """What the framework refuses, in the same form."""
    if error.status_code >= 500:
        return fault(request, error)
    codes = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}
    return problem(error.status_code, codes.get(error.status_code, "invalid"), str(error.detail), {"message": str(error.detail)})


HANDLERS: dict[Any, Callable] = {CityloopError: refused, HTTPException: unreadable}
ROUTES = [
    Router(
        "/",
        route_handlers=[get_service, get_entities, post_observations, post_entity, patch_entity, put_entity, delete_entity],
        exception_handlers=HANDLERS,
    )
]
