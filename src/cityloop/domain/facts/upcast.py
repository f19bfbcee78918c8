"""Old facts, raised on reading. Their bytes stay as they were written."""

from collections.abc import Callable
from typing import Any

UPCAST: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}  # (type, version) -> one version up
