"""Pure decisions of teaching: what is learned, whether a candidate is better, who is not believed, how a model does."""

from cityloop.teaching.rules.candidate import (
    BETTER_PPM,
    LESSONS_MAX,
    LESSONS_MIN,
    Candidate,
    candidate_of,
    held_back,
    is_better,
    is_surely_better,
)
from cityloop.teaching.rules.lessons import taught_of
from cityloop.teaching.rules.outcomes import dispatch_outcome, joining_outcome, outcomes_told
from cityloop.teaching.rules.watch import (
    CLAIM_PPM,
    GROUP_MIN,
    Interval,
    Watched,
    group_figures,
    interval_of,
    levels_moved,
)

__all__ = [
    "BETTER_PPM",
    "CLAIM_PPM",
    "GROUP_MIN",
    "LESSONS_MAX",
    "LESSONS_MIN",
    "Candidate",
    "Interval",
    "Watched",
    "candidate_of",
    "dispatch_outcome",
    "group_figures",
    "held_back",
    "interval_of",
    "is_better",
    "is_surely_better",
    "joining_outcome",
    "levels_moved",
    "outcomes_told",
    "taught_of",
]
