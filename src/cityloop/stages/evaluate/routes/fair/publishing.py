"""HTTP of publishing scores: the draft with how sure it is, public notice, versions, appeals, the end of the notice."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import Response, get, post
from msgspec import Struct

from cityloop.cases.notes import KEEP_DAYS
from cityloop.db import Tx
from cityloop.domain.facts import FrozenScore
from cityloop.domain.ids import CaseId, UnitId
from cityloop.domain.permission import Permission
from cityloop.domain.personal import Personal
from cityloop.domain.policy import Policy, Words
from cityloop.domain.time import utc_text
from cityloop.http import Door, Page, needs, page_limit
from cityloop.http.door import etag
from cityloop.http.lists import keys_of, mark_of
from cityloop.stages.evaluate import rules
from cityloop.stages.evaluate.model import By, Period
from cityloop.stages.evaluate.model.published import ScoreAppealRow, SheetRow, SheetState, WholeCityOnly
from cityloop.stages.evaluate.routes.asking import FirstDay, LastDay
from cityloop.stages.evaluate.routes.scoring import span_asked
from cityloop.stages.evaluate.rules.fair.sheets import PLACED_LEAST, FairSheet
from cityloop.stages.evaluate.service import fair as service
from cityloop.stages.evaluate.store.fair.sheets import appeal_list_of, sheet_get, sheet_last, sheet_list

NO_STORE = {"Cache-Control": "no-store"}
SHOWN = "to show why a published score should be otherwise"
READS, PUBLISHES = [needs(Permission.figures_read)], [needs(Permission.score_publish)]
APPEALS, JUDGES = [needs(Permission.case_appeal)], [needs(Permission.case_judge)]


class PublishedSheet(Struct, kw_only=True):
    """A published sheet, without its scores. `corrects`: in whose place it stands; `words`: why, told where it is read whole."""

    id: str
    scheme: str
    scheme_name: Words
    by: str
    first_day: str
    last_day: str
    version: int
    state: SheetState
    reason: str | None
    as_of: datetime
    seq: int
    pack: str
    excluded: list[CaseId]
    published_at: datetime
    notice_until: datetime
    settled_at: datetime | None
    replaced_by: str | None
    corrects: str | None
    words: Annotated[str, Personal("to say what was wrong in what was published", keep_days=KEEP_DAYS)] | None = None


class ScoreAppealView(Struct, kw_only=True):
    """What a unit said against a published score, and what was found. `upheld` None: it waits."""

    id: str
    sheet: str
    object: str
    indicator: str | None
    lodged_at: datetime
    note: Annotated[str, Personal(SHOWN, keep_days=KEEP_DAYS)] | None
    upheld: bool | None
    reason: str | None
    decided_at: datetime | None
    answer: Annotated[str, Personal(SHOWN, keep_days=KEEP_DAYS)] | None


class PublishedView(Struct, kw_only=True):
    """A published sheet with its scores, as they were frozen. `placed_least`: with fewer cases there is no place."""

    sheet: PublishedSheet
    scores: list[FrozenScore]
    appeals: list[ScoreAppealView]
    placed_least: int
    names: dict[str, Words]
    line_names: dict[str, Words]


class ScoresDraftView(Struct, kw_only=True):
    """Scores as they would be frozen, and the version that stands."""

    draft: FairSheet
    published: PublishedView | None
    placed_least: int
    names: dict[str, Words]


class PublishAsked(Struct, kw_only=True):
    """What is published, for how many days of notice; of a correction a code of `scores.reason.*`, and what was wrong in words."""

    scheme: str
    first_day: date
    last_day: date
    notice_days: int
    reason: str | None = None
    words: Annotated[str, Personal("to say what was wrong in what was published", keep_days=KEEP_DAYS)] = ""


class ScoreAppealAsked(Struct, kw_only=True):
    """Which score, or which line of it, is not right, and why."""

    object: str
    words: Annotated[str, Personal(SHOWN, keep_days=KEEP_DAYS)]
    indicator: str | None = None


class ScoreDecision(Struct, kw_only=True):
    """What was found, and a code of `scores.decided.*`."""

    upheld: bool
    reason: str
    words: Annotated[str, Personal(SHOWN, keep_days=KEEP_DAYS)] = ""


@get("/v1/scores/draft", guards=PUBLISHES)
async def get_draft(
    door: Door, scheme: str, first_day: FirstDay = None, last_day: LastDay = None, period: Period | None = None,
    on: date | None = None,
) -> Response[ScoresDraftView]:  # fmt: skip
    """The scores of a scheme as they are now, with intervals, places as ranges, unlike work made alike; beside the version that stands."""
    span = span_asked(door, first_day, last_day, period, on)

    def ask(tx: Tx) -> ScoresDraftView:
        row = sheet_last(tx, scheme, str(span.first_day), str(span.last_day))
        draft = service.fair_sheet(tx, scheme, span, policy=door.policy, now=door.now)
        names = _names(draft.by, [each.score.object for each in draft.scores], door.policy)
        there = _published(tx, row, door.policy) if row else None
        return ScoresDraftView(draft=draft, published=there, placed_least=PLACED_LEAST, names=names)

    return Response(await door.read(ask), headers=NO_STORE)


@post("/v1/scores/published", status_code=201, guards=PUBLISHES)
async def post_published(data: PublishAsked, door: Door) -> Response[PublishedView]:
    """Freeze the scores of a period that is over, and begin the public notice."""
    _whole_city(door)
    span = span_asked(door, data.first_day, data.last_day)
    # read in a moment of its own: only what is numbered in the journal may stand in the sheet
    sheet = await door.read(lambda tx: service.fair_sheet(tx, data.scheme, span, policy=door.policy, now=door.now))
    id = await door.change(
        lambda tx: service.publish_scores(
            tx, sheet, notice_days=data.notice_days, reason=data.reason, words=data.words, by=door.caller.account,
            policy=door.policy, now=tx.now,
        )
    )  # fmt: skip
    return await _one(door, id)


@get("/v1/scores/published", guards=READS)
async def get_published(
    door: Door, scheme: str | None = None, after: str | None = None, limit: int = 50
) -> Response[Page[PublishedSheet]]:
    """The sheets that were published, the newest first; versions that were replaced stay."""
    count = page_limit(limit)
    place = keys_of(after, 2) if after else None
    before = (datetime.fromisoformat(str(place[0])), str(place[1])) if place else None

    def ask(tx: Tx) -> Page[PublishedSheet]:
        rows = sheet_list(tx, scheme=scheme, before=before, limit=count + 1)
        more = mark_of(utc_text(rows[count - 1].published_at), rows[count - 1].id) if len(rows) > count else None
        return Page(items=[_sheet(each, door.policy) for each in rows[:count]], next=more)

    return Response(await door.read(ask), headers=NO_STORE)


@get("/v1/scores/published/{sheet_id:str}", guards=READS)
async def get_published_one(sheet_id: str, door: Door) -> Response[PublishedView]:
    """A published sheet with its numerators and denominators; appeals only for those who decide them."""
    return await _one(door, sheet_id)


@post("/v1/scores/published/{sheet_id:str}/final", status_code=201, guards=PUBLISHES)
async def post_final(sheet_id: str, door: Door) -> Response[PublishedView]:
    """End the public notice."""
    _whole_city(door)
    settle = lambda tx: service.settle_scores(tx, sheet_id, by=door.caller.account, now=tx.now)
    return await _one(door, await door.change(settle, of=f"sheet/{sheet_id}"))


@get("/v1/scores/mine", guards=APPEALS)
async def get_own_scores(door: Door, limit: int = 12) -> Response[list[PublishedView]]:
    """What was published of your own unit, the newest first, with what your unit said against it."""
    units = _units(door)

    def ask(tx: Tx) -> list[PublishedView]:
        found = []
        for row in sheet_list(tx, scheme=None, before=None, limit=page_limit(limit)):
            own = [each for each in service.scores_in(row) if each.object in units]
            if own:
                appeals = [_appeal(tx, each) for each in appeal_list_of(tx, row.id, units=units)]
                names = _names(row.by_kind, [each.object for each in own], door.policy)
                found.append(
                    PublishedView(
                        sheet=_sheet(row, door.policy), scores=own, appeals=appeals, placed_least=PLACED_LEAST, names=names,
                        line_names=_line_names(row, door.policy),
                    )
                )  # fmt: skip
        return found

    return Response(await door.read(ask), headers=NO_STORE)


@post("/v1/scores/published/{sheet_id:str}/appeals", status_code=201, guards=APPEALS)
async def post_score_appeal(sheet_id: str, data: ScoreAppealAsked, door: Door) -> Response[list[ScoreAppealView]]:
    """Say what is not right with the published score of your unit."""
    units = _units(door)
    await door.change(
        lambda tx: service.appeal_score(
            tx, sheet_id, object=data.object, indicator=data.indicator, words=data.words, by=door.caller.account, units=units,
            policy=door.policy, now=tx.now,
        )
    )  # fmt: skip
    told = await door.read(lambda tx: [_appeal(tx, each) for each in appeal_list_of(tx, sheet_id, units=units)])
    return Response(told, headers=NO_STORE)


@post("/v1/scores/published/{sheet_id:str}/appeals/{appeal_id:str}/decision", status_code=201, guards=JUDGES)
async def post_score_decision(
    sheet_id: str, appeal_id: str, data: ScoreDecision, door: Door
) -> Response[list[ScoreAppealView]]:
    """Find for or against the unit; what is upheld is put right by a new version."""
    units = [seat.unit for seat in door.caller.seats]
    await door.change(
        lambda tx: service.decide_score_appeal(
            tx, sheet_id, appeal_id, upheld=data.upheld, reason=data.reason, words=data.words, by=door.caller.account,
            units=units, policy=door.policy, now=tx.now,
        )
    )  # fmt: skip
    told = await door.read(lambda tx: [_appeal(tx, each) for each in appeal_list_of(tx, sheet_id)])
    return Response(told, headers=NO_STORE)


def _units(door: Door) -> frozenset[UnitId]:
    return frozenset(seat.unit for seat in door.caller.seats_with(Permission.case_appeal))


def _whole_city(door: Door) -> None:
    """That the caller answers for the whole city. Refuses with `WholeCityOnly`."""
    if all(seat.area is not None for seat in door.caller.seats_with(Permission.score_publish)):
        raise WholeCityOnly("Scores are published for the whole city; ask a post whose area is all of it.")


async def _one(door: Door, id: str) -> Response[PublishedView]:
    judges = door.caller.may(Permission.case_judge)

    def ask(tx: Tx) -> tuple[int, PublishedView]:
        row = sheet_get(tx, id)
        view = _published(tx, row, door.policy)
        return row.no, view if judges else msgspec.structs.replace(view, appeals=[])

    no, view = await door.read(ask)
    return Response(view, headers={**etag(no), **NO_STORE})


def _published(tx: Tx, row: SheetRow, policy: Policy) -> PublishedView:
    scores = list(service.scores_in(row))
    return PublishedView(
        sheet=_sheet(row, policy, service.words_of(tx, row.note)), scores=scores, placed_least=PLACED_LEAST, line_names=_line_names(row, policy),
        appeals=[_appeal(tx, each) for each in appeal_list_of(tx, row.id)],
        names=_names(row.by_kind, [each.object for each in scores], policy),
    )  # fmt: skip


def _names(by: str, objects: list[str], policy: Policy) -> dict[str, Words]:
    """What units and areas are called; people are not named here."""
    found = {each: rules.name_of(By(by), each, policy) for each in objects}
    return {each: name for each, name in found.items() if name}


def _line_names(row: SheetRow, policy: Policy) -> dict[str, Words]:
    """What the lines are called by the pack in force; of a scheme that it has no more, nothing."""
    scheme = policy.scoring.schemes.get(row.scheme)
    return {each.code: each.name for each in scheme.indicators} if scheme else {}


def _sheet(row: SheetRow, policy: Policy, words: str | None = None) -> PublishedSheet:
    same = {name: getattr(row, name) for name in PublishedSheet.__struct_fields__ if hasattr(row, name)}
    scheme = policy.scoring.schemes.get(row.scheme)
    same["scheme_name"] = scheme.name if scheme else {}
    return PublishedSheet(**(same | {"by": row.by_kind, "excluded": msgspec.json.decode(row.excluded, type=list[CaseId]), "words": words}))


def _appeal(tx: Tx, row: ScoreAppealRow) -> ScoreAppealView:
    return ScoreAppealView(
        id=row.id, sheet=row.sheet_id, object=row.object, indicator=row.indicator, lodged_at=row.lodged_at,
        note=service.words_of(tx, row.note), upheld=row.upheld, reason=row.reason, decided_at=row.decided_at,
        answer=service.words_of(tx, row.answer),
    )  # fmt: skip


ROUTES = [
    get_draft, post_published, get_published, get_published_one, post_final, get_own_scores, post_score_appeal,
    post_score_decision,
]  # fmt: skip
