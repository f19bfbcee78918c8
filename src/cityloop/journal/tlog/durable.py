"""Small files that are whole and on the disk, or not there."""

import contextlib
import os
import secrets
from pathlib import Path


def write_durable(path: Path, content: bytes, *, replace: bool) -> None:
    """Put `content` at `path`, readable by the owner only; back when file and folder are on the disk.

    Raises FileExistsError where `replace` is false and something stands there.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            draft.replace(path)
        else:
            os.link(draft, path)  # fails where `path` exists; a rename would not
    finally:
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()
    _fsync_folder(path.parent)


def _fsync_folder(folder: Path) -> None:
    if os.name != "posix":  # other systems have no handle for a folder
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
