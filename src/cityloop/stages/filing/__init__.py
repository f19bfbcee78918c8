"""立: accepted, verified on site, filed with a number, or refused with a reason."""

from cityloop.stages.filing.handlers import AHEAD, ON
from cityloop.stages.filing.model import CompletionReason, PartReason, RefusalReason
from cityloop.stages.filing.routes import ROUTES
from cityloop.stages.filing.service import (
    accept_case,
    ask_verify,
    demand_completion,
    file_case,
    join_case,
    look_ahead,
    part_report,
    refuse_case,
    take_up,
    verify_case,
)

__all__ = [
    "AHEAD",
    "ON",
    "ROUTES",
    "CompletionReason",
    "PartReason",
    "RefusalReason",
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
