"""Places: their datums, their distances, and which are taken for a place in the city."""

import math

import pytest

from cityloop.domain.errors import Invalid
from cityloop.domain.place import (
    Bd09Point,
    Gcj02Point,
    PlaceOutside,
    PlaceSwapped,
    PlaceUnreadable,
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

BOUNDS = (112.5, 27.8, 113.5, 28.7)  # a made-up city


def near(one, other, within=1e-9):
    assert type(one) is type(other)
    return abs(one.lon - other.lon) <= within and abs(one.lat - other.lat) <= within


# Source: README of wandergis/coordtransform, whose numbers many map clients test against
def test_the_published_examples_of_the_datums():
    assert near(gcj02_of(Point(lon=116.404, lat=39.915)), Gcj02Point(lon=116.41024449916938, lat=39.91640428150164))
    assert near(bd09_of(Gcj02Point(lon=116.404, lat=39.915)), Bd09Point(lon=116.41036949371029, lat=39.92133699351021))
    # the published inverses are of one step, good to a metre; ours are exact
    assert near(
        point_of_gcj02(Gcj02Point(lon=116.404, lat=39.915)), Point(lon=116.39775550083061, lat=39.91359571849836), 1e-5
    )
    assert near(
        gcj02_of_bd09(Bd09Point(lon=116.404, lat=39.915)),
        Gcj02Point(lon=116.39762729119315, lat=39.90865673957631),
        1e-5,
    )


def test_the_way_back_is_exact():
    place = Point(lon=112.9388, lat=28.2282)

    assert 50 < distance_m(place, Point(lon=gcj02_of(place).lon, lat=gcj02_of(place).lat)) < 700
    assert distance_m(place, point_of_gcj02(gcj02_of(place))) < 0.001
    assert distance_m(place, point_of_bd09(bd09_of(gcj02_of(place)))) < 0.001


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(24.9384, 60.1699), (-71.0589, 42.3601), (72.0, 30.0), (116.4, 0.5), (-180.0, -90.0), (180.0, 90.0)],
)
def test_abroad_nothing_is_moved(lon, lat):
    assert gcj02_of(Point(lon=lon, lat=lat)) == Gcj02Point(lon=lon, lat=lat)
    assert point_of_gcj02(Gcj02Point(lon=lon, lat=lat)) == Point(lon=lon, lat=lat)


def test_points_of_different_datums_are_never_equal():
    assert Point(lon=1.0, lat=2.0) != Gcj02Point(lon=1.0, lat=2.0)
    assert Gcj02Point(lon=1.0, lat=2.0) != Bd09Point(lon=1.0, lat=2.0)
    with pytest.raises(TypeError):
        Point(112.9, 28.2)  # which is which must be said


# Source: GeographicLib, through pyproj 3.7
@pytest.mark.parametrize(
    ("a", "b", "expected_m"),
    [
        ((112.9388, 28.2282), (112.9398, 28.2282), 98.15387535997485),
        ((112.9388, 28.2282), (112.9388, 28.2287), 55.41157224754865),
        ((116.404, 39.915), (121.4998, 31.2397), 1067121.7827577053),
        ((8.5417, 47.3769), (-74.006, 40.7128), 6340672.986823505),
        ((179.9999, -17.0), (-179.9999, -17.0), 21.297166152971016),  # over the date line
        ((0.0, 0.0), (0.0, 90.0), 10001965.729312724),
        ((0.0, 90.0), (0.0, -90.0), 20003931.458625447),
        ((24.9384, 60.1699), (24.9384, 60.1699), 0.0),
    ],
)
def test_distances_are_those_of_the_ellipsoid(a, b, expected_m):
    found = distance_m(Point(lon=a[0], lat=a[1]), Point(lon=b[0], lat=b[1]))

    assert math.isclose(found, expected_m, rel_tol=2e-5, abs_tol=1e-6)


@pytest.mark.parametrize(
    ("lon", "lat", "bounds", "expected"),
    [
        (113.0, 28.2, BOUNDS, True),
        (112.5, 27.8, BOUNDS, True),  # the corner
        (113.5, 28.7, BOUNDS, True),
        (113.5000001, 28.7, BOUNDS, False),
        (113.0, 28.8, BOUNDS, False),
        (113.0, 27.7, BOUNDS, False),
        (112.4, 28.2, BOUNDS, False),
        (179.5, -17.0, (177.0, -19.0, -179.0, -16.0), True),  # a city across the date line
        (-179.5, -17.0, (177.0, -19.0, -179.0, -16.0), True),
        (0.0, -17.0, (177.0, -19.0, -179.0, -16.0), False),
    ],
)
def test_inside_counts_the_edge_in(lon, lat, bounds, expected):
    assert inside(Point(lon=lon, lat=lat), bounds) is expected


@pytest.mark.parametrize(("lon", "lat"), [(113.0, 28.2), (112.5, 27.8), (113, 28)])
def test_a_place_in_the_city_is_taken(lon, lat):
    found = checked_point(lon, lat, BOUNDS)

    assert found == Point(lon=lon, lat=lat)
    assert type(found.lon) is type(found.lat) is float


@pytest.mark.parametrize(
    ("lon", "lat", "error", "said"),
    [
        (28.2, 113.0, PlaceSwapped, "seem to be swapped.*send lon=113.0, lat=28.2"),
        (116.404, 39.915, PlaceOutside, "outside the city .longitude 112.5 to 113.5.*; set the place on the map"),
        (0.0, 0.0, PlaceOutside, "outside the city"),
        (-113.0, 28.2, PlaceOutside, "outside the city"),
        (39.915, 116.404, PlaceUnreadable, "no place on earth"),  # swapped, and elsewhere
        (113.0, 90.1, PlaceUnreadable, "no place on earth; send degrees"),
        (-180.1, 28.2, PlaceUnreadable, "no place on earth"),
        (112938800, 28228200, PlaceUnreadable, "no place on earth"),  # millionths
        (math.nan, 28.2, PlaceUnreadable, "The longitude 'nan' is not a number of degrees; send one"),
        (113.0, math.inf, PlaceUnreadable, "The latitude 'inf'"),
        (-math.inf, 28.2, PlaceUnreadable, "The longitude '-inf'"),
        pytest.param(10**5000, 28.2, PlaceUnreadable, "The longitude 'int'", id="beyond any float"),
        ("113.0", 28.2, PlaceUnreadable, "The longitude '113.0'"),
        ([28.2], 28.2, PlaceUnreadable, "The longitude 'list'"),
        (None, 28.2, PlaceUnreadable, "The longitude 'None'"),
        (True, 28.2, PlaceUnreadable, "The longitude 'True'"),
    ],
)
def test_what_is_no_place_in_the_city_is_refused(lon, lat, error, said):
    with pytest.raises(error, match=said):
        checked_point(lon, lat, BOUNDS)


def test_a_city_where_both_orders_lie_inside_takes_what_it_is_given():
    assert checked_point(31.0, 30.0, (29.0, 29.0, 32.0, 32.0)) == Point(lon=31.0, lat=30.0)


def test_the_codes_of_the_refusals():
    assert {each.code for each in Invalid.__subclasses__() if each.__module__ == "cityloop.domain.place"} == {
        "place.unreadable",
        "place.swapped",
        "place.outside",
    }
