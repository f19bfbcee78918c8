"""Pure decisions of inspecting: who looks, who is called back, what counts, when it is done again."""

from cityloop.stages.inspect.rules.looking import (
    another,
    counted_at,
    dismiss_reason,
    in_days,
    inspector_for,
    inspector_named,
    is_drawn,
)
from cityloop.stages.inspect.rules.verdicts import (
    SCRIPT,
    Given,
    Reached,
    asked_for,
    follows_redo,
    last_word,
    redo_allowed,
    reply_kind,
    script_of,
    tried_outcome,
    verdict_of,
    why_no_redo,
)

__all__ = [
    "SCRIPT",
    "Given",
    "Reached",
    "another",
    "asked_for",
    "counted_at",
    "dismiss_reason",
    "follows_redo",
    "in_days",
    "inspector_for",
    "inspector_named",
    "is_drawn",
    "last_word",
    "redo_allowed",
    "reply_kind",
    "script_of",
    "tried_outcome",
    "verdict_of",
    "why_no_redo",
]
