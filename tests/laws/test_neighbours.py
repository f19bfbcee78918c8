"""What many reports find around them in one statement is what each of them finds alone, on both engines."""

from datetime import timedelta
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engines import Clock, Places
from tests.world import CELLS, World, the_app

from cityloop.domain.facts import Where
from cityloop.domain.ids import ReportId
from cityloop.stages.understand.store import here_of, near_of_each

KINDS = ("rubbish", "pothole", "greenery")


@pytest.fixture
def town(places: Places, tmp_path):
    """Cases of some kinds in every cell, every other one closed."""
    clock = Clock()
    clock.set("2026-03-02 09:00")
    with the_app() as client:
        world = World(places.open(clock=clock), clock, tmp_path, client)
        for number, (cell, kind) in enumerate((cell, kind) for cell in CELLS for kind in KINDS):
            world.report(f"r{number}", kind=kind, cell=cell)
            world.later(minutes=1)
            if number % 2 and world.state(f"r{number}") == "to_sign":
                world.handle(f"r{number}")
                if world.case(f"r{number}").post:  # somebody is there to look
                    world.inspect(f"r{number}")
        yield world
        world.close()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_neighbours_of_many_are_those_of_each(town, data):
    with town.database.reading() as tx:
        here = data.draw(st.lists(st.lists(a_place(tx, town), max_size=3), max_size=6))
        asked = {ReportId(f"r{number}"): [one for each in places for one in each] for number, places in enumerate(here)}
        together = near_of_each(tx, asked)
        alone = {id: near_of_each(tx, {id: each})[id] for id, each in asked.items()}
        assert {id: in_order(each) for id, each in together.items()} == {id: in_order(each) for id, each in alone.items()}


def test_there_is_something_to_find(town):
    """Every case is found from where it lies, closed ones too; what began before is not."""
    with town.database.reading() as tx:
        cases = tx.all("SELECT id, class_key, lon, lat, is_open FROM case_file WHERE city = :city AND spot IS NOT NULL")
        assert {each.is_open for each in cases} == {0, 1}
        since = {each.id: tx.now - timedelta(days=30 if number % 2 else 0) for number, each in enumerate(cases)}
        asked = {each.id: around(town, each, since[each.id]) for each in cases}
        for case in cases:
            found = {each.id for each in near_of_each(tx, asked)[case.id]}
            assert (case.id in found) == (since[case.id] < tx.now or not case.is_open)


def a_place(tx, town):
    """What a report would ask that lies where some case lies."""
    cases = tx.all("SELECT class_key, lon, lat FROM case_file WHERE city = :city AND spot IS NOT NULL")
    others = st.sampled_from(cases)
    return st.builds(
        lambda of, place, minutes: around(town, Place(of.class_key, place.lon, place.lat), tx.now - timedelta(minutes=minutes)),
        others, others, st.sampled_from((0, 10, 20, 5_000)),
    )  # fmt: skip


class Place(NamedTuple):
    class_key: str
    lon: float
    lat: float


def around(town, case, since):
    return here_of(town.policy.class_by_key[case.class_key], Where(lon=case.lon, lat=case.lat), since=since)


def in_order(cases):
    return sorted(cases, key=lambda each: each.id)
