"""HTTP of intake: what became of a report, and its photos."""

from datetime import datetime

import msgspec
from litestar import Request, Response, get, post
from msgspec import Struct

from cityloop.cases import CaseUnknown, Report, ReportUnknown, report_get, scope
from cityloop.cases.public import photo_is_public
from cityloop.db import Tx
from cityloop.domain.errors import Invalid
from cityloop.domain.facts import Channel, PhotoRef, Proposal
from cityloop.domain.ids import CaseId, ChangeId, ClassKey, FileDigest, ReportId, RuleCode
from cityloop.domain.permission import Permission
from cityloop.domain.private import for_work
from cityloop.field import census
from cityloop.files.showing import file_subjects
from cityloop.http import Caller, Door, needs
from cityloop.http.door import etag
from cityloop.http.strangers import SEARCHES, pace_stranger
from cityloop.stages.intake.model import FileUnknown, TrackingUnknown
from cityloop.stages.intake.service import Trail, photos_of_work, said_of, tracked_report, trail_of

CODES_MAX = 50


class PhotoView(Struct, kw_only=True):
    """Where to get a photo."""

    shown: str
    thumb: str


class ReportView(Struct, kw_only=True):
    """A report with its words. `erased`: they are gone, and only what facts say is left."""

    id: ReportId
    channel: Channel
    received_at: datetime
    happened_at: datetime | None
    text: str | None
    address: str | None
    lon: float | None
    lat: float | None
    answers: dict[str, list[str]]  # to the attributes of the class
    media_url: str | None  # of a picture that lies elsewhere
    erased: bool
    photos: list[PhotoView]
    has_contact: bool
    declared_class: ClassKey | None
    class_key: ClassKey | None
    rule: RuleCode | None
    proposals: list[Proposal]
    why: list[str]
    case_id: CaseId | None
    simulated: bool


@get("/v1/track/{code:str}")
async def get_trail(code: str, door: Door) -> Response[Trail]:
    """What became of a report, for whoever holds its tracking code."""
    trail = await door.read(lambda tx: trail_of(tx, code, policy=door.policy))
    return Response(trail, headers={"Cache-Control": "no-store"})


class TrailsAsked(Struct, kw_only=True):
    """Tracking codes of one's own reports."""

    codes: list[str]


class Followed(Struct, frozen=True, kw_only=True):
    """What became of one of them; None: no report answers to the code, or its words were erased."""

    code: str
    trail: Trail | None


class TooManyCodes(Invalid):
    """More codes than are looked up at once."""

    code = "intake.too_many_codes"


@post("/v1/track", status_code=200)
async def post_trails(data: TrailsAsked, door: Door) -> Response[list[Followed]]:
    """What became of several reports, for whoever holds their tracking codes; in the order in which they were asked."""
    pace_stranger(door, SEARCHES)
    if len(data.codes) > CODES_MAX:
        raise TooManyCodes(f"{len(data.codes)} codes came; at most {CODES_MAX} are looked up at once. Send fewer.")
    found = await door.read(lambda tx: [Followed(code=code, trail=_trail(tx, door, code)) for code in data.codes])
    return Response(found, headers={"Cache-Control": "no-store"})


def _trail(tx: Tx, door: Door, code: str) -> Trail | None:
    try:
        return trail_of(tx, code, policy=door.policy)
    except TrackingUnknown:
        return None


@get("/v1/reports/{report_id:str}", guards=[needs(Permission.report_read)])
async def get_report(report_id: ReportId, door: Door) -> Response[ReportView]:
    """A report with its words and photos, within the caller's area."""

    def ask(tx: Tx) -> tuple[ReportView, int]:
        report = _report_for(tx, door.caller, report_id)
        return _view(tx, report), report.no

    view, no = await door.read(ask)
    return Response(view, headers={**etag(no), "Cache-Control": "no-store"})


@get("/v1/files/{digest:str}")
async def get_file(digest: FileDigest, request: Request, door: Door, code: str | None = None) -> Response[bytes]:
    """A photo as it is shown: for posts that may read its report, or with the report's tracking code."""

    def ask(tx: Tx) -> None:
        subjects = file_subjects(tx, digest)
        if not any(_may_see(tx, door, subject, digest, code) for subject in subjects):
            raise FileUnknown("There is no such file for you; take its address from the report.")

    await door.read(ask)
    raw = await door.aside(lambda: request.app.state.parts.files.get(digest))
    safe = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'",
        "Cache-Control": "private, max-age=3600",
    }
    return Response(raw, media_type="image/jpeg", headers=safe)


def _report_for(tx: Tx, caller: Caller, id: ReportId) -> Report:
    """The report, if a seat of the caller may read it. Before it has a case nobody knows where it is: the whole
    city's seats may.

    Refuses with `ReportUnknown`.
    """
    report = report_get(tx, id)
    if report.case_id is None:
        seen = any(seat.area is None for seat in caller.seats_with(Permission.report_read))
    else:
        seen = _sees_case(tx, caller, report.case_id)
    if not seen:
        raise ReportUnknown(f"There is no report {id}; look for it by its tracking code.")
    return report


def _sees_case(tx: Tx, caller: Caller, id: CaseId) -> bool:
    try:
        scope.case_for(tx, caller, id, Permission.report_read)
    except (CaseUnknown, scope.OutOfScope):
        return False
    return True


def _may_see(tx: Tx, door: Door, subject: str, digest: FileDigest, code: str | None) -> bool:
    kind, _, id = subject.partition("/")
    if code is not None:
        try:
            if _shown_to_reporter(tx, door, tracked_report(tx, code), subject, digest):
                return True
        except TrackingUnknown:
            if kind == "report":
                return False
    if photo_is_public(tx, subject, digest, door.policy):
        return True
    if kind == "case":
        return _sees_case(tx, door.caller, CaseId(id))
    if kind == "census":
        return census.may_see(tx, door.caller, ChangeId(id))
    try:
        return bool(_report_for(tx, door.caller, ReportId(id)))
    except ReportUnknown:
        return False


def _shown_to_reporter(tx: Tx, door: Door, report: Report, subject: str, digest: FileDigest) -> bool:
    """Their own photos; those of the work too, where the city shows them."""
    if subject == f"report/{report.id}":
        return True
    if report.case_id is None or subject != f"case/{report.case_id}" or not door.policy.settings.public_photos:
        return False
    address = f"/v1/files/{digest}"
    return any(address in (each.shown, each.thumb) for each in photos_of_work(tx, report.case_id))


def _view(tx: Tx, report: Report) -> ReportView:
    said = said_of(tx, report)
    photos = msgspec.json.decode(report.photos, type=list[PhotoRef])
    return ReportView(
        id=report.id, channel=Channel(report.channel), received_at=report.received_at, happened_at=report.happened_at,
        text=for_work(said.text) if said else None, address=for_work(said.address) if said else None, lon=said.lon if said else None,
        lat=said.lat if said else None, erased=said is None,
        answers={code: [*map(for_work, values)] for code, values in said.answers.items()} if said else {},
        media_url=(said.media_url or None) if said else None,
        photos=[PhotoView(shown=f"/v1/files/{each.shown}", thumb=f"/v1/files/{each.thumb}") for each in photos],
        has_contact=report.contact is not None, declared_class=report.declared_class, class_key=report.class_key,
        rule=report.rule, proposals=msgspec.json.decode(report.proposals, type=list[Proposal]),
        why=msgspec.json.decode(report.why, type=list[str]), case_id=report.case_id, simulated=report.simulated,
    )  # fmt: skip


ROUTES = [get_trail, post_trails, get_report, get_file]
