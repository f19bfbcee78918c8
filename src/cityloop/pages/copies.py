"""Which reports of a case have the words or a photo of earlier ones, and whose cases those became: for who decides."""

from datetime import datetime

from msgspec import Struct

from cityloop.cases import Case, Report, scope
from cityloop.cases.model import copied_of
from cityloop.db import Tx
from cityloop.domain.copied import COPIES_COUNTED
from cityloop.domain.facts.understand import Copied, Twice
from cityloop.domain.ids import CaseId
from cityloop.http import Caller
from cityloop.pages.case import CaseView
from cityloop.pages.telling import Teller


class CopiesHere(Struct, frozen=True, kw_only=True):
    """What of a report stood in earlier ones, and the cases that the last of these became, as far as the caller sees them."""

    copied: Copied
    received_at: datetime  # when the copy came
    cases: tuple[Case, ...]


class CopyCase(Struct, frozen=True, kw_only=True):
    """A case in which the same stood before; `is_own`: the very case that is looked at."""

    case: CaseId
    number: str | None
    title: str
    state: str
    opened_at: datetime
    is_own: bool


class CopyView(Struct, frozen=True, kw_only=True):
    """A copy in the reader's words. `what`: text, photo."""

    what: Twice
    says: str
    received_at: datetime
    cases: list[CopyCase]


def copies_in(tx: Tx, caller: Caller, view: CaseView) -> list[CopiesHere]:
    """What of a case's reports stood in earlier ones, of text and photo the latest: three statements at most, none where nothing did."""
    ids = [each.id for each in view.reports if each.copied]
    tx.get_many("report", Report, ids)
    copies = [row for id in ids if (row := tx.get("report", Report, id))]
    latest = {copied.what: (copied, each.received_at) for each in copies for copied in copied_of(each)}
    found = [latest[what] for what in sorted(latest)]
    tx.get_many("report", Report, [id for copied, _ in found for id in copied.last])
    case_of = {id: report.case_id for copied, _ in found for id in copied.last if (report := tx.get("report", Report, id)) and report.case_id}
    seen = {case.id: case for case in scope.cases_seen(tx, caller, list(dict.fromkeys(case_of.values())))}

    def cases_of(copied: Copied) -> tuple[Case, ...]:
        return tuple(seen[id] for id in dict.fromkeys(case_of.get(each) for each in copied.last) if id in seen)

    return [CopiesHere(copied=copied, received_at=at, cases=cases_of(copied)) for copied, at in found]


def copy_view(copies: CopiesHere, own: CaseId, tell: Teller) -> CopyView:
    """The same, said to one reader."""
    return CopyView(
        what=copies.copied.what, says=copy_says(copies.copied, tell), received_at=copies.received_at,
        cases=[
            CopyCase(
                case=case.id, number=case.number, title=tell.kind(case.class_key), state=tell.word(f"state.{case.state}"),
                opened_at=case.opened_at, is_own=case.id == own,
            )
            for case in copies.cases
        ],
    )  # fmt: skip


def copy_says(copied: Copied, tell: Teller) -> str:
    """How often it stood before, and from how many hands it comes."""
    many = f"{copied.reports}+" if copied.reports >= COPIES_COUNTED else str(copied.reports)
    hands = tell.word("copied.one_hand") if copied.people == 1 else tell.word("copied.hands", n=copied.people)
    return tell.word(f"copied.{copied.what}", n=many, hands=hands)
