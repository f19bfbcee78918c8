"""The map: tiles of cases for staff and for everybody, the city's own basemap, places by their names."""

from itertools import pairwise

import numpy as np
import pytest
from tests.mvt_reader import Shown, tile_read
from tests.spots import POINTS

from cityloop.domain.place import Point, gcj02_of
from cityloop.pages.now import keeper_of
from cityloop.pages.now.columns import columns_of, vocabulary
from cityloop.pages.now.mercator import share_of, steps_of
from cityloop.pages.shells import policy_for

STAFF = {"by": "leader"}


def tile(city, *, z: int = 8, at: str = "a1", **asked) -> dict[str, list[Shown]]:
    """A tile that holds a cell, read as a map reads it."""
    x, y = (int(share * (1 << z)) for share in share_of(*POINTS[at]))
    return tile_at(city, z, x, y, **asked)


def tile_at(
    city, z: int, x: int, y: int, *, by: str | None = None, kind: str = "cases", **asked
) -> dict[str, list[Shown]]:
    keeper_of(city.client.app).forget()
    answer = city.client.get(f"/tiles/{kind}/{z}/{x}/{y}.pbf", params=asked, headers=city.signed(by))
    assert answer.status_code == 200, answer.text
    return tile_read(answer.content)


def names(city, layers: dict[str, list[Shown]]) -> set[str]:
    """The reports whose cases are shown by themselves."""
    of = {city.case(name).id: name for name in city.reports}
    return {of[each.tags["id"]] for each in layers.get("cases", [])}


@pytest.fixture
def town(world):
    """Cases that the public may see, and some that it may not."""
    world.report("old", kind="rubbish", cell="a1", at="2026-03-02 09:00")
    world.handle("old")
    world.inspect("old")
    world.report("rubbish", kind="rubbish", cell="b1", at="2026-03-02 09:05")
    world.report("hole", kind="pothole", cell="d1", at="2026-03-02 09:10")
    world.report("waits", kind="greenery", cell="d1", at="2026-03-02 09:15")
    return world


def test_staff_see_the_open_cases_of_their_seats(town):
    """A leader sees the city, a desk its district, a unit its own work; what is closed only who asks for it."""
    assert names(town, tile(town, by="leader")) == {"rubbish", "hole", "waits"}
    assert names(town, tile(town, by="acceptor-south")) == {"hole", "waits"}
    assert names(town, tile(town, by="handler-cleaning")) == {"rubbish"}
    assert names(town, tile(town, by="leader", open=False, ended=True)) == {"old"}
    assert names(town, tile(town, by="leader", state=["to_sign", "reported"], area="990202")) == {"hole", "waits"}
    assert names(town, tile(town, by="leader", unit="cleaning")) == {"rubbish"}
    assert names(town, tile(town, by="leader", class_key="gbt30428_2_2013/event/0110")) == {"rubbish"}


def test_a_unit_that_was_called_sees_the_case_as_long_as_it_lasts(town):
    """A guest's map shows what its list shows."""
    town.sign("rubbish")
    town.whistle("rubbish", "roads-north", "covers")
    assert names(town, tile(town, by="handler-covers")) == {"rubbish"}
    town.report_in("rubbish", by="handler-covers")
    town.end_whistle("rubbish")
    assert names(town, tile(town, by="handler-covers")) == set()


def test_everybody_sees_what_is_filed_of_public_classes_without_a_word(town):
    """Neither what nobody has filed yet, nor a unit, a number or a name."""
    shown = tile(town)
    assert names(town, shown) == {"rubbish", "hole"}
    assert all(set(each.tags) == {"id", "state", "class", "lamp", "urgency"} for each in shown["cases"])
    assert names(town, tile(town, by="leader", public=True)) == {"rubbish", "hole"}
    assert names(town, tile(town, unit="cleaning")) == {"rubbish", "hole"}  # units are none of theirs: it is not heard


def test_a_private_place_is_its_cell_to_staff_and_nothing_to_others(world):
    """Nobody finds the bench under which somebody sleeps."""
    world.report("sleeper", kind="vagrant", cell="a1", at="2026-03-02 09:00")
    [shown] = tile(world, z=14, by="leader")["cases"]
    assert shown.tags["coarse"] is True
    assert tile(world, z=14) == {}


def test_a_point_that_should_not_be_known_is_not_shown(world):
    """Whatever a row holds: a class whose place is private is shown in the middle of its cell."""
    [private] = [each.key for each in world.policy.classes if each.private_place]
    row = (
        "019cac0f-2680-7000-8000-000000000000", "handling", 1, private, None, None, None, "990201001001001", None,
        100.001, 30.011, 0, 1, None, None, None, None, None, None, None, None, None, None,
    )  # fmt: skip
    columns = columns_of([row], world.policy, vocabulary())
    x, y = steps_of(*(np.array([each]) for each in POINTS["a1"]))
    assert (columns["exact"][0], columns["x"][0], columns["y"][0]) == (2, x[0], y[0])


def test_what_happens_is_on_the_map_at_once(town):
    """The map follows the journal: a new case comes, a closed one goes, a lamp turns as time goes by."""
    before = {each.tags["id"]: each.tags["lamp"] for each in tile(town, **STAFF)["cases"]}
    assert before[town.case("hole").id] == "green"
    town.handle("rubbish")
    town.inspect("rubbish")
    town.report("new", kind="rubbish", cell="c1", at="2026-03-02 09:30")
    assert names(town, tile(town, **STAFF)) == {"hole", "waits", "new"}
    town.later(days=30)
    assert {each.tags["lamp"] for each in tile(town, **STAFF)["cases"]} == {"red"}
    assert names(town, tile(town, lamp="green", **STAFF)) == set()


def test_many_are_shown_as_one_with_their_lamps(world):
    """From afar a square of the map is a number, near by each case is itself again, and none is lost between them."""
    for number in range(54):
        world.report(f"r{number}", kind="rubbish", cell=("a1", "b1", "d1")[number % 3], at="2026-03-02 09:00")
    west, north = share_of(99.9, 30.1)
    east, south = share_of(100.1, 29.9)
    for z in (8, 12, 13, 14, 15, 17):
        alone, squares = [], []
        for x in range(int(west * (1 << z)), int(east * (1 << z)) + 1):
            for y in range(int(north * (1 << z)), int(south * (1 << z)) + 1):
                layers = tile_at(world, z, x, y, by="leader")
                alone += layers.get("cases", [])
                squares += layers.get("clusters", [])
        assert len({each.tags["id"] for each in alone}) == len(alone)
        assert len(alone) + sum(each.tags["n"] for each in squares) == 54
        assert all(each.tags["green"] == each.tags["n"] and each.tags["lamp"] == "green" for each in squares)
        assert all(0 <= at < 4096 for each in (*alone, *squares) for at in each.places[0][0])
        assert bool(squares) == (z < 14), z


def test_a_tile_that_did_not_change_is_not_sent_again(town):
    """A browser asks with what it has; the answer is nothing but yes."""
    first = town.client.get("/tiles/cases/8/199/105.pbf")
    again = town.client.get("/tiles/cases/8/199/105.pbf", headers={"if-none-match": first.headers["etag"]})
    assert (first.headers["content-encoding"], again.status_code, again.content) == ("gzip", 304, b"")
    with town.refuses("tile.unknown"):
        town.get("/tiles/cases/8/256/105.pbf", by=None)


def test_the_basemap_is_drawn_from_the_pack(world):
    """Areas with their names, cells, and things where one is near enough."""
    far = tile(world, z=13, kind="base")
    assert {each.tags["level"] for each in far["area"]} == {"district", "street", "community"}
    assert len(far["land"]) == 1
    assert {each.tags["name_zh"] for each in far["area_label"] if each.tags["level"] == "street"}
    for layer in ("land", "area", "cell"):
        for each in far[layer]:
            outer = each.places[0]
            turns = sum(x * v - u * y for (x, y), (u, v) in pairwise(outer))
            assert each.kind == 3
            assert turns > 0  # the outer ring runs clockwise on the screen


def test_places_are_found_by_name_and_number(world):
    """What bears the name first, then what begins with it; a number by its beginning."""
    area = world.policy.areas[0]
    found = world.get("/v1/places", by=None, q=area.name["zh"])["items"]
    assert (found[0]["kind"], found[0]["code"]) == ("area", area.code)
    cells = world.get("/v1/places", by=None, q="990201001001")["items"]
    assert cells[0]["code"] == "990201001001"
    assert {each["kind"] for each in cells[1:]} >= {"cell"}
    assert world.get("/v1/places", by=None, q="  ")["items"] == []


def test_a_point_is_called_by_its_areas(world):
    """What a resident reads under the pin; outside the city it says so."""
    lon, lat = POINTS["d1"]
    here = world.get("/v1/places/at", by=None, lat=lat, lng=lon)
    assert (here["inside"], here["cell"]) == (True, "990202001001001")
    assert here["address"]["zh"].startswith(world.policy.area_by_code["990202"].name["zh"])
    away = world.get("/v1/places/at", by=None, lat=0, lng=0)
    assert (away["inside"], away["address"]) == (False, {})


def test_a_map_of_others_lies_beneath_ours_in_its_own_datum(world):
    """The card names it, the page may fetch from its host and from no other, and ours is moved onto it."""
    assert world.get("/v1/map", by=None)["outside"] is None
    world.report("r1", kind="rubbish", cell="a1", at="2026-03-02 09:00")
    [before] = tile(world, z=14, by="leader")["cases"]
    world.adopt("mini_outside_map")
    card = world.get("/v1/map", by=None)
    assert (card["datum"], card["outside"]["approval"]) == ("gcj02", "GS(2026)0000")
    policy = policy_for(world.policy.settings)
    assert "connect-src 'self' https://tiles.example;" in policy
    assert policy.count("https://") == 2
    [after] = tile(world, z=14, by="leader")["cases"]
    here = Point(lon=POINTS["a1"][0], lat=POINTS["a1"][1])
    (x1, y1), (x2, y2) = before.places[0][0], after.places[0][0]
    assert (x1, y1) != (x2, y2)
    moved = gcj02_of(here)
    steps = 4096 << 14
    expected = [
        round((b - a) * steps)
        for a, b in zip(share_of(here.lon, here.lat), share_of(moved.lon, moved.lat), strict=True)
    ]
    assert abs(x2 - x1 - expected[0]) <= 2
    assert abs(y2 - y1 - expected[1]) <= 2
