"""How works go: one that fails is seen, one that stumbled once is soon forgotten, one that goes well costs nothing."""

import asyncio

import pytest

from cityloop.app.rounds import again
from cityloop.operate import Turns

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


@pytest.mark.parametrize("fails", [True, False])
def test_a_work_goes_on_and_its_turns_are_counted(fails):
    async def some() -> None:
        nonlocal count
        count += 1
        if count >= 20:
            raise asyncio.CancelledError
        if fails:
            raise ValueError("planted")

    parts, count = Parts(), 0
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(again(parts, "w", some, 0.0))
    assert (share(parts.turns) > HALF) is fails
