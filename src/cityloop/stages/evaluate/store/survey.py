"""The SQL of the field tools of evaluation."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from msgspec import Struct

from cityloop.db import Tx, once_found
from cityloop.db.tx import row_to
from cityloop.stages.evaluate.model.correcting import Published, Replaced
from cityloop.stages.evaluate.model.scoring import Number
from cityloop.stages.evaluate.model.survey import (
    CODE,
    Answer,
    Gathered,
    Invite,
    Point,
    PointUnknown,
    Sheet,
    SheetUnknown,
    Task,
    TaskUnknown,
    Withheld,
)

S = TypeVar("S", bound=Struct)


def task_get(tx: Tx, id: str) -> Task:
    """The task as it is.

    Refuses with `TaskUnknown`.
    """
    found = tx.get("survey_task", Task, id)
    if found is None:
        raise TaskUnknown(f"There is no evaluation task {id[:60]}; look at /v1/survey/tasks.")
    return found


def sheet_get(tx: Tx, id: str) -> Sheet:
    """The table as it is.

    Refuses with `SheetUnknown`.
    """
    found = tx.get("survey_sheet", Sheet, id)
    if found is None:
        raise SheetUnknown(f"There is no table {id[:60]}; look for it in its task.")
    return found


def point_get(tx: Tx, id: str) -> Point:
    """The point as it is.

    Refuses with `PointUnknown`.
    """
    found = tx.get("survey_point", Point, id)
    if found is None:
        raise PointUnknown(f"There is no point {id[:60]}; look at /v1/survey/visits.")
    return found


def task_list(tx: Tx, *, after: str | None, limit: int) -> list[Task]:
    """Tasks, the newest first."""
    where = " AND id < :after" if after else ""
    params = {"after": after} if after else {}
    return _rows(tx, Task, "survey_task", f"{where} ORDER BY id DESC LIMIT :limit", limit=limit, **params)


def task_list_open(tx: Tx) -> list[Task]:
    """The tasks for which is still gathered, the oldest first."""
    return _rows(tx, Task, "survey_task", " AND state = 'open' ORDER BY id")


def sheet_list(tx: Tx, task: str) -> list[Sheet]:
    """The tables of a task, in the order in which they were given out."""
    return _rows(tx, Sheet, "survey_sheet", " AND task = :task ORDER BY id", task=task)


def point_list(tx: Tx, task: str) -> list[Point]:
    """The points of a task."""
    return _rows(tx, Point, "survey_point", " AND task = :task ORDER BY id", task=task)


def invite_list(tx: Tx, task: str, form: str, object: str) -> list[Invite]:
    """The invitations to a questionnaire about an object, as they were drawn."""
    where = " AND task = :task AND form = :form AND object = :object ORDER BY id"
    return _rows(tx, Invite, "survey_invite", where, task=task, form=form, object=object)


def code_list(tx: Tx, task: str, form: str, object: str) -> dict[str, bytes]:
    """What the vault keeps of the codes of these invitations, by invitation; nothing of one that was erased."""
    rows = tx.all(
        "SELECT survey_invite.id, vault.bytes FROM survey_invite JOIN vault ON vault.city = survey_invite.city "
        "AND vault.subject = 'survey_invite/' || survey_invite.id WHERE survey_invite.city = :city AND survey_invite.task = :task "
        "AND survey_invite.form = :form AND survey_invite.object = :object AND vault.kind = :kind",
        task=task, form=form, object=object, kind=CODE,
    )  # fmt: skip
    return {row.id: bytes(row.bytes) for row in rows}


def answer_list(tx: Tx, task: str) -> list[Answer]:
    """The answers of a task, in the order of their invitations, which tells nothing of when they came."""
    return _rows(tx, Answer, "survey_answer", f" AND task = :task ORDER BY {once_found('id')}", task=task)


def answer_count_of(tx: Tx, task: str, form: str, object: str, stratum: str) -> int:
    """How many answers of a stratum count about an object so far."""
    sql = (
        "SELECT count(*) FROM survey_answer WHERE city = :city AND task = :task AND form = :form AND object = :object "
        "AND stratum = :stratum AND counts = 1"
    )  # fmt: skip
    return tx.value(sql, task=task, form=form, object=object, stratum=stratum)


class Progress(Struct, frozen=True, kw_only=True):
    """How far a questionnaire has come with one object."""

    form: str
    object: str
    invited: int
    answered: int


def progress_list(tx: Tx, task: str) -> list[Progress]:
    """How many were invited and how many answered, by form and object."""
    rows = tx.all(
        "SELECT form, object, count(*) AS invited, count(answered_at) AS answered FROM survey_invite "
        "WHERE city = :city AND task = :task GROUP BY form, object ORDER BY form, object",
        task=task,
    )  # fmt: skip
    return [row_to(Progress, row) for row in rows]


class Parts(Struct, frozen=True, kw_only=True):
    """What belongs to a task: its tables, its points, and how far its questionnaires have come."""

    sheets: list[Sheet]
    points: list[Point]
    progress: list[Progress]


def parts_of(tx: Tx, task: str) -> Parts:
    """All that a task gathers."""
    return Parts(sheets=sheet_list(tx, task), points=point_list(tx, task), progress=progress_list(tx, task))


def number_list(tx: Tx, *, task: str | None = None, first_day: date | None = None, last_day: date | None = None) -> list[Gathered]:
    """Published numbers: of a task, or of exactly one period."""
    where, params = "", {}
    for name, value in (("task", task), ("first_day", first_day), ("last_day", last_day)):
        if value is not None:
            where += f" AND {name} = :{name}"
            params[name] = str(value)
    return _rows(tx, Gathered, "survey_number", f"{where} ORDER BY object, indicator, first_day, last_day", **params)


def withheld_list(tx: Tx, task: str) -> list[Withheld]:
    """What is not given of a task."""
    return _rows(tx, Withheld, "survey_withheld", " AND task = :task ORDER BY object, indicator", task=task)


def version_list(tx: Tx, task: str) -> list[Published]:
    """What was published of a task, the first first."""
    return _rows(tx, Published, "survey_version", " AND task = :task ORDER BY version", task=task)


def corrections_of(tx: Tx, first_day: date, last_day: date) -> list[Published]:
    """The last version of each task of exactly this period that was put right."""
    columns = ", ".join(f"survey_version.{each}" for each in Published.__struct_fields__)
    rows = tx.all(
        f"SELECT {columns} FROM survey_version JOIN survey_task ON survey_task.city = survey_version.city "
        "AND survey_task.id = survey_version.task AND survey_task.version = survey_version.version "
        "WHERE survey_version.city = :city AND first_day = :first AND last_day = :last AND survey_version.version > 1 "
        "ORDER BY survey_version.task",
        first=str(first_day), last=str(last_day),
    )  # fmt: skip
    return [row_to(Published, row) for row in rows]


def replaced_list(tx: Tx, task: str) -> list[Replaced]:
    """What versions said that were corrected since."""
    return _rows(tx, Replaced, "survey_replaced", " AND task = :task ORDER BY version, object, indicator", task=task)


def survey_numbers(tx: Tx, first_day: date, last_day: date) -> dict[tuple[str, str], Number]:
    """What was gathered and published of exactly this period, by object and indicator: what scores are made from."""
    found = number_list(tx, first_day=first_day, last_day=last_day)
    return {(each.object, each.indicator): Number(each.numerator, each.denominator) for each in found}


def _rows(tx: Tx, kind: type[S], table: str, where: str, **params: object) -> list[S]:
    columns = ", ".join(kind.__struct_fields__)
    return [row_to(kind, row) for row in tx.all(f"SELECT {columns} FROM {table} WHERE city = :city{where}", **params)]


def numbers_taken(tx: Tx, task: str, first_day: date, last_day: date, keys: Sequence[tuple[str, str]]) -> list[Gathered]:
    """Which of these objects and indicators another task has published for the period."""
    there = {(each.object, each.indicator): each for each in number_list(tx, first_day=first_day, last_day=last_day)}
    return [there[key] for key in keys if key in there and there[key].task != task]
