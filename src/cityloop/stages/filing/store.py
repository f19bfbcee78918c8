"""Case numbers, drawn many to a statement and never given twice; and the cases that were opened a moment ago."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from cityloop.db import Row, Tx
from cityloop.domain.ids import CellCode, ClassKey
from cityloop.domain.near import NearCase

_STOCK = "case_counter"
_FRESH = "filing.fresh"
Place = int | CellCode | None  # a spot, or the cell of a private place
Fresh = dict[ClassKey, dict[Place, list[Row | NearCase]]]


class Stock(NamedTuple):
    """Numbers that this transaction has drawn and not yet given."""

    next: int
    last: int


def numbers_expect(tx: Tx, count: int) -> None:
    """Say how many numbers this transaction may need, so that the first draws them all."""
    tx.cache[_STOCK, "expected"] = count


def number_next(tx: Tx, day: date) -> int:
    """The day's next number. It is this transaction's alone: undone with it, and nobody else gets it before.

    What was drawn and not given is a gap.
    """
    stock = tx.cache.get((_STOCK, day))
    if stock is None or stock.next > stock.last:
        count = max(1, tx.cache.pop((_STOCK, "expected"), 1))
        last = tx.value(
            "INSERT INTO case_counter (city, day, last) VALUES (:city, :day, :count) "
            "ON CONFLICT (city, day) DO UPDATE SET last = case_counter.last + excluded.last RETURNING last",
            day=day.isoformat(),
            count=count,
        )
        stock = Stock(last - count + 1, last)
    tx.cache[_STOCK, day] = Stock(stock.next + 1, stock.last)
    return stock.next


def fresh_expect(tx: Tx, *, since: datetime | None = None) -> bool:
    """Fetch the cases that came into being since a moment, for this transaction; without one, whether they are.

    One statement over the end of the primary key, because an id begins with its moment. One that was merged away counts
    as open: whoever joins it follows it to where it went.
    """
    if since is None:
        return (_FRESH, "") in tx.cache
    found: Fresh = {}
    for row in tx.all(
        "SELECT id, CASE WHEN merged_into IS NULL THEN is_open ELSE 1 END AS is_open, opened_at, closed_at, cell, lon, "
        "lat, component, class_key, report_id, spot FROM case_file "
        "WHERE city = :city AND id >= :least",  # nothing more, so that no engine takes another index
        least=tx.id_unseen(since),
    ):
        found.setdefault(row.class_key, {}).setdefault(row.spot or row.cell, []).append(row)
    tx.cache[_FRESH, ""] = found
    return True


def fresh_list(tx: Tx, class_key: ClassKey, places: Iterable[Place]) -> list[NearCase]:
    """The fresh cases of a class in these places, those opened in this transaction among them."""
    here = tx.cache[_FRESH, ""].get(class_key)
    if not here:
        return []
    kept = [each for place in places if place in here for each in here[place]]
    return [each if isinstance(each, NearCase) else _near(each) for each in kept]


def fresh_add(tx: Tx, class_key: ClassKey, place: Place, case: NearCase) -> None:
    """Add a case that this transaction opens."""
    fresh = tx.cache.get((_FRESH, ""))
    if fresh is not None:
        fresh.setdefault(class_key, {}).setdefault(place, []).append(case)


def _near(row: Row) -> NearCase:
    return msgspec.convert(row._asdict(), NearCase, strict=False)
