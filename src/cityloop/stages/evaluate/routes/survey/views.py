"""Forms, tasks, tables and points as others see them."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.facts import PhotoRef, SurveyFound, SurveyShort, SurveyValue
from cityloop.domain.personal import Personal
from cityloop.domain.policy import Policy, SurveyForm, SurveyTool
from cityloop.domain.policy.rows import Words
from cityloop.stages.evaluate.model.correcting import Replaced
from cityloop.stages.evaluate.model.survey import (
    KEEP_DAYS,
    SUBMITTED,
    Gathered,
    Point,
    PointState,
    Sheet,
    SheetState,
    Task,
    Withheld,
)
from cityloop.stages.evaluate.service.fair.words import words_of as note_words
from cityloop.stages.evaluate.service.survey.reaching import texts_ahead, texts_of, visitors_of
from cityloop.stages.evaluate.store import survey as store

Texts = Annotated[dict[str, str], Personal(SUBMITTED, keep_days=KEEP_DAYS)]
_values = msgspec.json.Decoder(list[SurveyValue]).decode
_found = msgspec.json.Decoder(list[SurveyFound]).decode
_photos = msgspec.json.Decoder(list[PhotoRef]).decode
_texts = msgspec.json.Decoder(list[str]).decode
_short = msgspec.json.Decoder(list[SurveyShort]).decode


class SurveyFieldView(Struct, kw_only=True):
    """A field of a table."""

    code: str
    name: Words
    takes: str
    required: bool
    least: float | None
    most: float | None


class SurveyChoiceView(Struct, kw_only=True):
    """What may be counted or chosen."""

    code: str
    name: Words


class SurveyQuestionView(Struct, kw_only=True):
    """A question; what its answers count is not told to who answers."""

    code: str
    name: Words
    takes: str
    required: bool
    options: list[SurveyChoiceView]


class SurveyFormView(Struct, kw_only=True):
    """A form of the pack."""

    code: str
    tool: SurveyTool
    name: Words
    says: Words
    answers_min: int
    fields: list[SurveyFieldView]
    points: list[SurveyChoiceView]
    items: list[SurveyChoiceView]
    questions: list[SurveyQuestionView]
    indicators: list[SurveyChoiceView]


class SpotPhoto(Struct, kw_only=True):
    """Where to get a photo."""

    shown: str
    thumb: str


class SurveySheetView(Struct, kw_only=True):
    """A table of one object, and what became of it."""

    id: str
    no: int
    task: str
    form: str
    object: str
    state: SheetState
    numbers: dict[str, float]
    texts: Texts
    photos: list[SpotPhoto]
    late: bool
    until: date
    first_day: date
    last_day: date
    sent_at: datetime | None
    reason: str | None
    note: str | None
    mine: bool  # the caller sent it


class SurveyPointView(Struct, kw_only=True):
    """A point, and what was found; who was there is not told."""

    id: str
    no: int
    task: str
    form: str
    object: str
    kind: str
    kind_name: Words
    place_name: Words
    lon: float
    lat: float
    state: PointState
    items: list[SurveyChoiceView]
    photos_min: int
    found: dict[str, int]
    missed: str | None
    photos: list[SpotPhoto]
    note: str | None
    metres: int | None
    is_far: bool
    visited_at: datetime | None
    reason: str | None


class SurveyTaskLine(Struct, kw_only=True):
    """A task in a list, and how far it has come."""

    id: str
    no: int
    who: str
    forms: list[str]
    objects: list[str]
    first_day: date
    last_day: date
    until: date
    scheme: str | None
    state: str
    version: int
    opened_at: datetime
    sheets: int
    sheets_done: int
    sheets_sent: int  # and waiting for review
    points: int
    points_done: int
    invited: int
    answered: int
    simulated: bool


class SurveyVersionView(Struct, kw_only=True):
    """What was published once, and what it said; of a correction why, by a code of `survey.correct.*` and in words.

    `holds`: nothing stands in its place.
    """

    version: int
    holds: bool
    corrects: int | None
    reason: str | None
    words: Annotated[str, Personal(SUBMITTED, keep_days=KEEP_DAYS)] | None
    lacks: int
    published_at: datetime
    said: list[Replaced]


class SurveyTaskView(SurveyTaskLine, kw_only=True):
    """A task whole, for who manages it. `correcting`: why what was published is being put right, in words."""

    visitors: list[str]
    short: list[SurveyShort]
    all_sheets: list[SurveySheetView]
    all_points: list[SurveyPointView]
    progress: list[store.Progress]
    numbers: list[Gathered]
    withheld: list[Withheld]
    running: bool
    lacks: int
    reason: str | None
    correcting: Annotated[str, Personal(SUBMITTED, keep_days=KEEP_DAYS)] | None
    versions: list[SurveyVersionView]
    ended_at: datetime | None


def form_view(form: SurveyForm, policy: Policy) -> SurveyFormView:
    """A form with everything that it asks."""
    named = policy.survey_indicator
    return SurveyFormView(
        code=form.code, tool=form.tool, name=form.name, says=form.says, answers_min=form.answers_min,
        fields=[
            SurveyFieldView(code=e.code, name=e.name, takes=e.takes.value, required=e.required, least=e.least, most=e.most)
            for e in form.fields
        ],
        points=[SurveyChoiceView(code=each.code, name=each.name) for each in form.places],
        items=[SurveyChoiceView(code=each.code, name=each.name) for each in form.items],
        questions=[
            SurveyQuestionView(
                code=each.code, name=each.name, takes=each.takes.value, required=each.required,
                options=[SurveyChoiceView(code=one.code, name=one.name) for one in each.options],
            )
            for each in form.questions
        ],
        indicators=[SurveyChoiceView(code=each, name=named[each].name) for each in form.indicators if each in named],
    )  # fmt: skip


def sheet_view(tx: Tx, sheet: Sheet, account: str | None) -> SurveySheetView:
    """A table with what was written in it."""
    task = store.task_get(tx, sheet.task)
    return SurveySheetView(
        id=sheet.id, no=sheet.no, task=sheet.task, form=sheet.form, object=sheet.object, state=sheet.state,
        numbers={each.field: each.number for each in _values(sheet.said_numbers)}, texts=texts_of(tx, sheet.said),
        photos=_shown(sheet.photos), late=sheet.late, until=task.until, first_day=task.first_day, last_day=task.last_day,
        sent_at=sheet.sent_at, reason=sheet.reason, note=texts_of(tx, sheet.note).get("note"),
        mine=sheet.sent_by is not None and sheet.sent_by == account,
    )  # fmt: skip


def point_view(tx: Tx, point: Point, policy: Policy) -> SurveyPointView:
    """A point with what is looked for there."""
    form = policy.survey_by_code.get(point.form)
    kind = form.places_by_code.get(point.kind) if form else None
    items = form.items_at(point.kind) if form else ()
    return SurveyPointView(
        id=point.id, no=point.no, task=point.task, form=point.form, object=point.object, kind=point.kind,
        kind_name=kind.name if kind else {}, place_name=place_name(point.place, policy), lon=point.lon, lat=point.lat,
        state=point.state, items=[SurveyChoiceView(code=each.code, name=each.name) for each in items],
        photos_min=kind.photos_min if kind else 0, found={each.item: each.times for each in _found(point.found)},
        missed=point.missed, photos=_shown(point.photos), note=texts_of(tx, point.note).get("note"), metres=point.metres,
        is_far=point.is_far, visited_at=point.visited_at, reason=point.reason,
    )  # fmt: skip


def place_name(place: str, policy: Policy) -> Words:
    """What people call the place that was drawn."""
    of, _, rest = place.partition("/")
    if of == "component":
        found = policy.component_by_code.get(rest)  # type: ignore[call-overload]
        kind = policy.class_by_key.get(found.class_key) if found else None
        return {language: f"{name} {rest}" for language, name in kind.name.items()} if kind else {}
    named = policy.road_by_code if of == "road" else policy.landmark_by_code
    known = named.get(rest.partition("/")[0])
    return known.name if known else {}


def task_line(task: Task, parts: store.Parts) -> SurveyTaskLine:
    """A task in a list."""
    sheets, points, progress = parts.sheets, parts.points, parts.progress
    return SurveyTaskLine(
        id=task.id, no=task.no, who=task.who.value, forms=_texts(task.forms), objects=_texts(task.objects),
        first_day=task.first_day, last_day=task.last_day, until=task.until, scheme=task.scheme, state=task.state.value, version=task.version,
        opened_at=task.opened_at, sheets=len(sheets), sheets_done=sum(each.state is SheetState.accepted for each in sheets),
        sheets_sent=sum(each.state is SheetState.sent for each in sheets), points=len(points),
        points_done=sum(each.state is PointState.visited for each in points), invited=sum(each.invited for each in progress),
        answered=sum(each.answered for each in progress), simulated=task.simulated,
    )  # fmt: skip


def task_parts(tx: Tx, task: Task, parts: store.Parts, account: str | None, policy: Policy) -> dict[str, object]:
    """What the whole view says besides the line."""
    texts_ahead(tx, [id for each in parts.sheets for id in (each.said, each.note)] + [each.note for each in parts.points])
    return {
        "visitors": list(visitors_of(tx, task)), "short": _short(task.short),
        "all_sheets": [sheet_view(tx, each, account) for each in parts.sheets],
        "all_points": [point_view(tx, each, policy) for each in parts.points],
        "progress": parts.progress, "reason": task.reason, "ended_at": task.ended_at, "correcting": note_words(tx, task.note),
        "versions": versions_of(tx, task),
    }  # fmt: skip


def versions_of(tx: Tx, task: Task) -> list[SurveyVersionView]:
    """All that was published of a task, the first first; what the last one said are its numbers."""
    said = store.replaced_list(tx, task.id)
    return [
        SurveyVersionView(
            version=each.version, holds=each.version == task.version, corrects=each.version - 1 if each.reason else None,
            reason=each.reason, words=note_words(tx, each.note), lacks=each.lacks, published_at=each.published_at,
            said=[one for one in said if one.version == each.version],
        )
        for each in store.version_list(tx, task.id)
    ]  # fmt: skip


def _shown(photos: str) -> list[SpotPhoto]:
    at = "/v1/survey/photos/"
    return [SpotPhoto(shown=at + each.shown, thumb=at + each.thumb) for each in _photos(photos)]
