"""What every apply of the spine shares: rows as they are now, and the one way to move a case."""

import msgspec
from msgspec.structs import replace

from cityloop.cases.model import COPIED, SAID, Case, CaseGuest, Joined, Report, Task, TaskKind, UnitLoad
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Told
from cityloop.domain.lifecycle import OVER, State, state_after
from cityloop.domain.policy import Limit

CERTAIN_PPM = 1_000_000  # a person decided
CALLED_OFF = "called_off"
SOURCES_MARKED = frozenset({"leader", "media", "superior", "self_check"})


def text(value: object) -> str:
    """A list or struct as the JSON that a column keeps."""
    return msgspec.json.encode(value).decode()


def limit_text(limit: Limit | None) -> str | None:
    """A limit as the JSON that a column keeps; nothing where the fact does not carry it."""
    return text(limit) if limit else None


def report_now(tx: Tx, id: str) -> Report:
    report = tx.get("report", Report, id)
    assert report, f"report {id} has no ReportReceived"
    return report


def case_now(tx: Tx, id: str) -> Case:
    case = tx.get("case_file", Case, id)
    assert case, f"case {id} was not opened"
    return case


def task_now(tx: Tx, id: str) -> Task:
    task = tx.get("task", Task, id)
    assert task, f"task {id} was not given"
    return task


def report_of(tx: Tx, report_id: str, case_id: str | None, *joined: Joined | None) -> Report:
    """The report, now of this case; `joined` where that says something of how it came there."""
    report = replace(report_now(tx, report_id), case_id=case_id, **({"joined": joined[0]} if joined else {}))
    tx.put("report", report)
    return report


def task_ended(
    tx: Tx,
    told: Told,
    task_id: str,
    *,
    outcome: str,
    note: f.VaultRef | None,
    overdue: bool | None = None,
    photos: str = "[]",
) -> Task:
    task = task_now(tx, task_id)
    late = told.fact.at > task.due_at if overdue is None else overdue
    ended = replace(
        task, ended_at=told.fact.at, ended_by=told.actor, outcome=outcome, overdue=late, photos=photos,
        note=note.id if note else None,
    )  # fmt: skip
    tx.put("task", ended)
    return ended


def look_asked(tx: Tx, told: Told[f.VerifyAsked | f.InspectionAsked], kind: TaskKind, **more: str) -> None:
    """Somebody is asked to look on site: their task, and the case's clock for it."""
    fact = told.fact
    tx.put(
        "task",
        Task(
            id=fact.task_id, case_id=fact.case_id, kind=kind, post=fact.post, time_limit=text(fact.limit),
            given_at=fact.at, given_by=told.actor, due_at=fact.due_at, **more,
        ),
    )  # fmt: skip
    move(tx, told, task_id=fact.task_id, post=fact.post, clock_since=fact.at, clock_due=fact.due_at)


def load(tx: Tx, unit: str | None, change: int) -> None:
    if unit:
        tx.sum("unit_load", UnitLoad(unit=unit, open_tasks=change))


def moved(before: State | None, told: Told, to: State | None = None) -> State:
    after = state_after(type(told.fact).__name__, before, to)
    assert after is not None
    return after


def move(tx: Tx, told: Told, *, to: State | None = None, **changed: object) -> None:
    """Move the case as the one table allows, and change what else the fact says of it.

    `to` is the state that the fact names where the table leaves it a choice.
    """
    case = case_now(tx, told.fact.case_id)
    if "clock_since" in changed:  # another clock, which has not stood yet
        changed.setdefault("clock_pauses", None)
    state = moved(case.state, told, to)
    if case.marks and state is not case.state and state not in (State.to_sign, State.handling):
        changed.setdefault("marks", without_name(case.marks, "urged"))  # whoever was urged is done with it
    tx.put("case_file", replace(case, no=told.no, state=state, is_open=state not in OVER, **changed))


def named(names: str | None) -> list[str]:
    """The names in a column such as `guests` or `marks`."""
    return names.strip("|").split("|") if names else []


def with_name(names: str | None, name: str) -> str:
    """The column with one name more."""
    return f"|{'|'.join([*named(names), name])}|"


def without_name(names: str | None, name: str) -> str | None:
    """The column with the name once less; nothing where none is left."""
    kept = named(names)
    if name in kept:
        kept.remove(name)
    return f"|{'|'.join(kept)}|" if kept else None


def marked(names: str | None, mark: str) -> str:
    """The marks with this one among them, once; and that something was said, which stays."""
    kept = names or with_name(None, SAID)
    return kept if mark in named(kept) else with_name(kept, mark)


def mark_of(report: Report) -> str | None:
    """The marks that a case bears for its first report: whence it came, and that it is a copy; most bear none."""
    marks = marked(None, report.channel) if report.channel in SOURCES_MARKED else None
    return marked(marks, COPIED) if report.copied else marks


def guest_comes(tx: Tx, told: Told, unit: str) -> str:
    """Let a unit read the case; gives the guests with it."""
    tx.put("case_guest", CaseGuest(unit=unit, case_id=told.fact.case_id))
    return with_name(case_now(tx, told.fact.case_id).guests, unit)


def where_columns(where: f.Where) -> dict[str, object]:
    return msgspec.structs.asdict(where)


def problem_columns(problem: f.Problem) -> dict[str, object]:
    return {
        "class_key": problem.class_key,
        "rule": problem.rule,
        "urgency": problem.urgency,
        **where_columns(problem.where),
    }
