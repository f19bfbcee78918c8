"""Use cases of intake: keep a report, give it back, say what became of it."""

import os
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cityloop.cases import Case, Report, TaskKind, case_get, report_get, task_list_of
from cityloop.cases.callbacks import Reply, callback_of, reply_list_of, verdict_of
from cityloop.cases.notes import KEEP_DAYS, NOTE, Note
from cityloop.cases.tracking import tracked_report, tracking_code, tracking_unknown
from cityloop.db import Tx
from cityloop.domain.closing import window_end
from cityloop.domain.facts import CaseClosed, CaseRefused, PhotoRef, ReportReceived, SelfHandlingReported, Told
from cityloop.domain.ids import AccountId, AlarmId, CaseId, ReportId
from cityloop.domain.lifecycle import State
from cityloop.domain.personal import Personal
from cityloop.domain.policy import Policy, Settings
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
    PhotoDeclared,
    Receipt,
    Sound,
)

CODE_BITS = (1 << 60) - 1
_encode = msgspec.json.Encoder().encode
_note = msgspec.json.Decoder(Note).decode
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


class Judging(Struct, frozen=True, kw_only=True):
    """What the reporter may say, and has said, to the last closing. `until` is the last moment at which it counts."""

    is_open: bool
    until: datetime
    solved: str | None = None  # None: nothing was said yet
    satisfied: str | None = None
    changes: int = 0


class ReplyLine(Struct, frozen=True, kw_only=True):
    """What the city told the reporter."""

    at: datetime
    kind: str
    text: Annotated[str, Personal("to tell the reporter what became of it", keep_days=KEEP_DAYS)]


class PhotoLine(Struct, frozen=True, kw_only=True):
    """A photo: `before` as it was reported, `after` the work. To be fetched with the tracking code."""

    when: str
    shown: str
    thumb: str
    sha256: str | None = None  # of the bytes that the reporter sent
    hashed: bool = False  # they declared it at capture, and what came had it


class Trail(Struct, frozen=True, kw_only=True):
    """What became of a report: codes and clocks, no person and no place; and what the reporter may say to it."""

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
    redos: int = 0  # how often the case was taken up again
    judging: Judging | None = None  # None: it was never closed
    replies: list[ReplyLine] = []
    photos: list[PhotoLine] = []


def receive_report(
    tx: Tx, sound: Sound, *, photos: Sequence[KeptPhoto] = (), by: AccountId | None = None,
    meant: CaseId | None = None, alarm: AlarmId | None = None, urgency: int = 0,
) -> Receipt:  # fmt: skip
    """Keep a report: its words and photos in the vault, the fact in the journal, a code for the reporter. `meant` is the open case
    that they say it is, `alarm` the alarm of which it tells.

    Emits `ReportReceived`.
    """
    id = ReportId(tx.new_id())
    subject = f"report/{id}"
    said = vault_keep(tx, SAID, subject, _encode(_said_of(sound, photos)), keep_days=SAID_DAYS, marks=rules.marks_of(sound))
    contact = None
    if sound.contact:
        contact = vault_keep(
            tx, CONTACT, subject, _encode(sound.contact), keep_days=CONTACT_DAYS, marks=sound.contact.marks
        )  # fmt: skip
    code = rules.code_of(int.from_bytes(os.urandom(8), "big") & CODE_BITS)
    tx.add("tracking", store.Tracking(code, id, said.id))
    tx.emit(
        ReportReceived(
            report_id=id, channel=sound.channel, said=said, contact=contact,
            photos=_kept(tx, photos, subject) if photos else (),
            declared_class=sound.declared_class, happened_at=sound.happened_at, by=by, meant=meant, alarm=alarm, urgency=urgency,
            simulated=sound.simulated, at=tx.now,
        ),
        first=True,
    )  # fmt: skip
    return Receipt(id=id, tracking_code=code, received_at=tx.now)


def receive_cleared(
    tx: Tx, sound: Sound, *, before: Sequence[KeptPhoto], after: Sequence[KeptPhoto], note: str, by: AccountId
) -> Receipt:
    """Keep the report of something that was put right on the spot, with what shows it; filing takes it from there.

    Emits `ReportReceived` and `SelfHandlingReported`.
    """
    receipt = receive_report(tx, sound, photos=before, by=by)
    subject = f"report/{receipt.id}"
    said = note.strip()
    kept = vault_keep(tx, NOTE, subject, _encode(Note(text=said)), keep_days=SAID_DAYS) if said else None
    tx.emit(
        SelfHandlingReported(
            report_id=receipt.id, by=by, note=kept, at=tx.now,
            photos=tuple([keep_photo(tx, each.stored, subject, keep_days=SAID_DAYS) for each in after]),
        )
    )  # fmt: skip
    return receipt


def keep_photos(
    files: FileStore, sent: Sequence[bytes], limits: Settings, declared: Sequence[PhotoDeclared] = ()
) -> tuple[KeptPhoto, ...]:
    """Photos made safe and put into the file store: slow, so before any transaction. All are read before one is kept.

    Refuses with `PhotoAltered`, or with what `files` says of a photo.
    """
    rules.photos_as_hashed(sent, declared)
    photos = [take_in(raw, limits) for raw in sent]
    says = declared or [None] * len(sent)
    return tuple(_put(files, raw, photo, said) for raw, photo, said in zip(sent, photos, says, strict=True))


def receipt_of(tx: Tx, id: ReportId) -> Receipt:
    """The receipt of a report that was kept before.

    Refuses with `ReportUnknown`, or `TrackingUnknown` where it was erased since.
    """
    report = report_get(tx, id)
    code = tracking_code(tx, id)
    if code is None:
        raise tracking_unknown()
    return Receipt(id=id, tracking_code=code, received_at=report.received_at)


def trail_of(tx: Tx, given: str, *, policy: Policy) -> Trail:
    """What became of the report with this tracking code.

    Refuses with `TrackingUnknown`.
    """
    report = tracked_report(tx, given)
    steps = [Step(step="received", at=report.received_at)]
    replies = [_reply(tx, each) for each in reply_list_of(tx, report.id)]
    before = _own_photos(tx, report)
    if report.case_id is None:
        return Trail(
            state="received", received_at=report.received_at, steps=steps, simulated=report.simulated, photos=before,
            replies=[each for each in replies if each],
        )  # fmt: skip
    case = case_get(tx, report.case_id)
    told = story(tx, f"case/{case.id}")
    steps += [
        Step(step=step, at=each.fact.at, reason=each.fact.reason if type(each.fact) is CaseRefused else None)
        for each in told
        if (step := rules.STEPS.get(type(each.fact).__name__))
    ]
    work = photos_of_work(tx, case.id) if policy.settings.public_photos else []
    return Trail(
        state=rules.STANDS[case.state], received_at=report.received_at, steps=steps, number=case.number, unit=case.unit,
        due_at=case.clock_due, closed_at=case.closed_at, on_time=case.on_time, reason=case.refused_for,
        simulated=report.simulated, redos=case.redos or 0, judging=_judging(tx, report, case, told, policy),
        replies=[each for each in replies if each], photos=[*before, *work],
    )  # fmt: skip


def photos_of_work(tx: Tx, case_id: CaseId) -> list[PhotoLine]:
    """The photos of finished work on a case."""
    done = [task for task in task_list_of(tx, case_id) if task.kind is TaskKind.handle and task.outcome == "finished"]
    return [photo for task in done for photo in photos_shown("after", task.photos)]


def photos_shown(when: str, photos: str) -> list[PhotoLine]:
    """The photos of a row, as they are fetched."""
    refs = msgspec.json.decode(photos, type=list[PhotoRef])
    return [PhotoLine(when=when, shown=f"/v1/files/{each.shown}", thumb=f"/v1/files/{each.thumb}") for each in refs]


def _own_photos(tx: Tx, report: Report) -> list[PhotoLine]:
    """The reporter's photos, each with the digest of what they sent."""
    photos = photos_shown("before", report.photos)
    said = said_of(tx, report) if photos else None
    if said is None or len(said.claims) != len(photos):
        return photos
    return [replace(each, sha256=of.digest, hashed=of.hashed) for each, of in zip(photos, said.claims, strict=True)]


def _judging(tx: Tx, report: Report, case: Case, told: Sequence[Told], policy: Policy) -> Judging | None:
    """Whether a verdict on the last closing counts still, and the one that stands."""
    closings = [each for each in told if type(each.fact) is CaseClosed]
    if not closings:
        return None
    closing = closings[-1].no
    asked, said = callback_of(tx, report.id, case.id, closing), verdict_of(tx, report.id, case.id, closing)
    until = asked.until if asked else window_end(closings[-1].fact.at, policy)
    changes_left = said is None or said.change < policy.settings.verdict_changes_max
    return Judging(
        is_open=case.state is State.closed and tx.now <= until and changes_left, until=until,
        solved=said.solved if said else None, satisfied=said.satisfied if said else None,
        changes=said.change if said else 0,
    )  # fmt: skip


def _reply(tx: Tx, reply: Reply) -> ReplyLine | None:
    """The reply with its text; None where that was erased."""
    row = tx.get("vault", VaultRow, reply.words)
    return ReplyLine(at=reply.at, kind=reply.kind, text=_note(row.bytes).text) if row else None


def said_of(tx: Tx, report: Report) -> Said | None:
    """What the reporter said; None where it was erased."""
    row = tx.get("vault", VaultRow, report.said)
    return _said_in(row.bytes) if row else None


def _kept(tx: Tx, photos: Sequence[KeptPhoto], subject: str) -> tuple[PhotoRef, ...]:
    """The photos in the vault, each to be known again by its bytes."""
    return tuple([keep_photo(tx, each.stored, subject, keep_days=SAID_DAYS, marks=(each.claim.digest,)) for each in photos])


def _said_of(sound: Sound, photos: Sequence[KeptPhoto]) -> Said:
    return Said(
        text=sound.text, address=sound.address, lon=sound.lon, lat=sound.lat, raw_place=sound.raw_place,
        raw_time=sound.raw_time, claims=tuple([each.claim for each in photos]) if photos else (),
        answers=sound.answers, media_url=sound.media_url,
    )  # fmt: skip


def _put(files: FileStore, raw: bytes, photo: Photo, declared: PhotoDeclared | None) -> KeptPhoto:
    """The photo, with its camera's claims; where that names no time, the sender's."""
    place, said_at = photo.place_claim, declared.taken_at if declared else None
    claim = PhotoClaim(
        digest=photo.digest, taken_at=photo.taken_at_claim or said_at, lon=place.lon if place else None,
        lat=place.lat if place else None, error_m=place.error_m if place else None, hashed=declared is not None, look=f"{photo.look:064x}",
    )  # fmt: skip
    return KeptPhoto(stored=put_photo(files, raw, photo), claim=claim)
