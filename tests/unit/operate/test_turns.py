"""How works go: one that fails is seen, one that stumbled once is soon forgotten, one that goes well costs nothing."""

import asyncio

import pytest

from cityloop.app import rounds
from cityloop.db import DatabaseGone
from cityloop.operate import Turns
from cityloop.telemetry.model import SegmentLost

HALF = 0.5


def share(turns: Turns, work: str = "w") -> float:
    return {dict(each.labels)["work"]: each.value for each in turns.samples()}.get(work, 0.0)


def test_what_fails_most_of_its_turns_is_beyond_half():
    """Also where one of ten goes well, e.g. as something else was due."""
    turns = Turns()
    for number in range(60):
        turns.note("w", failed=number % 10 != 0)
    assert share(turns) > HALF


def test_a_stumble_is_forgotten():
    turns = Turns()
    turns.note("w", failed=True)
    assert 0 < share(turns) < HALF
    for _ in range(30):
        turns.note("w", failed=False)
    assert list(turns.samples()) == []


class Parts:
    def __init__(self) -> None:
        self.turns = Turns()


@pytest.mark.parametrize(
    ("fault", "is_counted"),
    [
        (None, False),
        (ValueError("planted"), True),
        (SegmentLost("a file of observations is gone"), True),  # it may work later, and nobody knows when
        (DatabaseGone("the database does not answer"), False),  # which stops every work, and is told of by itself
    ],
)
def test_a_work_goes_on_and_its_turns_are_counted(monkeypatch, fault, is_counted):
    async def some() -> None:
        nonlocal count
        count += 1
        if count >= 20:
            raise asyncio.CancelledError
        if fault:
            raise fault

    monkeypatch.setattr(rounds, "GONE_S", 0.0)
    parts, count = Parts(), 0
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(rounds.again(parts, "w", some, 0.0))
    assert (share(parts.turns) > HALF) is is_counted
