"""Places: cells, components, spots and names, by tables of cases on a small made-up grid."""

import msgspec
import pytest

from cityloop.domain.facts import Where
from cityloop.domain.place import distance_m
from cityloop.domain.policy import Area, Cell, Component
from cityloop.packs import load
from cityloop.places import area_named, locate, nearest_component, spot_of, spots_around, where_in, where_named

SIDE = 0.01
BENCH, LAMP = "gbt30428_2_2013/component/0407", "gbt30428_2_2013/component/0137"


def square(code: str, column: int, row: int) -> Cell:
    corners = ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))
    return Cell(
        code=code,
        duty_grid="g",
        ring=tuple((112.5 + (column + x) * SIDE, 28.45 + (row + y) * SIDE) for x, y in corners),
    )


def component(code: str, class_key: str, lon: float, lat: float) -> Component:
    return Component(
        code=code,
        class_key=class_key,
        cell="990101001001001",
        lon=lon,
        lat=lat,
        owner="u",
        maintainer="u",
        state="intact",
    )


@pytest.fixture(scope="module")
def city():
    """Two cells side by side, three components, five areas of which two bear one name."""
    areas = [
        ("990101", "东岚区"), ("990101001", "青石街道"), ("990101001001", "和平社区"),
        ("990102", "西岚区"), ("990102001", "白石街道"), ("990102001001", "和平社区"),
    ]  # fmt: skip
    return msgspec.structs.replace(
        load("demo"),
        cells=(square("990101001001002", 1, 0), square("990101001001001", 0, 0)),
        components=(
            component("9901010137000002", LAMP, 112.505, 28.455),
            component("9901010137000001", LAMP, 112.505, 28.455),
            component("9901010407000001", BENCH, 112.5052, 28.455),
        ),
        areas=tuple(
            Area(code=code, parent=code[:-3] if len(code) > 6 else None, name={"zh": name}) for code, name in areas
        ),
    )


@pytest.mark.parametrize(
    ("lon", "lat", "cell"),
    [
        (112.505, 28.455, "990101001001001"),
        (112.515, 28.455, "990101001001002"),
        (112.51, 28.455, "990101001001001"),  # on the edge that both share: the smaller code
        (112.5, 28.45, "990101001001001"),  # the outermost corner belongs to the city
        (112.52, 28.46, "990101001001002"),
        (112.4999999, 28.455, None),
        (112.505, 28.4600001, None),
        (112.6, 28.6, None),
        (-112.505, 28.455, None),
    ],
)
def test_a_point_has_one_cell_or_none(city, lon, lat, cell):
    where = locate(city, lon, lat)
    assert where.cell == cell
    assert (where.lon, where.lat, where.spot) == (lon, lat, spot_of(lon, lat))
    assert where.district == (cell[:6] if cell else None)
    assert where.street == (cell[:9] if cell else None)
    assert where.community == (cell[:12] if cell else None)


def test_a_city_without_cells_has_no_places(city):
    assert locate(msgspec.structs.replace(city, cells=()), 112.505, 28.455).cell is None


def test_a_private_place_is_its_cell(city):
    assert where_in(locate(city, 112.505, 28.455)) == Where(
        cell="990101001001001", community="990101001001", street="990101001", district="990101"
    )


def test_of_all_that_a_census_found_only_what_is_near_is_looked_at(city, monkeypatch):
    more = tuple(component(f"x{number}", LAMP, 112.6 + number * 0.001, 28.455) for number in range(500))
    asked = []
    monkeypatch.setattr("cityloop.places.components.distance_m", lambda a, b: asked.append(b) or distance_m(a, b))
    assert nearest_component(city, LAMP, 112.61, 28.455, more=more)[0].code == "x10"
    assert len(asked) < 5


@pytest.mark.parametrize(
    ("key", "lon", "code"),
    [
        (LAMP, 112.505, "9901010137000001"),  # two at one place: the smaller code
        (LAMP, 112.5053, "9901010137000001"),  # 29.4 m
        (LAMP, 112.50532, None),  # 31.4 m
        (BENCH, 112.505, "9901010407000001"),
        ("gbt30428_2_2013/component/0301", 112.505, None),
    ],
)
def test_the_nearest_component_of_the_class_within_reach(city, key, lon, code):
    found = nearest_component(city, key, lon, 28.455)
    assert (found[0].code if found else None) == code
    assert found is None or 0 <= found[1] <= city.settings.component_near_m


def test_a_spot_is_among_those_around_it():
    assert spot_of(112.505, 28.455) in spots_around(112.505, 28.455, 1)
    assert set(spots_around(112.505, 28.455, 100)) < set(spots_around(112.505, 28.455, 300))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("青石街道路灯坏了", "990101001"),
        ("东岚区青石街道和平社区", "990101001001"),
        ("西岚区那个和平社区", "990102001001"),
        ("和平社区门口", None),  # there are two
        ("东岚区和西岚区交界", None),  # they exclude each other
        ("青石街道，不对，是白石街道", None),
        ("哪里都没说", None),
        ("", None),
    ],
)
def test_names_of_areas_give_a_coarse_place(city, text, code):
    assert area_named(city, text) == code
    where = where_named(city, text)
    assert (where.cell, where.lon, where.spot) == (None, None, None)
    assert where.district == (code[:6] if code else None)
    assert where.community == (code if code and len(code) == 12 else None)
