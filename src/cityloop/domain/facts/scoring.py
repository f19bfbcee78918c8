"""What people do about scores: points beside the lines, and what a score means for the next quarter's money."""

from datetime import date
from enum import StrEnum
from typing import ClassVar

from msgspec import Struct

from cityloop.domain.facts.fact import Fact
from cityloop.domain.ids import AccountId


class EntryReason(StrEnum):
    """Why points are given or taken beside the lines 加减分. Words: `score.reason.*`."""

    praised = "praised"  # 表扬
    innovation = "innovation"  # 创新做法
    major_event = "major_event"  # 重大活动保障
    instructed_late = "instructed_late"  # 领导交办件超期
    falsified = "falsified"  # 弄虚作假
    shirked = "shirked"  # 推诿
    media = "media"  # 媒体曝光属实


class PointsEntered(Fact, frozen=True, kw_only=True):
    """加减分: points for an object beside the lines of its score. Units: thousandths of a point, taken away if negative."""

    SUBJECT: ClassVar[str] = "score_entry"
    KEY: ClassVar[str] = "entry_id"

    entry_id: str
    scheme: str
    object: str
    day: date  # the period that holds it counts it
    points_milli: int
    reason: EntryReason
    by: AccountId


class PointsWithdrawn(Fact, frozen=True, kw_only=True):
    """They count no more."""

    SUBJECT: ClassVar[str] = "score_entry"
    KEY: ClassVar[str] = "entry_id"

    entry_id: str
    by: AccountId


class BudgetLine(Struct, frozen=True, kw_only=True):
    """What one rule proposes for one object. Units: `points_milli` thousandths of a point; `change_ppm` of what it has now."""

    object: str
    points_milli: int
    rule: str
    deed: str
    change_ppm: int


class BudgetFact(Fact, frozen=True, kw_only=True):
    """A fact whose subject is a proposal for a quarter's budget."""

    SUBJECT: ClassVar[str] = "budget"
    KEY: ClassVar[str] = "budget_id"

    budget_id: str


class BudgetProposed(BudgetFact, frozen=True, kw_only=True):
    """以效定资: what the rules propose for a quarter, from a sheet that anybody can make again from `seq` facts."""

    scheme: str
    quarter: str  # the one that is proposed for: 2026-Q2
    first_day: date  # of the sheet
    last_day: date
    seq: int
    pack_seen: str
    lines: tuple[BudgetLine, ...]
    by: AccountId


class BudgetDecided(BudgetFact, frozen=True, kw_only=True):
    """People have decided: which lines are taken, by their places; the others are not."""

    taken: tuple[int, ...]
    by: AccountId
