"""What was published and is wrong: gathered again, published anew as a version that names what it corrects and why."""

from datetime import date

from cityloop.cases.notes import keep_words
from cityloop.db import Tx
from cityloop.domain.facts import SurveyReopened
from cityloop.domain.policy import Policy
from cityloop.http import Caller
from cityloop.stages.evaluate.model.correcting import CorrectedFor, NotPublished
from cityloop.stages.evaluate.model.survey import TaskState, TaskWrong
from cityloop.stages.evaluate.service.survey.reaching import account_of, task_for, today


def reopen(
    tx: Tx, caller: Caller, id: str, reason: CorrectedFor, *, words: str, until: date, policy: Policy
) -> str:  # fmt: skip
    """Put right what was published of a task: tables and points can be returned again, until it is published anew. The numbers
    hold until then; nobody answers a questionnaire after its numbers were shown.

    Refuses with `TaskUnknown`, `NotPublished`, `TaskWrong` or `NoteTooLong`. Emits `SurveyReopened`.
    """
    tx.hold([f"survey/{id}"])
    task = task_for(tx, caller, id, policy)
    if task.state is not TaskState.published:
        raise NotPublished(f"The evaluation task is {task.state.value}; only what was published is put right.", state=task.state.value)
    if until < today(tx, policy):
        raise TaskWrong(f"{until} is over; give a last day on which is still gathered.", field="until")
    note = keep_words(tx, f"survey/{id}", words, chars_max=policy.settings.text_chars_max)
    tx.emit(
        SurveyReopened(
            task_id=id, version=task.version, reason=reason.value, note=note, until=until, by=account_of(caller), at=tx.now
        )
    )  # fmt: skip
    return id
