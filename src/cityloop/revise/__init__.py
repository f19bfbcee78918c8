"""修订: what the pack says, what a change of it would have done, who proposed it and who let it come into force."""

from cityloop.revise.apply import APPLY
from cityloop.revise.model import Line, Outcome, TrialScore
from cityloop.revise.routes import ROUTES
from cityloop.revise.service.trying import Tries, run_again, was_of

__all__ = ["APPLY", "ROUTES", "Line", "Outcome", "TrialScore", "Tries", "run_again", "was_of"]
