"""What anybody may see around a place: what is open there, what the city did there last, and the city's own card.

Filed cases of public classes only; a class whose places are private is near nothing, or circles would find them. Words
and photos only where the city shows them to strangers.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from litestar import Request, Response, get
from litestar.params import QueryParameter
from msgspec import Struct

from cityloop.cases import Case
from cityloop.cases.public import is_public, photos_of_work_in
from cityloop.db import Tx, once_found
from cityloop.db.tx import row_to
from cityloop.domain.errors import Invalid
from cityloop.domain.facts import PhotoRef
from cityloop.domain.ids import AreaCode, CaseId, ClassKey, UnitId
from cityloop.domain.personal import Personal
from cityloop.domain.place import Point, checked_point, distance_m
from cityloop.domain.policy import Area, Policy, Words
from cityloop.domain.private import for_all
from cityloop.domain.said import Said
from cityloop.http import Door
from cityloop.http.strangers import LOOKS, pace_stranger
from cityloop.journal.vault import VaultRow
from cityloop.places import spots_around
from cityloop.stages.intake.model import FIND, SAID_DAYS
from cityloop.stages.intake.rules import STANDS
from cityloop.stages.intake.service import PhotoLine, photos_shown

RADIUS_M_MAX, LIMIT_MAX, DAYS_MAX = 2_000, 200, 31
ROWS_MAX = 1_000  # of a circle, the newest: a crowded place must not make an answer dear
HEADERS = {"Cache-Control": "no-store"}
_photos = msgspec.json.Decoder(list[PhotoRef]).decode
_said = msgspec.json.Decoder(Said).decode
_columns = ", ".join(f"c.{name}" for name in Case.__struct_fields__)


class BadCircle(Invalid):
    """A circle that is too wide, a list too long or a time too far back."""

    code = "public.bad_circle"


class CaseNearby(Struct, frozen=True, kw_only=True):
    """A filed case as strangers see it. `state` is a code of a report's way; `text` and `photos` only where the city
    shows them to strangers."""

    id: CaseId
    number: str
    class_key: ClassKey
    state: str
    lon: float
    lat: float
    distance_m: int
    community: AreaCode | None
    street: AreaCode | None
    unit: UnitId | None
    reports: int
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    on_time: bool | None
    text: Annotated[str, Personal(FIND, keep_days=SAID_DAYS)] | None = None
    photos: list[PhotoLine] = []


class DoneNearby(Struct, frozen=True, kw_only=True):
    """What was closed around a place since a moment. The counts are of `items`; `more`: there were too many to count."""

    since: datetime
    until: datetime
    closed: int
    on_time: int
    more: bool
    items: list[CaseNearby]


class AreaView(Struct, frozen=True, kw_only=True):
    """A neighbourhood: where its middle is, and how far its corners are from that."""

    code: AreaCode
    parent: AreaCode | None
    name: Words
    lon: float
    lat: float
    radius_m: int


class CityCard(Struct, frozen=True, kw_only=True):
    """What a resident's page must know of the city before anything else."""

    name: Words
    simulated: bool
    languages: list[str]
    zone: str
    bounds: list[float]  # west, south, east, north
    service_phone: str
    photos_max: int
    photo_bytes_max: int
    text_chars_max: int
    hears: bool  # a recording can be sent to /v1/heard, and comes back as words
    shows_photos: bool  # strangers see photos of reports, so who takes one thinks of that


@get("/v1/public/cases")
async def get_open_nearby(
    door: Door, lon: float, lat: float, radius_m: int = 500, limit: int = 50,
    class_key: Annotated[list[str] | None, QueryParameter(name="class")] = None,
) -> Response[list[CaseNearby]]:  # fmt: skip
    """Open cases around a place, the nearest first. Units: degrees (WGS 84), metres; at most 2,000 m."""
    pace_stranger(door, LOOKS)
    policy = door.policy
    spots = _spots(lon, lat, radius_m, policy)
    _at_most("limit", limit, LIMIT_MAX)

    def ask(tx: Tx) -> list[CaseNearby]:
        found = _around(tx, _rows(tx, spots, "c.closed_at IS NULL AND c.is_open = 1"), lon, lat, radius_m, policy)
        wanted = [pair for pair in found if not class_key or pair[1].class_key in class_key][:limit]
        return [_shown(tx, case, away, policy) for away, case in wanted]

    return Response(await door.read(ask), headers=HEADERS)


@get("/v1/public/done")
async def get_done_nearby(
    door: Door, lon: float, lat: float, radius_m: int = 2_000, days: int = 7, limit: int = 50
) -> Response[DoneNearby]:
    """What the city did around a place in the last days, the newest first; each with its photos where they are public."""
    pace_stranger(door, LOOKS)
    policy, now = door.policy, door.now
    spots = _spots(lon, lat, radius_m, policy)
    _at_most("limit", limit, LIMIT_MAX)
    _at_most("days", days, DAYS_MAX)
    since = now - timedelta(days=days)

    def ask(tx: Tx) -> DoneNearby:
        rows = _rows(tx, spots, "c.closed_at >= :since AND c.state = 'closed'", since=since)
        found = _around(tx, rows, lon, lat, radius_m, policy)
        newest = sorted(found, key=lambda pair: (pair[1].closed_at or now, pair[1].id), reverse=True)
        return DoneNearby(
            since=since, until=now, closed=len(found), on_time=sum(1 for _, case in found if case.on_time),
            more=len(rows) >= ROWS_MAX, items=[_shown(tx, case, away, policy) for away, case in newest[:limit]],
        )  # fmt: skip

    return Response(await door.read(ask), headers=HEADERS)


@get("/v1/public/areas")
async def get_areas(door: Door) -> Response[list[AreaView]]:
    """The neighbourhoods: districts, streets and communities that have cells."""
    pace_stranger(door, LOOKS)
    return Response(_areas(door.policy), headers={"Cache-Control": "no-cache"})


@get("/v1/public/city")
async def get_city(request: Request, door: Door) -> Response[CityCard]:
    """The city's card."""
    pace_stranger(door, LOOKS)
    policy = door.policy
    settings = policy.settings
    card = CityCard(
        name=policy.name, simulated=policy.simulated, languages=list(settings.languages), zone=policy.week.zone,
        bounds=list(settings.bounds), service_phone=settings.service_phone, photos_max=settings.photos_max,
        photo_bytes_max=settings.photo_bytes_max, text_chars_max=settings.text_chars_max,
        hears=request.app.state.get("ear") is not None, shows_photos=settings.open311_public_media,
    )  # fmt: skip
    return Response(card, headers={"Cache-Control": "no-cache"})


def _spots(lon: float, lat: float, radius_m: int, policy: Policy) -> Sequence[int]:
    """The spots of a circle. Refuses with `BadCircle`, or with what `domain/place.py` says of a point."""
    checked_point(lon, lat, policy.settings.bounds)
    _at_most("radius_m", radius_m, RADIUS_M_MAX)
    return spots_around(lon, lat, radius_m)


def _at_most(name: str, given: int, most: int) -> None:
    if not 1 <= given <= most:
        raise BadCircle(f"{name}={given} is out of bounds; ask for 1 to {most}.")


def _rows(tx: Tx, spots: Sequence[int], where: str, **params: object) -> list[Case]:
    """Filed cases in these spots, the newest first."""
    named = {f"s{number}": spot for number, spot in enumerate(spots)}
    rows = tx.all(
        f"SELECT {_columns} FROM case_file c WHERE c.city = :city AND c.spot IN ({', '.join(f':{n}' for n in named)}) "
        f"AND c.number IS NOT NULL AND {where} ORDER BY {once_found('c.id')} DESC LIMIT :rows",
        rows=ROWS_MAX, **named, **params,
    )  # fmt: skip
    return [row_to(Case, row) for row in rows]


def _around(
    tx: Tx, cases: Sequence[Case], lon: float, lat: float, radius_m: int, policy: Policy
) -> list[tuple[int, Case]]:
    """The public ones within the circle with their distance, the nearest first."""
    here = Point(lon=lon, lat=lat)
    found = [
        (round(distance_m(here, Point(lon=case.lon or 0.0, lat=case.lat or 0.0))), case)
        for case in cases
        if is_public(case, policy)
    ]
    return sorted((pair for pair in found if pair[0] <= radius_m), key=lambda pair: (pair[0], pair[1].id))


def _shown(tx: Tx, case: Case, away_m: int, policy: Policy) -> CaseNearby:
    assert case.number
    assert case.class_key
    assert case.lon is not None
    assert case.lat is not None
    settings = policy.settings
    text = None
    photos: list[PhotoLine] = []
    if settings.open311_public_text or settings.open311_public_media:
        row = tx.one("SELECT said, photos FROM report WHERE city = :city AND id = :id", id=case.report_id)
        kept = tx.get("vault", VaultRow, row.said) if row else None
        text = for_all(_said(kept.bytes).text) or None if kept and settings.open311_public_text else None
        if kept and row and settings.open311_public_media:
            photos = photos_shown("before", row.photos)
            if settings.public_photos:
                work = msgspec.json.encode(photos_of_work_in(tx, case)).decode()
                photos += photos_shown("after", work)
    return CaseNearby(
        id=case.id, number=case.number, class_key=case.class_key, state=STANDS[case.state], lon=case.lon, lat=case.lat,
        distance_m=away_m, community=case.community, street=case.street, unit=case.unit, reports=case.reports,
        opened_at=case.opened_at, due_at=case.clock_due, closed_at=case.closed_at, on_time=case.on_time, text=text,
        photos=photos,
    )  # fmt: skip


def _areas(policy: Policy) -> list[AreaView]:
    """Made once for a policy, which is frozen."""
    known = policy.__dict__.get("_area_views")
    if known is None:
        corners: dict[str, list[tuple[float, float]]] = {}
        for cell in policy.cells:
            for chars in (6, 9, 12):
                corners.setdefault(cell.code[:chars], []).extend(cell.ring)
        found = [_area(each, corners[each.code]) for each in policy.areas if each.code in corners]
        known = policy.__dict__["_area_views"] = found
    return known


def _area(area: Area, corners: list[tuple[float, float]]) -> AreaView:
    west, east = min(lon for lon, _ in corners), max(lon for lon, _ in corners)
    south, north = min(lat for _, lat in corners), max(lat for _, lat in corners)
    middle = Point(lon=(west + east) / 2, lat=(south + north) / 2)
    return AreaView(
        code=area.code, parent=area.parent, name=area.name, lon=round(middle.lon, 6), lat=round(middle.lat, 6),
        radius_m=round(distance_m(middle, Point(lon=east, lat=north))),
    )  # fmt: skip


ROUTES = [get_open_nearby, get_done_nearby, get_areas, get_city]
