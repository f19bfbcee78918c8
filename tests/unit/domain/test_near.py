"""Which case a report belongs to, and which places two such reports have in common."""

from datetime import UTC, datetime, timedelta

import pytest

from cityloop.domain.facts import Where
from cityloop.domain.near import NearCase, places_held, relatives_of
from cityloop.packs import load

KEY = "gbt30428_2_2013/"
NOW = datetime(2026, 3, 6, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def city():
    return load("demo")


def near(id="c1", *, is_open=True, lon=112.53, lat=28.48, hours=1.0, cell="990101001001001", component=None, class_key=KEY + "event/0199"):
    at = NOW - timedelta(hours=hours)
    return NearCase(
        id=id, class_key=class_key, report_id=f"r-{id}", is_open=is_open, opened_at=at, closed_at=None if is_open else at, cell=cell, lon=lon, lat=lat,
        component=component,
    )  # fmt: skip


HERE = Where(cell="990101001001001", lon=112.53, lat=28.48)


@pytest.mark.parametrize(
    ("case", "joined", "recurs"),
    [
        (near(), True, False),
        (near(lon=112.5303), True, False),  # 29 m of 50
        (near(lon=112.531), False, False),  # 98 m
        (near(hours=47.9), True, False),
        (near(hours=48.1), False, False),  # opened too long ago to be the same event
        (near(is_open=False), False, True),
        (near(is_open=False, hours=10_000), False, True),
        (near(is_open=False, lon=112.531), False, False),
        (near(lon=None, lat=None), False, False),
    ],
)
def test_a_case_nearby_is_joined_or_has_come_back(city, case, joined, recurs):
    of = city.class_by_key[KEY + "event/0199"]  # 50 m, 48 h
    found = relatives_of([case], HERE, of, at=NOW, class_ppm=960_000)
    assert (found.join is not None, found.recurs is not None) == (joined, recurs)


def test_the_nearest_case_is_joined_and_the_last_closed_recurs(city):
    of = city.class_by_key[KEY + "event/0199"]
    cases = [near("far", lon=112.5302), near("near"), near("old", is_open=False, hours=90), near("new", is_open=False)]
    found = relatives_of(cases, HERE, of, at=NOW, class_ppm=700_000)
    assert found.join.case_id == "near"
    assert (found.join.distance_m, found.join.confidence_ppm) == (0, 700_000)  # never surer than the class
    assert [each.case_id for each in found.joins] == ["near", "far"]
    assert found.recurs == "new"


def test_three_at_most_are_told_and_the_first_of_a_burst_comes_first(city):
    of = city.class_by_key[KEY + "event/0199"]
    cases = [near(f"c{n}", lon=112.53 + n * 0.00001, hours=5 - n) for n in range(5)]
    found = relatives_of(cases, HERE, of, at=NOW, class_ppm=10**6)
    assert [each.case_id for each in found.joins] == ["c0", "c1", "c2"]
    assert ["after_another" in each.reasons for each in found.joins] == [False, True, True]
    assert found.join == max(found.joins, key=lambda join: join.confidence_ppm)  # the machine goes by what is surest


def test_one_component_is_one_problem(city):
    of = city.class_by_key[KEY + "component/0137"]
    here = Where(cell="x", lon=112.53, lat=28.48, component="k1")
    same, other = (relatives_of([near(component=k, class_key=of.key)], here, of, at=NOW, class_ppm=10**6) for k in ("k1", "k2"))
    assert same.join.confidence_ppm > city.settings.join_auto_ppm > other.join.confidence_ppm


def test_a_private_place_is_near_within_its_cell_and_never_sure(city):
    of = city.class_by_key[KEY + "event/0498"]
    where = Where(cell="990101001001001")
    cases = [near("here", lon=None, lat=None, class_key=of.key), near("there", lon=None, lat=None, cell="990101001001002", class_key=of.key)]
    found = relatives_of(cases, where, of, at=NOW, class_ppm=990_000)
    assert found.join.case_id == "here"
    assert found.join.confidence_ppm < city.settings.join_auto_ppm


def test_what_is_held_is_the_class_in_a_square_a_cell_or_a_component(city):
    point, tied = Where(cell="x", lon=112.531, lat=28.481), Where(cell="x", lon=112.531, lat=28.481, component="k1")
    event, component, private = (city.class_by_key[KEY + key] for key in ("event/0199", "component/0137", "event/0498"))

    assert places_held(point, event) == (f"near/{event.key}/7926/27527",)
    assert places_held(tied, component)[-1] == "near/k1"
    assert places_held(point, private) == (f"near/{private.key}/x",)
    assert places_held(Where(cell="x"), event) == places_held(Where(), private) == ()
