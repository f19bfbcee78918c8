"""What asking and deciding do: the request's row, its mark on the case, and the clock that may stand meanwhile."""

from msgspec.structs import replace

from cityloop.cases.apply.parts import limit_text, move, task_now, text
from cityloop.cases.approvals.model import Approval
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.clock import Pause, ended, pauses_in, standing
from cityloop.domain.facts import Told
from cityloop.domain.policy import Lapse

NO_MARK = {"approval_id": None, "approval_kind": None}


def approval_now(tx: Tx, id: str) -> Approval:
    approval = tx.get("approval", Approval, id)
    assert approval, f"approval {id} was not asked for"
    return approval


def clock_put(tx: Tx, task_id: str, pauses: tuple[Pause, ...], due: object = None) -> dict[str, object]:
    """The task's clock, changed; gives what the case shows of it."""
    kept = text(pauses) if pauses else None
    task = task_now(tx, task_id)
    tx.put("task", replace(task, pauses=kept, due_at=due or task.due_at))
    return {"clock_pauses": kept, **({"clock_due": due, "due_at": due} if due else {})}


def approval_asked(tx: Tx, told: Told[f.ApprovalAsked]) -> None:
    fact = told.fact
    tx.put(
        "approval",
        Approval(
            id=fact.approval_id, case_id=fact.case_id, kind=fact.kind, nth=fact.nth, task_id=fact.task_id,
            reason=fact.reason, length=limit_text(fact.length), until=fact.until, note=fact.note.id if fact.note else None,
            plan=fact.plan.id if fact.plan else None, photos=text(fact.photos), steps=text(fact.steps), form=fact.form,
            role=fact.steps[0], asked_at=fact.at, asked_by=fact.by, task_due=fact.task_due, decide_due=fact.decide_due,
            decide_limit=text(fact.decide_limit), lapse=fact.lapse, clock_stands=fact.clock_stands,
            counts_as_due=fact.counts_as_due, source=text(fact.source),
        ),
    )  # fmt: skip
    shown: dict[str, object] = {}
    if fact.clock_stands and fact.task_id:
        shown = clock_put(tx, fact.task_id, standing(task_now(tx, fact.task_id).clock, fact.at).pauses)
    move(tx, told, approval_id=fact.approval_id, approval_kind=fact.kind, **shown)


def approval_forwarded(tx: Tx, told: Told[f.ApprovalForwarded]) -> None:
    fact = told.fact
    before = approval_now(tx, fact.approval_id)
    agreed = text((*before.agreed, fact.by))
    tx.put("approval", replace(before, role=fact.next_role, decide_due=fact.decide_due, passed_by=agreed))
    move(tx, told)


def approval_granted(tx: Tx, told: Told[f.ApprovalGranted]) -> None:
    fact = told.fact
    before = approval_now(tx, fact.approval_id)
    _over(tx, told, before, "granted", passed_by=text((*before.agreed, fact.by)), answer_note=_id(fact.note))
    move(tx, told, **NO_MARK)  # what becomes of the clock, the next fact says


def approval_refused(tx: Tx, told: Told[f.ApprovalRefused]) -> None:
    fact = told.fact
    before = approval_now(tx, fact.approval_id)
    _over(tx, told, before, "refused", answer=fact.reason, answer_note=_id(fact.note))
    move(tx, told, **NO_MARK, **_goes_on(tx, told, before))


def approval_withdrawn(tx: Tx, told: Told[f.ApprovalWithdrawn]) -> None:
    """Asking and taking it back gives no time: the clock is as if it had never stood."""
    before = approval_now(tx, told.fact.approval_id)
    _over(tx, told, before, "withdrawn", answer=told.fact.why)
    shown: dict[str, object] = {}
    if before.clock_stands and before.task_id:
        shown = clock_put(tx, before.task_id, pauses_in(task_now(tx, before.task_id).pauses)[:-1])
    move(tx, told, **NO_MARK, **shown)


def approval_lapsed(tx: Tx, told: Told[f.ApprovalLapsed]) -> None:
    before = approval_now(tx, told.fact.approval_id)
    _over(tx, told, before, "lapsed", answer=told.fact.lapse.value)
    shown = _goes_on(tx, told, before) if told.fact.lapse is Lapse.refused else {}
    move(tx, told, **NO_MARK, **shown)


def _goes_on(tx: Tx, told: Told[f.ApprovalRefused | f.ApprovalLapsed], before: Approval) -> dict[str, object]:
    """A clock that stood while it was asked goes on, at the due moment that the fact carries."""
    if not (before.clock_stands and before.task_id):
        return {}
    pauses = ended(pauses_in(task_now(tx, before.task_id).pauses), told.fact.at)
    return clock_put(tx, before.task_id, pauses, told.fact.due_at)


def _over(tx: Tx, told: Told, before: Approval, outcome: str, **more: str | None) -> None:
    over = replace(before, role=None, outcome=outcome, ended_at=told.fact.at, ended_by=told.actor, **more)
    tx.put("approval", over)


def _id(note: f.VaultRef | None) -> str | None:
    return note.id if note else None
