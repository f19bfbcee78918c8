"""The server of a small town, for stories: the rooms that they need, and no more."""

import warnings
from collections.abc import Iterable
from typing import Any

from litestar import Litestar
from litestar.di import Provide
from litestar.exceptions import LitestarDeprecationWarning
from litestar.testing import TestClient

from cityloop.http import EXCEPTION_HANDLERS
from cityloop.http.door import door_of


def town_app(rooms: Iterable[Any]) -> TestClient:
    """A server of these rooms; each story puts its own town behind it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LitestarDeprecationWarning)  # `door` is a dependency by its name
        app = Litestar(
            route_handlers=[route for room in rooms for route in room.ROUTES],
            dependencies={"door": Provide(door_of)},
            exception_handlers=EXCEPTION_HANDLERS,
            logging_config=None,
        )
    return TestClient(app, base_url="http://town.local")
