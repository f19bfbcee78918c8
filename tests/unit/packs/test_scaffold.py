"""A first pack from a boundary and a list of organisations: sound whatever the drawing, or refused with a sentence."""

from datetime import date
from pathlib import Path

import pytest
import shapely
from tests.county import STREETS, UNITS, box, feature, write

from cityloop.domain.errors import CityloopError
from cityloop.domain.place import Point, bd09_of, gcj02_of
from cityloop.packs import check, format_problems, load
from cityloop.packs.scaffold import Datum, new_pack

WEST, SOUTH, EAST, NORTH = 100.0, 30.0, 100.15, 30.1


def made(tmp_path: Path, features=None, units=UNITS, **asked):
    boundary, listed = write(tmp_path, features, units)
    asked = {"name": {"zh": "青山县", "en": "Qingshan"}, "code": "990401", "today": date(2026, 3, 6)} | asked
    return new_pack(tmp_path / "county", boundary=boundary, units=listed, **asked)


def sound(tmp_path: Path):
    assert format_problems(check(tmp_path / "county")) == ""
    return load(tmp_path / "county")


def test_a_county_starts_with_its_streets_only(tmp_path):
    told = made(tmp_path)
    policy = sound(tmp_path)

    assert (told.districts, told.streets, told.cells) == (1, 5, 5)
    assert {area.name["zh"] for area in policy.areas if len(area.code) == 9} == set(STREETS)
    assert all(cell.provisional and cell.code[9:12] == "000" for cell in policy.cells)
    assert policy.components == ()
    assert (tmp_path / "county" / "roads.csv").read_text().strip() == "code,name_zh,name_en,aliases,wkt"
    assert (policy.roads, policy.landmarks, policy.doors) == ((), (), ())
    assert len(policy.rules) > 500


def test_streets_are_counted_from_west_to_east_or_keep_their_codes(tmp_path):
    own = [feature(name, box(*sides), code=f"99040110{n}") for n, (name, sides) in enumerate(STREETS.items())]
    made(tmp_path, own)
    named = {area.code: area.name["zh"] for area in sound(tmp_path).areas if len(area.code) == 9}
    assert named == {f"99040110{n}": name for n, name in enumerate(STREETS)}

    second = tmp_path / "second"
    second.mkdir()
    made(second)
    named = {area.code: area.name["zh"] for area in sound(second).areas if len(area.code) == 9}
    assert named["990401001"] == "城关镇"
    assert named["990401005"] == "南坪乡"


@pytest.mark.parametrize(
    ("datum", "shown"), [(Datum.gcj02, gcj02_of), (Datum.bd09, lambda point: bd09_of(gcj02_of(point)))]
)
def test_a_boundary_from_a_public_map_is_moved_to_its_true_place(tmp_path, datum, shown):
    def moved(ring):
        at = [shown(Point(lon=lon, lat=lat)) for lon, lat in ring]
        return [[each.lon, each.lat] for each in at]

    made(tmp_path, [feature(name, moved(box(*sides))) for name, sides in STREETS.items()], datum=datum)
    corners = [point for cell in sound(tmp_path).cells for point in cell.ring]
    assert min(lon for lon, _ in corners) == pytest.approx(WEST, abs=1e-6)
    assert max(lat for _, lat in corners) == pytest.approx(NORTH, abs=1e-6)


DRAWN_BADLY = {
    "overlap": {"东河街道": (100.045, 30.05, 100.1, 30.1)},
    "gap": {"东河街道": (100.05, 30.052, 100.1, 30.1)},
    "slit": {"东河街道": (100.050005, 30.05, 100.1, 30.1)},
    "speck": {"东河街道": (100.04999, 30.05, 100.1, 30.1)},
}


@pytest.mark.parametrize("fault", list(DRAWN_BADLY))
def test_a_careless_drawing_becomes_a_map_without_holes(tmp_path, fault):
    """Neighbours that overlap or leave a gap are made to share one line; nobody's ground is lost."""
    made(tmp_path, [feature(name, box(*sides)) for name, sides in (STREETS | DRAWN_BADLY[fault]).items()])
    cells = [shapely.Polygon(cell.ring) for cell in sound(tmp_path).cells]
    whole = (EAST - WEST) * (NORTH - SOUTH)
    assert shapely.union_all(cells).area == pytest.approx(whole, rel=1e-5)
    assert sum(cell.area for cell in cells) == pytest.approx(whole, rel=1e-5)


def test_a_street_around_another_is_cut_so_that_no_cell_has_a_hole(tmp_path):
    inner = box(100.04, 30.04, 100.06, 30.06)
    told = made(tmp_path, [feature("外街道", box(WEST, SOUTH, EAST, NORTH), inner), feature("内街道", inner)])
    assert told.cells == 3
    sound(tmp_path)


def test_districts_that_are_not_divided_stand_for_themselves(tmp_path):
    made(
        tmp_path, [feature(name, box(*sides), adcode=f"99040{n}") for n, (name, sides) in enumerate(STREETS.items(), 1)]
    )
    policy = sound(tmp_path)
    assert {area.code for area in policy.areas if len(area.code) == 6} == {f"99040{n}" for n in range(1, 6)}


def test_what_no_organisation_answers_for_goes_to_one_that_can(tmp_path):
    """A county without a lighting unit sends lamps to its works office; without any list row, all is the street's."""
    told = made(tmp_path)
    assert told.stand_ins["lamps"] == "municipal"
    policy = sound(tmp_path)
    key = "gbt30428_2_2013/component/0137"
    given = {"class": key, "major": key[:-2], "level": "city", "area": "", "hour": 9, "workday": True, "load": 0}
    assert policy.duties.decide(given)[0]["unit_kind"] == "municipal"

    alone = tmp_path / "alone"
    alone.mkdir()
    made(alone, units="name,kind\n信访局,petition\n")
    assert sound(alone).duties.decide(given)[0]["unit_kind"] == "street"


@pytest.mark.parametrize(
    ("features", "units", "asked", "code"),
    [
        ([feature(None, box(0, 0, 1, 1))], UNITS, {}, "pack.boundary_unreadable"),
        ([{"type": "Feature", "properties": {"name": "点"}, "geometry": {"type": "Point", "coordinates": [1, 2]}}],
         UNITS, {}, "pack.boundary_unreadable"),
        ([], UNITS, {}, "pack.boundary_unreadable"),
        ([feature("甲", box(0, 0, 1, 1), code="12")], UNITS, {}, "pack.boundary_unreadable"),
        ([feature("甲", box(0, 0, 1, 1)), feature("乙", box(0, 0, 1, 1))], UNITS, {}, "pack.boundary_unreadable"),
        (None, "name\n住建局\n", {}, "pack.units_unreadable"),
        (None, "name,kind\n住建局,住建\n", {}, "pack.units_unreadable"),
        (None, "name,kind\n无名街道,street\n", {}, "pack.units_unreadable"),
        (None, UNITS, {"code": "9904"}, "pack.code_wrong"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_and_nothing_is_written(tmp_path, features, units, asked, code):
    with pytest.raises(CityloopError) as no:
        made(tmp_path, features, units, **asked)
    assert no.value.code == code
    assert not (tmp_path / "county").exists()


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    made(tmp_path)
    before = (tmp_path / "county" / "pack.toml").read_bytes()
    with pytest.raises(CityloopError) as no:
        made(tmp_path, name={"zh": "别县", "en": "Other"})
    assert no.value.code == "pack.folder_taken"
    assert (tmp_path / "county" / "pack.toml").read_bytes() == before
