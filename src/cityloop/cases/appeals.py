"""Appeals as rows. Written by `apply`; inspecting decides them, evaluating leaves out what is `excluded`."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from cityloop.db import Tx, once_found
from cityloop.db.tx import row_to
from cityloop.domain.facts import About
from cityloop.domain.ids import CaseId, TaskId, UnitId, VaultId

__all__ = ["About", "Appeal", "AppealState", "appeal_list_of", "appeal_of"]


class AppealState(StrEnum):
    """How an appeal stands."""

    open = "open"
    upheld = "upheld"
    dismissed = "dismissed"


class Appeal(Struct, frozen=True, kw_only=True):
    """What a unit appealed against. `excluded`: figures leave it out. `note` and `answer` lie in the vault."""

    id: str
    case_id: CaseId
    task_id: TaskId
    unit: UnitId
    about: About
    state: AppealState = AppealState.open
    excluded: bool = False
    lodged_at: datetime
    lodged_by: str
    note: VaultId
    reason: str | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    answer: VaultId | None = None


_FIELDS = ", ".join(Appeal.__struct_fields__)


def appeal_list_of(tx: Tx, case_id: CaseId) -> list[Appeal]:
    """The appeals of a case, the first first."""
    rows = tx.all(f"SELECT {_FIELDS} FROM appeal WHERE city = :city AND case_id = :case_id ORDER BY {once_found('id')}", case_id=case_id)
    return [row_to(Appeal, row) for row in rows]


def appeal_of(tx: Tx, case_id: CaseId, task_id: TaskId, about: About) -> Appeal | None:
    """The appeal about this of a task, if there was one."""
    found = [each for each in appeal_list_of(tx, case_id) if (each.task_id, each.about) == (task_id, about)]
    return found[0] if found else None
