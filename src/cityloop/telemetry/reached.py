"""How far somebody has come in each log: a small file of the city's, which any of its processes may read."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from cityloop.db.durable import make_folder, sync_folder
from cityloop.telemetry.log import Position


def reached_in(path: Path) -> dict[str, Position]:
    """What was put down last; nothing where nobody has begun."""
    return msgspec.json.decode(path.read_bytes(), type=dict[str, Position]) if path.exists() else {}


def keep_reached(path: Path, positions: Mapping[str, Position]) -> None:
    """Put it down: whoever reads sees what was there before, or this, whole."""
    part = path.with_suffix(".part")
    make_folder(path.parent)
    with part.open("wb") as file:
        file.write(msgspec.json.encode(positions))
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    sync_folder(path.parent)
