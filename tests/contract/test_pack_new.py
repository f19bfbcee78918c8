"""A city begun by `cityloop pack new` works: a report finds its street, is filed and goes to a unit of the list."""

import json

import pytest
from litestar.testing import TestClient
from tests.county import STREETS, write
from tests.still import stand_still
from typer.testing import CliRunner

from cityloop import app as joined
from cityloop.cli import root

ORIGIN = "http://testserver.local"


@pytest.fixture
def county(tmp_path):
    """The folder of a pack that was just begun, and what was said."""
    boundary, units = write(tmp_path)
    folder = tmp_path / "county"
    words = ["pack", "new", str(folder), "--boundary", str(boundary), "--units", str(units), "--name", "青山县"]
    done = CliRunner().invoke(root.app, [*words, "--code", "990401"])
    assert done.exit_code == 0, done.output
    assert "5 streets" in done.output
    assert "cityloop up" in done.output
    return folder


@pytest.fixture
def city(county, tmp_path, monkeypatch):
    """The county's city, whose stages run when the test says so."""

    stand_still(monkeypatch)
    parts = joined.join(joined.Settings(home=str(tmp_path / "home"), pack=str(county)))
    joined.open_city(parts)
    with TestClient(joined.create_app(parts), base_url=ORIGIN) as client:
        yield parts, client
    parts.close()


def report(city, text: str, lon: float, lat: float):
    """What became of a report."""
    parts, client = city
    answer = client.post("/v1/reports", json={"text": text, "lon": lon, "lat": lat})
    assert answer.status_code == 201, answer.text
    parts.delivery.drain()
    with parts.database.reading() as tx:
        return tx.all(
            "SELECT c.state, c.unit, c.cell, c.street FROM case_file c JOIN report r ON r.city = c.city AND r.case_id = c.id"
            " WHERE c.city = :city ORDER BY r.no DESC, c.opened_at DESC, c.id DESC"
        )[0]


def middle(name: str) -> tuple[float, float]:
    west, south, east, north = STREETS[name]
    return (west + east) / 2, (south + north) / 2


def test_a_report_is_filed_and_dispatched_in_a_county_without_a_survey(city):
    parts, _ = city
    codes = {area.name["zh"]: area.code for area in parts.book.in_force().areas if len(area.code) == 9}
    for name in STREETS:
        case = report(city, "路边一堆垃圾没人清，臭得很", *middle(name))
        assert (case.state, case.unit, case.street) == ("to_sign", "sanitation", codes[name])
        assert case.cell == f"{codes[name]}000001"


def test_surveyed_cells_take_the_place_of_a_provisional_one(city, county):
    """The street's cells get numbers of their own; a case keeps the one under which it was taken up."""
    parts, _ = city
    before = report(city, "路边一堆垃圾没人清，臭得很", *middle("城关镇"))
    street, (west, south, east, north) = before.street, STREETS["城关镇"]
    cells = county / "cells.geojson"
    whole = json.loads(cells.read_text())
    kept = [each for each in whole["features"] if not each["properties"]["code"].startswith(street)]
    half = (west + east) / 2
    for number, (left, right) in enumerate(((west, half), (half, east)), start=1):
        ring = [[left, south], [right, south], [right, north], [left, north], [left, south]]
        properties = {"code": f"{street}001{number:03d}", "duty_grid": f"{street}-1"}
        geometry = {"type": "Polygon", "coordinates": [ring]}
        kept.append({"type": "Feature", "properties": properties, "geometry": geometry})
    cells.write_text(json.dumps({"type": "FeatureCollection", "features": kept}))
    areas = county / "areas.csv"
    areas.write_text(areas.read_text().replace(f"{street}000,{street}", f"{street}001,{street}"))
    parts.book.adopt(county, actor="operator")

    after = report(city, "巷子里一堆垃圾没人清，臭得很", west + (east - west) * 0.8, (south + north) / 2)
    assert after.cell == f"{street}001002"
    assert (after.state, after.unit) == ("to_sign", "sanitation")
    assert sum(cell.provisional for cell in parts.book.in_force().cells) == 4
