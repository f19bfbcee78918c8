"""What is dear to look for, kept in memory: one looks at a time, and who asks meanwhile gets what is known."""

import time
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Fresh(Generic[T]):
    """Something that is looked for at most every so often, and for at most one part in `share_max` of the time."""

    def __init__(self, every_s: float, share_max: int):
        self.known: T | None = None
        self._every_s, self._share_max = every_s, share_max
        self._lock = Lock()
        self._look_at = 0.0

    def get(self, look: Callable[[], T], is_good: Callable[[T], bool] = lambda known: True) -> T:
        """What is known, as fresh as may be asked for now. What is not good any more is looked for before its time."""
        known = self.known
        if self._is_fresh(known, is_good):
            return known  # type: ignore[return-value]
        if not self._lock.acquire(blocking=known is None):
            return known  # type: ignore[return-value]  # somebody looks already
        try:
            if not self._is_fresh(self.known, is_good):
                begun = time.monotonic()
                self.known = look()
                ended = time.monotonic()
                self._look_at = ended + max(self._every_s, (ended - begun) * self._share_max)
            return self.known  # type: ignore[return-value]
        finally:
            self._lock.release()

    def forget(self) -> None:
        """Look at once when asked next."""
        self._look_at = 0.0

    def _is_fresh(self, known: T | None, is_good: Callable[[T], bool]) -> bool:
        return known is not None and is_good(known) and time.monotonic() < self._look_at
