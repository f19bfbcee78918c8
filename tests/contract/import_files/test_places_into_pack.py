"""Roads, estates and door plates out of the files that surveys hand over: zipped shapefiles in whatever characters, plates by road."""

import zipfile
from pathlib import Path

import pytest
import shapefile
from tests.contract.import_files.test_into_pack import ROADS, into, lacks, pack, rows_of, snapshot
from tests.import_world import bad_rows, write_csv

from cityloop.packs import PackInvalid, load
from cityloop.places import places_named

__all__ = ["pack"]  # the fixture

LINES = {"r1": ("解放路", [(100.001, 30.0015), (100.004, 30.0015)]), "r2": ("和平路", [(100.002, 30.001), (100.002, 30.004)])}
DOORS = """
source = "survey"
kind = "doors"
key = ["road", "no"]

[columns]
road = "road"
number = "no"
{more}
"""


def zipped(folder: Path, name: str, kind: int, rows: list[tuple[dict[str, str], list]], encoding: str = "utf-8") -> Path:
    """A shapefile, all of it in one .zip, its characters as the survey's own software writes them."""
    fields = list(rows[0][0])
    with shapefile.Writer(str(folder / name), shapeType=kind, encoding=encoding) as out:
        for field in fields:
            out.field(field, "C", size=30)
        for said, shape in rows:
            out.record(*said.values())
            out.point(*shape) if kind == shapefile.POINT else out.line([shape]) if kind == shapefile.POLYLINE else out.poly([shape])
    with zipfile.ZipFile(folder / f"{name}.zip", "w") as packed:
        for part in ("shp", "shx", "dbf"):
            packed.write(folder / f"{name}.{part}", f"{name}.{part}")
    return folder / f"{name}.zip"


def with_roads(pack: Path) -> None:
    rows = [({"id": code, "name": name}, line) for code, (name, line) in LINES.items()]
    path = zipped(pack.parent, "roads", shapefile.POLYLINE, rows, encoding="gbk")
    assert into(pack, path, 'encoding = "gbk"\n' + ROADS.format(kind="roads", datum="wgs84", more="")).added == 2


def test_roads_and_estates_come_from_zipped_shapefiles(pack):
    with_roads(pack)
    square = [(100.001, 30.001), (100.001, 30.002), (100.002, 30.002), (100.002, 30.001), (100.001, 30.001)]
    path = zipped(pack.parent, "estates", shapefile.POLYGON, [({"id": "p1", "name": "青云小区", "what": "小区"}, square)])
    more = 'kind = "what"\n[values.kind]\n"小区" = "estate"'
    assert into(pack, path, ROADS.format(kind="landmarks", datum="wgs84", more=more)).added == 1

    assert [row["name_zh"] for row in rows_of(pack / "roads.csv")] == ["解放路", "和平路"]
    assert rows_of(pack / "landmarks.csv")[0]["wkt"].startswith("POLYGON ((")
    assert lacks(pack) == []
    found = places_named(load(pack), "解放路与和平路路口")
    assert [each.kind for each in found[:1]] == ["crossing"]
    assert (round(found[0].lon, 4), round(found[0].lat, 4)) == (100.002, 30.0015)


def test_plates_come_from_numbers_and_from_points(pack):
    with_roads(pack)
    rows = [
        {"road": "r1", "no": "1", "x": "100.0011", "y": "30.0016"}, {"road": "r1", "no": "12-1", "x": "100.0021", "y": "30.0016"},
        {"road": "r1", "no": "1", "x": "100.0012", "y": "30.0016"}, {"road": "r1", "no": "3", "x": "", "y": "30.0016"},
        {"road": "r1", "no": "5", "x": "139.0", "y": "30.0016"},
    ]  # fmt: skip
    path = write_csv(pack.parent / "doors.csv", rows, tuple(rows[0]))
    tally = into(pack, path, DOORS.format(more='lon = "x"\nlat = "y"'))
    assert (tally.added, [row["line"] for row in bad_rows(tally)]) == (2, ["4", "5", "6"])

    path = zipped(pack.parent, "plates", shapefile.POINT, [({"road": "r2", "no": "8"}, (100.0021, 30.003))])
    assert into(pack, path, DOORS.format(more="")).added == 1
    assert [(row["road"], row["number"]) for row in rows_of(pack / "doors.csv")] == [("r1", "1"), ("r1", "12-1"), ("r2", "8")]
    assert lacks(pack) == []
    assert (round(places_named(load(pack), "和平路8号")[0].lat, 4), places_named(load(pack), "解放路1号")[0].kind) == (30.003, "address")


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"road": "r9", "no": "1", "x": "100.0011", "y": "30.0016"}, "r9"),  # a road that the city has not
        ({"road": "r1", "no": "甲", "x": "100.0011", "y": "30.0016"}, "甲"),  # no number
        ({"road": "r1", "no": "7", "x": "100.0011", "y": "30.0086"}, "hangs"),  # half a mile from its road
    ],
)
def test_a_plate_that_is_no_part_of_the_city_leaves_it_as_it_was(pack, said, named):
    with_roads(pack)
    before = snapshot(pack)
    path = write_csv(pack.parent / "doors.csv", [said], tuple(said))
    with pytest.raises(PackInvalid, match=named):
        into(pack, path, DOORS.format(more='lon = "x"\nlat = "y"'))
    assert snapshot(pack) == before
