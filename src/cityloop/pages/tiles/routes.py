"""The map's tiles over HTTP: the city's own basemap, and its cases as far as who asks may see them."""

import gzip
from hashlib import blake2b
from typing import Annotated

from litestar import Request, Response, get
from litestar.params import QueryParameter
from msgspec import Struct

from cityloop.cases.reach import reach_of
from cityloop.db import Tx
from cityloop.domain.clock import Lamp
from cityloop.domain.ids import AreaCode, ClassKey, UnitId
from cityloop.domain.lifecycle import State
from cityloop.domain.permission import Permission
from cityloop.http import Door
from cityloop.http.door import unchanged
from cityloop.http.limits import Pace
from cityloop.http.strangers import pace_stranger
from cityloop.pages.now import View, keeper_of
from cityloop.pages.now.mercator import TileAt, tile_named
from cityloop.pages.tiles.basemap import basemap_of
from cityloop.pages.tiles.cases import case_tile

MVT = "application/vnd.mapbox-vector-tile"
STEP_S = 30  # lamps are read so often
MAPS = Pace(per_min=1_200, burst=400)  # a map that is moved about asks for a dozen at once
FOR_EVER = "public, max-age=31536000, immutable"


class OutsideMap(Struct, frozen=True, kw_only=True):
    """A map of others beneath the city's own: raster tiles, whom they name, and under which number it was approved."""

    urls: tuple[str, ...]
    attribution: str
    approval: str
    zoom_max: int


class MapCard(Struct, frozen=True, kw_only=True):
    """What a map must know before it draws: the city's box, the version of its basemap, and in which datum all of it is
    drawn. Units: degrees (WGS 84)."""

    bounds: tuple[float, float, float, float]
    version: str
    languages: tuple[str, ...]
    datum: str
    outside: OutsideMap | None


@get("/v1/map")
async def get_map(door: Door) -> Response[MapCard]:
    """The card of the city's map."""
    policy = door.policy
    settings = policy.settings
    outside = OutsideMap(
        urls=settings.basemap_urls, attribution=settings.basemap_attribution, approval=settings.basemap_approval,
        zoom_max=settings.basemap_zoom_max,
    )  # fmt: skip
    card = MapCard(
        bounds=settings.bounds, version=policy.digest, languages=settings.languages, datum=settings.basemap_datum,
        outside=outside if outside.urls else None,
    )  # fmt: skip
    return Response(card, headers={"Cache-Control": "no-cache"})


@get("/tiles/base/{z:int}/{x:int}/{name:str}", media_type=MVT)
async def get_base_tile(z: int, x: int, name: str, door: Door, v: str = "") -> Response[bytes]:
    """The city itself, as its pack in force draws it: land, areas, cells, streets, places, things. `v`: the pack's digest,
    with which browsers may keep the tile for ever."""
    tile, policy = tile_named(z, x, name), door.policy
    body = await door.aside(lambda: basemap_of(policy).tile(tile, _gzipped))
    return _answer(door.request, body, FOR_EVER if v == policy.digest else "public, max-age=60")


@get("/tiles/cases/{z:int}/{x:int}/{name:str}", media_type=MVT)
async def get_case_tile(
    z: int,
    x: int,
    name: str,
    door: Door,
    states: Annotated[list[State] | None, QueryParameter(name="state")] = None,
    open: bool = True,
    ended: bool = False,
    lamps: Annotated[list[Lamp] | None, QueryParameter(name="lamp")] = None,
    unit: UnitId | None = None,
    area: AreaCode | None = None,
    class_key: ClassKey | None = None,
    public: bool = False,
) -> Response[bytes]:
    """Cases: those that the caller's seats see; to everybody else, and with `public`, those of public classes. The open
    ones; with `ended` those that ended lately, too, and without `open` those alone."""
    tile = tile_named(z, x, name)
    is_staff = not public and door.caller.may(Permission.case_read)
    if not is_staff:
        pace_stranger(door, MAPS)
    view = View(
        reach=reach_of(door.caller) if is_staff else None, states=tuple(dict.fromkeys(states or ())), open=None if open and ended else open and not ended,
        lamps=tuple(dict.fromkeys(lamps or ())), unit=unit if is_staff else None, area=area, class_key=class_key,
    )  # fmt: skip
    body = await _drawn(door, tile, view)
    return _answer(door.request, body, "private, no-cache" if is_staff else "public, max-age=5")


async def _drawn(door: Door, tile: TileAt, view: View) -> bytes:
    policy, keeper = door.policy, keeper_of(door.request.app)
    at_s = int(door.now.timestamp()) // STEP_S * STEP_S

    def draw(tx: Tx) -> bytes:
        now = keeper.snapshot(tx, policy)
        key = (tile, view, now.seq, policy.digest, at_s)
        return keeper.drawn.get(key, lambda: _gzipped(case_tile(now, tile, view, at_s)))

    return await door.read(draw)


def _gzipped(tile: bytes) -> bytes:
    return gzip.compress(tile, 5, mtime=0)


def _answer(request: Request, body: bytes, cache: str) -> Response[bytes]:
    """The tile under the name of its bytes; nothing but that name to who has it already."""
    tag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    headers = {
        "ETag": tag,
        "Cache-Control": cache,
        "Vary": "Cookie, Authorization",
        "X-Content-Type-Options": "nosniff",
    }
    if known := unchanged(request, headers):
        return known
    return Response(body, media_type=MVT, headers=headers | {"Content-Encoding": "gzip"})


ROUTES = [get_map, get_base_tile, get_case_tile]
