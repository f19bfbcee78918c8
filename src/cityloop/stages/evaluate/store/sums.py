"""Answers that are kept, and brought to a later fact by the cases that were touched since.

One is what it was, less what those cases came to then, and more what they come to now. It is exact, because whatever is counted is counted row by row, and what a row counts for depends on nothing but its case: its
reports, tasks, holds and appeals, and the clock (a law compares it with the same question asked anew).
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain.time import moment
from cityloop.stages.evaluate.model import Tally
from cityloop.stages.evaluate.store.rows import Asked
from cityloop.stages.evaluate.store.then import Then
from cityloop.wide.changes import Changes, Seen

NUMBERS_MAX = 400_000  # that are kept in all: some 60 MB
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
Count = Callable[[Tx | Then, Asked], dict[str, Tally]]


class _Kept(Struct, frozen=True):
    seen: Seen
    file: tuple[int, int]  # of the shadow that it follows from
    said: Any
    size: int


class Sums:
    """The kept answers of a city, in memory; those that nobody asked for the longest time go first."""

    def __init__(self, changes: Changes, *, most: int = NUMBERS_MAX):
        self._changes = changes
        self._most = most
        self._kept: OrderedDict[Any, _Kept] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def tallies(self, then: Then, asked: Asked, pack: str, count: Count) -> dict[str, Tally]:
        """The tallies of a question as of a fact, under a pack; `count` is how they are counted anew."""
        key, seen = (replace(asked, now=_NO_TIME), pack), Seen(then.seq, asked.now)

        def since(was: _Kept, as_of: Callable[[Seen], Tx]) -> dict[str, Tally]:
            less = count(as_of(was.seen), replace(asked, now=was.seen.now))
            return moved(was.said, less, count(as_of(seen), asked))

        found = self._brought(key, seen, since, lambda: count(then, asked), lambda said: sum(len(one.numbers) for one in said.values()))
        return dict(found)

    def first_at(self, then: Then) -> datetime | None:
        """When the first report came, as of a fact."""
        sql = "SELECT MIN(received_at) FROM report WHERE city = :city"

        def since(was: _Kept, as_of: Callable[[Seen], Tx]) -> datetime | None:
            before, now = (as_of(each).value(sql) for each in (was.seen, seen))
            if before and was.said and moment(before) <= was.said:
                return then.first_at_anew()  # the first one itself was touched
            return min((each for each in (was.said, moment(now) if now else None) if each), default=None)

        seen = Seen(then.seq, _NO_TIME)
        return self._brought("first_at", seen, since, then.first_at_anew, lambda said: 1)

    def _brought(
        self, key: Any, seen: Seen, since: Callable[[_Kept, Callable[[Seen], Tx]], Any], anew: Callable[[], Any], size: Callable[[Any], int]
    ) -> Any:  # fmt: skip
        """What was kept, brought to a fact; counted anew where nothing was, or too much was touched since."""
        file = self._changes.at()[0]
        with self._lock:
            was = self._kept.get(key)
        if was is not None and was.file == file:
            if was.seen == seen:
                return was.said
            with self._changes.between(was.seen, seen) as as_of:
                if as_of is not None:
                    said = since(was, as_of)
                    self._keep(key, _Kept(seen, file, said, size(said)))
                    return said
        said = anew()
        self._keep(key, _Kept(seen, file, said, size(said)))
        return said

    def _keep(self, key: Any, new: _Kept) -> None:
        with self._lock:
            was = self._kept.get(key)
            if was is not None and was.file == new.file and was.seen.seq > new.seen.seq:
                return  # a look back; the next one will look at now again
            if was is not None:
                self._size -= self._kept.pop(key).size
            self._kept[key] = new
            self._size += new.size
            while self._size > self._most:
                self._size -= self._kept.popitem(last=False)[1].size


def moved(was: Mapping[str, Tally], less: Mapping[str, Tally], more: Mapping[str, Tally]) -> dict[str, Tally]:
    """Tallies less some, and more others; what comes to nothing is not there, as if it were counted anew."""
    found = dict(was)
    for group in {*less, *more}:
        of = [each.get(group) or Tally(numbers={}) for each in (was, less, more)]
        keys = {key for each in of for key in each.numbers}
        said, out, into = of
        numbers = {key: said.numbers.get(key, 0) - out.numbers.get(key, 0) + into.numbers.get(key, 0) for key in keys}
        numbers = {key: number for key, number in numbers.items() if number}
        if numbers:
            found[group] = Tally(numbers=numbers, simulated=said.simulated - out.simulated + into.simulated)
        else:
            found.pop(group, None)
    return found
