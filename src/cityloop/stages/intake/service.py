"""Use cases of intake: keep a report, give it back, say what became of it."""

import os
from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from cityloop.cases import Report, case_get, report_get
from cityloop.db import Tx
from cityloop.domain.facts import CaseRefused, ReportReceived
from cityloop.domain.ids import AccountId, ReportId
from cityloop.domain.policy import Settings
from cityloop.domain.said import PhotoClaim, Said
from cityloop.files import FileStore, Photo, take_in
from cityloop.files.keep import StoredPhoto, keep_photo, put_photo
from cityloop.journal import story, vault_keep
from cityloop.journal.vault import VaultRow
from cityloop.stages.intake import rules, store
from cityloop.stages.intake.model import (
    CONTACT,
    CONTACT_DAYS,
    SAID,
    SAID_DAYS,
    Receipt,
    Sound,
    TrackingUnknown,
)

CODE_BITS = (1 << 60) - 1
_encode = msgspec.json.Encoder().encode
_said_in = msgspec.json.Decoder(Said).decode


class KeptPhoto(Struct, frozen=True, kw_only=True):
    """A photo whose files are on the disk, and what its camera claims; the claim goes to the vault with the words."""

    stored: StoredPhoto
    claim: PhotoClaim


class Step(Struct, frozen=True, kw_only=True):
    """One thing that happened to a report's case. `reason` is a code with words."""

    step: str
    at: datetime
    reason: str | None = None


class Trail(Struct, frozen=True, kw_only=True):
    """What became of a report: codes and clocks, no person and no place."""

    state: str
    received_at: datetime
    steps: list[Step]
    number: str | None = None
    unit: str | None = None  # that acts, a code of the pack
    due_at: datetime | None = None  # of whatever clock runs now
    closed_at: datetime | None = None
    on_time: bool | None = None
    reason: str | None = None  # why it was refused
    simulated: bool = False


def receive_report(tx: Tx, sound: Sound, *, photos: Sequence[KeptPhoto] = (), by: AccountId | None = None) -> Receipt:
    """Keep a report: its words and photos in the vault, the fact in the journal, a code for the reporter.

    Emits `ReportReceived`.
    """
    id = ReportId(tx.new_id())
    subject = f"report/{id}"
    said = vault_keep(tx, SAID, subject, _encode(_said_of(sound, photos)), keep_days=SAID_DAYS)
    contact = None
    if sound.contact:
        contact = vault_keep(tx, CONTACT, subject, _encode(sound.contact), keep_days=CONTACT_DAYS)
    code = rules.code_of(int.from_bytes(os.urandom(8), "big") & CODE_BITS)
    tx.add("tracking", store.Tracking(code, id, said.id))
    tx.emit(
        ReportReceived(
            report_id=id, channel=sound.channel, said=said, contact=contact,
            photos=tuple([keep_photo(tx, each.stored, subject, keep_days=SAID_DAYS) for each in photos]) if photos else (),
            declared_class=sound.declared_class, happened_at=sound.happened_at, by=by, simulated=sound.simulated,
            at=tx.now,
        ),
        first=True,
    )  # fmt: skip
    return Receipt(id=id, tracking_code=code, received_at=tx.now)


def keep_photos(files: FileStore, sent: Sequence[bytes], limits: Settings) -> tuple[KeptPhoto, ...]:
    """Photos made safe and put into the file store: slow, so before any transaction. All are read before one is kept.

    Refuses with what `files` says of a photo.
    """
    photos = [take_in(raw, limits) for raw in sent]
    return tuple(_put(files, raw, photo) for raw, photo in zip(sent, photos, strict=True))


def receipt_of(tx: Tx, id: ReportId) -> Receipt:
    """The receipt of a report that was kept before.

    Refuses with `ReportUnknown`, or `TrackingUnknown` where it was erased since.
    """
    report = report_get(tx, id)
    code = store.tracking_code(tx, id)
    if code is None:
        raise _unknown()
    return Receipt(id=id, tracking_code=code, received_at=report.received_at)


def tracked_report(tx: Tx, given: str) -> Report:
    """The report of a tracking code.

    Refuses with `TrackingUnknown`; the answer is the same for every code that opens nothing.
    """
    code = rules.code_read(given)
    id = store.tracking_report(tx, code) if code else None
    if id is None:
        raise _unknown()
    return report_get(tx, id)


def trail_of(tx: Tx, given: str) -> Trail:
    """What became of the report with this tracking code.

    Refuses with `TrackingUnknown`.
    """
    report = tracked_report(tx, given)
    steps = [Step(step="received", at=report.received_at)]
    if report.case_id is None:
        return Trail(state="received", received_at=report.received_at, steps=steps, simulated=report.simulated)
    case = case_get(tx, report.case_id)
    steps += [
        Step(step=step, at=told.fact.at, reason=told.fact.reason if type(told.fact) is CaseRefused else None)
        for told in story(tx, f"case/{case.id}")
        if (step := rules.STEPS.get(type(told.fact).__name__))
    ]
    return Trail(
        state=rules.STANDS[case.state], received_at=report.received_at, steps=steps, number=case.number, unit=case.unit,
        due_at=case.clock_due, closed_at=case.closed_at, on_time=case.on_time, reason=case.refused_for,
        simulated=report.simulated,
    )  # fmt: skip


def said_of(tx: Tx, report: Report) -> Said | None:
    """What the reporter said; None where it was erased."""
    row = tx.get("vault", VaultRow, report.said)
    return _said_in(row.bytes) if row else None


def _unknown() -> TrackingUnknown:
    return TrackingUnknown("No report answers to this code; look at the twelve letters and digits again.")


def _said_of(sound: Sound, photos: Sequence[KeptPhoto]) -> Said:
    return Said(
        text=sound.text, address=sound.address, lon=sound.lon, lat=sound.lat, raw_place=sound.raw_place,
        raw_time=sound.raw_time, claims=tuple([each.claim for each in photos]) if photos else (),
        answers=sound.answers, media_url=sound.media_url,
    )  # fmt: skip


def _put(files: FileStore, raw: bytes, photo: Photo) -> KeptPhoto:
    place = photo.place_claim
    claim = PhotoClaim(
        digest=photo.digest, taken_at=photo.taken_at_claim, lon=place.lon if place else None,
        lat=place.lat if place else None, error_m=place.error_m if place else None,
    )  # fmt: skip
    return KeptPhoto(stored=put_photo(files, raw, photo), claim=claim)
