"""Use cases of handling: load, decide, emit."""

from cityloop.stages.handle.service.answering import answer_supervision
from cityloop.stages.handle.service.assisting import finish_assist, sign_assist
from cityloop.stages.handle.service.dues import move_dues
from cityloop.stages.handle.service.whistling import end_whistle, miss_arrivals, rate_unit, report_in, sound_whistle
from cityloop.stages.handle.service.working import finish_task, reach_stage, return_task, sign_task

__all__ = [
    "answer_supervision",
    "end_whistle",
    "finish_assist",
    "finish_task",
    "miss_arrivals",
    "move_dues",
    "rate_unit",
    "reach_stage",
    "report_in",
    "return_task",
    "sign_assist",
    "sign_task",
    "sound_whistle",
]
