"""A server that lies: it answers before it commits. The kills must see it."""

import time

from cityloop.cli import main
from cityloop.db.sqlite import Sqlite

LATE_S = 0.2
_begin, _commit = Sqlite.begin, Sqlite.commit
_last = {"at": 0.0}


def begin(self: Sqlite) -> None:
    if not self.connection.in_transaction:
        _begin(self)


def commit(self: Sqlite) -> None:
    if time.monotonic() - _last["at"] > LATE_S:
        _commit(self)
        _last["at"] = time.monotonic()


if __name__ == "__main__":
    Sqlite.begin, Sqlite.commit = begin, commit
    main()
