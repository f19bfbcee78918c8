"""From the declared datum to WGS 84; and whether the places say that another datum was meant. Pure."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from statistics import median

from msgspec import Struct

from cityloop.domain.place import (
    Bd09Point,
    Gcj02Point,
    Point,
    bd09_of,
    distance_m,
    gcj02_of,
    point_of_bd09,
    point_of_gcj02,
)
from cityloop.doors.files.model import Datum, MappingWrong

Convert = Callable[[float, float], Point]
ENOUGH = 10  # places that must speak for another datum
BETTER_PPM = 200_000  # by so much more of them must agree with their cell, or lie in the city
NEARER = 0.5, 30.0  # components: the middle distance is half at most, and shorter by this many metres


class Witness(Struct, frozen=True, kw_only=True):
    """A row that says its place twice: as numbers, and as a cell, or as a component whose place the city knows."""

    lon: float  # as the file has them
    lat: float
    cell: str = ""
    component: Point | None = None


class Suspicion(Struct, frozen=True, kw_only=True):
    """That the places fit another datum better."""

    datum: str
    says: str


def converter(datum: str) -> Convert:
    """What turns the file's numbers into a place.

    Refuses with `MappingWrong`, where a projection is asked for and pyproj is not installed.
    """
    name = datum.lower()
    if name == Datum.gcj02:
        return lambda x, y: point_of_gcj02(Gcj02Point(lon=x, lat=y))
    if name == Datum.bd09:
        return lambda x, y: point_of_bd09(Bd09Point(lon=x, lat=y))
    if name.startswith("epsg:"):
        return _projected(name)
    return lambda x, y: Point(lon=x, lat=y)


@lru_cache(8)
def _projected(name: str) -> Convert:
    try:
        from pyproj import Transformer
        from pyproj.exceptions import CRSError
    except ImportError:
        raise MappingWrong(f"The datum {name} needs pyproj; install it with `pip install cityloop[survey]`.") from None
    try:
        turn = Transformer.from_crs(name, "EPSG:4326", always_xy=True).transform
    except CRSError:
        raise MappingWrong(f"There is no coordinate system {name}; write one like epsg:4547.") from None

    def convert(x: float, y: float) -> Point:
        lon, lat = turn(x, y)
        return Point(lon=lon, lat=lat)

    return convert


class _Fit(Struct, frozen=True):
    inside_ppm: int
    agree_ppm: int
    agreeing: int
    away_m: float | None


def suspicion(
    witnesses: Iterable[Witness], declared: str, *, cell_at: Callable[[Point], str | None]
) -> Suspicion | None:
    """The datum that the places fit clearly better than the declared one, and how one sees it; None where none does.

    GCJ-02 lies 50 to 700 m from WGS 84, Baidu's as much again: a row that names its cell or its component beside its
    numbers tells which was meant, and so does a city whose edge many places lie beyond.
    """
    found = list(witnesses)
    if len(found) < ENOUGH or declared.lower().startswith("epsg:"):
        return None
    meant = _fit(found, converter(declared), cell_at)
    best: tuple[_Fit, Suspicion] | None = None
    for other in (Datum.wgs84, Datum.gcj02, Datum.bd09):
        if other == declared or (other is Datum.wgs84 and declared == Datum.cgcs2000):
            continue
        fit = _fit(found, converter(other), cell_at)
        says = _clearly_better(fit, meant, declared, other)
        if says and (best is None or _better(fit, best[0])):
            best = fit, Suspicion(datum=other, says=says)
    return best[1] if best else None


def shown_in(point: Point, datum: str) -> tuple[float, float]:
    """The numbers by which a datum shows a place: the way back, for tests and exports."""
    shown = {Datum.gcj02: gcj02_of, Datum.bd09: lambda each: bd09_of(gcj02_of(each))}.get(datum, lambda each: each)(point)
    return shown.lon, shown.lat


def _fit(witnesses: list[Witness], convert: Convert, cell_at: Callable[[Point], str | None]) -> _Fit:
    inside = agreeing = named = 0
    away: list[float] = []
    for each in witnesses:
        point = convert(each.lon, each.lat)
        cell = cell_at(point)
        inside += cell is not None
        named += bool(each.cell)
        agreeing += bool(each.cell) and cell == each.cell
        if each.component:
            away.append(distance_m(point, each.component))
    return _Fit(
        inside * 1_000_000 // len(witnesses), agreeing * 1_000_000 // named if named else 0, agreeing,
        median(away) if len(away) >= ENOUGH else None,
    )  # fmt: skip


def _clearly_better(fit: _Fit, meant: _Fit, declared: str, other: str) -> str:
    if fit.agreeing >= ENOUGH and fit.agree_ppm >= meant.agree_ppm + BETTER_PPM:
        return (
            f"read as {declared}, {meant.agree_ppm / 10_000:.0f} % of the places lie in the cell that their row names; "
            f"read as {other}, {fit.agree_ppm / 10_000:.0f} %"
        )
    far, near = meant.away_m, fit.away_m
    if far is not None and near is not None and near <= far * NEARER[0] and near + NEARER[1] <= far:
        return (
            f"read as {declared}, the places lie {far:.0f} m from the component that their row names (the middle one); "
            f"read as {other}, {near:.0f} m"
        )
    if fit.inside_ppm >= meant.inside_ppm + BETTER_PPM:
        return (
            f"read as {declared}, {meant.inside_ppm / 10_000:.0f} % of the places lie in a cell of the city; "
            f"read as {other}, {fit.inside_ppm / 10_000:.0f} %"
        )
    return ""


def _better(fit: _Fit, than: _Fit) -> bool:
    return (fit.agree_ppm, -(fit.away_m or 0.0), fit.inside_ppm) > (than.agree_ppm, -(than.away_m or 0.0), than.inside_ppm)
