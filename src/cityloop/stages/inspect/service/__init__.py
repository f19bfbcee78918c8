"""Use cases of inspecting: load, decide, emit."""

from cityloop.stages.inspect.service.appealing import dismiss_appeal, lodge_appeal, uphold_appeal
from cityloop.stages.inspect.service.callbacks import (
    LAPSE,
    ask_reporters,
    call_off,
    judge_called,
    judge_own,
    lapse_callback,
    try_callback,
)
from cityloop.stages.inspect.service.causes import end_cause
from cityloop.stages.inspect.service.inspecting import (
    ask_again,
    ask_inspection,
    check_self_handled,
    inspect_case,
    settle_case,
)
from cityloop.stages.inspect.service.messages import message_for, put_message
from cityloop.stages.inspect.service.redoing import redo_by_verdict, redo_case
from cityloop.stages.inspect.service.replying import Draft, draft_reply, lacks_of_reply, reply_to

__all__ = [
    "LAPSE",
    "Draft",
    "ask_again",
    "ask_inspection",
    "ask_reporters",
    "call_off",
    "check_self_handled",
    "dismiss_appeal",
    "draft_reply",
    "end_cause",
    "inspect_case",
    "judge_called",
    "judge_own",
    "lacks_of_reply",
    "lapse_callback",
    "lodge_appeal",
    "message_for",
    "put_message",
    "redo_by_verdict",
    "redo_case",
    "reply_to",
    "settle_case",
    "try_callback",
    "uphold_appeal",
]
