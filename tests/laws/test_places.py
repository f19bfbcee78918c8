"""Places, for all points: the fast ways agree with shapely and with the plain distance."""

from functools import lru_cache
from math import atan2, cos, radians, sin

import shapely
from h3.api.basic_int import cell_to_boundary, cell_to_latlng
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cityloop.domain.place import Point, distance_m
from cityloop.packs import load
from cityloop.places import locate, nearest_component, spot_of, spots_around


@lru_cache(1)
def city():
    return load("demo")


@lru_cache(1)
def polygons():
    cells = sorted(city().cells, key=lambda cell: cell.code)
    return [cell.code for cell in cells], shapely.polygons([shapely.linearrings(cell.ring) for cell in cells])


def by_shapely(lon, lat):
    """The slow, plain truth: every polygon is asked."""
    codes, shapes = polygons()
    return next(
        (code for code, hit in zip(codes, shapely.intersects(shapes, shapely.Point(lon, lat)), strict=True) if hit),
        None,
    )


def in_box():
    west, south, east, north = city().settings.bounds
    return st.tuples(st.floats(west - 0.01, east + 0.01), st.floats(south - 0.01, north + 0.01))


@st.composite
def on_edges(draw):
    """Corners, points on edges, and their neighbours by the smallest step that a double can take."""
    ring = draw(st.sampled_from(city().cells)).ring
    at = draw(st.integers(0, len(ring) - 2))
    share = draw(st.sampled_from([0.0, 0.5, 0.25, 1 / 3]))
    (x1, y1), (x2, y2) = ring[at], ring[at + 1]
    step = draw(st.sampled_from([0.0, 1e-14, -1e-14, 1e-9, -1e-9]))
    return x1 + (x2 - x1) * share + step, y1 + (y2 - y1) * share


freely = settings(deadline=None)  # the first call makes the index


@freely
@given(in_box() | on_edges())
@example((0.0, 0.0))
def test_a_point_lies_in_the_cell_that_shapely_says(point):
    assert locate(city(), *point).cell == by_shapely(*point)


@freely
@given(in_box(), st.integers(0, 2_999))
def test_the_nearest_component_is_the_nearest_of_all(point, number):
    near = city().components[number]
    lon, lat = near.lon + (point[0] - 112.53) / 100, near.lat + (point[1] - 28.48) / 100
    away = [
        (distance_m(Point(lon=lon, lat=lat), Point(lon=each.lon, lat=each.lat)), each.code)
        for each in city().components
        if each.class_key == near.class_key
    ]
    found = nearest_component(city(), near.class_key, lon, lat)
    assert (found and (found[1], found[0].code)) == (
        min(away) if min(away)[0] <= city().settings.component_near_m else None
    )


@lru_cache
def beside(part):
    """Every so many of the pack's components, as if a census had found them."""
    return city().components[::part]


@freely
@given(in_box(), st.integers(0, 2_999), st.integers(1, 3))
def test_what_a_census_found_is_found_as_the_packs_own(point, number, part):
    near = city().components[number]
    lon, lat = near.lon + (point[0] - 112.53) / 100, near.lat + (point[1] - 28.48) / 100
    codes = {each.code for each in beside(part)}
    found = nearest_component(city(), near.class_key, lon, lat, without=codes, more=beside(part))
    assert found == nearest_component(city(), near.class_key, lon, lat)


@freely
@given(st.floats(-179, 179), st.floats(-80, 80), st.floats(0.1, 600), st.integers(0, 5), st.floats(-0.6, 0.6))
def test_whatever_is_within_the_radius_lies_in_a_spot_around(lon, lat, radius_m, corner, turn):
    """From a corner of a spot outwards, where the next ring ends soonest."""
    spot = spot_of(lon, lat)
    middle_lat, middle_lon = cell_to_latlng(spot)
    corners = cell_to_boundary(spot)
    lat1, lon1 = corners[corner % len(corners)]
    lon1, lat1 = lon1 + (middle_lon - lon1) * 1e-6, lat1 + (middle_lat - lat1) * 1e-6
    per_lon = 111_320 * cos(radians(lat1))
    way = atan2((lat1 - middle_lat) * 110_574, (lon1 - middle_lon) * per_lon) + turn
    lon2, lat2 = lon1 + cos(way) * radius_m / per_lon, lat1 + sin(way) * radius_m / 110_574
    if distance_m(Point(lon=lon1, lat=lat1), Point(lon=lon2, lat=lat2)) <= radius_m:
        assert spot_of(lon2, lat2) in spots_around(lon1, lat1, radius_m)


@freely
@given(st.floats(-180, 180), st.floats(-89, 89), st.floats(0.1, 600), st.floats(0, 6.3), st.floats(0, 1))
def test_so_it_is_from_any_place(lon, lat, radius_m, way, share):
    per_lon = 111_320 * cos(radians(lat))
    lon2, lat2 = lon + cos(way) * radius_m * share / per_lon, lat + sin(way) * radius_m * share / 110_574
    lon2 = (lon2 + 180) % 360 - 180
    if distance_m(Point(lon=lon, lat=lat), Point(lon=lon2, lat=lat2)) <= radius_m:
        assert spot_of(lon2, lat2) in spots_around(lon, lat, radius_m)
