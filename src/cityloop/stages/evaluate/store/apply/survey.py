"""What each fact of the field tools does to its rows."""

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain.facts import (
    Fact,
    SurveyAnswered,
    SurveyCancelled,
    SurveyInvited,
    SurveyOpened,
    SurveyPointReturned,
    SurveyPointVisited,
    SurveyPublished,
    SurveyReopened,
    SurveySheetAccepted,
    SurveySheetReturned,
    SurveySheetSubmitted,
    Told,
)
from cityloop.stages.evaluate.model.correcting import Published, Replaced
from cityloop.stages.evaluate.model.survey import (
    Answer,
    Gathered,
    Invite,
    Point,
    PointState,
    Sheet,
    SheetState,
    SurveyWho,
    Task,
    TaskState,
    Withheld,
)
from cityloop.stages.evaluate.store import survey as store


def opened(tx: Tx, told: Told[SurveyOpened]) -> None:
    fact = told.fact
    tx.put(
        "survey_task",
        Task(
            id=fact.task_id, no=told.no, who=SurveyWho(fact.who), forms=_json(fact.forms), objects=_json(fact.objects),
            first_day=fact.first_day, last_day=fact.last_day, until=fact.until, scheme=fact.scheme,
            visitors=_json(fact.visitors), hidden=fact.hidden.id if fact.hidden else None, short=_json(fact.short),
            seed=fact.seed, state=TaskState.open, opened_at=fact.at, opened_by=fact.by, simulated=fact.simulated,
        ),
    )  # fmt: skip
    for each in fact.sheets:
        sheet = Sheet(id=each.id, no=0, task=fact.task_id, form=each.form, object=each.object, state=SheetState.open)
        tx.put("survey_sheet", sheet)
    for each in fact.points:
        tx.put(
            "survey_point",
            Point(
                id=each.id, no=0, task=fact.task_id, form=each.form, object=each.object, kind=each.kind, place=each.place,
                lon=each.lon, lat=each.lat, cell=each.cell, state=PointState.open,
            ),
        )  # fmt: skip


def invited(tx: Tx, told: Told[SurveyInvited]) -> None:
    fact = told.fact
    _task(tx, told)
    for id in fact.invites:
        tx.put("survey_invite", Invite(id=id, task=fact.task_id, form=fact.form, object=fact.object, drawn_at=fact.at))


def sheet_sent(tx: Tx, told: Told[SurveySheetSubmitted]) -> None:
    fact = told.fact
    _sheet(
        tx, told, state=SheetState.sent, said_numbers=_json(fact.values), said=fact.said.id if fact.said else None,
        photos=_json(fact.photos), late=fact.late, sent_at=fact.at, sent_by=fact.by, reason=None, note=None,
        decided_at=None, decided_by=None,
    )  # fmt: skip


def sheet_returned(tx: Tx, told: Told[SurveySheetReturned]) -> None:
    fact = told.fact
    note = fact.note.id if fact.note else None
    _sheet(tx, told, state=SheetState.returned, reason=fact.reason, note=note, decided_at=fact.at, decided_by=fact.by)


def sheet_accepted(tx: Tx, told: Told[SurveySheetAccepted]) -> None:
    _sheet(tx, told, state=SheetState.accepted, decided_at=told.fact.at, decided_by=told.fact.by)


def point_visited(tx: Tx, told: Told[SurveyPointVisited]) -> None:
    fact = told.fact
    _point(
        tx, told, state=PointState.visited, found=_json(fact.found), missed=fact.missed, photos=_json(fact.photos),
        note=fact.note.id if fact.note else None, metres=fact.metres, is_far=fact.is_far, visited_at=fact.at,
        visited_by=fact.by, hidden=fact.hidden.id if fact.hidden else None, reason=None,
    )  # fmt: skip


def point_returned(tx: Tx, told: Told[SurveyPointReturned]) -> None:
    _point(tx, told, state=PointState.returned, reason=told.fact.reason)


def answered(tx: Tx, told: Told[SurveyAnswered]) -> None:
    fact = told.fact
    invite = tx.get("survey_invite", Invite, fact.invite_id)
    assert invite, f"invitation {fact.invite_id} was not drawn"
    tx.put("survey_invite", replace(invite, answered_at=fact.at))
    tx.put(
        "survey_answer",
        Answer(
            id=fact.invite_id, task=invite.task, form=invite.form, object=invite.object, chosen=_json(fact.chosen),
            said=fact.said.id if fact.said else None, stratum=fact.stratum, counts=fact.counts, answered_at=fact.at,
        ),
    )  # fmt: skip


def published(tx: Tx, told: Told[SurveyPublished]) -> None:
    fact = told.fact
    before = tx.get("survey_task", Task, fact.task_id)
    _task(
        tx, told, state=TaskState.published, ended_at=fact.at, ended_by=fact.by, lacks=fact.lacks, version=fact.version,
        reason=None, note=None,
    )  # fmt: skip
    if fact.corrects is not None:
        _replaced(tx, fact.task_id, fact.corrects)
    tx.put(
        "survey_version",
        Published(
            task=fact.task_id, version=fact.version, reason=fact.reason, note=before.note if before else None, lacks=fact.lacks,
            published_at=fact.at, published_by=fact.by,
        ),
    )  # fmt: skip
    for each in fact.numbers:
        tx.put(
            "survey_number",
            Gathered(
                object=each.object, first_day=fact.first_day, last_day=fact.last_day, indicator=each.indicator,
                task=fact.task_id, tool=each.tool, numerator=each.numerator, denominator=each.denominator,
                cases=each.cases, published_at=fact.at,
            ),
        )  # fmt: skip
    for each in fact.withheld:
        tx.put(
            "survey_withheld",
            Withheld(
                task=fact.task_id, object=each.object, indicator=each.indicator, tool=each.tool, why=each.why,
                cases=each.cases,
            ),
        )  # fmt: skip


def _replaced(tx: Tx, task: str, version: int) -> None:
    """What a version said is kept as it was, and holds no more."""
    for each in store.number_list(tx, task=task):
        tx.put(
            "survey_replaced",
            Replaced(
                task=task, version=version, object=each.object, indicator=each.indicator, tool=each.tool,
                numerator=each.numerator, denominator=each.denominator, cases=each.cases, why=None,
            ),
        )  # fmt: skip
    for none in store.withheld_list(tx, task):
        tx.put(
            "survey_replaced",
            Replaced(
                task=task, version=version, object=none.object, indicator=none.indicator, tool=none.tool, numerator=None,
                denominator=None, cases=none.cases, why=none.why,
            ),
        )  # fmt: skip
    tx.run("DELETE FROM survey_number WHERE city = :city AND task = :task", task=task)
    tx.run("DELETE FROM survey_withheld WHERE city = :city AND task = :task", task=task)


def reopened(tx: Tx, told: Told[SurveyReopened]) -> None:
    fact = told.fact
    _task(
        tx, told, state=TaskState.open, until=fact.until, reason=fact.reason, note=fact.note.id if fact.note else None,
        ended_at=None, ended_by=None,
    )  # fmt: skip


def cancelled(tx: Tx, told: Told[SurveyCancelled]) -> None:
    """A task ends without numbers; a correction ends, and what was published before stands."""
    fact = told.fact
    row = tx.get("survey_task", Task, fact.task_id)
    if row and row.version:
        last = store.version_list(tx, fact.task_id)[-1]
        _task(
            tx, told, state=TaskState.published, ended_at=last.published_at, ended_by=last.published_by, reason=None, note=None
        )  # fmt: skip
        return
    _task(tx, told, state=TaskState.cancelled, ended_at=fact.at, ended_by=fact.by, reason=fact.reason)


def _task(tx: Tx, told: Told, **changed: object) -> None:
    row = tx.get("survey_task", Task, told.fact.task_id)
    assert row, f"task {told.fact.task_id} was not opened"
    tx.put("survey_task", replace(row, no=told.no, **changed))


def _sheet(tx: Tx, told: Told, **changed: object) -> None:
    row = tx.get("survey_sheet", Sheet, told.fact.sheet_id)
    assert row, f"sheet {told.fact.sheet_id} belongs to no task"
    tx.put("survey_sheet", replace(row, no=told.no, **changed))


def _point(tx: Tx, told: Told, **changed: object) -> None:
    row = tx.get("survey_point", Point, told.fact.point_id)
    assert row, f"point {told.fact.point_id} was not drawn"
    tx.put("survey_point", replace(row, no=told.no, **changed))


def _json(given: object) -> str:
    return msgspec.json.encode(given).decode()


APPLY: dict[type[Fact], Callable[[Tx, Told], None]] = {
    SurveyOpened: opened,
    SurveyInvited: invited,
    SurveySheetSubmitted: sheet_sent,
    SurveySheetReturned: sheet_returned,
    SurveySheetAccepted: sheet_accepted,
    SurveyPointVisited: point_visited,
    SurveyPointReturned: point_returned,
    SurveyAnswered: answered,
    SurveyPublished: published,
    SurveyReopened: reopened,
    SurveyCancelled: cancelled,
}
