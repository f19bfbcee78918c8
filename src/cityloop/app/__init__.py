"""The one place where parts are joined. Reads the settings and passes values; nothing else reads the environment."""

from cityloop.app.ending import HOW, Ending
from cityloop.app.parts import (
    READ,
    ROOMS,
    STAGES,
    Parts,
    apply_of_all,
    handlers_of,
    join,
    messages_of,
    open_city,
    targets_of,
    timers_of,
)
from cityloop.app.reading import read_beside, read_for
from cityloop.app.running import begun, hand_over, stopped
from cityloop.app.server import create_app, plain_logs, routes, settle_memory
from cityloop.app.settings import Settings, environment_with, manager_told, settings_from, socket_given

__all__ = [
    "HOW",
    "READ",
    "ROOMS",
    "STAGES",
    "Ending",
    "Parts",
    "Settings",
    "apply_of_all",
    "begun",
    "create_app",
    "environment_with",
    "hand_over",
    "handlers_of",
    "join",
    "manager_told",
    "messages_of",
    "open_city",
    "plain_logs",
    "read_beside",
    "read_for",
    "routes",
    "settings_from",
    "settle_memory",
    "socket_given",
    "stopped",
    "targets_of",
    "timers_of",
]
