"""Where time goes, for whoever keeps traces: a stretch of work has a name and says of what it is. By default nobody keeps any."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

Span = Callable[..., AbstractContextManager[Any]]
_NOTHING: AbstractContextManager[Any] = nullcontext()


def no_span(name: str, **said: str | int) -> AbstractContextManager[Any]:
    """Keeps nothing."""
    return _NOTHING
