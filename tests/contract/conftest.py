"""What tests of people at the door share: a small city with nobody in it yet."""

from collections.abc import Iterator

import pytest
from tests.people_world import World


@pytest.fixture
def world(places, tmp_path, clock) -> Iterator[World]:
    """The city at nine o'clock on a Friday, on each engine."""
    clock.set("2026-03-06 09:00")
    found = World(places.open(clock=clock), tmp_path)
    yield found
    found.close()
