"""Every fact that can happen, in the order of a report's way. Read these files top to bottom."""

from cityloop.domain.facts.city import (
    AccountClosed,
    AccountOpened,
    Erased,
    HeldSkipped,
    LogContinued,
    PackAdopted,
    PersonRevealed,
    PostLeft,
    PostTaken,
)
from cityloop.domain.facts.dispatch import CaseDispatched, CaseLevelMoved, DispatchProposed, Duty, LevelMove, Resumed
from cityloop.domain.facts.fact import Fact, Told, VaultRef
from cityloop.domain.facts.filing import (
    CaseAccepted,
    CaseFact,
    CaseFiled,
    CaseMerged,
    CaseOpened,
    CaseRefused,
    CaseVerified,
    Problem,
    ReportJoined,
    RuleKept,
    StageKept,
    VerifyAsked,
)
from cityloop.domain.facts.handle import DueMoved, Measure, TaskFinished, TaskReturned, TaskSigned
from cityloop.domain.facts.inspect import CaseClosed, CaseInspected, CaseReworked, InspectionAsked
from cityloop.domain.facts.intake import Channel, PhotoRef, ReportReceived
from cityloop.domain.facts.open311 import (
    ForeignAttribute,
    ForeignRequestCopied,
    ForeignService,
    ForeignServicesCopied,
    UpdateReceived,
)
from cityloop.domain.facts.stages import TaskStageReached
from cityloop.domain.facts.understand import Join, Proposal, ReportUnderstood, Where

WAY: tuple[type[Fact], ...] = (
    ReportReceived,
    ReportUnderstood,
    CaseOpened,
    ReportJoined,
    CaseMerged,
    VerifyAsked,
    CaseVerified,
    CaseAccepted,
    CaseFiled,
    CaseRefused,
    DispatchProposed,
    CaseLevelMoved,
    CaseDispatched,
    TaskSigned,
    TaskReturned,
    TaskStageReached,
    TaskFinished,
    DueMoved,
    InspectionAsked,
    CaseInspected,
    CaseReworked,
    CaseClosed,
    ForeignServicesCopied,
    ForeignRequestCopied,
    UpdateReceived,
    PackAdopted,
    AccountOpened,
    AccountClosed,
    PostTaken,
    PostLeft,
    PersonRevealed,
    Erased,
    LogContinued,
    HeldSkipped,
)
FACTS: dict[str, type[Fact]] = {each.__name__: each for each in WAY}
