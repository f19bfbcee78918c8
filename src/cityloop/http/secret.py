"""The city's own secret: what the edge signs with."""

import contextlib
import os
from pathlib import Path

from cityloop.db.durable import make_folder
from cityloop.journal.tlog.durable import write_durable


def secret_in(path: Path) -> bytes:
    """The city's own secret, drawn once; lies outside the database. Whole and on the disk before anything is signed with it."""
    if not path.exists():
        make_folder(path.parent)
        with contextlib.suppress(FileExistsError):
            write_durable(path, os.urandom(32), replace=False)
    return path.read_bytes()
