"""Boundaries: what can be put right safely is, and said; what cannot is refused."""

import pytest

from cityloop.domain.place import Point
from cityloop.doors.files.datum import converter, shown_in
from cityloop.doors.files.model import BadCell
from cityloop.doors.files.rings import ring_of

BOUNDS = (112.0, 28.0, 114.0, 29.0)
SQUARE = [[112.5, 28.5], [112.6, 28.5], [112.6, 28.6], [112.5, 28.6], [112.5, 28.5]]  # against the clock
PLAIN = converter("wgs84")


def polygon(*rings) -> dict:
    return {"type": "Polygon", "coordinates": list(rings)}


def test_a_good_ring_stays_as_it_is():
    ring = ring_of(polygon(SQUARE), PLAIN, BOUNDS)
    assert [list(point) for point in ring.points] == SQUARE
    assert ring.repaired == ()


def test_a_ring_that_is_not_closed_is_closed():
    ring = ring_of(polygon(SQUARE[:-1]), PLAIN, BOUNDS)
    assert [list(point) for point in ring.points] == SQUARE
    assert len(ring.repaired) == 1
    assert "not closed" in ring.repaired[0]


def test_a_ring_with_the_clock_is_turned_round():
    ring = ring_of(polygon(SQUARE[::-1]), PLAIN, BOUNDS)
    assert set(ring.points) == {tuple(point) for point in SQUARE}
    assert "turned round" in ring.repaired[0]


def test_one_part_of_a_multipolygon_is_a_polygon():
    assert ring_of({"type": "MultiPolygon", "coordinates": [[SQUARE]]}, PLAIN, BOUNDS).points[0] == (112.5, 28.5)


def test_gcj02_is_turned_into_wgs84():
    shown = [list(shown_in(Point(lon=lon, lat=lat), "gcj02")) for lon, lat in SQUARE]
    ring = ring_of(polygon(shown), converter("gcj02"), BOUNDS)
    assert [list(point) for point in ring.points] == SQUARE


@pytest.mark.parametrize(
    ("shape", "says"),
    [
        (polygon([[y, x] for x, y in SQUARE]), "swapped"),
        (polygon([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]), "out of order"),
        (polygon(SQUARE, SQUARE), "holes"),
        ({"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}, "2 parts"),
        ({"type": "Point", "coordinates": [1, 2]}, "Point"),
        (None, "nothing"),
        (polygon(SQUARE[:2]), "points"),
        (polygon([["a", "b"]] * 4), "two numbers"),
        (polygon([[x - 90, y] for x, y in SQUARE]), "outside"),
    ],
)
def test_what_is_no_boundary_is_refused(shape, says):
    with pytest.raises(BadCell) as no:
        ring_of(shape, PLAIN, BOUNDS)
    assert says in f"{no.value.what} {no.value.remedy}"
