"""How much each stream may say: so much on the average, so much at once; one that floods harms no other."""

import numpy as np
from numpy.typing import NDArray

PER_S = 200.0  # observations of one stream
BURST = 20_000.0  # a device that was without a network sends what it kept


class Meter:
    """What each stream has said lately, leaking as time goes by. Units: observations; seconds."""

    def __init__(self, *, per_s: float = PER_S, burst: float = BURST):
        self.per_s, self.burst = per_s, burst
        self._level = np.zeros(1024)
        self._seen_at: float | None = None

    def over(self, stream: NDArray[np.int32], now_s: float) -> NDArray[np.bool_] | None:
        """Which rows are too much; None where none is. What is too much does not count."""
        if not len(stream):
            return None
        if (most := int(stream.max())) >= len(self._level):
            self._level = np.concatenate([self._level, np.zeros(max(most + 1, 2 * len(self._level)) - len(self._level))])
        self._leak(now_s)
        if len(stream) < 64:
            np.add.at(self._level, stream, 1.0)
        else:
            self._level += np.bincount(stream, minlength=len(self._level))
        over = self._level[stream] > self.burst
        if not over.any():
            return None
        # of a stream that goes over with these rows, the first of them still fit
        found = np.zeros(len(stream), bool)
        for number in np.unique(stream[over]).tolist():
            rows = np.flatnonzero(stream == number)
            fit = max(0, int(self.burst - (self._level[number] - len(rows))))
            found[rows[fit:]] = True
            self._level[number] -= len(rows[fit:])
        return found

    def fits(self, number: int, now_s: float) -> bool:
        """Whether one observation of a stream is not too much; then it counts."""
        if number >= len(self._level):
            return self.over(np.array([number], np.int32), now_s) is None
        self._leak(now_s)
        level = self._level[number] + 1.0
        if level > self.burst:
            return False
        self._level[number] = level
        return True

    def _leak(self, now_s: float) -> None:
        if self._seen_at is None:
            self._seen_at = now_s
        if now_s - self._seen_at >= 0.5:
            np.maximum(self._level - self.per_s * (now_s - self._seen_at), 0.0, out=self._level)
            self._seen_at = now_s
