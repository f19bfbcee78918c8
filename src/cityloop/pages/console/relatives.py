"""What a case has to do with others: cases that its report may be part of, with reasons; and what was closed here before."""

from datetime import datetime

from msgspec import Struct

from cityloop.cases import Case
from cityloop.cases.store import case_get
from cityloop.db import Tx
from cityloop.domain.facts import Join, ReportUnderstood
from cityloop.domain.ids import CaseId
from cityloop.domain.permission import Permission
from cityloop.http import Caller
from cityloop.pages.sheet import Sheet
from cityloop.pages.telling import Teller
from cityloop.people.scope import sees

BEFORE_MAX = 5  # further back it is counted no more
DAY_S = 86_400


class JoinView(Struct, frozen=True, kw_only=True):
    """An open case of which the report may be another sight, in the reader's words. `surest`: what the machine goes by."""

    case: CaseId
    number: str | None
    title: str
    state: str
    confidence_ppm: int
    confidence: str
    reasons: list[str]
    surest: bool


class BeforeView(Struct, frozen=True, kw_only=True):
    """A case of the class that was closed here before. `days`: from that closing until it came back."""

    case: CaseId
    number: str | None
    closed_at: datetime
    days: int
    says: list[str]  # who did it, in time or late, and how often it was done again


class RelativesView(Struct, frozen=True, kw_only=True):
    """`before` has the last closed first; `is_more`: there are yet older ones."""

    joins: list[JoinView]
    before: list[BeforeView]
    is_more: bool


class Relatives(Struct, frozen=True, kw_only=True):
    """The cases themselves, as far as the caller may know of them."""

    joins: tuple[tuple[Join, Case], ...] = ()
    before: tuple[Case, ...] = ()
    is_more: bool = False


def relatives_of(tx: Tx, caller: Caller, sheet: Sheet) -> Relatives:
    """What the case has to do with others: one statement for the joins, one for each closed case."""
    seats = caller.seats_with(Permission.case_read)
    understood = next((each.fact for each in sheet.story or () if isinstance(each.fact, ReportUnderstood)), None)
    joins = understood.joins if understood else ()
    tx.get_many("case_file", Case, [join.case_id for join in joins])
    known = [(join, case_get(tx, join.case_id)) for join in joins]
    before: list[Case] = []
    at = sheet.view.recurs
    while at and len(before) < BEFORE_MAX:
        case = case_get(tx, at)
        before.append(case)
        at = case.recurs
    return Relatives(
        joins=tuple((join, case) for join, case in known if any(sees(seat, case) for seat in seats)),
        before=tuple(case for case in before if any(sees(seat, case) for seat in seats)), is_more=at is not None,
    )  # fmt: skip


def relatives_view(found: Relatives, opened_at: datetime, tell: Teller) -> RelativesView:
    """The same, said to one reader."""
    surest = max((join for join, _ in found.joins if join.other_class is None), key=lambda join: join.confidence_ppm, default=None)
    before, since = [], opened_at
    for case in found.before:
        closed_at = case.closed_at or case.opened_at
        before.append(
            BeforeView(
                case=case.id, number=case.number, closed_at=closed_at, says=_done(case, tell),
                days=round((since - closed_at).total_seconds() / DAY_S),
            )
        )  # fmt: skip
        since = case.opened_at
    return RelativesView(
        joins=[
            JoinView(
                case=case.id, number=case.number, title=tell.kind(case.class_key), state=tell.word(f"state.{case.state}"),
                confidence_ppm=join.confidence_ppm, confidence=tell.percent(join.confidence_ppm),
                reasons=[tell.reason(why) for why in join.reasons], surest=join is surest,
            )
            for join, case in found.joins
        ],
        before=before, is_more=found.is_more,
    )  # fmt: skip


def _done(case: Case, tell: Teller) -> list[str]:
    said = [tell.unit(case.unit)] if case.unit else []
    if case.on_time is not None:
        said.append(tell.word("says.in_time" if case.on_time else "says.overdue"))
    if again := case.reworks + (case.redos or 0):
        said.append(tell.word("page.done_again", n=again))
    return said
