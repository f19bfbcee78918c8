"""Datums there and back, distances against plain formulas, codes against their parts."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityloop.domain.codes import SCHEMES, cell_parts, component_parts
from cityloop.domain.place import (
    Bd09Point,
    Gcj02Point,
    PlaceOutside,
    PlaceSwapped,
    Point,
    bd09_of,
    checked_point,
    distance_m,
    gcj02_of,
    gcj02_of_bd09,
    inside,
    point_of_bd09,
    point_of_gcj02,
)

MANY = settings(max_examples=100, deadline=None)

# the box of GCJ-02 less two kilometres: at its edge two places are shown at one spot
CHINA = st.builds(lambda lon, lat: Point(lon=lon, lat=lat), st.floats(72.03, 137.81), st.floats(0.85, 55.8))
EARTH = st.builds(lambda lon, lat: Point(lon=lon, lat=lat), st.floats(-180, 180), st.floats(-90, 90))
STEPS = st.floats(-0.05, 0.05)


def plain_haversine_m(a, b):
    """The sphere of the mean radius: right within 0.6 %."""
    lat_a, lat_b, half_lon = math.radians(a.lat), math.radians(b.lat), math.radians(b.lon - a.lon) / 2
    h = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * 6_371_008.8 * math.asin(math.sqrt(min(1.0, h)))


def plain_chord_m(a, b):
    """The straight line between two points of the ellipsoid: a millimetre too short over 10 km."""

    def xyz(point):
        lon, lat = math.radians(point.lon), math.radians(point.lat)
        axis, e2 = 6_378_137.0, 0.006_694_379_990_141_316
        n = axis / math.sqrt(1 - e2 * math.sin(lat) ** 2)
        return n * math.cos(lat) * math.cos(lon), n * math.cos(lat) * math.sin(lon), n * (1 - e2) * math.sin(lat)

    return math.dist(xyz(a), xyz(b))


@MANY
@given(CHINA)
def test_gcj02_there_and_back(place):
    shown = gcj02_of(place)

    assert isinstance(shown, Gcj02Point)
    assert distance_m(place, point_of_gcj02(shown)) < 0.001


@MANY
@given(CHINA)
def test_bd09_there_and_back(place):
    shown = bd09_of(gcj02_of(place))
    back = gcj02_of_bd09(shown)

    assert isinstance(shown, Bd09Point)
    assert isinstance(back, Gcj02Point)
    assert distance_m(place, point_of_bd09(shown)) < 0.001


@MANY
@given(CHINA)
def test_gcj02_moves_every_place_of_its_box_and_never_far(place):
    shown = gcj02_of(place)

    assert 1 < distance_m(place, Point(lon=shown.lon, lat=shown.lat)) < 1_500


@MANY
@given(EARTH, EARTH)
def test_distance_is_symmetric_and_near_the_sphere_s(a, b):
    found = distance_m(a, b)

    assert found == distance_m(b, a)
    assert found >= 0
    assert math.isclose(found, plain_haversine_m(a, b), rel_tol=0.006, abs_tol=1e-3)


@MANY
@given(EARTH, STEPS, STEPS)
def test_distance_in_a_city_is_good_to_a_hundred_thousandth(a, east, north):
    b = Point(lon=max(-180.0, min(180.0, a.lon + east)), lat=max(-90.0, min(90.0, a.lat + north)))

    assert math.isclose(distance_m(a, b), plain_chord_m(a, b), rel_tol=1e-5, abs_tol=1e-6)


@MANY
@given(CHINA, CHINA, CHINA)
def test_a_way_round_is_never_shorter(a, b, c):
    assert distance_m(a, c) <= (distance_m(a, b) + distance_m(b, c)) * (1 + 2e-5) + 1e-6


@MANY
@given(EARTH, st.floats(-179, 170), st.floats(-89, 80), st.floats(0, 9), st.floats(0, 9))
def test_a_checked_point_is_the_one_given_and_inside(place, west, south, width, height):
    bounds = (west, south, west + width, south + height)
    swapped = Point(lon=place.lat, lat=place.lon)
    try:
        found = checked_point(place.lon, place.lat, bounds)
    except PlaceSwapped:
        assert not inside(place, bounds)
        assert inside(swapped, bounds)
    except PlaceOutside:
        assert not inside(place, bounds)
        assert abs(place.lon) > 90 or not inside(swapped, bounds)
    else:
        assert found == place
        assert inside(place, bounds)


@MANY
@given(st.floats(100, 101), st.floats(20, 21))
def test_swapped_numbers_of_a_city_are_noticed_every_time(lon, lat):
    bounds = (100.0, 20.0, 101.0, 21.0)

    assert checked_point(lon, lat, bounds) == Point(lon=lon, lat=lat)
    with pytest.raises(PlaceSwapped) as refused:
        checked_point(lat, lon, bounds)
    assert f"send lon={lon}, lat={lat}." in str(refused.value)


@MANY
@given(st.integers(0, 10**15 - 1), st.sampled_from(sorted(SCHEMES)))
def test_codes_come_back_from_their_parts(number, scheme):
    width = SCHEMES[scheme].component.length

    assert cell_parts(f"{number:015}").code == f"{number:015}"
    assert component_parts(f"{number:0{width}}", scheme).code == f"{number:0{width}}"
