"""Real input: boundaries of two cities as public maps show them are seen for what they are."""

import json
from pathlib import Path

import pytest
import shapely
from real.run import DATA

from cityloop.domain.place import Gcj02Point, Point, point_of_gcj02
from cityloop.doors.files.datum import Witness, suspicion

CITIES = ["city_430100_长沙.json", "city_330100_杭州.json"]
INSIDE_DEG = 0.002  # about 200 m: so near to a border does an offset of some hundred metres count


def districts(path: Path) -> dict[str, shapely.Geometry]:
    """The districts as the file has them: GCJ-02."""
    found = json.loads(path.read_text(encoding="utf-8"))["features"]
    return {str(each["properties"]["adcode"]): shapely.from_geojson(json.dumps(each["geometry"])) for each in found}


def true(x: float, y: float) -> tuple[float, float]:
    place = point_of_gcj02(Gcj02Point(lon=x, lat=y))
    return place.lon, place.lat


@pytest.mark.real
@pytest.mark.parametrize("name", CITIES)
def test_places_of_a_public_map_given_as_wgs84_are_asked_about(name):
    """Rows that name their district, near its border; the city knows its districts in WGS 84."""
    shown = districts(DATA / "geo" / "cn_districts" / name)
    known = {code: shapely.transform(each, lambda points: [true(*point) for point in points]) for code, each in shown.items()}
    tree, codes = shapely.STRtree(list(known.values())), list(known)

    def cell_at(point: Point) -> str | None:
        found = tree.query(shapely.Point(point.lon, point.lat), predicate="intersects")
        return codes[found[0]] if len(found) else None

    rows = []
    for code, each in shown.items():
        line = each.buffer(-INSIDE_DEG).boundary
        for part in range(40):
            point = line.interpolate(part / 40, normalized=True)
            rows.append(Witness(lon=point.x, lat=point.y, cell=code))
    doubt = suspicion(rows, "wgs84", cell_at=cell_at)
    print(name, doubt)
    assert doubt is not None
    assert doubt.datum == "gcj02"
    assert suspicion(rows, "gcj02", cell_at=cell_at) is None
    # and the other way: true places that are declared as a public map's
    plain = [Witness(lon=x, lat=y, cell=each.cell) for each in rows for x, y in [true(each.lon, each.lat)]]
    other = suspicion(plain, "gcj02", cell_at=cell_at)
    assert other is not None
    assert other.datum == "wgs84"
    assert suspicion(plain, "wgs84", cell_at=cell_at) is None
