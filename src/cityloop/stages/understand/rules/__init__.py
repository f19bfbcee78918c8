"""Pure decisions of understand: what a text is about, whom it is related to, whether a person must look."""

from cityloop.stages.understand.rules.classes import confidence_ppm, guess_of
from cityloop.stages.understand.rules.relatives import join_confidence_ppm, relatives_of
from cityloop.stages.understand.rules.verdict import verdict_of
from cityloop.stages.understand.rules.words import WordIndex, hits_in, scores_of, word_index

__all__ = [
    "WordIndex",
    "confidence_ppm",
    "guess_of",
    "hits_in",
    "join_confidence_ppm",
    "relatives_of",
    "scores_of",
    "verdict_of",
    "word_index",
]
