"""What another system's file tells of the past: told once as a whole, marked as such, and nothing in it invented."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from msgspec import Struct

from cityloop.domain.facts.fact import Fact, VaultRef
from cityloop.domain.facts.filing import CaseFact, Problem, RuleKept
from cityloop.domain.facts.intake import Channel
from cityloop.domain.facts.understand import Where
from cityloop.domain.ids import CaseId, ClassKey, ReportId, TaskId, UnitId
from cityloop.domain.lifecycle import State
from cityloop.domain.policy import Level, Source


class Untold(StrEnum):
    """Steps of a case, which must have happened and of which a file may tell nothing."""

    accepted = "accepted"  # 受理
    filed = "filed"  # 立案
    dispatched = "dispatched"  # 派遣
    handled = "handled"  # 处置完成
    closed = "closed"  # 结案


class Origin(Struct, frozen=True, kw_only=True):
    """Where an imported fact comes from. `digest` is of what the row says besides personal data, to see it change."""

    source: str  # the other system, as the mapping names it
    key: str  # the row, as that system names it
    digest: str
    file: str  # the beginning of the digest of the file's bytes
    line: int


class GivenDeadline(Struct, frozen=True, kw_only=True):
    """A deadline that the other system gave: a fact with its source, and no limit that could be counted again."""

    due_at: datetime
    source: Source


class History(Struct, frozen=True, kw_only=True):
    """All that a file tells of a case. A moment that is None and stands in `untold` is unknown; else it never came."""

    as_of: datetime  # the moment of the export: how open cases stood then
    number: str | None = None
    state: State
    class_key: ClassKey | None = None
    problem: Problem | None = None  # None: the class or its rule is unknown
    where: Where
    level: Level | None = None
    unit: UnitId | None = None
    opened_at: datetime
    accepted_at: datetime | None = None
    filed_at: datetime | None = None
    dispatched_at: datetime | None = None
    handled_at: datetime | None = None
    closed_at: datetime | None = None
    untold: tuple[Untold, ...]
    deadline: GivenDeadline | None = None
    on_time: bool  # no deadline, or closed by it; what was open is measured at `as_of`
    refused_for: str | None = None  # a code with words
    note: VaultRef | None = None  # how it ended, in the other system's words
    rule: RuleKept | None = None  # of an open case: the rule under which it goes on here
    task_id: TaskId | None = None  # work that the file tells of: it runs on here, or was done
    why: tuple[str, ...] = ()


class ReportImported(Fact, frozen=True, kw_only=True):
    """A report of another system came in from a file. Nobody acts on it. Its words, as given, lie in the vault."""

    SUBJECT: ClassVar[str] = "report"
    KEY: ClassVar[str] = "report_id"

    report_id: ReportId
    origin: Origin
    channel: Channel
    said: VaultRef
    contact: VaultRef | None = None
    class_key: ClassKey | None = None
    case_id: CaseId | None = None  # the imported case that it began; None: a report by itself


class CaseImported(CaseFact, frozen=True, kw_only=True):
    """A case of another system came in from a file, as far as the file tells it. Nobody acts on it."""

    report_id: ReportId
    origin: Origin
    history: History


class CaseReimported(CaseFact, frozen=True, kw_only=True):
    """The other system tells otherwise of a case that nobody here has touched: what it tells now stands."""

    origin: Origin
    history: History


IMPORTED: tuple[type[Fact], ...] = (ReportImported, CaseImported, CaseReimported)  # nothing may follow from these
