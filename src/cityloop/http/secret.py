"""The city's own secret: what the edge signs with."""

import contextlib
import os
from pathlib import Path


def secret_in(path: Path) -> bytes:
    """The city's own secret, drawn once; lies outside the database."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError), open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(os.urandom(32))
    return path.read_bytes()
