"""Real boundaries become packs that pass the check: two Chinese cities in GCJ-02, and neighbourhoods of another."""

import gzip
from datetime import date

import pytest
from real.run import DATA
from tests.county import UNITS

from cityloop.packs import check, format_problems, load
from cityloop.packs.scaffold import Datum, new_pack
from cityloop.places import locate

GEO = DATA / "geo"
BOUNDARIES = {  # file, code, datum, districts, streets, a true place (WGS 84) and the name of the area that holds it
    "changsha": ("cn_districts/city_430100_长沙.json", "430100", Datum.gcj02, 9, 9, (112.9388, 28.2282), "岳麓区"),
    "hangzhou": ("cn_districts/city_330100_杭州.json", "330100", Datum.gcj02, 13, 13, (120.1551, 30.2741), "上城区|下城区|西湖区|拱墅区"),
    "boston": ("boston/boston_neighborhood_boundaries.geojson.gz", "990201", Datum.wgs84, 1, 26, (-71.0589, 42.3601), "Downtown"),
}  # fmt: skip


@pytest.mark.real
@pytest.mark.parametrize("name", list(BOUNDARIES))
def test_a_real_boundary_becomes_a_sound_pack(name, tmp_path):
    file, code, datum, districts, streets, place, where = BOUNDARIES[name]
    raw = (GEO / file).read_bytes()
    boundary, units = tmp_path / "boundary.geojson", tmp_path / "units.csv"
    boundary.write_bytes(gzip.decompress(raw) if file.endswith(".gz") else raw)
    units.write_text(UNITS)
    told = new_pack(
        tmp_path / name, boundary=boundary, units=units, name={"zh": name, "en": name}, code=code,
        today=date(2026, 3, 6), datum=datum,
    )  # fmt: skip
    print(told)

    assert (told.districts, told.streets) == (districts, streets)
    assert format_problems(check(tmp_path / name)) == ""

    policy = load(tmp_path / name)
    street = locate(policy, *place).street
    assert policy.area_by_code[street].name["zh"] in where.split("|")
