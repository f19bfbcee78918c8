"""The town with its SensorThings door open, at nine o'clock on a Friday, on each engine."""

from collections.abc import Iterator

import pytest
from tests.sta_world import Town, town_at, town_behind_port


@pytest.fixture
def town(places, clock) -> Iterator[Town]:
    """The town, asked without a port."""
    clock.set("2026-03-06 09:00")
    with town_at(places, clock) as found:
        yield found


@pytest.fixture
def served(places, clock) -> Iterator[tuple[Town, str]]:
    """The town behind a real port, and its address."""
    clock.set("2026-03-06 09:00")
    with town_behind_port(places, clock) as found:
        yield found
