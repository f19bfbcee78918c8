"""What looks like numbers being made: each finding with its evidence, and how often an honest one is named by chance."""

from cityloop.stages.evaluate.rules.gaming.excess import Excess, excess
from cityloop.stages.evaluate.rules.gaming.looking import LEVEL, ODDS, Finding, Kind, Look, findings
from cityloop.stages.evaluate.rules.gaming.looks import Done, Rating, looks_of
from cityloop.stages.evaluate.rules.gaming.photos import Picture, Reused, reused

__all__ = [
    "LEVEL", "ODDS", "Done", "Excess", "Finding", "Kind", "Look", "Picture", "Rating", "Reused", "excess", "findings",
    "looks_of", "reused",
]  # fmt: skip
