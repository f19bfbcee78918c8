"""Hot issues and what will come back, in the reader's words, as far as the reader sees the cases."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from litestar import Request, get
from msgspec import Struct

from cityloop.cases import Case
from cityloop.cases.store import case_get
from cityloop.db import Tx
from cityloop.domain.copied import Copies
from cityloop.domain.facts.understand import Twice
from cityloop.domain.hot import Heat, Issue, before_and_not_solved
from cityloop.domain.ids import CaseId
from cityloop.domain.permission import Permission
from cityloop.http import Caller, Door, needs
from cityloop.pages.hot.keeper import Expected, Known, keeper_of
from cityloop.pages.sheet import teller_for
from cityloop.pages.telling import Teller
from cityloop.people.scope import sees

CASES_MAX = 50  # named behind an issue
SIGNS_SHOWN = 2
GROWING = 1.2


class IssueCase(Struct, frozen=True, kw_only=True):
    """A case behind an issue."""

    id: CaseId
    number: str | None
    title: str
    state: str
    is_open: bool
    opened_at: datetime


class IssueView(Struct, frozen=True, kw_only=True):
    """An issue. `signs` are words that many write and few others do, masked; none where a place and a class are all they share.

    `again`: how many said it after a case of it had been closed: complained of before, and not solved.
    """

    title: str
    place: str
    signs: list[str]
    telling: list[str]
    heat: Heat
    is_growing: bool
    messages: int
    people: int
    again: int
    open_cases: int
    first_at: datetime
    last_at: datetime
    cases: list[IssueCase]


class ExpectedView(Struct, frozen=True, kw_only=True):
    """A task before anybody complains: look here by then. `why`: pause, season."""

    title: str
    place: str
    unit: str
    due: datetime
    why: str
    times: int
    pause_days: int | None
    last: CaseId
    number: str | None


class CopiesView(Struct, frozen=True, kw_only=True):
    """Reports with one photo, text or caller: for a person to look at. `what`: photo, text, caller."""

    what: Twice
    reports: int
    people: int
    cases: list[IssueCase]


class HotScreen(Struct, frozen=True, kw_only=True):
    """The hot issues, growing ones first, and what is expected to come back; `at` when they were looked for, `since` from when on the
    reports were read."""

    at: datetime
    since: datetime
    issues: list[IssueView]
    expected: list[ExpectedView]
    is_more: bool  # more may be expected than is told
    copies: list[CopiesView]


def hot_screen(tx: Tx, caller: Caller, known: Known, tell: Teller) -> HotScreen:
    """What is known, as far as the caller sees the cases: one statement."""
    tx.get_many("case_file", Case, list(dict.fromkeys([*known.case_of.values(), *(each.last for each in known.expected)])))
    seats = caller.seats_with(Permission.report_read)

    def seen(id: CaseId) -> Case | None:
        case = case_get(tx, id)
        return case if any(sees(seat, case) for seat in seats) else None

    issues = [view for issue in known.issues if (view := _issue(issue, known, [seen(known.case_of[id]) for id in issue.messages], tell))]  # fmt: skip
    expected = [_expected(each, case, tell) for each in known.expected if (case := seen(each.last))]
    copies = [_copies(each, cases, tell) for each in known.copies if all(cases := [seen(known.case_of[id]) for id in each.reports])]
    return HotScreen(
        at=known.at, since=known.since, copies=copies, is_more=known.is_more, issues=sorted(issues, key=lambda each: (not each.is_growing, -each.heat.heat)), expected=expected
    )


def _headed(of_class: str, words: list[str]) -> list[str]:
    """What the issue is called: its class, and the words that say more than that.

    >>> _headed("路名牌", ["路名牌"]), _headed("共享单车管理", ["共享电单车"]), _headed("", ["魅力之城"])
    (['路名牌'], ['共享单车管理', '共享电单车'], ['魅力之城'])
    """
    return [*([of_class] if of_class else []), *[word for word in words if word not in of_class]]


def _issue(issue: Issue, known: Known, cases: Sequence[Case | None], tell: Teller) -> IssueView | None:
    """The issue, if the reader sees every case of it: its words come from all of them."""
    if not cases or any(case is None for case in cases):
        return None
    every = [case for case in cases if case]
    once = list({case.id: case for case in every}.values())
    classes = Counter(case.class_key for case in every if case.class_key)
    middle = Counter((case.cell, case.street, case.district) for case in every).most_common(1)[0][0]
    signs = [sign for sign in issue.signs if "/" not in sign][:SIGNS_SHOWN]
    said = [(at, case.closed_at) for at, case in zip(issue.moments, every, strict=True)]
    of_class = tell.kind(classes.most_common(1)[0][0]) if classes else ""
    return IssueView(
        title=" · ".join(_headed(of_class, signs[:1])), place=tell.place(*middle), signs=signs, telling=list(issue.telling),
        heat=issue.heat, is_growing=issue.heat.growth >= GROWING, messages=len(issue.messages), people=issue.people,
        again=before_and_not_solved(said), open_cases=sum(case.is_open for case in once), first_at=issue.first_at, last_at=issue.last_at,
        cases=_cases(once, tell),
    )  # fmt: skip


def _cases(cases: Sequence[Case], tell: Teller) -> list[IssueCase]:
    return [
        IssueCase(
            id=case.id, number=case.number, title=tell.kind(case.class_key), state=tell.word(f"state.{case.state}"),
            is_open=case.is_open, opened_at=case.opened_at,
        )
        for case in cases[:CASES_MAX]
    ]  # fmt: skip


def _copies(copies: Copies, cases: Sequence[Case | None], tell: Teller) -> CopiesView:
    once = list({case.id: case for case in cases if case}.values())
    return CopiesView(what=copies.what, reports=len(copies.reports), people=copies.people, cases=_cases(once, tell))


def _expected(expected: Expected, case: Case, tell: Teller) -> ExpectedView:
    coming = expected.coming
    return ExpectedView(
        title=tell.kind(case.class_key), place=tell.place(case.cell, case.street, case.district), unit=tell.unit(case.unit) or "",
        due=coming.due, why=coming.why, times=coming.times, pause_days=coming.pause_days, last=case.id, number=case.number,
    )  # fmt: skip


@get("/v1/screens/hot", guards=[needs(Permission.report_read)])
async def get_hot_screen(request: Request, door: Door) -> HotScreen:
    """Hot issues with their heat and cases, growing ones first; and what is expected to come back before anybody complains."""
    keeper, tell = keeper_of(request.app), teller_for(request, door.policy, None)
    return await door.read(lambda tx: hot_screen(tx, door.caller, keeper.known(tx), tell))


ROUTES = [get_hot_screen]
