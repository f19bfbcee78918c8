"""处: the work, and its proofs."""

from cityloop.domain.approval import ReturnReason
from cityloop.stages.handle.handlers import ON, TIMERS
from cityloop.stages.handle.model import AssistReason, RateReason, WhistleReason
from cityloop.stages.handle.routes import ROUTES
from cityloop.stages.handle.service import (
    answer_supervision,
    end_whistle,
    finish_assist,
    finish_task,
    move_dues,
    rate_unit,
    reach_stage,
    report_in,
    return_task,
    sign_assist,
    sign_task,
    sound_whistle,
)

__all__ = [
    "ON",
    "ROUTES",
    "TIMERS",
    "AssistReason",
    "RateReason",
    "ReturnReason",
    "WhistleReason",
    "answer_supervision",
    "end_whistle",
    "finish_assist",
    "finish_task",
    "move_dues",
    "rate_unit",
    "reach_stage",
    "report_in",
    "return_task",
    "sign_assist",
    "sign_task",
    "sound_whistle",
]
