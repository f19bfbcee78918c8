"""Places by their names, and names of places: for who reports, and for every map."""

from typing import Annotated

from litestar import Response, get
from litestar.params import QueryParameter
from msgspec import Struct

from cityloop.domain.errors import Invalid
from cityloop.domain.ids import AreaCode, CellCode
from cityloop.domain.policy import Words
from cityloop.http import Door
from cityloop.http.strangers import SEARCHES, pace_stranger
from cityloop.places import Named, address_of, locate, places_named

TEXT_MAX = 60


class PlaceNames(Struct, frozen=True, kw_only=True):
    """What is found, what fits best first."""

    items: list[Named]


class PlaceAt(Struct, frozen=True, kw_only=True):
    """What a point is called: its areas in words, in each language, and their codes; `inside` says whether it is ours."""

    lon: float
    lat: float
    inside: bool
    address: Words
    cell: CellCode | None
    community: AreaCode | None
    street: AreaCode | None
    district: AreaCode | None


@get("/v1/places")
async def get_places(q: str, door: Door, limit: int = 10) -> Response[PlaceNames]:
    """Areas, streets, landmarks, cells and things by a part of their name or the beginning of their number."""
    pace_stranger(door, SEARCHES)
    if len(q) > TEXT_MAX or not 1 <= limit <= 20:
        raise Invalid(f"q has up to {TEXT_MAX} characters and limit is 1 to 20; ask for less.")
    policy = door.policy
    found = await door.aside(lambda: places_named(policy, q, limit=limit))
    return Response(PlaceNames(items=found), headers={"Cache-Control": "public, max-age=60"})


@get("/v1/places/at")
async def get_place_at(
    lat: Annotated[float, QueryParameter(ge=-90, le=90)],
    lng: Annotated[float, QueryParameter(ge=-180, le=180)],
    door: Door,
) -> Response[PlaceAt]:
    """What a point is called. Units: degrees (WGS 84)."""
    pace_stranger(door, SEARCHES)
    where = locate(door.policy, lng, lat)
    return Response(
        PlaceAt(
            lon=lng, lat=lat, inside=where.cell is not None, address=address_of(door.policy, where), cell=where.cell,
            community=where.community, street=where.street, district=where.district,
        ),
        headers={"Cache-Control": "public, max-age=60"},
    )  # fmt: skip


ROUTES = [get_places, get_place_at]
