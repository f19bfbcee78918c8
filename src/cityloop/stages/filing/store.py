"""Case numbers: counted by city and day, drawn many to a statement, never given twice."""

from datetime import date
from typing import NamedTuple

from cityloop.db import Tx

_STOCK = "case_counter"


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
