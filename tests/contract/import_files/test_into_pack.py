"""Organisations, areas, cells and components become rows of a pack that is sound afterwards; people become accounts."""

import csv
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
import shapefile
from tests.import_world import bad_rows, write_csv
from tests.world import PACKS

from cityloop.domain.place import Point
from cityloop.doors.files import import_into, import_people, mapping_in
from cityloop.doors.files.datum import shown_in
from cityloop.doors.files.model import DatumSuspicious, PackRowWrong
from cityloop.packs import PackInvalid, check

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def pack(tmp_path) -> Path:
    """A copy of the town's pack."""
    shutil.copytree(PACKS / "mini", tmp_path / "pack")
    return tmp_path / "pack"


def into(pack: Path, path: Path, mapping: str, **more):
    named = pack.parent / "mapping.toml"
    named.write_text(mapping, encoding="utf-8")
    return import_into(pack, path, mapping_in(named)[0], folder=pack.parent / "imports", now=NOW, **more)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


KNOWN = {each.what for each in check(PACKS / "mini")}  # the town lacks some things that no story needs


def lacks(pack: Path) -> list[str]:
    """What the pack lacks that the town did not lack."""
    return [each.what for each in check(pack) if each.what not in KNOWN and "pack.toml" not in each.file]


def snapshot(pack: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in pack.iterdir()}


COMPONENTS = """
source = "survey"
kind = "components"
key = ["ObjID"]
scheme = "gbt30428_2_2013"
datum = "{datum}"

[columns]
code = "ObjID"
lon = "PointX"
lat = "PointY"
cell = "BGID"
owner = "DeptCode2"
maintainer = "DeptCode3"
state = "ObjState"

[values.state]
"完好" = "intact"
"破损" = "damaged"
"""
FIELDS = ("ObjID", "PointX", "PointY", "BGID", "DeptCode2", "DeptCode3", "ObjState")


def covers(count: int, datum: str = "wgs84") -> list[dict]:
    found = []
    for n in range(count):
        lon, lat = shown_in(Point(lon=100.001 + n * 0.0002, lat=30.0115 + n * 0.0002), datum)
        found.append({
            "ObjID": f"99020101010100{n + 2:02d}", "PointX": f"{lon:.7f}", "PointY": f"{lat:.7f}", "BGID": "990201001001001",
            "DeptCode2": "covers", "DeptCode3": "covers", "ObjState": "完好" if n % 2 else "破损",
        })  # fmt: skip
    return found


@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09"])
def test_components_come_in_with_their_class_and_place(pack, tmp_path, datum):
    """The class is in the code; the place is turned into WGS 84; done twice it changes nothing."""
    path = write_csv(tmp_path / "parts.csv", covers(20, datum), FIELDS)
    tally = into(pack, path, COMPONENTS.format(datum=datum))

    assert (tally.added, tally.bad) == (20, 0)
    assert lacks(pack) == []
    made = {row["code"]: row for row in rows_of(pack / "components.csv")}
    first = made["9902010101010002"]
    assert first["class"] == "gbt30428_2_2013/component/0101"
    assert (float(first["lon"]), float(first["lat"])) == pytest.approx((100.001, 30.0115), abs=2e-7)
    assert first["state"] == "damaged"
    assert "9902010101000001" in made  # what was there stays
    before = snapshot(pack)
    assert into(pack, path, COMPONENTS.format(datum=datum)).same == 20
    assert snapshot(pack) == before


def test_components_in_another_datum_than_declared_are_asked_about(pack, tmp_path):
    before = snapshot(pack)
    path = write_csv(tmp_path / "parts.csv", covers(20, "bd09"), FIELDS)
    with pytest.raises(DatumSuspicious) as no:
        into(pack, path, COMPONENTS.format(datum="wgs84"))
    assert no.value.more == {"seems": "bd09"}
    assert snapshot(pack) == before


def test_components_of_the_older_scheme_keep_their_scheme(pack, tmp_path):
    """A class of 2007 is another class than that of 2013: the pack's catalogue must know it, else all stays as it was."""
    before = snapshot(pack)
    path = write_csv(tmp_path / "parts.csv", covers(2), FIELDS)
    with pytest.raises(PackInvalid) as no:
        into(pack, path, COMPONENTS.format(datum="wgs84").replace("gbt30428_2_2013", "cjt214_2007"))
    assert "cjt214_2007/component/0101" in no.value.detail
    assert snapshot(pack) == before


def test_a_spreadsheet_s_codes_that_became_numbers_are_bad_rows(pack, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(FIELDS)
    for row in covers(3):
        book.active.append([row[name] for name in FIELDS])
    book.active["A2"] = 9902010101010002
    book.save(tmp_path / "parts.xlsx")
    tally = into(pack, tmp_path / "parts.xlsx", COMPONENTS.format(datum="wgs84"))

    assert (tally.added, tally.bad) == (2, 1)
    assert "digits of it are lost" in bad_rows(tally)[0]["what_is_wrong"]
    assert lacks(pack) == []


UNITS = """
source = "personnel"
kind = "units"
key = ["code"]
[constants]
level = "district"
area = "990201"
[columns]
id = "code"
name_zh = "name"
kind = "kind"
"""


def test_organisations_come_in(pack, tmp_path):
    """A name in one language stands for the other until somebody gives it."""
    path = write_csv(tmp_path / "u.csv", [{"code": "parks", "name": "园林处", "kind": "parks"}], ("code", "name", "kind"))
    tally = into(pack, path, UNITS)

    assert tally.added == 1
    assert lacks(pack) == []
    made = rows_of(pack / "units.csv")[-1]
    assert (made["id"], made["level"], made["name_zh"], made["name_en"]) == ("parks", "district", "园林处", "园林处")


def test_rows_that_the_pack_refuses_leave_it_as_it_was(pack, tmp_path):
    before = snapshot(pack)
    path = write_csv(tmp_path / "u.csv", [{"code": "parks", "name": "园林处", "kind": "parks"}], ("code", "name", "kind"))
    with pytest.raises(PackInvalid):
        into(pack, path, UNITS.replace('area = "990201"', 'area = "990999"'))
    assert snapshot(pack) == before


AREAS = 'source = "survey"\nkind = "areas"\nkey = ["code"]\n{more}\n[columns]\ncode = "code"\nname_zh = "name"\n'


def geojson(path: Path, *features: tuple[str, list]) -> Path:
    made = [
        {"type": "Feature", "properties": {"code": code, "name": f"名{code[-3:]}"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for code, ring in features
    ]  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": made}), encoding="utf-8")
    return path


def test_areas_come_in_with_those_that_hold_them(pack, tmp_path):
    """The parent is in the code."""
    path = write_csv(tmp_path / "a.csv", [{"code": "990203", "name": "东区"}, {"code": "990203001", "name": "四街"}], ("code", "name"))
    assert into(pack, path, AREAS.format(more="")).added == 2
    made = {row["code"]: row for row in rows_of(pack / "areas.csv")}
    assert (made["990203001"]["parent"], made["990203"]["parent"]) == ("990203", "")


RING = [[100.0, 30.01], [100.01, 30.01], [100.01, 30.02], [100.0, 30.02], [100.0, 30.01]]  # the town's cell a1


def test_cells_are_closed_and_turned_round_and_it_is_said(pack, tmp_path):
    """The same cell, drawn with the clock and left open."""
    path = geojson(tmp_path / "cells.geojson", ("990201001001001", RING[::-1][:-1]))
    tally = into(pack, path, AREAS.format(more=""))

    assert lacks(pack) == []
    assert len(tally.notes) == 2
    cells = {each["properties"]["code"]: each for each in json.loads((pack / "cells.geojson").read_text())["features"]}
    assert sorted(map(tuple, cells["990201001001001"]["geometry"]["coordinates"][0][:-1])) == sorted(map(tuple, RING[:-1]))


def test_a_boundary_in_the_wrong_order_is_a_bad_row(pack, tmp_path):
    """Latitude first, or corners out of order: the cell that was there stays."""
    before = snapshot(pack)
    swapped = [[lat, lon] for lon, lat in RING]
    crossed = [RING[0], RING[2], RING[1], RING[3], RING[0]]
    path = geojson(tmp_path / "cells.geojson", ("990201001001001", swapped), ("990201001001002", crossed))
    tally = into(pack, path, AREAS.format(more=""))

    assert tally.bad == 2
    first, second = bad_rows(tally)
    assert "swapped" in first["what_is_wrong"]
    assert "out of order" in second["what_is_wrong"]
    assert snapshot(pack) == before


def test_cells_come_from_a_shapefile_in_projected_metres(pack, tmp_path):
    """A survey's coordinates, turned into degrees to a centimetre."""
    pyproj = pytest.importorskip("pyproj")
    turn = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:4543", always_xy=True).transform  # 3-degree zone of 102 E
    with shapefile.Writer(str(tmp_path / "cells.shp"), shapeType=shapefile.POLYGON) as out:
        out.field("code", "C", size=15)
        out.field("name", "C", size=20)
        out.record("990201001001001", "a1")
        out.poly([[list(turn(*point)) for point in RING]])
    into(pack, tmp_path / "cells.shp", AREAS.format(more='datum = "epsg:4543"'))

    cells = {each["properties"]["code"]: each for each in json.loads((pack / "cells.geojson").read_text())["features"]}
    made = sorted(map(tuple, cells["990201001001001"]["geometry"]["coordinates"][0][:-1]))
    for got, meant in zip(made, sorted(map(tuple, RING[:-1])), strict=True):
        assert got == pytest.approx(meant, abs=2e-7)
    assert lacks(pack) == []


def test_only_a_pack_takes_them(tmp_path):
    path = write_csv(tmp_path / "u.csv", [], ("code", "name", "kind"))
    (tmp_path / "x").mkdir()
    with pytest.raises(PackRowWrong):
        into(tmp_path / "x", path, UNITS)


PEOPLE = 'source = "personnel"\nkind = "people"\nkey = ["login"]\n[columns]\nsign_in = "login"\nname = "name"\nphone = "phone"\npost = "posts"\n'


def test_people_become_accounts_with_their_names_in_the_vault(town, tmp_path):
    """Supervision and command stay apart, and whoever has an account gets only the posts that are missing."""
    fields = ("login", "name", "phone", "posts")
    rows = [
        {"login": "li.na", "name": "李娜", "phone": "13800000000", "posts": "acceptor"},
        {"login": "wang.wei", "name": "王伟", "posts": "dispatcher|dispatcher-north"},
        {"login": "both", "name": "张三", "posts": "acceptor;dispatcher"},
        {"login": "", "name": "无名", "posts": ""},
        {"login": "zhao", "name": "赵四", "posts": "no-such-post"},
    ]
    path = write_csv(tmp_path / "people.csv", rows, fields)
    (tmp_path / "m.toml").write_text(PEOPLE, encoding="utf-8")
    mapping = mapping_in(tmp_path / "m.toml")[0]
    bring = lambda: import_people(town.writer, town.book.in_force(), path, mapping, folder=tmp_path / "imports")
    tally = bring()

    assert (tally.added, tally.bad) == (2, 3)
    assert [row["line"] for row in bad_rows(tally)] == ["4", "5", "6"]
    assert town.rows("SELECT post FROM seat WHERE city = :city ORDER BY post") == [("acceptor",), ("dispatcher",), ("dispatcher-north",)]
    bodies = b"".join(bytes(body) for body, in town.rows("SELECT body FROM fact WHERE city = :city"))
    assert "李娜".encode() not in bodies
    assert b"13800000000" not in bodies
    assert b'"actor":"import:personnel"' in bodies
    before = town.facts
    assert (bring().same, town.facts) == (2, before)


def test_what_a_new_area_needs_besides_is_noted(pack, tmp_path):
    """A pack is made step by step: an area may come before the unit that answers for it."""
    path = write_csv(tmp_path / "a.csv", [{"code": "990203", "name": "东区"}], ("code", "name"))
    tally = into(pack, path, AREAS.format(more=""))
    assert [each for each in lacks(pack) if not any(each in note for note in tally.notes)] == []
    assert any("in 990203" in note for note in tally.notes)


ROADS = """
source = "survey"
kind = "{kind}"
key = ["id"]
datum = "{datum}"

[columns]
code = "id"
name_zh = "name"
{more}
"""


def feature(shape: str, points, **said) -> dict:
    return {"type": "Feature", "properties": said, "geometry": {"type": shape, "coordinates": points}}


def collected(path: Path, *features: dict) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    return path


def test_roads_come_from_lines_in_whatever_datum_and_a_road_that_is_none_is_told(pack):
    at = [shown_in(Point(lon=lon, lat=lat), "gcj02") for lon, lat in ((100.001, 30.0015), (100.004, 30.0015))]
    path = collected(
        pack.parent / "roads.geojson", feature("LineString", at, id="r1", name="解放路"),
        feature("MultiLineString", [at, at[::-1]], id="r2", name="人民路"), feature("Point", at[0], id="r3", name="和平路"),
        feature("LineString", [at[0], [139.0, 30.0]], id="r4", name="建设路"),
    )  # fmt: skip
    tally = into(pack, path, ROADS.format(kind="roads", datum="gcj02", more=""), datum_is_right=True)

    rows = rows_of(pack / "roads.csv")
    assert (tally.added, tally.bad) == (2, 2)
    assert [row["name_en"] for row in rows] == ["解放路", "人民路"]  # better than none
    assert rows[0]["wkt"] == "LINESTRING (100.0010000 30.0015000, 100.0040000 30.0015000)"
    assert rows[1]["wkt"].startswith("MULTILINESTRING ((100.001")
    assert {row["line"]: row["column"] for row in bad_rows(tally)} == {"3": "geometry", "4": "geometry"}
    assert lacks(pack) == []


def test_landmarks_come_from_points_areas_wkt_and_columns(pack):
    square = [[100.001, 30.001], [100.002, 30.001], [100.002, 30.002], [100.001, 30.002]]
    more = 'kind = "what"\n[values.kind]\n"小区" = "estate"\n"市场" = "market"\n"公园" = "park"'
    path = collected(
        pack.parent / "estates.geojson", feature("Polygon", [square], id="p1", name="青云小区", what="小区"),
        feature("Point", square[0], id="p2", name="菜市场", what="市场"),
        feature("LineString", square, id="p3", name="公园", what="公园"),
    )  # fmt: skip
    tally = into(pack, path, ROADS.format(kind="landmarks", datum="wgs84", more=more))
    assert (tally.added, tally.bad) == (2, 1)

    row = {"id": "p4", "name": "车站", "what": "station", "x": "100.003", "y": "30.003"}
    write_csv(pack.parent / "more.csv", [row], tuple(row))
    more = 'kind = "what"\nlon = "x"\nlat = "y"'
    assert into(pack, pack.parent / "more.csv", ROADS.format(kind="landmarks", datum="wgs84", more=more)).added == 1

    shapes = {row["code"]: row["wkt"].partition(" ")[0] for row in rows_of(pack / "landmarks.csv")}
    assert shapes == {"p1": "POLYGON", "p2": "POINT", "p4": "POINT"}
    assert lacks(pack) == []
