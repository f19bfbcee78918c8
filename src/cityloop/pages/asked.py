"""What is asked in a case, and by what it is put off, as its page shows them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from cityloop.cases.approvals import Approval, Hold
from cityloop.domain.facts import PhotoRef
from cityloop.domain.ids import ApprovalId, HoldId
from cityloop.domain.policy import ApprovalKind, Lapse, Limit, Source

_photos = msgspec.json.Decoder(list[PhotoRef]).decode
_source = msgspec.json.Decoder(Source).decode


class PhotoView(Struct, frozen=True, kw_only=True):
    """Where to get a photo."""

    shown: str
    thumb: str


class ApprovalLine(Struct, frozen=True, kw_only=True):
    """A request and what became of it. `role` decides now; None: it is over."""

    id: ApprovalId
    kind: ApprovalKind
    nth: int
    reason: str
    length: Limit | None
    until: datetime | None
    steps: list[str]
    agreed: int  # steps
    role: str | None
    asked_at: datetime
    asked_by: str
    decide_due: datetime
    lapse: Lapse
    clock_stands: bool
    source: Source
    outcome: str | None
    ended_at: datetime | None
    answer: str | None
    note: str | None
    plan: str | None
    answer_note: str | None
    photos: list[PhotoView]


class HoldLine(Struct, frozen=True, kw_only=True):
    """By what the case is put off now. `role`: before whom it stands again, since it expired."""

    id: HoldId
    kind: ApprovalKind
    reason: str
    since: datetime
    until: datetime
    times: int
    role: str | None
    counts_as_due: bool
    plan: str | None


def notes_of(requests: Sequence[Approval], hold: Hold | None) -> list[str]:
    """The vault ids of everything that was written about them."""
    ids = [id for each in requests for id in (each.note, each.plan, each.answer_note) if id]
    return ids + ([hold.plan] if hold and hold.plan else [])


def approval_line(approval: Approval, said: Mapping[str, object]) -> ApprovalLine:
    """A request; `said` are the words that the caller may read."""
    return ApprovalLine(
        id=approval.id, kind=approval.kind, nth=approval.nth, reason=approval.reason, length=approval.limit,
        until=approval.until, steps=list(approval.roles), agreed=len(approval.agreed), role=approval.role,
        asked_at=approval.asked_at, asked_by=approval.asked_by, decide_due=approval.decide_due, lapse=approval.lapse,
        clock_stands=approval.clock_stands, source=_source(approval.source), outcome=approval.outcome,
        ended_at=approval.ended_at, answer=approval.answer, note=_text(said, approval.note),
        plan=_text(said, approval.plan), answer_note=_text(said, approval.answer_note),
        photos=shown_photos(approval.photos),
    )  # fmt: skip


def hold_line(hold: Hold, said: Mapping[str, object]) -> HoldLine:
    """What the case is put off by."""
    return HoldLine(
        id=hold.id, kind=hold.kind, reason=hold.reason, since=hold.since, until=hold.until, times=hold.times,
        role=hold.role, counts_as_due=hold.counts_as_due, plan=_text(said, hold.plan),
    )  # fmt: skip


def shown_photos(photos: str) -> list[PhotoView]:
    """Photos of a row, as a page fetches them."""
    return [PhotoView(shown=f"/v1/files/{each.shown}", thumb=f"/v1/files/{each.thumb}") for each in _photos(photos)]


def _text(said: Mapping[str, object], id: str | None) -> str | None:
    return getattr(said.get(id), "text", None) if id else None
