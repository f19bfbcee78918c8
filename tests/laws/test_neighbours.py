"""What many reports find around them in one statement is what each of them finds alone, on both engines."""

from datetime import timedelta
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engines import Clock, Places
from tests.teaching_world import key_of
from tests.world import CELLS, World, the_app

from cityloop.cases import Case
from cityloop.cases.near import CLOSED_MAX
from cityloop.db.tx import row_to
from cityloop.domain.facts import Where
from cityloop.domain.ids import ReportId
from cityloop.places import spot_of
from cityloop.stages.understand.store import MATTER_MAX, OPEN_MAX, here_of, near_of_each

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
        assert {id: ids_of(each) for id, each in together.items()} == {id: ids_of(each) for id, each in alone.items()}


def test_a_crowd_around_hides_nothing_within_reach(crowd):
    """Against every row, read one by one: of what is within reach in a spot the newest are found, whatever is newer beyond it."""
    world, cases = crowd
    reached = 0
    with world.database.reading() as tx:
        for case in cases[::7]:
            since = tx.now - timedelta(minutes=400)
            asked = around(world, case, since)
            found = near_of_each(tx, {ReportId("r"): asked})[ReportId("r")]
            plain = [plainly_near(cases, here) for here in asked]
            assert ids_of(found) == sorted(id for each in plain for id in each)
            reached = max(reached, *map(len, plain))
    assert reached == OPEN_MAX + MATTER_MAX + CLOSED_MAX, "every part was full once"


def plainly_near(cases, here):
    hand = here.hand
    within = [
        each for each in cases
        if each.spot == hand.spot and ((hand.west <= each.lon <= hand.east and hand.south <= each.lat <= hand.north) or each.component == hand.component)
    ]  # fmt: skip
    by_opening = sorted((each for each in within if each.is_open and each.opened_at >= here.since), key=lambda each: (each.opened_at, each.id), reverse=True)
    same = [each.id for each in by_opening if each.class_key == hand.class_key][:OPEN_MAX]
    matter = [each.id for each in by_opening if each.class_key != hand.class_key and here.first <= each.class_key < here.after][:MATTER_MAX]
    closed = sorted((each for each in within if each.state == "closed" and each.class_key == hand.class_key), key=lambda each: (each.closed_at, each.id), reverse=True)
    return same + matter + [each.id for each in closed][:CLOSED_MAX]


@pytest.fixture
def crowd(places: Places, tmp_path):
    """Two streets of cases, within reach of each other and beyond, most of them open; with some things in the street."""
    clock, chance = Clock(), Random(5)
    clock.set("2026-03-02 09:00")
    with the_app() as client:
        world = World(places.open(clock=clock), clock, tmp_path, client)
        kinds = [key_of(kind) for kind in ("rubbish", "pothole")]

        def fill(tx):
            tx.applying = True  # as if as many facts had said so
            for number in range(700):
                lon, lat = 100.005 + chance.random() * 0.004, 30.015 + chance.random() * 0.001
                opened, is_open = tx.now - timedelta(minutes=chance.randrange(600)), chance.random() < 0.7
                tx.put("case_file", Case(
                    id=f"c{chance.randrange(10**6):06}-{number}", no=1, state="to_sign" if is_open else "closed", is_open=is_open, report_id="r", lon=lon, lat=lat,
                    class_key=chance.choice(kinds), opened_at=opened, closed_at=None if is_open else opened + timedelta(minutes=chance.randrange(90)),
                    spot=spot_of(lon, lat), component=f"k{number % 9}" if number % 50 == 0 else None,
                ))  # fmt: skip

        world.writer.change(fill)
        with world.database.reading() as tx:
            cases = [row_to(Case, row) for row in tx.all(f"SELECT {', '.join(Case.__struct_fields__)} FROM case_file WHERE city = :city ORDER BY id")]
        yield world, cases
        world.close()


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


def ids_of(found):
    return sorted(each.id for each in found)
