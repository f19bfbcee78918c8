"""What fairness speaks of: cases that are not counted, numbers that look made; and how it says no."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from cityloop.domain.errors import Invalid, NotAllowed, NotFound, Refused
from cityloop.domain.ids import CaseId, UnitId


class ExclusionReason(StrEnum):
    """Why a case should not be counted. Words: `exclusion.reason.*`."""

    weather = "weather"  # 不可抗力: storm, flood, snow
    works = "works"  # 工程施工、道路封闭
    no_owner = "no_owner"  # 权属不清
    system_fault = "system_fault"  # 系统、网络故障
    double = "double"  # 重复案件
    beyond = "beyond"  # 超出职责或能力, decided above
    ordered = "ordered"  # 上级统一安排


class RefusedReason(StrEnum):
    """Why it stays counted. Words: `exclusion.refused.*`."""

    unfounded = "unfounded"
    unproved = "unproved"
    own_fault = "own_fault"


class ExclusionState(StrEnum):
    """How a request to leave a case out stands."""

    open = "open"
    granted = "granted"
    refused = "refused"
    withdrawn = "withdrawn"


class FindingReason(StrEnum):
    """What a person found out. Words: `finding.reason.*`."""

    made = "made"  # 属实: the numbers were made
    careless = "careless"  # done badly, not on purpose
    explained = "explained"  # there is an honest reason
    unproved = "unproved"


class ExclusionRow(Struct, frozen=True, kw_only=True):
    """A request as it stands. `metrics` as JSON; `note` and `answer` lie in the vault."""

    id: str
    no: int
    case_id: CaseId
    unit: UnitId
    metrics: str
    reason: ExclusionReason
    state: ExclusionState = ExclusionState.open
    asked_at: datetime
    asked_by: str
    note: str
    decided_at: datetime | None = None
    decided_by: str | None = None
    refused_for: str | None = None
    answer: str | None = None


class FindingRow(Struct, frozen=True, kw_only=True):
    """What a person said of a finding, with the evidence that lay before them. Shape: days as 2026-03-02."""

    id: str
    no: int
    kind: str
    unit: UnitId
    first_day: str
    last_day: str
    observed: int
    counted: int
    expected: float
    p: float
    level: float
    cases: str
    confirmed: bool
    reason: FindingReason
    judged_at: datetime
    judged_by: str
    note: str | None = None


class ExclusionUnknown(NotFound):
    """No such request, or not for the caller."""

    code = "evaluate.exclusion_unknown"


class CaseNotYours(NotFound):
    """No such case, or the unit had no task in it."""

    code = "evaluate.case_not_yours"


class ReasonUnknown(Invalid):
    """The reason is none of the codes."""

    code = "evaluate.reason_unknown"


class WordsMissing(Invalid):
    """Nothing is said where reasons are asked for."""

    code = "evaluate.words_missing"


class AskedAlready(Refused):
    """The unit asked for that before."""

    code = "evaluate.asked_already"


class DecidedAlready(Refused):
    """That was decided."""

    code = "evaluate.decided_already"


class OwnRequest(NotAllowed):
    """Nobody decides what they asked for, or what their own unit did."""

    code = "evaluate.own_request"


class FindingUnknown(NotFound):
    """Nothing of that kind was found about that unit in those days."""

    code = "evaluate.finding_unknown"
