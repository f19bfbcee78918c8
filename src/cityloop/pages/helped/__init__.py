"""What helped last time: the usual way to handle such a case, cases like it with what became of them, and entries to read."""

from collections.abc import Sequence
from typing import Any

from cityloop.pages.helped import screen

__all__ = ["ROUTES"]

ROUTES: Sequence[Any] = screen.ROUTES
