"""Pure decisions of inspecting: who looks, what counts against whom, who is called back, what counts, when it is done again."""

from cityloop.stages.inspect.rules.looking import (
    another,
    counted_at,
    dismiss_reason,
    in_days,
    inspector_for,
    inspector_named,
    is_drawn,
)
from cityloop.stages.inspect.rules.replies import Stands, lacks_of, needed
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
    "Stands",
    "another",
    "asked_for",
    "counted_at",
    "dismiss_reason",
    "follows_redo",
    "in_days",
    "inspector_for",
    "inspector_named",
    "is_drawn",
    "lacks_of",
    "last_word",
    "needed",
    "redo_allowed",
    "reply_kind",
    "script_of",
    "tried_outcome",
    "verdict_of",
    "why_no_redo",
]
