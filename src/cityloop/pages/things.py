"""Things that bear a code: what a passer-by reads off one, where it leads, and the labels to print."""

import io
from typing import Annotated

import segno
from litestar import Response, get
from litestar.params import QueryParameter
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.ids import ComponentCode
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Component, Words
from cityloop.field import census
from cityloop.http import Door, needs
from cityloop.pages.screen import moved, page
from cityloop.pages.shells import PageUnbuilt, resident_at

LABELS_MAX = 200
EITHER = [needs(Permission.census_propose, Permission.census_approve)]
Codes = Annotated[list[ComponentCode] | None, QueryParameter(name="code")]


class ThingView(Struct, kw_only=True):
    """A thing of the city as anybody may know of it who stands before it: what it is, where, and its number."""

    tag: str
    component: ComponentCode
    class_key: str
    class_name: Words
    lon: float
    lat: float


class Label(Struct, frozen=True, kw_only=True):
    """What is stuck on a thing."""

    tag: str
    svg: str
    component: Component
    name: Words


@get("/v1/things/{tag:str}")
async def get_thing(tag: str, door: Door) -> ThingView:
    """The thing that bears a code: a report begins with its class and its place."""

    def ask(tx: Tx) -> ThingView:
        known, component = census.thing_of(tx, tag, door.policy)
        of = door.policy.class_by_key.get(component.class_key)
        return ThingView(
            tag=known.tag, component=component.code, class_key=component.class_key, class_name=of.name if of else {},
            lon=component.lon, lat=component.lat,
        )  # fmt: skip

    return await door.read(ask)


@get("/q/{tag:str}", include_in_schema=False)
async def get_code(tag: str, door: Door) -> Response[bytes]:
    """What a phone's camera opens: the report of this thing, its place and class filled in; without script the form."""
    known, _ = await door.read(lambda tx: census.thing_of(tx, tag, door.policy))
    plain = f"/report?thing={known.tag}"
    try:
        return resident_at(door, plain)
    except PageUnbuilt:
        return moved(plain)


@get("/components/sheet", guards=EITHER, include_in_schema=False)
async def get_labels(door: Door, codes: Codes = None) -> Response[bytes]:
    """Labels to print and stick on things. Components without a code stand in it without one: POST /v1/components/tags."""
    base = str(door.policy.settings.public_url or door.request.base_url).rstrip("/")

    def ask(tx: Tx) -> list[Label]:
        found = []
        for code in list(dict.fromkeys(codes or ()))[:LABELS_MAX]:
            component, tag = census.component_now(tx, code, door.policy), census.tag_of(tx, code)
            if component and tag:
                of = door.policy.class_by_key.get(component.class_key)
                svg = qr_svg(f"{base}/q/{tag}")
                found.append(Label(tag=tag, svg=svg, component=component, name=of.name if of else {}))
        return found

    return page(door, "labels.html", labels=await door.read(ask))


def qr_svg(text: str) -> str:
    """A QR code as a drawing without any style of its own; a quarter of it may be scratched off."""
    out = io.BytesIO()
    segno.make(text, error="q", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=4, svgclass="qr", lineclass=None
    )
    return out.getvalue().decode()


ROUTES = [get_thing, get_code, get_labels]
