"""核: seen by another than the one who did it; closed, or sent back; judged by who reported; done again where need be."""

from cityloop.stages.inspect.handlers import AHEAD, ON, TIMERS
from cityloop.stages.inspect.model import DismissReason, RedoReason, VerdictReason
from cityloop.stages.inspect.routes import ROUTES
from cityloop.stages.inspect.rules import verdict_of, why_no_redo
from cityloop.stages.inspect.service import (
    ask_again,
    ask_inspection,
    dismiss_appeal,
    inspect_case,
    judge_called,
    judge_own,
    lodge_appeal,
    message_for,
    redo_case,
    reply_to,
    settle_case,
    try_callback,
    uphold_appeal,
)

__all__ = [
    "AHEAD",
    "ON",
    "ROUTES",
    "TIMERS",
    "DismissReason",
    "RedoReason",
    "VerdictReason",
    "ask_again",
    "ask_inspection",
    "dismiss_appeal",
    "inspect_case",
    "judge_called",
    "judge_own",
    "lodge_appeal",
    "message_for",
    "redo_case",
    "reply_to",
    "settle_case",
    "try_callback",
    "uphold_appeal",
    "verdict_of",
    "why_no_redo",
]
