"""HTTP of the stage, one file for each part of it."""

from typing import Any

from cityloop.stages.sense.routes import alarms, devices, history, observations, screens

ROUTES: list[Any] = [*devices.ROUTES, *screens.ROUTES, *observations.ROUTES, *history.ROUTES, *alarms.ROUTES]
