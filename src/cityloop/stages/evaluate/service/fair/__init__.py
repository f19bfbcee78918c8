"""Use cases of fairness: what is not counted, how sure a score is, what was published, what looks made."""

from cityloop.stages.evaluate.service.fair.excluding import (
    ask_exclusion,
    grant_exclusion,
    refuse_exclusion,
    withdraw_exclusion,
)
from cityloop.stages.evaluate.service.fair.looking import LookOf, finding_called, found_in, id_of, judge_finding
from cityloop.stages.evaluate.service.fair.publishing import (
    ScoreDifference,
    appeal_score,
    decide_score_appeal,
    differences_in,
    publish_scores,
    scores_in,
    settle_scores,
)
from cityloop.stages.evaluate.service.fair.sheets import fair_sheet
from cityloop.stages.evaluate.service.fair.words import words_of

__all__ = [
    "LookOf", "ScoreDifference", "appeal_score", "ask_exclusion", "decide_score_appeal", "differences_in", "fair_sheet",
    "finding_called", "found_in", "grant_exclusion", "id_of", "judge_finding", "publish_scores", "refuse_exclusion",
    "scores_in", "settle_scores", "withdraw_exclusion", "words_of",
]  # fmt: skip
