"""A unit answers to what is said about its case."""

from datetime import datetime

from cityloop.cases import case_hold
from cityloop.cases.notes import keep_note
from cityloop.cases.orders import SupervisionState
from cityloop.cases.store import supervision_last
from cityloop.db import Tx
from cityloop.domain.facts import SupervisionAnswered
from cityloop.domain.ids import AccountId, CaseId
from cityloop.domain.policy import Policy
from cityloop.stages.handle.model import AnswerMissing, NotAsked


def answer_supervision(tx: Tx, case_id: CaseId, *, words: str, by: AccountId, policy: Policy, now: datetime) -> CaseId:
    """Say what the unit has done about a supervision.

    Refuses with `NotAsked`, `AnswerMissing` or `NoteTooLong`. Emits `SupervisionAnswered`.
    """
    case = case_hold(tx, case_id)
    found = supervision_last(tx, case.id)
    if found is None or found.state is not SupervisionState.open:
        raise NotAsked("No supervision of this case waits for an answer.")
    answer = keep_note(tx, case.id, words, chars_max=policy.settings.text_chars_max)
    if answer is None:
        raise AnswerMissing("The answer says nothing; write what was done, and by when the rest will be.")
    tx.emit(
        SupervisionAnswered(
            case_id=case.id, supervision_id=found.id, by=by, answer=answer, overdue=now > found.answer_due, at=now
        )
    )  # fmt: skip
    return case.id
