"""Adviser: any OpenAI-compatible endpoint is asked for a second look, in the background, about masked text, within a budget."""

from collections.abc import Sequence
from typing import Any

from cityloop.doors.adviser.apply import APPLY
from cityloop.doors.adviser.client import Endpoint
from cityloop.doors.adviser.model import Port, Terms
from cityloop.doors.adviser.service import Adviser, set_up

__all__ = ["APPLY", "ROUTES", "Adviser", "Endpoint", "Port", "Terms", "set_up"]

ROUTES: Sequence[Any] = ()
