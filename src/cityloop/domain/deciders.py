"""Which algorithms decide about cases, which of them are paused, and the learned model in force."""

from enum import StrEnum
from typing import Any

from msgspec import Struct


class Algorithm(StrEnum):
    """What decides, or proposes, without a person. Each has an entry in the register."""

    words = "words"  # class and rule by the words of the pack
    lessons = "lessons"  # the same by a model learned from the city's cases
    joining = "joining"  # which open case a report belongs to
    dispatch = "dispatch"  # which unit answers, by the table of duties


class Trouble(StrEnum):
    """Why a model that should decide does not."""

    missing = "missing"  # its file is not there
    broken = "broken"  # its file is not what it was
    other_pack = "other_pack"  # the pack in force does not know its classes


class Deciders(Struct, frozen=True):
    """What decides now, as a process knows it: looked up now and then, never for a report.

    Shape: `learned` a `cityloop.learning.learned.Learned`, or None where the words of the pack decide.
    """

    learned: Any = None
    paused: frozenset[Algorithm] = frozenset()
    trouble: Trouble | None = None


WORDS_ALONE = Deciders()
