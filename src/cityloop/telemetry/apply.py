"""What each fact of a segment does to its row."""

from collections.abc import Callable

from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Fact, Told
from cityloop.telemetry.model import segment_of


class _Given(Struct, frozen=True, kw_only=True):
    id: str
    given: int


def held(tx: Tx, told: Told[f.SegmentSealed | f.SegmentsThinned]) -> None:
    """A segment is there, and those that it replaces are not."""
    for each in told.fact.replaces:
        _gone(tx, each)
    tx.put("segment", segment_of(told.fact))
    before = tx.get("segment_numbers", _Given, "all")
    number = int(told.fact.segment.rpartition(".")[2])
    tx.put("segment_numbers", _Given(id="all", given=max(before.given if before else 0, number)))


def erased(tx: Tx, told: Told[f.SegmentErased]) -> None:
    """A segment is there no more."""
    _gone(tx, told.fact.segment)


def _gone(tx: Tx, segment: str) -> None:
    tx.run("DELETE FROM segment WHERE city = :city AND id = :segment", segment=segment)


APPLY: dict[type[Fact], Callable[[Tx, Told], None]] = {
    f.SegmentSealed: held,
    f.SegmentsThinned: held,
    f.SegmentErased: erased,
}
