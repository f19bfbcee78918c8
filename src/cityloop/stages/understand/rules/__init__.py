"""Pure decisions of understand: what a text is about, and whether a person must look."""

from cityloop.stages.understand.rules.classes import PROPOSALS_MAX, confidence_ppm, guess_of
from cityloop.stages.understand.rules.lessons import is_checked, likely_of_words, path_of, shown_for, with_level
from cityloop.stages.understand.rules.place import area_said, is_private, places_of_words
from cityloop.stages.understand.rules.reading import part_read, why_unread
from cityloop.stages.understand.rules.request import request_of
from cityloop.stages.understand.rules.signs import looks_in, signs_of
from cityloop.stages.understand.rules.verdict import verdict_of, why_paused
from cityloop.stages.understand.rules.words import WordIndex, hits_in, scores_of, word_index

__all__ = [
    "PROPOSALS_MAX",
    "WordIndex",
    "area_said",
    "confidence_ppm",
    "guess_of",
    "hits_in",
    "is_checked",
    "is_private",
    "likely_of_words",
    "looks_in",
    "part_read",
    "path_of",
    "places_of_words",
    "request_of",
    "scores_of",
    "shown_for",
    "signs_of",
    "verdict_of",
    "why_paused",
    "why_unread",
    "with_level",
    "word_index",
]
