"""Who calls: what the number at the other end has reported and asked before. Looking it up is a fact, without the number."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Struct

from cityloop.cases.model import Report, ReportUnknown
from cityloop.cases.reveal import report_for_reveal
from cityloop.cases.store import case_get
from cityloop.db import Tx
from cityloop.domain.errors import Invalid
from cityloop.domain.facts import CallerHistoryOpened
from cityloop.domain.ids import CaseId, ReportId
from cityloop.domain.personal import Personal
from cityloop.domain.phone import phone_plain
from cityloop.domain.said import Said
from cityloop.http.identity import Caller
from cityloop.journal import vault_find
from cityloop.journal.vault import VaultRow
from cityloop.knowledge import InquiryView, inquiry_list_by, inquiry_view
from cityloop.people.scope import OutOfScope

CONTACT = "contact"  # the kind of vault items that are found by a number
SHOWN_MAX = 50
SEEN = "to see what the caller reported before"


class NumberUnsound(Invalid):
    """What was given is no phone number."""

    code = "caller.number_unsound"


class CallerReport(Struct, kw_only=True):
    """Something that this number reported, and where its case stands. No case yet: it is being understood."""

    report: ReportId
    channel: str
    received_at: datetime
    text: Annotated[str, Personal(SEEN, keep_days=1095)] | None
    address: Annotated[str, Personal(SEEN, keep_days=1095)] | None
    case: CaseId | None
    number: str | None
    state: str | None
    is_open: bool
    class_key: str | None
    street: str | None
    unit: str | None
    due_at: datetime | None
    closed_at: datetime | None
    on_time: bool | None
    redos: int
    simulated: bool


class CallerView(Struct, kw_only=True):
    """What is known of a number: what it reported, open cases first, and what it asked. `hidden`: beyond the seat's area."""

    reports: list[CallerReport]
    inquiries: list[InquiryView]
    hidden: int
    open_cases: int


def look_up_caller(tx: Tx, caller: Caller, phone: str) -> str:
    """Note that a seat looks up a number; gives the id of the lookup.

    Refuses with `NumberUnsound`. Emits `CallerHistoryOpened`.
    """
    found = len(_subjects(tx, phone))
    assert caller.account, "the guard lets nobody through"
    id = tx.new_id()
    tx.emit(CallerHistoryOpened(lookup_id=id, found=found, by=caller.account, at=tx.now), first=True)
    return id


def caller_view(tx: Tx, caller: Caller, phone: str) -> CallerView:
    """What this number reported and asked, as far as the caller's seats may ask who reported."""
    subjects = [each.partition("/") for each in _subjects(tx, phone)]
    reports, hidden = [], 0
    for kind, _, id in subjects:
        if kind != "report":
            continue
        try:
            reports.append(report_for_reveal(tx, caller, ReportId(id)))
        except (OutOfScope, ReportUnknown):
            hidden += 1
    lines = [_line(tx, each) for each in reports]
    lines.sort(key=lambda line: (line.is_open, line.received_at), reverse=True)
    return CallerView(
        reports=lines, inquiries=[inquiry_view(tx, each) for each in inquiry_list_by(tx, [id for kind, _, id in subjects if kind == "inquiry"])],
        hidden=hidden, open_cases=len({line.case for line in lines if line.is_open and line.case}),
    )  # fmt: skip


def _subjects(tx: Tx, phone: str) -> list[str]:
    """Of what the vault keeps this number.

    Refuses with `NumberUnsound`.
    """
    plain = phone_plain(phone)
    if not plain:
        raise NumberUnsound("This is no phone number; give at least five digits, e.g. 13800000000.")
    return vault_find(tx, CONTACT, plain, many=SHOWN_MAX)


def _line(tx: Tx, report: Report) -> CallerReport:
    row = tx.get("vault", VaultRow, report.said)
    said = msgspec.json.decode(row.bytes, type=Said) if row else None
    case = case_get(tx, report.case_id) if report.case_id else None
    return CallerReport(
        report=report.id, channel=report.channel, received_at=report.received_at, text=said.text if said else None,
        address=said.address if said else None, case=case.id if case else None, number=case.number if case else None,
        state=case.state.value if case else None, is_open=case.is_open if case else True,
        class_key=case.class_key if case else report.class_key, street=case.street if case else None,
        unit=case.unit if case else None, due_at=case.clock_due if case else None, closed_at=case.closed_at if case else None,
        on_time=case.on_time if case else None, redos=(case.redos or 0) if case else 0, simulated=report.simulated,
    )  # fmt: skip
