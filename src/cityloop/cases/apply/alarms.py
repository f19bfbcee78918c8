"""What it does to a case that what its sensors saw has gone."""

from cityloop.cases.apply.parts import CALLED_OFF, case_now, load, move, task_ended, task_now
from cityloop.cases.model import TaskKind
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Told
from cityloop.domain.lifecycle import State


def cause_ended(tx: Tx, told: Told[f.CauseEnded]) -> None:
    """Where the rule says that this is enough, the case waits to be closed, and whoever had not begun need not."""
    fact = told.fact
    if not fact.closes:
        move(tx, told)
        return
    task_id = case_now(tx, fact.case_id).task_id
    if task_id and task_now(tx, task_id).ended_at is None:
        task = task_ended(tx, told, task_id, outcome=CALLED_OFF, note=None, overdue=False)
        if task.kind is TaskKind.handle:
            load(tx, task.unit, -1)
    move(
        tx, told, to=State.to_close, task_id=None, post=None, handled_at=fact.at, handled_by=told.actor, clock_since=None,
        clock_due=None,
    )  # fmt: skip
