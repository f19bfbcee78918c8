"""Use cases of filing: load, decide, emit."""

from cityloop.stages.filing.service.deeds import (
    accept_case,
    ask_verify,
    demand_completion,
    file_case,
    join_case,
    refuse_case,
    verify_case,
)
from cityloop.stages.filing.service.looking import look_ahead
from cityloop.stages.filing.service.parting import part_report
from cityloop.stages.filing.service.taking import take_up

__all__ = [
    "accept_case",
    "ask_verify",
    "demand_completion",
    "file_case",
    "join_case",
    "look_ahead",
    "part_report",
    "refuse_case",
    "take_up",
    "verify_case",
]
