"""HTTP of changing the pack: parse, permit, call, show."""

from typing import Any

from cityloop.revise.routes import changing, reading, trying

ROUTES: list[Any] = [*changing.ROUTES, *trying.ROUTES, *reading.ROUTES]
