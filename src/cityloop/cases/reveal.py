"""Who reported: masked for those who may ask, whole with a reason, and the asking is a fact."""

from typing import Annotated

import msgspec
from msgspec import Struct

from cityloop.cases.model import Report, ReportUnknown
from cityloop.cases.store import case_get, report_get
from cityloop.db import Tx
from cityloop.domain.errors import Invalid, NotFound
from cityloop.domain.facts import PersonRevealed
from cityloop.domain.ids import ReportId, VaultId
from cityloop.domain.permission import COMMAND, Permission
from cityloop.domain.personal import Personal
from cityloop.domain.private import for_work
from cityloop.domain.said import Said
from cityloop.http.identity import Caller, Seat
from cityloop.journal import vault_open
from cityloop.journal.vault import VaultRow
from cityloop.people import mask
from cityloop.people.scope import OutOfScope, sees

NAMED = "to see whom a report names"
REASONS = frozenset({"call_back", "ask_more", "danger", "complaint", "appeal", "ordered"})


class NoContact(NotFound):
    """The report came without a contact."""

    code = "report.no_contact"


class RevealReasonUnknown(Invalid):
    """A reason that is none of the codes."""

    code = "report.reveal_reason_unknown"


class ContactView(Struct, kw_only=True):
    """How to reach who reported, and what they said; fields as they were given. `text` and `address` only when unmasked."""

    report: ReportId
    contact: Annotated[dict[str, str], Personal("call back", keep_days=365)]
    masked: bool
    text: Annotated[str, Personal(NAMED, keep_days=1095)] | None = None
    address: Annotated[str, Personal(NAMED, keep_days=1095)] | None = None


def reveal_contact(tx: Tx, caller: Caller, report_id: ReportId, *, reason: str) -> ReportId:
    """Note that the caller looks at who reported and whom the words name, and why. What they see is read after that is durable.

    Refuses with `ReportUnknown`, `OutOfScope`, `NoContact`, `RevealReasonUnknown`, or `Gone` once it was erased.
    Emits `PersonRevealed`.
    """
    report = report_for_reveal(tx, caller, report_id)
    if reason not in REASONS:
        raise RevealReasonUnknown(f"{reason[:40]} is no reason; choose one of {', '.join(sorted(REASONS))}.")
    said = _said_of(tx, report)
    if report.contact is None and (said is None or for_work(said.text + said.address) == said.text + said.address):
        _contact_id(report)  # neither a contact nor anything masked: nothing to reveal
    if report.contact is not None:
        vault_open(tx, _contact_id(report))
    assert caller.account, "the guard lets nobody through"
    tx.emit(PersonRevealed(report_id=report.id, by=caller.account, reason=reason, at=tx.now))
    return report.id


def contact_of(tx: Tx, caller: Caller, report_id: ReportId, *, masked: bool) -> ContactView:
    """The contact of a report, masked; or whole, with the words as they were said.

    Refuses with `ReportUnknown`, `OutOfScope`, `NoContact` or `Gone`.
    """
    report = report_for_reveal(tx, caller, report_id)
    if masked or report.contact is not None:
        fields = _fields_in(vault_open(tx, _contact_id(report)).bytes)
    else:
        fields = {}
    if masked:
        return ContactView(report=report.id, contact={name: mask(value) for name, value in fields.items()}, masked=True)
    said = _said_of(tx, report)
    return ContactView(
        report=report.id, contact=fields, masked=False, text=said.text if said else None,
        address=said.address if said else None,
    )  # fmt: skip


def report_for_reveal(tx: Tx, caller: Caller, report_id: ReportId) -> Report:
    """The report, if a seat of the caller may ask who sent it. Seats that command or handle never may.

    Refuses with `ReportUnknown` or `OutOfScope`.
    """
    report = report_get(tx, report_id)
    seats = [seat for seat in caller.seats_with(Permission.report_read) if _sees(tx, seat, report)]
    if not seats:
        raise ReportUnknown(f"There is no report {report_id}; look for it by its tracking code.")
    if not any(Permission.person_reveal in seat.permissions and not seat.permissions & COMMAND for seat in seats):
        raise OutOfScope("You see the report; who sent it is for the supervision centre to ask. Ask them to call.")
    return report


def _said_of(tx: Tx, report: Report) -> Said | None:
    row = tx.get("vault", VaultRow, report.said)
    return msgspec.json.decode(row.bytes, type=Said) if row else None


def phone_of(tx: Tx, report: Report) -> str | None:
    """The number that the reporter left: for what calls or sends in the city's name, never for an answer to anybody."""
    row = tx.get("vault", VaultRow, report.contact) if report.contact else None
    return _fields_in(row.bytes).get("phone") if row else None


def masked_contact(tx: Tx, id: str | None) -> dict[str, str]:
    """The fields of a contact, masked; none where there is none, or it was erased. Who may see it asks first."""
    row = tx.get("vault", VaultRow, id) if id else None
    return {name: mask(value) for name, value in _fields_in(row.bytes).items()} if row else {}


def _sees(tx: Tx, seat: Seat, report: Report) -> bool:
    """Before it belongs to a case, a report has no place that counts: the whole city's seats see it."""
    return sees(seat, case_get(tx, report.case_id)) if report.case_id else seat.area is None


def _contact_id(report: Report) -> VaultId:
    if report.contact is None:
        raise NoContact("The report came without a contact; nobody can be called back.")
    return VaultId(report.contact)


def _fields_in(raw: bytes) -> dict[str, str]:
    """The contact as it was kept: an object of fields, or plain text."""
    try:
        kept = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        kept = raw.decode(errors="replace")
    if isinstance(kept, dict):
        return {str(name): str(value) for name, value in kept.items() if value}
    return {"contact": str(kept)}
