"""Pure scoring: how values become points, what they add up to, and what follows for the budget."""

from cityloop.stages.evaluate.rules.scoring.adding import Entry, grade_of, line_of, ranked, score_all
from cityloop.stages.evaluate.rules.scoring.functions import is_vetoed, points_of
from cityloop.stages.evaluate.rules.scoring.use import called_of, use_of

__all__ = ["Entry", "called_of", "grade_of", "is_vetoed", "line_of", "points_of", "ranked", "score_all", "use_of"]
