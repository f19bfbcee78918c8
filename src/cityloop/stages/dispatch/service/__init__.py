"""Use cases of dispatch: load, decide, emit."""

from cityloop.stages.dispatch.service.giving import dispatch_case, dispatch_or_propose, duties_of, look_ahead, pass_case
from cityloop.stages.dispatch.service.moving import ask_assist, reassign_case
from cityloop.stages.dispatch.service.ordering import (
    accept_answer,
    ask_answer_again,
    instruct_case,
    miss_answer,
    notice_overdue,
    supervise_case,
    urge_case,
)
from cityloop.stages.dispatch.service.transferring import (
    finish_transfer,
    miss_transfer,
    return_transfer,
    transfer_case,
)

__all__ = [
    "accept_answer",
    "ask_answer_again",
    "ask_assist",
    "dispatch_case",
    "dispatch_or_propose",
    "duties_of",
    "finish_transfer",
    "instruct_case",
    "look_ahead",
    "miss_answer",
    "miss_transfer",
    "notice_overdue",
    "pass_case",
    "reassign_case",
    "return_transfer",
    "supervise_case",
    "transfer_case",
    "urge_case",
]
