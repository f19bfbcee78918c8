"""派: who must act, by when, at which level."""

from cityloop.stages.dispatch.handlers import AHEAD, ON, TIMERS
from cityloop.stages.dispatch.model import (
    LevelReason,
    ReassignReason,
    SuperviseReason,
    TransferBackReason,
    TransferReason,
    UrgeReason,
)
from cityloop.stages.dispatch.routes import ROUTES
from cityloop.stages.dispatch.service import (
    accept_answer,
    ask_answer_again,
    ask_assist,
    dispatch_case,
    finish_transfer,
    instruct_case,
    pass_case,
    reassign_case,
    return_transfer,
    supervise_case,
    transfer_case,
    urge_case,
)

__all__ = [
    "AHEAD",
    "ON",
    "ROUTES",
    "TIMERS",
    "LevelReason",
    "ReassignReason",
    "SuperviseReason",
    "TransferBackReason",
    "TransferReason",
    "UrgeReason",
    "accept_answer",
    "ask_answer_again",
    "ask_assist",
    "dispatch_case",
    "finish_transfer",
    "instruct_case",
    "pass_case",
    "reassign_case",
    "return_transfer",
    "supervise_case",
    "transfer_case",
    "urge_case",
]
