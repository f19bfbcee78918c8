"""Use cases of fairness: what is not counted, how sure a score is, what was published, what looks made."""

from cityloop.stages.evaluate.service.fair.excluding import (
    ask_exclusion,
    grant_exclusion,
    refuse_exclusion,
    withdraw_exclusion,
)
from cityloop.stages.evaluate.service.fair.looking import LookOf, finding_called, found_in, id_of, judge_finding
from cityloop.stages.evaluate.service.fair.words import words_of

__all__ = [
    "LookOf", "ask_exclusion", "finding_called", "found_in", "grant_exclusion", "id_of", "judge_finding", "refuse_exclusion",
    "withdraw_exclusion", "words_of",
]  # fmt: skip
