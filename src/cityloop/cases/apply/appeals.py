"""What appeals do to the spine: marks for figures; the case and its tasks stay as they are."""

from msgspec.structs import replace

from cityloop.cases.appeals import Appeal, AppealState
from cityloop.cases.apply.parts import case_now, marked, move, without_name
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Told

APPEALED = "appealed"


def appeal_lodged(tx: Tx, told: Told[f.AppealLodged]) -> None:
    fact = told.fact
    tx.put(
        "appeal",
        Appeal(
            id=fact.appeal_id, case_id=fact.case_id, task_id=fact.task_id, unit=fact.unit, about=fact.about,
            lodged_at=fact.at, lodged_by=told.actor, note=fact.note.id,
        ),
    )  # fmt: skip
    marks = case_now(tx, fact.case_id).marks
    kept = marked(marks, APPEALED)
    again = kept == marks  # two appeals wait: the mark stands twice, and goes with the last
    move(tx, told, marks=f"{kept}{APPEALED}|" if again else kept)


def appeal_upheld(tx: Tx, told: Told[f.AppealGranted]) -> None:
    _decided(tx, told, state=AppealState.upheld, excluded=True)


def appeal_dismissed(tx: Tx, told: Told[f.AppealDismissed]) -> None:
    _decided(tx, told, state=AppealState.dismissed, reason=told.fact.reason)


def _decided(tx: Tx, told: Told[f.AppealGranted | f.AppealDismissed], **changed: object) -> None:
    fact = told.fact
    appeal = tx.get("appeal", Appeal, fact.appeal_id)
    assert appeal, f"appeal {fact.appeal_id} was not lodged"
    answer = fact.answer.id if fact.answer else None
    tx.put("appeal", replace(appeal, decided_at=fact.at, decided_by=told.actor, answer=answer, **changed))
    move(tx, told, marks=without_name(case_now(tx, fact.case_id).marks, APPEALED))
