"""Which tasks, tables and points a caller reaches; what lies in the vault of them."""

from collections.abc import Iterable
from datetime import date

import msgspec

from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.facts import VaultRef
from cityloop.domain.ids import AccountId, PostId
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy
from cityloop.domain.private import for_work
from cityloop.http import Caller
from cityloop.journal import vault_find, vault_keep
from cityloop.journal.vault import VaultRow
from cityloop.stages.evaluate.model.survey import (
    KEEP_DAYS,
    SAID,
    VISITOR,
    Point,
    PointUnknown,
    Sheet,
    SheetUnknown,
    SurveyWho,
    Task,
    TaskOver,
    TaskState,
    TaskUnknown,
    Visitors,
    Written,
)
from cityloop.stages.evaluate.rules.survey import reach
from cityloop.stages.evaluate.store import survey as store

MANY = 200
_posts = msgspec.json.Decoder(list[PostId]).decode
_texts = msgspec.json.Decoder(list[str]).decode
_visitors = msgspec.json.Decoder(Visitors).decode
_written = msgspec.json.Decoder(Written).decode


def account_of(caller: Caller) -> AccountId:
    assert caller.account, "the guard lets nobody else in"
    return caller.account


def today(tx: Tx, policy: Policy) -> date:
    """The day in the city's zone."""
    return tx.now.astimezone(calendar_in(policy).zone).date()


def manages(caller: Caller, objects: list[str], policy: Policy) -> bool:
    """Whether the caller manages tasks about all of these."""
    seats = caller.seats_with(Permission.survey_manage)
    return bool(seats) and all(any(reach.is_within(seat.area, each, policy) for seat in seats) for each in objects)


def fills(caller: Caller, object: str, policy: Policy) -> bool:
    """Whether the caller fills in the tables of an object."""
    return any(reach.answers_for(seat.unit, object, policy) for seat in caller.seats_with(Permission.survey_fill))


def task_for(tx: Tx, caller: Caller, id: str, policy: Policy) -> Task:
    """The task, for who manages it.

    Refuses with `TaskUnknown`.
    """
    task = store.task_get(tx, id)
    if not manages(caller, _texts(task.objects), policy):
        raise TaskUnknown(f"There is no evaluation task {id[:60]} of yours; look at /v1/survey/tasks.")
    return task


def open_task_for(tx: Tx, caller: Caller, id: str, policy: Policy) -> Task:
    """The task, held, for who manages it and while something is gathered.

    Refuses with `TaskUnknown` or `TaskOver`.
    """
    tx.hold([f"survey/{id}"])
    return still_open(task_for(tx, caller, id, policy))


def still_open(task: Task) -> Task:
    """The task, if something is gathered for it.

    Refuses with `TaskOver`.
    """
    if task.state is not TaskState.open:
        raise TaskOver(f"The evaluation task is {task.state.value}; nothing is gathered for it any more.", state=task.state.value)
    return task


def sheet_for(tx: Tx, caller: Caller, id: str, policy: Policy) -> Sheet:
    """A table, for who manages its task and who fills it in.

    Refuses with `SheetUnknown`.
    """
    sheet = store.sheet_get(tx, id)
    task = store.task_get(tx, sheet.task)
    if not (manages(caller, _texts(task.objects), policy) or fills(caller, sheet.object, policy)):
        raise SheetUnknown(f"There is no table {id[:60]} of yours; look for it in its task.")
    return sheet


def point_for(tx: Tx, caller: Caller, id: str, policy: Policy) -> tuple[Point, Task]:
    """A point with its task, for who makes its visits.

    Refuses with `PointUnknown`.
    """
    point = store.point_get(tx, id)
    task = store.task_get(tx, point.task)
    if not is_visitor(tx, caller, task):
        raise PointUnknown(f"There is no point {id[:60]} for you; look at /v1/survey/visits.")
    return point, task


def is_visitor(tx: Tx, caller: Caller, task: Task) -> bool:
    """Whether the caller makes the visits of a task. Of those who come in secret, the vault alone knows it."""
    posts = [seat.post for seat in caller.seats_with(Permission.survey_visit)]
    if task.who is SurveyWho.mystery:
        return any(f"survey/{task.id}" in vault_find(tx, VISITOR, post, many=MANY) for post in posts)
    return any(post in _posts(task.visitors) for post in posts)


def visitors_of(tx: Tx, task: Task) -> list[PostId]:
    """Who makes the visits; none where that was erased."""
    if task.hidden is None:
        return _posts(task.visitors)
    row = tx.get("vault", VaultRow, task.hidden)
    return _visitors(row.bytes).posts if row else []


def keep_texts(tx: Tx, subject: str, texts: dict[str, str], policy: Policy) -> VaultRef | None:
    """Keep what was written, each text as long as the city allows; nothing where nothing was."""
    most = policy.settings.text_chars_max
    plain = {name: "".join(char for char in text if char.isprintable() or char == "\n").strip()[:most] for name, text in texts.items()}
    kept = {name: text for name, text in plain.items() if text}
    if not kept:
        return None
    return vault_keep(tx, SAID, subject, msgspec.json.encode(Written(texts=kept)), keep_days=KEEP_DAYS)


def texts_ahead(tx: Tx, ids: Iterable[str | None]) -> None:
    """Fetch what was written in one statement; `texts_of` then finds it at hand."""
    tx.get_many("vault", VaultRow, [each for each in ids if each])


def texts_of(tx: Tx, id: str | None) -> dict[str, str]:
    """What was written, without whom it names; nothing where it was erased."""
    row = tx.get("vault", VaultRow, id) if id else None
    return {name: for_work(text) for name, text in _written(row.bytes).texts.items()} if row else {}
