"""The town in which the stories happen."""

from collections.abc import Iterator

import pytest
from tests.door_world import DoorWorld, the_doors_app
from tests.engines import Clock, Places
from tests.field_world import FieldWorld, the_field_app
from tests.teaching_world import TeachingWorld, the_teaching_app
from tests.world import World, the_app


@pytest.fixture
def world(places: Places, tmp_path) -> Iterator[World]:
    """A town at nine o'clock on an ordinary Monday, on each engine."""
    clock = Clock()
    clock.set("2026-03-02 09:00")
    with the_app() as client:
        town = World(places.open(clock=clock), clock, tmp_path, client)
        yield town
        town.close()


@pytest.fixture
def town(places: Places, tmp_path) -> Iterator[DoorWorld]:
    """The same town, with its doors open."""
    clock = Clock()
    clock.set("2026-03-02 09:00")
    with the_doors_app() as client:
        found = DoorWorld(places.open(clock=clock), clock, tmp_path, client)
        yield found
        found.close()


@pytest.fixture
def field(places: Places, tmp_path) -> Iterator[FieldWorld]:
    """The same town, with those who work in its streets."""
    clock = Clock()
    clock.set("2026-03-02 09:00")
    with the_field_app() as client:
        found = FieldWorld(places.open(clock=clock), clock, tmp_path, client)
        yield found
        found.close()


@pytest.fixture
def school(places: Places, tmp_path) -> Iterator[TeachingWorld]:
    """The same town, whose machine reads for itself and learns from what people decide."""
    clock = Clock()
    clock.set("2026-03-02 09:00")
    with the_teaching_app() as client:
        found = TeachingWorld(places.open(clock=clock), clock, tmp_path, client)
        yield found
        found.close()
