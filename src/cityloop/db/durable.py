"""Names that survive a power loss. What is synced but whose folder is not may be on the disk without a name."""

import os
from pathlib import Path


def make_folder(path: Path, mode: int = 0o777) -> None:
    """Make a folder and those above it that are missing; back when their names are on the disk."""
    if path.is_dir():
        return
    make_folder(path.parent, mode)
    path.mkdir(mode=mode, exist_ok=True)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable; where a system cannot open a folder, it does so itself."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
