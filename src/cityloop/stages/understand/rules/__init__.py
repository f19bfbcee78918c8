"""Pure decisions of understand: what a text is about, and whether a person must look."""

from cityloop.stages.understand.rules.classes import PROPOSALS_MAX, confidence_ppm, guess_of
from cityloop.stages.understand.rules.place import area_said, is_private, places_of_words
from cityloop.stages.understand.rules.verdict import verdict_of
from cityloop.stages.understand.rules.words import WordIndex, hits_in, scores_of, word_index

__all__ = [
    "PROPOSALS_MAX",
    "WordIndex",
    "area_said",
    "confidence_ppm",
    "guess_of",
    "hits_in",
    "is_private",
    "places_of_words",
    "scores_of",
    "verdict_of",
    "word_index",
]
