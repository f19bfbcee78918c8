"""处: the work, and its proofs."""

from cityloop.stages.handle.handlers import ON
from cityloop.stages.handle.model import AssistReason, ReturnReason
from cityloop.stages.handle.routes import ROUTES
from cityloop.stages.handle.service import (
    answer_supervision,
    finish_assist,
    finish_task,
    move_dues,
    return_task,
    sign_assist,
    sign_task,
)

__all__ = [
    "ON",
    "ROUTES",
    "AssistReason",
    "ReturnReason",
    "answer_supervision",
    "finish_assist",
    "finish_task",
    "move_dues",
    "return_task",
    "sign_assist",
    "sign_task",
]
