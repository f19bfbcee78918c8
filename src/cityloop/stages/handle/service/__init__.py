"""Use cases of handling: load, decide, emit."""

from cityloop.stages.handle.service.answering import answer_supervision
from cityloop.stages.handle.service.assisting import finish_assist, sign_assist
from cityloop.stages.handle.service.dues import move_dues
from cityloop.stages.handle.service.working import finish_task, return_task, sign_task

__all__ = [
    "answer_supervision",
    "finish_assist",
    "finish_task",
    "move_dues",
    "return_task",
    "sign_assist",
    "sign_task",
]
