"""The only SQL of telemetry: which segments there are, and how far each log is sealed."""

from collections.abc import Iterable
from typing import Any

import msgspec

from cityloop.db import Tx
from cityloop.db.tx import row_to
from cityloop.telemetry.model import Segment

_SEGMENT = ", ".join(Segment.__struct_fields__)
EVER = -(2**62), 2**62


class _SealedTo(msgspec.Struct, frozen=True, kw_only=True):
    log: str
    position: str


def segment_list(tx: Tx, *, since: int = EVER[0], until: int = EVER[1], shelves: Iterable[int] | None = None) -> list[Segment]:
    """The segments that hold moments from `since` to before `until`, in the order of their places. Units: µs since 1970."""
    rows = tx.all(
        f"SELECT {_SEGMENT} FROM segment WHERE city = :city AND first_us < :until AND last_us >= :since ORDER BY place",
        since=since, until=until,
    )  # fmt: skip
    wanted = None if shelves is None else frozenset(shelves)
    return [row_to(Segment, row) for row in rows if wanted is None or row.shelf in wanted]


def segments_known(tx: Tx, ids: Iterable[str]) -> set[str]:
    """Those of these segments that there are."""
    return {row.id for row in tx.among("segment", "id", ("id",), ids)}


def segments_given(tx: Tx) -> int:
    """The last number that was given to a segment."""
    return tx.value("SELECT given FROM segment_numbers WHERE city = :city AND id = 'all'") or 0


def sealed_to(tx: Tx) -> dict[str, Any]:
    """How far each log is sealed: its position after the last sealed batch."""
    rows = tx.all("SELECT log, position FROM sealed_to WHERE city = :city ORDER BY log")
    return {row.log: msgspec.json.decode(row.position) for row in rows}


def sealed_to_put(tx: Tx, log: str, position: Any) -> None:
    """Note how far a log is sealed."""
    tx.put("sealed_to", _SealedTo(log=log, position=msgspec.json.encode(position).decode()))
