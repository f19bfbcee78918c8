"""What keeps numbers fair: cases that are not counted 剔除, and what looks made, judged by a person. Words lie in the vault."""

from datetime import date
from typing import ClassVar

from cityloop.domain.facts.fact import Fact, VaultRef
from cityloop.domain.ids import AccountId, CaseId, UnitId


class ExclusionFact(Fact, frozen=True, kw_only=True):
    """A fact whose subject is a request to leave a case out of numbers."""

    SUBJECT: ClassVar[str] = "exclusion"
    KEY: ClassVar[str] = "exclusion_id"

    exclusion_id: str


class CaseExclusionAsked(ExclusionFact, frozen=True, kw_only=True):
    """剔除申请: a unit says why a case should not count in some numbers; in none at all where none are named."""

    case_id: CaseId
    unit: UnitId
    metrics: tuple[str, ...]
    reason: str  # a code with words: exclusion.reason.*
    by: AccountId
    note: VaultRef


class CaseExclusionGranted(ExclusionFact, frozen=True, kw_only=True):
    """It is right: scores leave the case out. What the case says stays."""

    by: AccountId
    answer: VaultRef | None = None


class CaseExclusionRefused(ExclusionFact, frozen=True, kw_only=True):
    """It is not right: the case stays counted."""

    by: AccountId
    reason: str  # a code with words: exclusion.refused.*
    answer: VaultRef | None = None


class CaseExclusionWithdrawn(ExclusionFact, frozen=True, kw_only=True):
    """The unit asks no more."""

    by: AccountId


class FindingJudged(Fact, frozen=True, kw_only=True):
    """A person says whether what looked made was made. Nobody is punished by a machine, and nothing else follows."""

    SUBJECT: ClassVar[str] = "finding"
    KEY: ClassVar[str] = "finding_id"

    finding_id: str  # made of kind, unit and period, so that one is judged once, and anew
    kind: str
    unit: UnitId
    first_day: date
    last_day: date
    observed: int
    of: int
    expected: float
    p: float
    level: float  # the chance that the look named anybody honest
    cases: tuple[CaseId, ...]
    confirmed: bool
    reason: str  # a code with words: finding.reason.*
    by: AccountId
    note: VaultRef | None = None
