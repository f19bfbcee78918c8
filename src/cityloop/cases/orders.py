"""The rows of what is said about a case without moving it. Written by `apply`; read by the rooms that act on them."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from cityloop.domain.facts import Addressed, SupervisionLevel
from cityloop.domain.ids import CaseId, TaskId, UnitId, VaultId


class Urge(Struct, frozen=True, kw_only=True):
    """A reminder by hand; or the notice of the deadline `noticed_due`, which passed."""

    id: str
    case_id: CaseId
    task_id: TaskId
    unit: UnitId | None
    at: datetime
    by: str
    reason: str | None = None
    note: VaultId | None = None
    noticed_due: datetime | None = None


class SupervisionState(StrEnum):
    """Who must act on a supervision."""

    open = "open"  # the unit: an answer is owed
    answered = "answered"  # the supervisor
    settled = "settled"  # nobody


class Supervision(Struct, frozen=True, kw_only=True):
    """A numbered supervision of a case. `answer_limit` is JSON; `note` and `answer` lie in the vault.

    Shape: `rounds` counts answers asked for, `missed` the dates that passed without one.
    """

    id: str
    case_id: CaseId
    number: str
    level: SupervisionLevel
    unit: UnitId
    state: SupervisionState = SupervisionState.open
    reason: str
    issued_at: datetime
    issued_by: str
    answer_due: datetime
    answer_limit: str
    rounds: int = 1
    missed: int = 0
    note: VaultId | None = None
    answer: VaultId | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    late: bool | None = None
    settled_at: datetime | None = None
    settled_by: str | None = None


class Instruction(Struct, frozen=True, kw_only=True):
    """A leader's word on a case; the word lies in the vault."""

    id: str
    case_id: CaseId
    addressed: Addressed
    urgency: int
    note: VaultId
    at: datetime
    by: str
