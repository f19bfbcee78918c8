"""A server that lies: it answers before it commits. The kills must see it."""

import time

from cityloop.app import server
from cityloop.cli import main
from cityloop.db.sqlite import Sqlite

LATE_S = 0.2
_begin, _commit, _settle = Sqlite.begin, Sqlite.commit, server.settle_memory
_last = {"at": 0.0}


def begin(self: Sqlite) -> None:
    if not self.connection.in_transaction:
        _begin(self)


def commit(self: Sqlite) -> None:
    if time.monotonic() - _last["at"] > LATE_S:
        _commit(self)
        _last["at"] = time.monotonic()


def lie_from_now_on() -> None:
    """The door opens: tables and pack are there, and from here on every answer comes too early."""
    _settle()
    Sqlite.begin, Sqlite.commit = begin, commit


if __name__ == "__main__":
    server.settle_memory = lie_from_now_on
    main()
