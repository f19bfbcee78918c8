"""Scores that were published 公示: frozen with their numbers, so that who has the journal comes to the same."""

from datetime import date, datetime
from typing import ClassVar

from msgspec import Struct

from cityloop.domain.facts.fact import Fact, VaultRef
from cityloop.domain.ids import AccountId, CaseId, UnitId


class FrozenLine(Struct, frozen=True, kw_only=True):
    """One indicator of one object, as it was published. A count has no denominator; without a number there are no points."""

    indicator: str
    metric: str | None
    numerator: float | None
    denominator: float | None
    value: float | None
    points: float | None
    full: float
    weight: float
    target_points: float | None
    why: str


class FrozenScore(Struct, frozen=True, kw_only=True):
    """What one object came to, and how sure that is: `low`..`high` in points, places from `best` to `worst` in its group.

    Places None: too few cases, or no points. There is no exact place.
    """

    object: str
    group: str
    points: float | None
    target_points: float | None
    lines: tuple[FrozenLine, ...]
    bonus: float
    deduction: float
    vetoed: bool
    grade: str | None
    low: float | None
    high: float | None
    best: int | None
    worst: int | None
    cases: int


class SheetFact(Fact, frozen=True, kw_only=True):
    """A fact whose subject is a published sheet; its id is made of scheme, days and version."""

    SUBJECT: ClassVar[str] = "sheet"
    KEY: ClassVar[str] = "sheet_id"

    sheet_id: str


class ScoresPublished(SheetFact, frozen=True, kw_only=True):
    """公示: all scores of a scheme over a period, as the first `seq` facts and the pack `pack` give them at `as_of`.

    A correction is a new version; the one before it stays as it was.
    """

    scheme: str
    by_kind: str
    first_day: date
    last_day: date
    version: int
    reason: str | None  # of a correction: a code with words, scores.reason.*
    as_of: datetime
    seq: int
    pack: str
    excluded: tuple[CaseId, ...]
    scores: tuple[FrozenScore, ...]
    notice_until: datetime
    by: AccountId
    note: VaultRef | None = None  # of a correction: what was wrong, in words


class ScoresSettled(SheetFact, frozen=True, kw_only=True):
    """The public notice is over, every appeal is decided: the scores are final."""

    by: AccountId


class ScoreAppealLodged(SheetFact, frozen=True, kw_only=True):
    """申诉: a unit says why its published score, or one line of it, is not right."""

    appeal_id: str
    object: str
    unit: UnitId
    indicator: str | None
    by: AccountId
    note: VaultRef


class ScoreAppealDecided(SheetFact, frozen=True, kw_only=True):
    """复核: what was found. What is upheld is put right by a new version."""

    appeal_id: str
    upheld: bool
    reason: str  # a code with words: scores.decided.*
    by: AccountId
    answer: VaultRef | None = None
