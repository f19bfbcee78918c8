"""Keeps the columns of a city fresh: read once, then only what the journal says has changed; at most once a second.

Of a large city they are kept in a file as well, and a process that starts reads that and what was told since.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from litestar import Litestar

from cityloop.db import Tx
from cityloop.domain.lifecycle import OVER
from cityloop.domain.policy import Policy
from cityloop.pages.fresh import Fresh
from cityloop.pages.now import kept, store
from cityloop.pages.now.columns import STATES, Snapshot, columns_of, snapshot_of, vocabulary

CLOSED_DAYS = 8  # a week, and today: how long a case that ended stays
LOOK_EVERY_S = 1.0
DRAWN_MAX = 2_000
SHARE_MAX = 10  # of the time at most one part in so many goes into looking
OPEN = tuple(state.value for state in STATES if state not in OVER)
LEAVE_EVERY = timedelta(hours=1)  # what ended long ago leaves then
KEPT_FROM = 20_000  # cases: fewer are read as fast as a file
KEEP_EVERY_S = 600.0


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

    def __init__(self, file: Path | None = None, kept_from: int = KEPT_FROM) -> None:
        self.drawn = Drawn()
        self.aside: dict[str, Any] = {}  # what a screen keeps of days that are over
        self._file, self._kept_from = file, kept_from
        self._fresh: Fresh[Snapshot] = Fresh(LOOK_EVERY_S, SHARE_MAX)
        self._keep_at = 0.0
        self._left_at: datetime | None = None

    def snapshot(self, tx: Tx, policy: Policy) -> Snapshot:
        """The city as fresh as may be asked for now."""
        return self._fresh.get(lambda: self._looked(tx, policy), lambda known: known.policy is policy)

    def forget(self) -> None:
        """Look at once when asked next."""
        self._fresh.forget()

    def _looked(self, tx: Tx, policy: Policy) -> Snapshot:
        known, seq = self._fresh.known, store.size(tx)
        if known is None and self._file:
            known, self._keep_at = kept.kept(self._file, tx, policy), time.monotonic() + KEEP_EVERY_S
        if known is None or known.policy.digest != policy.digest or seq < known.seq:
            known, self._left_at, self._keep_at = _read(tx, policy, seq), tx.now, 0.0
        elif seq > known.seq:
            changed = store.cases_changed(tx, known.seq, seq)
            rows = [row for some in store.case_rows(tx, changed) for row in some]
            known = known.with_rows(seq, changed, rows)
        if self._left_at is None or not timedelta() <= tx.now - self._left_at < LEAVE_EVERY:
            known, self._left_at = known.without_ended_before(tx.now - timedelta(days=CLOSED_DAYS)), tx.now
        if self._file and len(known) >= self._kept_from and time.monotonic() > self._keep_at:
            kept.keep(self._file, tx, known)
            self._keep_at = time.monotonic() + KEEP_EVERY_S
        return known


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
        known = app.state.now_keeper = (database, Keeper(getattr(app.state, "now_file", None)))
    return known[1]
