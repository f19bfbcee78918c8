"""What the city learns from its cases: models made, put in force, taken back; what decides, paused and watched."""

from datetime import datetime
from typing import ClassVar

from msgspec import Struct

from cityloop.domain.facts.fact import Fact
from cityloop.domain.ids import AccountId


class LaterScore(Struct, frozen=True, kw_only=True):
    """How a candidate did on cases decided after all that it learned from, beside what decides now, on the same cases.

    `better_ppm`: how often chance alone would make it so much better than the better of the two others. Units: ppm.
    """

    cases: int
    right: int
    in_three: int
    words: int  # right by the words of the pack alone
    in_force: int | None = None  # right by the model in force; None: there was none
    alone: int = 0  # of the cases, decided without a person by the candidate's levels
    alone_wrong: int = 0
    better_ppm: int = 1_000_000


class HeldBack(Struct, frozen=True, kw_only=True):
    """An account whose decisions differ from everybody's so often that nothing is learned from them."""

    account: AccountId
    lessons: int
    differ: int
    expected_ppm: int  # the share that differs for others with such cases


class GroupFigure(Struct, frozen=True, kw_only=True):
    """A part of what people decided, and how often the machine's first proposal was another. `by` area, channel or length.

    `claimed`: the difference to all others is no chance, at the level that the watch states for all groups together.
    """

    by: str
    group: str
    cases: int
    wrong: int
    claimed: bool = False


class LevelMoved(Struct, frozen=True, kw_only=True):
    """A group whose level is not kept any more, and from where on it decides alone now; None: a person decides."""

    group: tuple[str, ...]
    from_ppm: int | None
    cases: int
    wrong: int


class ModelTrained(Fact, frozen=True, kw_only=True):
    """A candidate was made from what people decided, and scored on later cases. Its bytes are kept by their digest."""

    SUBJECT: ClassVar[str] = "model"
    KEY: ClassVar[str] = "model"

    model: str  # digest of the file
    lessons: int
    classes: int
    since: datetime  # of the first and the last lesson
    until: datetime
    level_ppm: int  # the pack's level for which its levels were shown
    size_bytes: int
    score: LaterScore
    held_back: tuple[HeldBack, ...] = ()
    why: str  # asked, or lessons: so many new ones
    simulated: bool = False


class AlgorithmFact(Fact, frozen=True, kw_only=True):
    """A fact whose subject is one of the algorithms that decide."""

    SUBJECT: ClassVar[str] = "algorithm"
    KEY: ClassVar[str] = "algorithm"

    algorithm: str  # a code of `domain/deciders.py`


class ModelPromoted(AlgorithmFact, frozen=True, kw_only=True):
    """A candidate decides from now on."""

    model: str
    before: str | None  # the model that decided; None: the words of the pack alone


class ModelWithdrawn(AlgorithmFact, frozen=True, kw_only=True):
    """The model in force decides no more; what decided before it does again."""

    model: str
    to: str | None  # None: the words of the pack alone


class AlgorithmPaused(AlgorithmFact, frozen=True, kw_only=True):
    """It decides nothing until it is resumed; people do."""


class AlgorithmResumed(AlgorithmFact, frozen=True, kw_only=True):
    """It decides again."""


class AlgorithmWatched(AlgorithmFact, frozen=True, kw_only=True):
    """How it has done lately, by what people decided afterwards; and which levels moved because of that.

    Where who reported chose the class, nothing was the algorithm's to be right about.
    """

    model: str  # as in `ReportUnderstood.model`, without the pack
    reports: int  # understood by it, of those looked at
    alone: int  # of them, decided without a person
    cases: int  # decided by a person
    right: int  # where its first proposal was what they decided
    overridden: int  # where it was another
    checked: int  # sure ones that a person was asked about all the same
    checked_wrong: int
    returned: int = 0  # sent back by units as something else
    tested: int = 0  # decided without a person, and over since: it stood, or was undone
    undone: int = 0  # of them by people: a report taken out again, a case given to another unit
    groups: tuple[GroupFigure, ...] = ()
    levels: tuple[LevelMoved, ...] = ()
