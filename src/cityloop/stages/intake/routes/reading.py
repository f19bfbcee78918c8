"""How a report's body is read: JSON, or a form with photos and what was declared of each."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec
from litestar import Request
from litestar.datastructures import UploadFile
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from msgspec import Struct

from cityloop.stages.intake.model import PhotoDeclared, ReportAsked, Unreadable

DETAIL_CHARS_MAX = 200
CONTACT_FIELDS = {"contact_name": "name", "contact_phone": "phone", "contact_email": "email"}
DECLARED = ("photo_sha256", "photo_taken_at")
NUMBERS, SWITCHES = ("lon", "lat"), ("simulated",)
_read_json = msgspec.json.Decoder(ReportAsked).decode


class Came(Struct, frozen=True, kw_only=True):
    """A report as it came: what is asked, its photos' bytes, and what the sender says of each; empty: nothing."""

    asked: ReportAsked
    photos: list[bytes] = []
    declared: list[PhotoDeclared] = []


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
            | {name: Schema(type="array", items=Schema(type="string")) for name in DECLARED}
        )
        self.request_body = RequestBody(
            required=True,
            content={
                "application/json": OpenAPIMediaType(schema=_object(fields)),
                "multipart/form-data": OpenAPIMediaType(schema=_object(form)),
            },
        )


async def report_in(request: Request) -> Came:
    """The report of a request, from JSON or a form.

    Refuses with `Unreadable`.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == "application/json":
            return Came(asked=_read_json(await request.body()))
        if kind == "multipart/form-data":
            return await _read_form(request)
    except msgspec.DecodeError as error:
        raise Unreadable(
            f"The report cannot be read: {str(error)[:DETAIL_CHARS_MAX]}; see /docs for its form."
        ) from None
    except (UnicodeDecodeError, LookupError):
        raise Unreadable("The form cannot be read: its text is not UTF-8; send it so.") from None
    raise Unreadable("The body is no report; send application/json, or multipart/form-data with photos.")


async def _read_form(request: Request) -> Came:
    given: dict[str, Any] = {}
    sent: list[bytes] = []
    declared: dict[str, list[str]] = {name: [] for name in DECLARED}
    for name, value in (await request.form()).multi_items():
        if isinstance(value, UploadFile):
            if name != "photos":
                raise Unreadable(f"The form has a file under {name[:40]!r}; put photos under `photos`.")
            sent.append(await value.read())
            await value.close()
        elif name in DECLARED:
            declared[name].append(value)
        elif name == "photos" and not value:
            continue  # a form whose file was left empty
        elif name in given or name in ("contact", "photos"):
            raise Unreadable(f"The form says {name[:40]!r} twice or wrongly; see /docs for its fields.")
        elif value or name not in (*NUMBERS, *SWITCHES, "class", "happened_at"):
            given[name] = value
    contact = {short: given.pop(name) for name, short in CONTACT_FIELDS.items() if name in given}
    if contact:
        given["contact"] = contact
    asked = msgspec.convert(given, ReportAsked, strict=False)
    return Came(asked=asked, photos=sent, declared=_declared(**declared))


def _declared(photo_sha256: list[str], photo_taken_at: list[str]) -> list[PhotoDeclared]:
    """What was said of each photo, in their order; an empty moment is none."""
    if photo_taken_at and len(photo_taken_at) != len(photo_sha256):
        raise Unreadable("The form has photo_taken_at for some photos only; send one for each, or none.")
    moments = photo_taken_at or [""] * len(photo_sha256)
    said = [{"sha256": hashed[:64], "taken_at": at or None} for hashed, at in zip(photo_sha256, moments, strict=True)]
    return msgspec.convert(said, list[PhotoDeclared])


def same_report(asked: ReportAsked, sent: list[bytes]) -> bytes:
    """The same bytes for the same form: its boundary, drawn anew at every try, says nothing."""
    return msgspec.json.encode(asked) + b"".join(sha256(raw).digest() for raw in sent)


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
