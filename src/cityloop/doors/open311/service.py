"""Use cases of Open311: take a request or an update in, and keep what another city told."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from cityloop.cases import Case, Report, case_get
from cityloop.db import Tx
from cityloop.domain.facts import (
    Channel,
    ForeignRequestCopied,
    ForeignService,
    ForeignServicesCopied,
    UpdateReceived,
)
from cityloop.domain.ids import AccountId, CaseId
from cityloop.domain.policy import Policy
from cityloop.doors.open311 import store
from cityloop.doors.open311.foreign import ForeignRequest, ForeignUpdate
from cityloop.doors.open311.model import (
    KEEP_DAYS,
    Fields,
    Posted,
    RequestUnknown,
    TokenEarly,
    TokenUnknown,
    UpdatePosted,
)
from cityloop.journal import vault_keep
from cityloop.stages.intake import Contact, ReportAsked, Sound, TrackingUnknown, sound_of, tracked_report
from cityloop.stages.intake.rules import cleaned

TOLD = "told"  # the kind of vault items
_encode = msgspec.json.Encoder(order="deterministic").encode
_fields = msgspec.json.Decoder(Fields).decode


def sound_request(posted: Posted, *, policy: Policy, now: datetime, photos: int, by_partner: bool) -> Sound:
    """The request as a report that intake may keep. A name by which nobody can be reached is not kept.

    Refuses with what intake says of places, contacts and photos.
    """
    contact = None
    if posted.phone or posted.email:
        contact = Contact(name=posted.name, phone=posted.phone, email=posted.email)
    asked = ReportAsked(
        text=posted.text[: policy.settings.text_chars_max], lon=posted.lon, lat=posted.lat, address=posted.address,
        declared_class=posted.service, contact=contact,
    )  # fmt: skip
    sound = sound_of(asked, policy=policy, now=now, photos=photos)
    channel = Channel.partner if by_partner else Channel.app
    # the specification's limit for words holds here, which may be wider than the city's own
    return replace(
        sound, text=cleaned(posted.text), channel=channel, answers=posted.answers, media_url=posted.media_url
    )


def request_of_token(tx: Tx, token: str) -> CaseId:
    """The id of the request that a token stands for: of the case that the report belongs to now.

    Refuses with `TokenUnknown`, or `TokenEarly` while the report is not looked at.
    """
    try:
        report: Report = tracked_report(tx, token)
    except TrackingUnknown:
        raise TokenUnknown(f"The token {token[:20]!r} was not found.") from None
    if report.case_id is None:
        raise TokenEarly("The report is kept and has no service_request_id yet; ask again in a few seconds.")
    return report.case_id


def receive_update(
    tx: Tx, posted: UpdatePosted, *, internal: frozenset[str], by: AccountId | None = None
) -> str:
    """Keep what another system tells of a case of ours; told twice, it is kept once. Gives the update's id.

    Refuses with `RequestUnknown`. Emits `UpdateReceived`.
    """
    case = _public_case(tx, posted.request_id, internal)
    tx.hold([f"case/{case.id}"])
    if known := store.update_known(tx, "", case.id, posted.their_id):
        return known
    words = vault_keep(
        tx, TOLD, f"case/{case.id}", _encode(Fields(fields={"description": cleaned(posted.text)})), keep_days=KEEP_DAYS
    )
    id = tx.new_id()
    tx.emit(
        UpdateReceived(
            update_id=id, jurisdiction="", request_id=case.id, case_id=case.id, their_id=posted.their_id,
            status=posted.status, updated_at=posted.updated_at.astimezone(UTC), words=words, by=by, at=tx.now,
        ),
        first=True,
    )  # fmt: skip
    return id


def copy_services(tx: Tx, jurisdiction: str, services: tuple[ForeignService, ...]) -> bool:
    """Keep another city's catalogue; says whether it differs from what was kept.

    Emits `ForeignServicesCopied`.
    """
    kept = tuple(
        msgspec.json.decode(each, type=ForeignService) for each in store.service_list(tx, jurisdiction)
    )
    if kept == services:
        return False
    tx.emit(ForeignServicesCopied(jurisdiction=jurisdiction, services=services, at=tx.now))
    return True


def copy_request(tx: Tx, jurisdiction: str, request: ForeignRequest) -> bool:
    """Keep a request of another city as it was told; says whether that is new. No notice goes out, no clock runs.

    Emits `ForeignRequestCopied`.
    """
    row = store.request_get(tx, jurisdiction, request.id)
    fields = Fields(fields=request.fields)
    if row is not None:
        kept = store.vault_texts(tx, [row.words]).get(row.words)
        if kept is not None and _fields(kept) == fields:
            return False
    foreign_id = f"{jurisdiction}/{request.id}"
    words = vault_keep(tx, TOLD, f"foreign/{foreign_id}", _encode(fields), keep_days=KEEP_DAYS)
    tx.emit(
        ForeignRequestCopied(
            foreign_id=foreign_id, jurisdiction=jurisdiction, request_id=request.id, status=request.status,
            service_code=request.service_code, requested_at=request.requested_at or tx.now,
            updated_at=request.updated_at, expected_at=request.expected_at, lon=request.lon, lat=request.lat,
            words=words, at=tx.now,
        )
    )  # fmt: skip
    return True


def copy_update(tx: Tx, jurisdiction: str, update: ForeignUpdate) -> bool:
    """Keep an update of another city's request; says whether it is new.

    Emits `UpdateReceived`.
    """
    if store.update_known(tx, jurisdiction, update.request_id, update.id):
        return False
    subject = f"foreign/{jurisdiction}/{update.request_id}"
    words = vault_keep(tx, TOLD, subject, _encode(Fields(fields=update.fields)), keep_days=KEEP_DAYS)
    tx.emit(
        UpdateReceived(
            update_id=tx.new_id(), jurisdiction=jurisdiction, request_id=update.request_id, their_id=update.id,
            status=update.status, updated_at=update.updated_at or tx.now, words=words, at=tx.now,
        ),
        first=True,
    )  # fmt: skip
    return True


def fields_in(raw: bytes | None) -> dict[str, Any] | None:
    """What a vault item holds; None where it was erased."""
    return None if raw is None else _fields(raw).fields


def _public_case(tx: Tx, id: str, internal: frozenset[str]) -> Case:
    case = tx.get("case_file", Case, id)
    if case is None or case.class_key in internal:
        raise RequestUnknown(f"The service_request_id {id[:80]!r} was not found.")
    return case_get(tx, case.id)
