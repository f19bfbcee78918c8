"""The small town with its Open311 door open, at nine o'clock on a Friday, on each engine."""

from collections.abc import Iterator

import pytest
from tests.open311_world import Town, town_at


@pytest.fixture
def town(places, clock, monkeypatch) -> Iterator[Town]:
    """A town where what people write and show is public."""
    clock.set("2025-09-01 00:00")
    with town_at(places, clock, monkeypatch) as found:
        clock.set("2026-03-06 09:00")
        yield found


@pytest.fixture
def shy_town(places, clock, monkeypatch) -> Iterator[Town]:
    """A town that says nothing of Open311 in its pack."""
    clock.set("2025-09-01 00:00")
    with town_at(places, clock, monkeypatch, pack="mini") as found:
        clock.set("2026-03-06 09:00")
        yield found
