"""Tables: filled in and sent by who answers for the object, returned or accepted by who manages the task."""

from collections.abc import Sequence

from cityloop.db import Tx
from cityloop.domain.facts import SurveySheetAccepted, SurveySheetReturned, SurveySheetSubmitted
from cityloop.domain.policy import Policy
from cityloop.files.keep import StoredPhoto, keep_photo
from cityloop.http import Caller
from cityloop.stages.evaluate.model.survey import (
    KEEP_DAYS,
    OwnSheet,
    ReturnedFor,
    Sheet,
    SheetOver,
    SheetSaid,
    SheetState,
    SheetUnknown,
)
from cityloop.stages.evaluate.rules.survey import reach
from cityloop.stages.evaluate.rules.survey.checking import values_checked
from cityloop.stages.evaluate.service.survey.reaching import (
    account_of,
    fills,
    keep_texts,
    still_open,
    task_for,
    today,
)
from cityloop.stages.evaluate.store import survey as store

TO_FILL = (SheetState.open, SheetState.returned)


def send_sheet(
    tx: Tx, caller: Caller, id: str, said: SheetSaid, *, photos: Sequence[StoredPhoto], policy: Policy
) -> str:
    """Fill in and send the table of an object of one's own.

    Refuses with `SheetUnknown`, `TaskOver`, `SheetOver` or `SheetWrong`. Emits `SurveySheetSubmitted`.
    """
    subject = f"survey_sheet/{id}"
    tx.hold([subject])
    sheet = store.sheet_get(tx, id)
    if not fills(caller, sheet.object, policy):
        raise SheetUnknown(f"There is no table {id[:60]} for you to fill in; look for it in its task.")
    task = still_open(store.task_get(tx, sheet.task))
    if sheet.state not in TO_FILL:
        raise SheetOver(f"The table is {sheet.state.value}; it can be sent again once it is returned.", state=sheet.state.value)
    values = values_checked(reach.form_of(sheet.form, policy), said.numbers, said.texts)
    tx.emit(
        SurveySheetSubmitted(
            sheet_id=id, values=values, said=keep_texts(tx, subject, said.texts, policy),
            photos=tuple([keep_photo(tx, each, subject, keep_days=KEEP_DAYS) for each in photos]),
            late=today(tx, policy) > task.until, by=account_of(caller), at=tx.now,
        )
    )  # fmt: skip
    return id


def return_sheet(tx: Tx, caller: Caller, id: str, reason: ReturnedFor, *, note: str, policy: Policy) -> str:
    """Send a table back, and say why. While what was published is put right, also one that was accepted.

    Refuses with `TaskUnknown`, `TaskOver`, `SheetOver` or `OwnSheet`. Emits `SurveySheetReturned`.
    """
    sheet = _to_review(tx, caller, id, policy, again=True)
    kept = keep_texts(tx, f"survey_sheet/{sheet.id}", {"note": note}, policy)
    tx.emit(SurveySheetReturned(sheet_id=id, reason=reason.value, note=kept, by=account_of(caller), at=tx.now))
    return id


def accept_sheet(tx: Tx, caller: Caller, id: str, *, policy: Policy) -> str:
    """Let a table count.

    Refuses with `TaskUnknown`, `TaskOver`, `SheetOver` or `OwnSheet`. Emits `SurveySheetAccepted`.
    """
    _to_review(tx, caller, id, policy)
    tx.emit(SurveySheetAccepted(sheet_id=id, by=account_of(caller), at=tx.now))
    return id


def _to_review(tx: Tx, caller: Caller, id: str, policy: Policy, *, again: bool = False) -> Sheet:
    tx.hold([f"survey_sheet/{id}"])
    sheet = store.sheet_get(tx, id)
    task = still_open(task_for(tx, caller, sheet.task, policy))
    if sheet.state is not SheetState.sent and not (again and task.corrects and sheet.state is SheetState.accepted):
        raise SheetOver(f"The table is {sheet.state.value}; only what was sent is reviewed.", state=sheet.state.value)
    if sheet.sent_by == caller.account:
        raise OwnSheet("You sent this table yourself; somebody else reviews it.")
    return sheet
