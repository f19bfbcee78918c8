"""HTTP of the stage, one file for each part of it."""

from typing import Any

from cityloop.stages.sense.routes import alarms, devices, history, observations

ROUTES: list[Any] = [*devices.ROUTES, *observations.ROUTES, *history.ROUTES, *alarms.ROUTES]
