"""The server, with a database that is carried from its log into its file all the time, so that a power loss meets that too.

With FAULTS_UNSYNCED=1 nothing is ever synced: the planted fault that the power losses must see.
"""

import os

from cityloop.cli import main
from cityloop.db.sqlite import Sqlite

_made = Sqlite.__init__


def made(self: Sqlite, *args, **kwargs) -> None:
    _made(self, *args, **kwargs)
    self.connection.execute("PRAGMA wal_autocheckpoint = 40")
    if os.environ.get("FAULTS_UNSYNCED"):
        self.connection.execute("PRAGMA synchronous = OFF")


if __name__ == "__main__":
    Sqlite.__init__ = made
    main()
