"""How the works go that a server does again and again: of each the share of its last turns that failed.

A work that fails goes on, and what it does waits: without a number nobody would know for how long.
"""

from collections.abc import Iterator

from cityloop.operate.meter import Sample

TURN = 0.1  # what a turn counts: after seven that failed in a row it is half, after seven that did not it is half of that
FORGOTTEN = 0.01


class Turns:
    """Of the works of a process."""

    def __init__(self) -> None:
        self._failing: dict[str, float] = {}

    def note(self, work: str, *, failed: bool) -> None:
        """A turn of a work is over."""
        if not failed and work not in self._failing:
            return
        share = self._failing.get(work, 0.0)
        share += TURN * (failed - share)
        if share < FORGOTTEN:
            del self._failing[work]
        else:
            self._failing[work] = share

    def samples(self) -> Iterator[Sample]:
        """Those that failed lately."""
        for work, share in list(self._failing.items()):
            yield Sample("cityloop_work_failing", (("work", work),), share)
