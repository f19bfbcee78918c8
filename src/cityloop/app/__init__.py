"""The one place where parts are joined. Reads the settings and passes values; nothing else reads the environment."""

from cityloop.app.parts import (
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
from cityloop.app.running import stopped
from cityloop.app.server import create_app, plain_logs, routes, settle_memory
from cityloop.app.settings import Settings, environment_with, settings_from

__all__ = [
    "ROOMS",
    "STAGES",
    "Parts",
    "Settings",
    "apply_of_all",
    "create_app",
    "environment_with",
    "handlers_of",
    "join",
    "messages_of",
    "open_city",
    "plain_logs",
    "routes",
    "settings_from",
    "settle_memory",
    "stopped",
    "targets_of",
    "timers_of",
]
