"""What is written ahead and not yet sealed, at hand as columns; follows each log from where the segments end."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from cityloop.telemetry.batch import Batch, joined
from cityloop.telemetry.model import Written


class Tail:
    """The unsealed end of every log of the city, read once and then followed. Shape: batches with the position after each."""

    def __init__(self, logs: Callable[[], Mapping[str, Written]]):
        self._logs = logs
        self._kept: dict[str, list[tuple[Any, Batch]]] = {}
        self._whole: Batch | None = None
        self._lock = threading.Lock()

    def since(self, marks: Mapping[str, Any]) -> Batch:
        """All that came after these positions, log by log, in the order in which it came."""
        with self._lock:
            for name, log in self._logs().items():
                self._follow(name, log, marks.get(name))
            if self._whole is None:
                self._whole = joined([batch for kept in self._kept.values() for _, batch in kept])
            return self._whole

    def _follow(self, name: str, log: Written, mark: Any) -> None:
        before = self._kept.get(name, [])
        kept = [(position, batch) for position, batch in before if mark is None or tuple(position) > tuple(mark)]
        start = kept[-1][0] if kept else max_of(mark, before[-1][0] if before else None)
        new = [(position, batch) for position, batch in log.follow(start)]
        if new or len(kept) != len(before):
            self._whole = None
        self._kept[name] = kept + new


def max_of(one: Any, other: Any) -> Any:
    """The later of two positions; None is before all."""
    known = [tuple(each) for each in (one, other) if each is not None]
    return max(known) if known else None
