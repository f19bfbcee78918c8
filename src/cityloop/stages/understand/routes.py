"""HTTP of understand: nothing of its own; a report shows what was understood."""

from typing import Any

ROUTES: list[Any] = []
