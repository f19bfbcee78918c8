"""Whether places fit the datum that a mapping declares, and how they are turned into WGS 84."""

import random

import pytest

from cityloop.domain.place import Point, distance_m
from cityloop.doors.files.datum import ENOUGH, Witness, converter, shown_in, suspicion
from cityloop.doors.files.model import MappingWrong

DATUMS = ["wgs84", "gcj02", "bd09"]
CELL_DEG = 0.002  # about 200 m: a unit cell


def cell_at(point: Point) -> str | None:
    """A town of square cells."""
    if not (112.90 <= point.lon < 113.00 and 28.20 <= point.lat < 28.30):
        return None
    return f"{int((point.lon - 112.9) / CELL_DEG)}:{int((point.lat - 28.2) / CELL_DEG)}"


def places(count: int, seed: int = 7) -> list[Point]:
    chance = random.Random(seed)
    return [Point(lon=chance.uniform(112.905, 112.995), lat=chance.uniform(28.205, 28.295)) for _ in range(count)]


def witnesses(meant: str, *, cells: bool = False, components: bool = False, count: int = 60) -> list[Witness]:
    found = []
    for place in places(count):
        lon, lat = shown_in(place, meant)
        found.append(
            Witness(lon=lon, lat=lat, cell=cell_at(place) if cells else "", component=place if components else None)
        )
    return found


@pytest.mark.parametrize("meant", DATUMS)
@pytest.mark.parametrize("declared", DATUMS)
@pytest.mark.parametrize("beside", [{"cells": True}, {"components": True}, {"cells": True, "components": True}])
def test_a_wrong_datum_is_seen_and_the_right_one_named(meant, declared, beside):
    doubt = suspicion(witnesses(meant, **beside), declared, cell_at=cell_at)
    assert (doubt.datum if doubt else declared) == meant


@pytest.mark.parametrize("declared", DATUMS)
def test_without_anything_beside_the_numbers_a_town_s_middle_says_nothing(declared):
    """Some hundred metres move few places out of a town: then nobody is asked in vain."""
    assert suspicion(witnesses("gcj02"), declared, cell_at=cell_at) is None


def test_places_beyond_the_edge_of_a_small_town_are_seen():
    """A town of 900 m, whose places mostly leave it when they are read wrongly."""
    small = [Point(lon=112.95 + n * 0.0001, lat=28.25 + n * 0.0001) for n in range(80)]
    inside = lambda p: "in" if 112.9495 <= p.lon <= 112.9585 and 28.2495 <= p.lat <= 28.2585 else None
    found = [Witness(lon=lon, lat=lat) for lon, lat in (shown_in(each, "gcj02") for each in small)]
    doubt = suspicion(found, "wgs84", cell_at=inside)
    assert doubt is not None
    assert doubt.datum == "gcj02"


def test_few_places_are_no_evidence():
    assert suspicion(witnesses("gcj02", cells=True, count=ENOUGH - 1), "wgs84", cell_at=cell_at) is None


def test_cgcs2000_is_taken_for_wgs84():
    assert suspicion(witnesses("wgs84", cells=True), "cgcs2000", cell_at=cell_at) is None
    assert converter("cgcs2000")(112.9, 28.2) == Point(lon=112.9, lat=28.2)


@pytest.mark.parametrize("datum", DATUMS)
def test_what_is_shown_is_turned_back(datum):
    for place in places(20):
        assert distance_m(converter(datum)(*shown_in(place, datum)), place) < 0.01


def test_projected_coordinates_are_turned_into_degrees():
    """CGCS2000, three-degree zone 38 by its central meridian: the false easting lies on 114 degrees."""
    pytest.importorskip("pyproj")
    place = converter("epsg:4547")(500_000.0, 3_123_000.0)
    assert place.lon == pytest.approx(114.0, abs=1e-6)
    assert 28.2 < place.lat < 28.3


def test_an_unknown_projection_is_refused():
    pytest.importorskip("pyproj")
    with pytest.raises(MappingWrong):
        converter("epsg:999999")
