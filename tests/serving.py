"""The server of a test's city. Routes are made ready once for each worker: that takes a second, and says nothing of a city."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from litestar import Litestar

from cityloop.app import Parts, server
from cityloop.app.server import Skeleton

_FREE: dict[tuple[int, ...], list[Skeleton]] = defaultdict(list)


@contextmanager
def app_of(parts: Parts) -> Iterator[Litestar]:
    """A server of this city, whose routes serve another one afterwards."""
    handlers = server.routes()
    free = _FREE[tuple(map(id, handlers))]
    skeleton = free.pop() if free else Skeleton(handlers)
    yield skeleton.of(parts)
    free.append(skeleton)
