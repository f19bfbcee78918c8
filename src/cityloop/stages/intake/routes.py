"""HTTP of intake: parse, permit, call, show."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from msgspec import Struct

from cityloop.cases import CaseUnknown, Report, ReportUnknown, report_get, scope
from cityloop.db import Tx
from cityloop.domain.errors import NeedsSignIn
from cityloop.domain.facts import Channel, PhotoRef, Proposal
from cityloop.domain.ids import AccountId, CaseId, ClassKey, FileDigest, ReportId, RuleCode
from cityloop.domain.permission import Permission
from cityloop.http import Caller, Door, needs
from cityloop.http.door import etag
from cityloop.stages.intake.model import ChannelClosed, FileUnknown, Receipt, ReportAsked, TrackingUnknown, Unreadable
from cityloop.stages.intake.rules import WHO_MAY, sound_of
from cityloop.stages.intake.service import (
    Trail,
    keep_photos,
    receipt_of,
    receive_report,
    said_of,
    tracked_report,
    trail_of,
)
from cityloop.stages.intake.store import file_subjects

DETAIL_CHARS_MAX = 200
CONTACT_FIELDS = {"contact_name": "name", "contact_phone": "phone", "contact_email": "email"}
NUMBERS, SWITCHES = ("lon", "lat"), ("simulated",)
_read_json = msgspec.json.Decoder(ReportAsked).decode


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


@dataclass
class TakesReport(Operation):
    """The description of a body that is JSON or a form."""

    def __post_init__(self) -> None:
        (shape,), parts = msgspec.json.schema_components([ReportAsked], ref_template="{name}")
        fields = {name: _schema(each, parts) for name, each in parts[shape["$ref"]]["properties"].items()}
        plain = {name: each for name, each in fields.items() if name != "contact"}
        photo = Schema(type="string", format="binary")
        form = (
            plain
            | {name: Schema(type="string") for name in CONTACT_FIELDS}
            | {"photos": Schema(type="array", items=photo)}
        )
        self.request_body = RequestBody(
            required=True,
            content={
                "application/json": OpenAPIMediaType(schema=_object(fields)),
                "multipart/form-data": OpenAPIMediaType(schema=_object(form)),
            },
        )


@post("/v1/reports", status_code=201, operation_class=TakesReport)
async def post_report(request: Request, door: Door) -> Response[Receipt]:
    """Report a problem. Anybody may, without a name; the answer's code tells later what became of it."""
    asked, sent = await _asked(request)
    by = _brought_by(door.caller, asked.channel)
    sound = sound_of(asked, policy=door.policy, now=door.now, photos=len(sent))
    photos = ()
    if sent:
        files, limits = request.app.state.parts.files, door.policy.settings
        photos = await door.aside(lambda: keep_photos(files, sent, limits))
        door = Door(request.app.state.edge, door.caller, request, _same(asked, sent))
    receipts: list[Receipt] = []

    def use_case(tx: Tx) -> ReportId:
        receipts.append(receive_report(tx, sound, photos=photos, by=by))
        return receipts[-1].id

    id = await door.change(use_case)
    receipt = receipts[-1] if receipts and receipts[-1].id == id else await door.read(lambda tx: receipt_of(tx, id))
    return Response(receipt, headers={"Location": f"/v1/track/{receipt.tracking_code}", "Cache-Control": "no-store"})


@get("/v1/track/{code:str}")
async def get_trail(code: str, door: Door) -> Response[Trail]:
    """What became of a report, for whoever holds its tracking code."""
    return Response(await door.read(lambda tx: trail_of(tx, code)), headers={"Cache-Control": "no-store"})


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
        if not any(_may_see(tx, door.caller, subject, code) for subject in subjects):
            raise FileUnknown("There is no such file for you; take its address from the report.")

    await door.read(ask)
    raw = await door.aside(lambda: request.app.state.parts.files.get(digest))
    safe = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'",
        "Cache-Control": "private, max-age=3600",
    }
    return Response(raw, media_type="image/jpeg", headers=safe)


async def _asked(request: Request) -> tuple[ReportAsked, list[bytes]]:
    """The report and its photos' bytes, from JSON or a form.

    Refuses with `Unreadable`.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == "application/json":
            return _read_json(await request.body()), []
        if kind == "multipart/form-data":
            return await _read_form(request)
    except msgspec.DecodeError as error:
        raise Unreadable(
            f"The report cannot be read: {str(error)[:DETAIL_CHARS_MAX]}; see /docs for its form."
        ) from None
    except (UnicodeDecodeError, LookupError):
        raise Unreadable("The form cannot be read: its text is not UTF-8; send it so.") from None
    raise Unreadable("The body is no report; send application/json, or multipart/form-data with photos.")


async def _read_form(request: Request) -> tuple[ReportAsked, list[bytes]]:
    given: dict[str, Any] = {}
    sent: list[bytes] = []
    for name, value in (await request.form()).multi_items():
        if isinstance(value, UploadFile):
            if name != "photos":
                raise Unreadable(f"The form has a file under {name[:40]!r}; put photos under `photos`.")
            sent.append(await value.read())
            await value.close()
        elif name == "photos" and not value:
            continue  # a form whose file was left empty
        elif name in given or name in ("contact", "photos"):
            raise Unreadable(f"The form says {name[:40]!r} twice or wrongly; see /docs for its fields.")
        elif value or name not in (*NUMBERS, *SWITCHES, "class", "happened_at"):
            given[name] = value
    contact = {short: given.pop(name) for name, short in CONTACT_FIELDS.items() if name in given}
    if contact:
        given["contact"] = contact
    return msgspec.convert(given, ReportAsked, strict=False), sent


def _same(asked: ReportAsked, sent: list[bytes]) -> bytes:
    """The same bytes for the same form: its boundary, drawn anew at every try, says nothing."""
    return msgspec.json.encode(asked) + b"".join(sha256(raw).digest() for raw in sent)


def _brought_by(caller: Caller, channel: Channel) -> AccountId | None:
    """The account that reports on duty; None where anybody may.

    Refuses with `NeedsSignIn` or `ChannelClosed`.
    """
    needed = WHO_MAY.get(channel)
    if needed is None:
        return None
    if caller.account is None:
        raise NeedsSignIn(f"Reports by the channel {channel} come from a post; sign in, or use the channel app.")
    if not caller.may(needed):
        raise ChannelClosed(f"The channel {channel} needs a post with {needed}; use the channel app, or ask for one.")
    return caller.account


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


def _may_see(tx: Tx, caller: Caller, subject: str, code: str | None) -> bool:
    kind, _, id = subject.partition("/")
    if kind == "report" and code is not None:
        try:
            if tracked_report(tx, code).id == id:
                return True
        except TrackingUnknown:
            return False
    if kind == "case":
        return _sees_case(tx, caller, CaseId(id))
    try:
        return bool(_report_for(tx, caller, ReportId(id)))
    except ReportUnknown:
        return False


def _view(tx: Tx, report: Report) -> ReportView:
    said = said_of(tx, report)
    photos = msgspec.json.decode(report.photos, type=list[PhotoRef])
    return ReportView(
        id=report.id, channel=Channel(report.channel), received_at=report.received_at, happened_at=report.happened_at,
        text=said.text if said else None, address=said.address if said else None, lon=said.lon if said else None,
        lat=said.lat if said else None, erased=said is None,
        answers={code: list(values) for code, values in said.answers.items()} if said else {},
        media_url=(said.media_url or None) if said else None,
        photos=[PhotoView(shown=f"/v1/files/{each.shown}", thumb=f"/v1/files/{each.thumb}") for each in photos],
        has_contact=report.contact is not None, declared_class=report.declared_class, class_key=report.class_key,
        rule=report.rule, proposals=msgspec.json.decode(report.proposals, type=list[Proposal]),
        why=msgspec.json.decode(report.why, type=list[str]), case_id=report.case_id, simulated=report.simulated,
    )  # fmt: skip


def _object(fields: dict[str, Any]) -> Schema:
    return Schema(type="object", properties=fields, additional_properties=False)  # type: ignore[arg-type]


def _schema(said: dict[str, Any], parts: dict[str, Any]) -> Schema:
    """A field as msgspec describes it, as OpenAPI wants it."""
    if "$ref" in said:
        return _schema(parts[said["$ref"]], parts)
    if "anyOf" in said:
        return Schema(one_of=[_schema(each, parts) for each in said["anyOf"]])
    if "properties" in said:
        return _object({name: _schema(each, parts) for name, each in said["properties"].items()})
    return Schema(type=said.get("type", "string"), enum=said.get("enum"), default=said.get("default"))


ROUTES = [post_report, get_trail, get_report, get_file]
