"""Keeps the columns of a city fresh: read once, then only what the journal says has changed; at most once a second."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from litestar import Litestar

from cityloop.db import Tx
from cityloop.domain.lifecycle import OVER
from cityloop.domain.policy import Policy
from cityloop.pages.now import store
from cityloop.pages.now.columns import STATES, Snapshot, columns_of, snapshot_of, vocabulary

CLOSED_DAYS = 8  # a week, and today: how long a case that ended stays
LOOK_EVERY_S = 1.0
DRAWN_MAX = 2_000
SHARE_MAX = 10  # of the time at most one part in so many goes into looking
OPEN = tuple(state.value for state in STATES if state not in OVER)
READ_ANEW = timedelta(hours=1)  # what ended long ago leaves then


class Drawn:
    """What was drawn of snapshots lately, by all that it depends on."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._all: OrderedDict[Hashable, bytes] = OrderedDict()

    def get(self, key: Hashable, draw: Callable[[], bytes]) -> bytes:
        """What is kept under the key; else what is drawn now."""
        with self._lock:
            found = self._all.get(key)
        if found is None:
            found = draw()
            with self._lock:
                self._all[key] = found
                if len(self._all) > DRAWN_MAX:
                    self._all.popitem(last=False)
        return found


class Keeper:
    """The snapshot of one city in this process. Who asks while another looks gets what is known."""

    def __init__(self) -> None:
        self.drawn = Drawn()
        self.aside: dict[str, Any] = {}  # what a screen keeps of days that are over
        self._lock = Lock()
        self._known: Snapshot | None = None
        self._look_at = 0.0
        self._read_at: datetime | None = None

    def snapshot(self, tx: Tx, policy: Policy) -> Snapshot:
        """The city as fresh as may be asked for now."""
        known = self._known
        if known is not None and known.policy is policy and time.monotonic() < self._look_at:
            return known
        if not self._lock.acquire(blocking=known is None):
            return known  # type: ignore[return-value]  # somebody looks already
        try:
            begun = time.monotonic()
            self._known = self._looked(tx, policy)
            took = time.monotonic() - begun
            self._look_at = time.monotonic() + max(LOOK_EVERY_S, took * SHARE_MAX)
            return self._known
        finally:
            self._lock.release()

    def forget(self) -> None:
        """Look at once when asked next."""
        self._look_at = 0.0

    def _looked(self, tx: Tx, policy: Policy) -> Snapshot:
        known, seq = self._known, store.size(tx)
        old = self._read_at is None or tx.now - self._read_at > READ_ANEW or tx.now < self._read_at
        if known is None or old or known.policy.digest != policy.digest or seq < known.seq:
            self._read_at = tx.now
            return _read(tx, policy, seq)
        if seq == known.seq:
            return known
        changed = store.cases_changed(tx, known.seq, seq)
        rows = [row for some in store.case_rows(tx, changed) for row in some]
        return known.with_rows(seq, changed, rows)


def _read(tx: Tx, policy: Policy, seq: int) -> Snapshot:
    words = vocabulary()
    ids = store.case_ids(tx, OPEN, tx.now - timedelta(days=CLOSED_DAYS))
    pieces = [columns_of(rows, policy, words) for rows in store.case_rows(tx, ids)]
    return snapshot_of(pieces, seq, policy, words)


def keeper_of(app: Litestar) -> Keeper:
    """The keeper of the city behind an app; made when the first asks."""
    database = app.state.edge.database
    known = getattr(app.state, "now_keeper", None)
    if known is None or known[0] is not database:
        known = app.state.now_keeper = (database, Keeper())
    return known[1]
