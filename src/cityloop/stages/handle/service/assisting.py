"""The work of a unit that helps: signed for, finished."""

from collections.abc import Collection, Sequence
from datetime import datetime

from cityloop.cases import Case, Task, case_hold
from cityloop.cases.assists import assists_open
from cityloop.cases.notes import PHOTO_KEEP_DAYS, keep_note
from cityloop.db import Tx
from cityloop.domain.facts import AssistFinished, AssistSigned
from cityloop.domain.ids import AccountId, CaseId, UnitId
from cityloop.domain.lifecycle import state_after
from cityloop.domain.policy import Policy
from cityloop.files.keep import StoredPhoto, keep_photo
from cityloop.stages.handle import rules
from cityloop.stages.handle.model import AlreadySigned, NoAssist


def sign_assist(tx: Tx, case_id: CaseId, *, by: AccountId, units: Collection[UnitId], now: datetime) -> CaseId:
    """Say that a unit that helps has seen its task. `units` are those that the caller sits in.

    Refuses with `NoAssist`, `AlreadySigned` or `MoveForbidden`. Emits `AssistSigned`.
    """
    case = case_hold(tx, case_id)
    state_after(AssistSigned.__name__, case.state)
    task = _of_unit(tx, case, units)
    if task.signed_at:
        raise AlreadySigned(f"{task.unit} has signed for it; finish it when it is done.")
    tx.emit(AssistSigned(case_id=case.id, task_id=task.id, by=by, at=now))
    return case.id


def finish_assist(
    tx: Tx, case_id: CaseId, *, photos: Sequence[StoredPhoto], note: str, by: AccountId, units: Collection[UnitId],
    policy: Policy, now: datetime,
) -> CaseId:  # fmt: skip
    """Say that a helping unit's part is done, with what proves it.

    Refuses with `NoAssist`, `ProofMissing`, `TooManyPhotos`, `NoteTooLong` or `MoveForbidden`. Emits `AssistFinished`.
    """
    case = case_hold(tx, case_id)
    state_after(AssistFinished.__name__, case.state)
    task = _of_unit(tx, case, units)
    rules.proof_enough(len(photos), note, policy.settings.photos_max)
    kept = keep_note(tx, case.id, note, chars_max=policy.settings.text_chars_max)
    tx.emit(
        AssistFinished(
            case_id=case.id, task_id=task.id, by=by, note=kept,
            photos=tuple(keep_photo(tx, each, f"case/{case.id}", keep_days=PHOTO_KEEP_DAYS) for each in photos),
            overdue=rules.is_overdue(now, task.due_at), at=now,
        )
    )  # fmt: skip
    return case.id


def _of_unit(tx: Tx, case: Case, units: Collection[UnitId]) -> Task:
    """The helping task of one of these units."""
    mine = [task for task in assists_open(tx, case) if task.unit in units]
    if not mine:
        raise NoAssist("No helping task of your unit runs in this case; it is finished, or was called off.")
    return mine[0]
