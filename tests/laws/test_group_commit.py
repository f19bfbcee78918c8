"""Changes that are committed together: one that cannot be kept fails alone, and nobody waits for ever."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from tests.laws.journal_world import count, receive, writer_of

from cityloop.db import Tx
from cityloop.domain.facts import HeldSkipped
from cityloop.journal import Writer
from cityloop.notices.model import Place

SOON_S = 5.0


class Ended(BaseException):
    """No fault: something ends what runs."""


def ends(tx: Tx) -> None:
    raise Ended


CANNOT_BE_KEPT: dict[str, Callable[[Tx], Any]] = {
    "a number too large": lambda tx: tx.put("outbox_place", Place(target="a", seq=2**63)),
    "half a letter": lambda tx: tx.put("outbox_place", Place(target="\ud800", seq=1)),
    "no value of a fact": lambda tx: tx.emit(HeldSkipped(handler="h", fact_id="x", reason=object(), at=tx.now)),  # type: ignore[arg-type]
    "nothing found": lambda tx: next(iter(())),
}


async def submitted(writer: Writer, *use_cases: Callable[[Tx], Any]) -> list[Any]:
    """What came of changes that were asked for at once."""
    asked = (writer.submit(each, actor="test") for each in use_cases)
    async with asyncio.timeout(SOON_S):
        return await asyncio.gather(*asked, return_exceptions=True)


def told_in_turn(writer: Writer, *batches: tuple[Callable[[Tx], Any], ...]) -> list[list[Any]]:
    async def story() -> list[list[Any]]:
        return [await submitted(writer, *each) for each in batches]

    try:
        return asyncio.run(story())
    finally:
        writer.close()


@pytest.mark.parametrize("cannot", CANNOT_BE_KEPT.values(), ids=CANNOT_BE_KEPT)
def test_a_change_that_cannot_be_kept_fails_alone_and_the_next_goes_on(places, cannot):
    """Whether it shows while it runs, when its rows are written or when its fact is: the others of its commit are kept."""
    database = places.open()
    (before, bad, behind), (later,) = told_in_turn(writer_of(database), (receive, cannot, receive), (receive,))
    assert isinstance(bad, Exception)
    assert all(isinstance(each, str) for each in (before, behind, later)), (before, behind, later)
    assert count(database, "report") == 3
    assert count(database, "outbox_place") == 0


def test_what_ends_a_commit_is_told_to_all_of_it_and_the_next_goes_on(places):
    database = places.open()
    together, (later,) = told_in_turn(writer_of(database), (receive, ends, receive), (receive,))
    assert [type(each) for each in together] == [Ended] * 3
    assert isinstance(later, str)
    assert count(database, "report") == 1
