"""派: who must act, by when, at which level."""

from cityloop.stages.dispatch.handlers import AHEAD, ON, TIMERS
from cityloop.stages.dispatch.model import ReassignReason, SuperviseReason, UrgeReason
from cityloop.stages.dispatch.routes import ROUTES
from cityloop.stages.dispatch.service import (
    accept_answer,
    ask_answer_again,
    ask_assist,
    dispatch_case,
    instruct_case,
    pass_case,
    reassign_case,
    supervise_case,
    urge_case,
)

__all__ = [
    "AHEAD",
    "ON",
    "ROUTES",
    "TIMERS",
    "ReassignReason",
    "SuperviseReason",
    "UrgeReason",
    "accept_answer",
    "ask_answer_again",
    "ask_assist",
    "dispatch_case",
    "instruct_case",
    "pass_case",
    "reassign_case",
    "supervise_case",
    "urge_case",
]
