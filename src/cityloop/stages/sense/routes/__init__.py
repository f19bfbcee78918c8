"""HTTP of the stage, one file for each part of it."""

from typing import Any

ROUTES: list[Any] = []
