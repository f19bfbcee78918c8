"""HTTP of the knowledge base: the staff's search and desk, inquiries, and what residents may read."""

from datetime import date, datetime, timedelta
from typing import Annotated

from litestar import Response, get, post
from litestar.params import Parameter
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.errors import Invalid
from cityloop.domain.facts import Channel
from cityloop.domain.permission import Permission
from cityloop.domain.personal import Personal
from cityloop.http import Door, Page, needs, page_limit
from cityloop.http.door import etag
from cityloop.http.strangers import LOOKS, SEARCHES, pace_stranger
from cityloop.knowledge import rules, service, store
from cityloop.knowledge.model import ANSWER, KNOWLEDGE_DAYS, QUESTION_DAYS, Entry, EntryUnknown
from cityloop.knowledge.views import (
    AnswerView,
    EntryLine,
    EntryView,
    InquiryView,
    answer_view,
    entry_view,
    inquiry_view,
    line_of,
    title_of,
)

NO_STORE = {"Cache-Control": "no-store"}
PUBLIC_MAX = 20
DAYS_MAX = 400
TITLED = 50  # entries of a period that are told by their titles
BEHIND_MAX = 500
Text = Annotated[str, Personal(ANSWER, keep_days=KNOWLEDGE_DAYS)]
READ, WRITE = [needs(Permission.knowledge_read)], [needs(Permission.knowledge_write)]
APPROVE, TELL = [needs(Permission.knowledge_approve)], [needs(Permission.report_behalf)]


class EntryAsked(Struct, kw_only=True):
    """What an entry shall say, of which classes and areas (none: all), who answers for it, and until which day."""

    title: Text
    text: Text
    owner: str
    valid_until: date
    classes: list[str] = []
    areas: list[str] = []
    public: bool = False


class DecisionAsked(Struct, kw_only=True):
    """Whether the newest revision is published; if not, why: a code of `knowledge.rejection.*`."""

    revision: int
    granted: bool
    reason: str | None = None


class FlagAsked(Struct, kw_only=True):
    """What is amiss: a code of `knowledge.flag.*`."""

    reason: str
    note: Annotated[str, Personal(ANSWER, keep_days=QUESTION_DAYS)] = ""


class ConfirmAsked(Struct, kw_only=True):
    """Until which day it holds."""

    valid_until: date


class RetireAsked(Struct, kw_only=True):
    """Why it is read no more: a code of `knowledge.retirement.*`."""

    reason: str


class InquiryAsked(Struct, kw_only=True):
    """Who was answered with what: `channel` hotline or counter."""

    entry: str
    channel: Channel = Channel.hotline
    class_key: str | None = None
    question: Annotated[str, Personal("to see what people ask", keep_days=QUESTION_DAYS)] = ""
    phone: Annotated[str, Personal("to call back", keep_days=365)] = ""


class InquiryFigures(Struct, kw_only=True):
    """Inquiries answered in a period. They are neither reports nor cases, and no rate of those counts them."""

    first_day: date
    last_day: date
    inquiries: int
    by_channel: list[store.Tally]
    by_entry: list[store.Tally]
    by_class: list[store.Tally]  # "": of no class
    titles: dict[str, str]  # of the entries, as far as their words are kept


class InquiryCounted(Struct, kw_only=True):
    """An inquiry behind the figures: when, by which channel, with which entry; neither who asked nor their words."""

    id: str
    answered_at: datetime
    channel: str
    class_key: str | None
    entry: str
    title: str | None


@post("/v1/knowledge", status_code=201, guards=WRITE)
async def post_entry(data: EntryAsked, door: Door) -> Response[EntryView]:
    """Write an entry. It is read once somebody else has approved it."""
    return await _drafted(door, data, None)


@post("/v1/knowledge/{entry_id:str}/revisions", status_code=201, guards=WRITE)
async def post_revision(entry_id: str, data: EntryAsked, door: Door) -> Response[EntryView]:
    """Write another revision; the one before is read until this one is approved."""
    return await _drafted(door, data, entry_id)


@post("/v1/knowledge/{entry_id:str}/decision", status_code=201, guards=APPROVE)
async def post_decision(entry_id: str, data: DecisionAsked, door: Door) -> Response[EntryView]:
    """Publish the newest revision, or reject it."""
    by = door.caller.account or ""
    await door.change(
        lambda tx: service.decide_revision(
            tx, entry_id, data.revision, granted=data.granted, reason=data.reason, by=by
        ),
        of=f"knowledge/{entry_id}",
    )  # fmt: skip
    return await _shown(door, entry_id, 201)


@post("/v1/knowledge/{entry_id:str}/flags", status_code=201, guards=READ)
async def post_flag(entry_id: str, data: FlagAsked, door: Door) -> Response[EntryView]:
    """Say that an entry is outdated, wrong or unclear. Anybody of the staff may."""
    by, policy = door.caller.account or "", door.policy
    await door.change(
        lambda tx: service.flag_entry(tx, entry_id, reason=data.reason, note=data.note, by=by, policy=policy)
    )
    return await _shown(door, entry_id, 201)


@post("/v1/knowledge/{entry_id:str}/confirmation", status_code=201, guards=[needs(Permission.knowledge_write, Permission.knowledge_approve)])
async def post_confirmation(entry_id: str, data: ConfirmAsked, door: Door) -> Response[EntryView]:
    """Say that it holds until another day: for posts of the unit that owns it, and for who approves."""
    await door.change(
        lambda tx: service.confirm_entry(
            tx, entry_id, valid_until=data.valid_until, caller=door.caller, policy=door.policy
        ),
        of=f"knowledge/{entry_id}",
    )  # fmt: skip
    return await _shown(door, entry_id, 201)


@post("/v1/knowledge/{entry_id:str}/retirement", status_code=201, guards=APPROVE)
async def post_retirement(entry_id: str, data: RetireAsked, door: Door) -> Response[EntryView]:
    """Read an entry no more."""
    by = door.caller.account or ""
    await door.change(
        lambda tx: service.retire_entry(tx, entry_id, reason=data.reason, by=by), of=f"knowledge/{entry_id}"
    )
    return await _shown(door, entry_id, 201)


@get("/v1/knowledge", guards=READ)
async def get_entries(
    door: Door, q: str = "", shown: str = "read", after: str | None = None, limit: int = 30
) -> Response[Page[EntryLine]]:
    """What is found by `q`, best first; without it, entries by how they stand: read, waiting, flagged, expired, retired."""
    if shown not in store.SHOWN:
        raise Invalid(f"shown={shown[:20]} is no list; choose one of {', '.join(store.SHOWN)}.")
    page = await door.read(lambda tx: _lines(tx, door, q, shown, after, page_limit(limit)))
    return Response(page, headers=NO_STORE)


@get("/v1/knowledge/{entry_id:str}", guards=READ)
async def get_entry(entry_id: str, door: Door) -> Response[EntryView]:
    """An entry with its revisions and flags."""
    return await _shown(door, entry_id, 200)


@get("/v1/answers")
async def get_answers(door: Door, q: Annotated[str, Parameter(max_length=200)] = "") -> list[AnswerView]:
    """What the city answers, as far as residents may read it: what is found by `q`, or the newest."""
    pace_stranger(door, SEARCHES)

    def ask(tx: Tx) -> list[AnswerView]:
        day = rules.today(door.now, door.policy)
        if grams := rules.grams_asked(q):
            ids = _found(tx, grams, day, public=True, limit=PUBLIC_MAX)
        else:
            ids = [id for id, _ in store.entry_list(tx, "read", day, public=True, after=None, limit=PUBLIC_MAX)]
        return [found for id in ids if (found := _answer(tx, store.entry_get(tx, id), day))]

    return await door.read(ask)


@get("/v1/answers/{entry_id:str}")
async def get_answer(entry_id: str, door: Door) -> AnswerView:
    """One public entry."""
    pace_stranger(door, LOOKS)

    def ask(tx: Tx) -> AnswerView:
        found = _answer(tx, store.entry_get(tx, entry_id), rules.today(door.now, door.policy))
        if found is None:
            raise EntryUnknown(f"There is no entry {entry_id[:60]}; search for it.")
        return found

    return await door.read(ask)


@post("/v1/inquiries", status_code=201, guards=TELL)
async def post_inquiry(data: InquiryAsked, door: Door) -> Response[InquiryView]:
    """Note that somebody was answered from the knowledge base, without a case."""
    if data.channel not in (Channel.hotline, Channel.counter):
        raise Invalid(f"Inquiries come by hotline or counter, not by {data.channel}; choose one of the two.")
    asked = service.Asked(
        entry=data.entry, channel=data.channel, class_key=data.class_key, question=data.question, phone=data.phone
    )
    by, policy = door.caller.account or "", door.policy
    id = await door.change(lambda tx: service.answer_inquiry(tx, asked, by=by, policy=policy))

    def ask(tx: Tx) -> InquiryView:
        found = store.inquiry_get(tx, id)
        assert found, f"inquiry {id} was just answered"
        return inquiry_view(tx, found)

    return Response(await door.read(ask), status_code=201, headers=NO_STORE)


@get("/v1/inquiries", guards=TELL)
async def get_inquiries(
    door: Door, entry: str | None = None, after: str | None = None, limit: int = 50
) -> Response[Page[InquiryView]]:
    """Inquiries that were answered, the newest first; of one entry, or of all."""
    count = page_limit(limit)

    def ask(tx: Tx) -> Page[InquiryView]:
        rows = store.inquiry_list(tx, entry=entry, after=after, limit=count + 1)
        return Page(
            items=[inquiry_view(tx, each) for each in rows[:count]], next=rows[count - 1].id if len(rows) > count else None
        )

    return Response(await door.read(ask), headers=NO_STORE)


@get("/v1/inquiries/figures", guards=[needs(Permission.figures_read)])
async def get_inquiry_figures(door: Door, first_day: date, last_day: date) -> InquiryFigures:
    """How many inquiries were answered in a period, by channel, entry and class; apart from reports and cases."""
    since, until = _span(door, first_day, last_day)

    def ask(tx: Tx) -> InquiryFigures:
        channel, entry, classes = (store.inquiry_count(tx, since, until, by) for by in ("channel", "entry", "class"))
        return InquiryFigures(
            first_day=first_day, last_day=last_day, inquiries=sum(each.inquiries for each in channel), by_channel=channel,
            by_entry=entry, by_class=classes,
            titles={each.key: title for each in entry[:TITLED] if (title := title_of(tx, each.key))},
        )  # fmt: skip

    return await door.read(ask)


@get("/v1/inquiries/figures/inquiries", guards=[needs(Permission.figures_read)])
async def get_inquiries_behind(
    door: Door, first_day: date, last_day: date, entry: str | None = None, channel: str | None = None
) -> list[InquiryCounted]:
    """Exactly the inquiries behind a figure, the newest first, 500 at most."""
    since, until = _span(door, first_day, last_day)

    def ask(tx: Tx) -> list[InquiryCounted]:
        rows = store.inquiry_list_between(tx, since, until, entry=entry, channel=channel, limit=BEHIND_MAX)
        titles = {id: title_of(tx, id) for id in {row.entry for row in rows}}
        return [
            InquiryCounted(
                id=row.id, answered_at=row.answered_at, channel=row.channel, class_key=row.class_key, entry=row.entry,
                title=titles[row.entry],
            )
            for row in rows
        ]  # fmt: skip

    return await door.read(ask)


def _span(door: Door, first_day: date, last_day: date) -> tuple[datetime, datetime]:
    """The moments at which a period begins and is over.

    Refuses with `Invalid`.
    """
    if not first_day <= last_day or last_day - first_day > timedelta(days=DAYS_MAX):
        raise Invalid(f"{first_day} to {last_day} is no period; give a first and a last day, {DAYS_MAX} at most.")
    zone = calendar_in(door.policy).zone
    since, until = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in (first_day, last_day + timedelta(1)))
    return since, until


def _lines(tx: Tx, door: Door, q: str, shown: str, after: str | None, count: int) -> Page[EntryLine]:
    day, grams = rules.today(door.now, door.policy), rules.grams_asked(q)
    if grams:
        rows = [(id, store.entry_get(tx, id).published) for id in _found(tx, grams, day, public=False, limit=count)]
        return Page(items=[line_of(tx, id, revision, day, grams) for id, revision in rows])
    rows = store.entry_list(tx, shown, day, after=after, limit=count + 1)
    items = [line_of(tx, id, revision, day, grams) for id, revision in rows[:count]]
    return Page(items=items, next=rows[count - 1][0] if len(rows) > count else None)


def _found(tx: Tx, grams: list[str], day: date, *, public: bool, limit: int) -> list[str]:
    found = store.entry_find(tx, grams, day, public=public, limit=limit)
    return [each.id for each in found[: rules.worth_showing([each.score for each in found])]]


def _answer(tx: Tx, entry: Entry, day: date) -> AnswerView | None:
    row = store.revision_get(tx, entry.id, entry.published) if entry.published else None
    if row is None or not row.is_public or rules.why_not_read(entry, row, day):
        return None
    return answer_view(tx, entry, row)


async def _drafted(door: Door, data: EntryAsked, of: str | None) -> Response[EntryView]:
    draft = service.Draft(
        title=data.title, text=data.text, classes=data.classes, areas=data.areas, owner=data.owner,
        valid_until=data.valid_until, is_public=data.public,
    )  # fmt: skip
    by, policy = door.caller.account or "", door.policy
    id = await door.change(
        lambda tx: service.draft_entry(tx, draft, of=of, by=by, policy=policy), of=f"knowledge/{of}" if of else None
    )
    return await _shown(door, id, 201)


async def _shown(door: Door, id: str, status: int) -> Response[EntryView]:
    view = await door.read(lambda tx: entry_view(tx, store.entry_get(tx, id), rules.today(door.now, door.policy)))
    return Response(view, status_code=status, headers={**etag(view.no), **NO_STORE})


ROUTES = [
    post_entry, post_revision, post_decision, post_flag, post_confirmation, post_retirement, get_entries, get_entry,
    get_answers, get_answer, post_inquiry, get_inquiries, get_inquiry_figures, get_inquiries_behind,
]  # fmt: skip
