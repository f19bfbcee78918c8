"""A case as a desk needs it, in one request: codes and words, the proposal with its reasons, and every deed with its form."""

from collections.abc import Sequence
from datetime import datetime

from litestar import Request, Response, get
from msgspec import Struct
from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain.facts import Proposal, ReportUnderstood, SaidPlace
from cityloop.domain.ids import CaseId, ReportId
from cityloop.domain.lifecycle import State
from cityloop.domain.permission import Permission
from cityloop.http import Door, needs
from cityloop.http.door import etag
from cityloop.pages.asked import ApprovalLine
from cityloop.pages.case import CaseView, TaskLine
from cityloop.pages.console.forms import DeedView, deed_views
from cityloop.pages.console.relatives import Relatives, RelativesView, relatives_of, relatives_view
from cityloop.pages.copies import CopyView, copy_view
from cityloop.pages.moves import DEEDS
from cityloop.pages.sheet import Sheet, sheet_of, teller_for
from cityloop.pages.showing import rule_of, steps_of
from cityloop.pages.telling import Step, Teller

ASKING = frozenset({State.reported, State.verifying, State.to_file})  # somebody still decides what it is


class Reasoned(Struct, frozen=True, kw_only=True):
    """Something proposed: what, in words, how sure, and why. `taken`: it is so, or will be if nobody says otherwise."""

    value: str
    words: str
    more: str  # limit, level, who helps
    confidence_ppm: int | None
    confidence: str | None
    reasons: list[str]
    taken: bool


class RuleWords(Struct, frozen=True, kw_only=True):
    """The rule in words. `kept`: the case was filed under it; else it is the one that would be taken."""

    code: str
    limit: str
    file_condition: str
    close_condition: str
    source: str
    kept: bool


class ProposalView(Struct, frozen=True, kw_only=True):
    """What the machine proposes now, and why it did not do it alone."""

    about: str  # class or unit
    title: str
    options: list[Reasoned]
    not_alone: list[str]
    rule: RuleWords | None


class PlaceWords(Struct, frozen=True, kw_only=True):
    """A place that the words name, as the reader calls it. Units: degrees (WGS 84)."""

    name: str
    within: str
    more: str  # how sure of its point, and how far from the report's own
    lon: float
    lat: float


class CaseWords(Struct, frozen=True, kw_only=True):
    """The case in the reader's words."""

    title: str
    place: str
    state: str
    level: str | None
    left: str | None
    limit: str | None
    measures: str | None
    lamp: str | None
    unit: str | None
    post: str | None
    marks: list[str]
    asks: str | None  # what is asked for in it, and not yet decided
    refused_for: str | None
    hold: str | None
    request: str | None = None  # what the first report wants 诉求类型, and how sure that is


class TaskWords(Struct, frozen=True, kw_only=True):
    """A task in the reader's words."""

    kind: str
    who: str
    limit: str | None
    outcome: str | None
    helps: list[str]


class OrderWords(Struct, frozen=True, kw_only=True):
    """What was ordered, in the reader's words."""

    kind: str
    says: list[str]
    unit: str


class ApprovalWords(Struct, frozen=True, kw_only=True):
    """A request in the reader's words."""

    kind: str
    reason: str
    who: str
    length: str | None
    outcome: str | None


class CaseScreen(Struct, frozen=True, kw_only=True):
    """A case whole for a desk. `tasks`, `orders` and `approvals` stand in the order of those of `case`."""

    case: CaseView
    words: CaseWords
    proposal: ProposalView | None
    relatives: RelativesView  # other cases of this problem, open and closed
    copies: list[CopyView]  # earlier reports with the same words or photo
    second_look: list[Reasoned]  # what an adviser outside proposes, as long as somebody decides what it is
    places: list[PlaceWords]  # as long as somebody decides where it is
    deeds: list[DeedView]
    story: list[Step] | None  # None: the caller may not read facts
    tasks: list[TaskWords]
    orders: list[OrderWords]
    approvals: list[ApprovalWords]
    channels: dict[str, str]  # of reports, in words
    contacts: dict[str, str]  # report -> masked
    to_reveal: list[ReportId]  # reports of which the reader may see more, with a reason
    offset: str  # of the city's clock, now: +08:00
    now: datetime


def screen_of(sheet: Sheet, relatives: Relatives, tell: Teller, now: datetime) -> CaseScreen:
    """The case of a sheet, said to one reader."""
    view = sheet.view
    return CaseScreen(
        case=view, words=replace(case_words(view, tell), request=_request(sheet, tell)), proposal=proposal_of(view, tell),
        relatives=relatives_view(relatives, view.opened_at, tell),
        copies=[copy_view(each, view.id, tell) for each in sheet.copies], second_look=_reasoned(sheet.second_look, view, tell),
        places=place_words(view, tell),
        deeds=deed_views(view, sheet.offers, DEEDS, tell), story=steps_of(sheet, tell),
        tasks=[_task(each, tell) for each in view.tasks],
        orders=[
            OrderWords(
                kind=tell.word(f"order.{each.kind}"), says=[tell.word(code) for code in each.says],
                unit=tell.unit(each.unit),
            )
            for each in view.orders
        ],
        approvals=[_approval(each, tell) for each in view.approvals],
        channels={each.channel: tell.word(f"channel.{each.channel}") for each in view.reports},
        contacts=sheet.contacts, to_reveal=sheet.to_reveal, offset=_offset(now, tell), now=now,
    )  # fmt: skip


def _request(sheet: Sheet, tell: Teller) -> str | None:
    """What the first report wants, and how sure that is; None where it is not told, or the reader may not read facts."""
    understood = [each.fact for each in sheet.story or () if isinstance(each.fact, ReportUnderstood)]
    if not understood or understood[0].request is None:
        return None
    wanted = understood[0].request
    return f"{tell.word(f'order.request_kind.{wanted.kind}')} {tell.percent(wanted.confidence_ppm)}"


def _offset(now: datetime, tell: Teller) -> str:
    plain = f"{now.astimezone(tell.zone):%z}"
    return f"{plain[:3]}:{plain[3:5]}"


def case_words(view: CaseView, tell: Teller) -> CaseWords:
    """The head of the case."""
    clock, hold = view.clock, view.hold
    held = None
    if hold:
        until = tell.word("page.held_until", until=tell.short(hold.until))
        held = f"{tell.word(f'approval.kind.{hold.kind}')} · {tell.word(f'approval.reason.{hold.reason}')} · {until}"
    return CaseWords(
        title=tell.kind(view.class_key), place=tell.place(view.where.cell, view.where.street, view.where.district),
        state=tell.word(f"state.{view.state}"), level=tell.word(f"level.{view.level}") if view.level else None,
        left=tell.left(clock) if clock else None, limit=tell.limit(clock.limit) if clock else None,
        measures=tell.word(f"page.measures.{clock.measures}") if clock else None,
        lamp=tell.word(f"lamp.{clock.lamp}") if clock else None, unit=tell.unit(view.unit) or None,
        post=tell.post(view.post) or None, marks=[tell.word(f"mark.{each}") for each in view.marks],
        asks=tell.word(f"approval.kind.{view.approval_kind}") if view.approval_kind else None,
        refused_for=tell.word(f"filing.reason.{view.refused_for}") if view.refused_for else None, hold=held,
    )  # fmt: skip


def proposal_of(view: CaseView, tell: Teller) -> ProposalView | None:
    """The class as long as somebody decides what it is; then the unit, as long as somebody decides who acts."""
    rule = rule_of(view, tell)
    ruled = None
    if rule:
        ruled = RuleWords(
            code=rule.code, limit=tell.limit(rule.limit), file_condition=tell.of(rule.file_condition),
            close_condition=tell.of(rule.close_condition), source=tell.source(rule.source), kept=view.rule is not None,
        )  # fmt: skip
    about, options = "class", _classes(view, tell)
    if view.state not in ASKING:
        about, options = "unit", _units(view, tell)
    if not options and ruled is None:
        return None
    alone = [tell.reason(each) for each in view.why] if view.state in (*ASKING, State.to_dispatch) else []
    title = tell.word("page.why" if about == "class" else "page.proposed_units" if view.duties else "page.responsible")
    return ProposalView(about=about, title=title, options=options, not_alone=alone, rule=ruled)


def place_words(view: CaseView, tell: Teller) -> list[PlaceWords]:
    """What the words name, while a person decides."""
    return [
        PlaceWords(
            name=tell.said_place(each), within=tell.around(each), more=" · ".join(_place_reasons(each, tell)), lon=each.lon,
            lat=each.lat,
        )
        for each in view.places
        if view.state in ASKING
    ]  # fmt: skip


def _place_reasons(place: SaidPlace, tell: Teller) -> list[str]:
    found = [tell.word(f"place.kind.{place.kind}"), tell.word("page.within_m", metres=f"{place.reach_m:,}")]
    if place.apart_m is not None:
        found.append(tell.word("page.apart_m", metres=f"{place.apart_m:,}"))
    return found


def _classes(view: CaseView, tell: Teller) -> list[Reasoned]:
    return _reasoned(view.proposals, view, tell)


def _reasoned(proposals: Sequence[Proposal], view: CaseView, tell: Teller) -> list[Reasoned]:
    return [
        Reasoned(
            value=each.class_key, words=tell.kind(each.class_key), more="", confidence_ppm=each.confidence_ppm,
            confidence=tell.percent(each.confidence_ppm), reasons=[tell.reason(why) for why in each.reasons],
            taken=each.class_key == view.class_key,
        )
        for each in proposals
    ]  # fmt: skip


def _units(view: CaseView, tell: Teller) -> list[Reasoned]:
    found = []
    for place, each in enumerate(view.duties):
        helps = f" · {tell.word('says.assist')} {', '.join(map(tell.unit, each.assist))}" if each.assist else ""
        found.append(
            Reasoned(
                value=each.unit, words=tell.unit(each.unit),
                more=f"{tell.word(f'level.{each.level}')} · {tell.limit(each.limit)}{helps}",
                confidence_ppm=None, confidence=None, reasons=[tell.reason(why) for why in each.why],
                taken=each.unit == view.unit if view.unit else place == 0,
            )
        )  # fmt: skip
    return found


def _task(task: TaskLine, tell: Teller) -> TaskWords:
    return TaskWords(
        kind=tell.word(f"task.{task.kind}"), who=tell.unit(task.unit) if task.unit else tell.post(task.post),
        limit=tell.limit(task.limit) if task.limit else None,
        outcome=tell.word(f"outcome.{task.outcome}") if task.outcome else None,
        helps=[tell.unit(each) for each in task.assist],
    )  # fmt: skip


def _approval(asked: ApprovalLine, tell: Teller) -> ApprovalWords:
    return ApprovalWords(
        kind=tell.word(f"approval.kind.{asked.kind}"), reason=tell.asked_reason(asked.reason), who=tell.role(asked.role),
        length=tell.limit(asked.length) if asked.length else None,
        outcome=tell.word(f"approval.outcome.{asked.outcome}") if asked.outcome else None,
    )  # fmt: skip


@get("/v1/screens/case/{case_id:str}", guards=[needs(Permission.case_read)])
async def get_case_screen(case_id: CaseId, request: Request, door: Door) -> Response[CaseScreen]:
    """A case as a desk needs it: in the reader's words, with the proposal, the story, and each deed with its form."""

    def read(tx: Tx) -> tuple[Sheet, Relatives]:
        sheet = sheet_of(tx, door.caller, case_id, policy=door.policy, now=door.now)
        return sheet, relatives_of(tx, door.caller, sheet)

    sheet, relatives = await door.read(read, short=True)
    screen = screen_of(sheet, relatives, teller_for(request, door.policy, sheet), door.now)
    return Response(screen, headers={**etag(sheet.view.no), "Cache-Control": "no-store"})


ROUTES = [get_case_screen]
