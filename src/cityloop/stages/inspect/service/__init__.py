"""Use cases of inspecting: load, decide, emit."""

from cityloop.stages.inspect.service.appealing import dismiss_appeal, lodge_appeal, uphold_appeal
from cityloop.stages.inspect.service.inspecting import (
    ask_again,
    ask_inspection,
    check_self_handled,
    inspect_case,
    settle_case,
)

__all__ = [
    "ask_again",
    "ask_inspection",
    "check_self_handled",
    "dismiss_appeal",
    "inspect_case",
    "lodge_appeal",
    "settle_case",
    "uphold_appeal",
]
