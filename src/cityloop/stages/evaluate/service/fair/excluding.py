"""Leaving a case out of numbers 剔除: a unit asks, supervision decides; the facts of the case stay as they are."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from cityloop.cases import case_get, task_list_of
from cityloop.cases.model import CaseUnknown
from cityloop.cases.notes import keep_note
from cityloop.db import Tx
from cityloop.domain.facts import (
    CaseExclusionAsked,
    CaseExclusionGranted,
    CaseExclusionRefused,
    CaseExclusionWithdrawn,
    VaultRef,
)
from cityloop.domain.ids import AccountId, CaseId, UnitId
from cityloop.domain.policy import Policy
from cityloop.stages.evaluate import rules
from cityloop.stages.evaluate.model.fair import (
    AskedAlready,
    CaseNotYours,
    DecidedAlready,
    ExclusionReason,
    ExclusionRow,
    ExclusionState,
    ExclusionUnknown,
    OwnRequest,
    ReasonUnknown,
    RefusedReason,
    WordsMissing,
)
from cityloop.stages.evaluate.store.fair.exclusions import exclusion_get, exclusion_list_of

Code = TypeVar("Code", bound=StrEnum)


def ask_exclusion(
    tx: Tx, case_id: CaseId, *, metrics: Sequence[str], reason: str, words: str, by: AccountId, units: Collection[UnitId],
    policy: Policy, now: datetime,
) -> str:  # fmt: skip
    """Say why a case should not count in some numbers, or in none at all. `units` are the caller's.

    Refuses with `CaseNotYours`, `ReasonUnknown`, `MetricUnknown`, `AskedAlready`, `WordsMissing` or `NoteTooLong`.
    Emits `CaseExclusionAsked`.
    """
    unit = _unit_in(tx, case_id, units)
    why = code_in(ExclusionReason, reason)
    named = tuple(sorted({rules.metric_called(each, policy).code for each in metrics}))
    waits = {ExclusionState.open, ExclusionState.granted}
    if any(each.unit == unit and each.state in waits for each in exclusion_list_of(tx, case_id)):
        raise AskedAlready("Your unit has asked about this case before, and that waits or was granted; see /v1/exclusions/mine.")
    note = _note(tx, case_id, words, policy)
    if note is None:
        raise WordsMissing("The request says nothing; write what shows that the case should not count.")
    id = tx.new_id()
    tx.emit(
        CaseExclusionAsked(
            exclusion_id=id, case_id=case_id, unit=unit, metrics=named, reason=why.value, by=by, note=note, at=now
        )
    )  # fmt: skip
    return id


def grant_exclusion(
    tx: Tx, id: str, *, words: str, by: AccountId, units: Collection[UnitId], policy: Policy, now: datetime
) -> str:
    """Find for the unit: scores leave the case out from now on; what was published stays as it was.

    Refuses with `ExclusionUnknown`, `DecidedAlready`, `OwnRequest` or `NoteTooLong`. Emits `CaseExclusionGranted`.
    """
    row = _to_decide(tx, id, by, units)
    tx.emit(CaseExclusionGranted(exclusion_id=id, by=by, answer=_note(tx, row.case_id, words, policy), at=now))
    return id


def refuse_exclusion(
    tx: Tx, id: str, *, reason: str, words: str, by: AccountId, units: Collection[UnitId], policy: Policy, now: datetime
) -> str:
    """Find against the unit: the case stays counted.

    Refuses with `ReasonUnknown`, `ExclusionUnknown`, `DecidedAlready`, `OwnRequest` or `NoteTooLong`.
    Emits `CaseExclusionRefused`.
    """
    why = code_in(RefusedReason, reason)
    row = _to_decide(tx, id, by, units)
    answer = _note(tx, row.case_id, words, policy)
    tx.emit(CaseExclusionRefused(exclusion_id=id, by=by, reason=why.value, answer=answer, at=now))
    return id


def withdraw_exclusion(tx: Tx, id: str, *, by: AccountId, units: Collection[UnitId], now: datetime) -> str:
    """Ask no more, as long as nobody has decided.

    Refuses with `ExclusionUnknown` or `DecidedAlready`. Emits `CaseExclusionWithdrawn`.
    """
    tx.hold([f"exclusion/{id}"])
    row = exclusion_get(tx, id)
    if row.unit not in units:
        raise ExclusionUnknown(f"Your unit has made no request {id[:40]!r}; look for it in /v1/exclusions/mine.")
    _still_open(row)
    tx.emit(CaseExclusionWithdrawn(exclusion_id=id, by=by, at=now))
    return id


def code_in(codes: type[Code], given: str) -> Code:
    """The reason that is meant.

    Refuses with `ReasonUnknown`.
    """
    if given not in tuple(codes):
        raise ReasonUnknown(f"{given[:40]!r} is no reason; choose one of {', '.join(codes)}.")
    return codes(given)


def _unit_in(tx: Tx, case_id: CaseId, units: Collection[UnitId]) -> UnitId:
    """The caller's unit that had a task in the case, the last one first; of others the case is not there."""
    try:
        case_get(tx, case_id)
    except CaseUnknown:
        raise _not_yours(case_id) from None
    found = [each.unit for each in task_list_of(tx, case_id) if each.unit in units]
    if not found or found[-1] is None:
        raise _not_yours(case_id)
    return found[-1]


def _not_yours(case_id: CaseId) -> CaseNotYours:
    return CaseNotYours(f"Your unit had no task in a case {case_id[:40]!r}; take the id from the case.")


def _to_decide(tx: Tx, id: str, by: AccountId, units: Collection[UnitId]) -> ExclusionRow:
    tx.hold([f"exclusion/{id}"])
    row = exclusion_get(tx, id)
    _still_open(row)
    if row.asked_by == f"account:{by}" or row.unit in units:
        raise OwnRequest("Your own unit asked for this, so another decides.")
    return row


def _still_open(row: ExclusionRow) -> None:
    if row.state is not ExclusionState.open:
        raise DecidedAlready(f"That request is {row.state}; ask anew if something has changed.")


def _note(tx: Tx, case_id: CaseId, words: str, policy: Policy) -> VaultRef | None:
    return keep_note(tx, case_id, words, chars_max=policy.settings.text_chars_max)
