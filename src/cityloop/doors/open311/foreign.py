"""What other cities really send, as one kind of thing: missing fields, nulls, texts for numbers, odd dates."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from cityloop.domain.facts import ForeignAttribute, ForeignService
from cityloop.domain.personal import Personal
from cityloop.doors.open311.model import KEEP_DAYS, TOLD
from cityloop.doors.open311.rules import CLOSED, OPEN

Scalar = str | int | float | bool | None
# Names that some servers give to what the specification calls otherwise.
ALIASES = {"Text": "service_name", "Value": "service_code", "lng": "long", "lon": "long", "id": "service_request_id"}
ENDED = ("clos", "fixed", "resolved", "complete", "done", "geschlossen", "no further")
DATES = ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y")
ID_CHARS_MAX, STATUS_CHARS_MAX = 200, 40
_ISO = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ]+(\d{2}:\d{2}(?::\d{2})?)(\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?)?", re.I
)
_SAID = ("description", "status_notes", "address")


class ForeignRequest(Struct, frozen=True, kw_only=True):
    """A request of another city: what it is found by, and every field as it came."""

    id: str
    status: str
    service_code: str
    requested_at: datetime | None
    updated_at: datetime | None
    expected_at: datetime | None
    lon: float | None
    lat: float | None
    fields: Annotated[dict[str, Scalar], Personal(TOLD, keep_days=KEEP_DAYS)]


class ForeignUpdate(Struct, frozen=True, kw_only=True):
    """An update of another city's request."""

    id: str
    request_id: str
    status: str
    updated_at: datetime | None
    fields: Annotated[dict[str, Scalar], Personal(TOLD, keep_days=KEEP_DAYS)]


def rows_of(answer: Any, key: str) -> Iterator[dict[str, Any]]:
    """The objects of an answer that have this field, however they are wrapped.

    >>> list(rows_of({"service_requests": [{"service_request_id": 7}]}, "service_request_id"))
    [{'service_request_id': 7}]
    """
    if isinstance(answer, list):
        for each in answer:
            yield from rows_of(each, key)
    elif isinstance(answer, dict):
        named = {ALIASES.get(name, name) if ALIASES.get(name, name) not in answer else name: each for name, each in answer.items()}
        if named.get(key) not in (None, ""):
            yield named
        else:
            for each in answer.values():
                if isinstance(each, list | dict):
                    yield from rows_of(each, key)


def request_of(row: Mapping[str, Any], zone: ZoneInfo) -> ForeignRequest:
    """A request as it is kept. Times without a zone are the city's own."""
    fields = {name: each for name, each in row.items() if each is None or isinstance(each, str | int | float | bool)}
    lat, lon = _number(row.get("lat")), _number(row.get("long"))
    here = lat is not None and lon is not None and abs(lat) <= 90 and abs(lon) <= 180 and (lat, lon) != (0, 0)
    return ForeignRequest(
        id=_text(row["service_request_id"])[:ID_CHARS_MAX], status=status_read(_text(row.get("status"))),
        service_code=_text(row.get("service_code")), requested_at=moment_read(row.get("requested_datetime"), zone),
        updated_at=moment_read(row.get("updated_datetime"), zone),
        expected_at=moment_read(row.get("expected_datetime"), zone), lon=lon if here else None,
        lat=lat if here else None, fields=fields,
    )  # fmt: skip


def update_of(row: Mapping[str, Any], zone: ZoneInfo) -> ForeignUpdate | None:
    """An update as it is kept; None where it names no request."""
    request = _text(row.get("service_request_id"))
    if not request:
        return None
    fields = {name: each for name, each in row.items() if each is None or isinstance(each, str | int | float | bool)}
    return ForeignUpdate(
        id=_text(row["update_id"])[:ID_CHARS_MAX], request_id=request[:ID_CHARS_MAX],
        status=_text(row.get("status")).upper()[:STATUS_CHARS_MAX],
        updated_at=moment_read(row.get("updated_datetime"), zone), fields=fields,
    )  # fmt: skip


def service_of(row: Mapping[str, Any], attributes: tuple[ForeignAttribute, ...] = ()) -> ForeignService:
    """A line of a catalogue."""
    keywords = row.get("keywords")
    return ForeignService(
        code=_text(row["service_code"]), name=_text(row.get("service_name")),
        description=_text(row.get("description")), metadata=_flag(row.get("metadata")), type=_text(row.get("type")),
        keywords=", ".join(map(_text, keywords)) if isinstance(keywords, list) else _text(keywords),
        group=_text(row.get("group")), attributes=attributes,
    )  # fmt: skip


def attribute_of(row: Mapping[str, Any]) -> ForeignAttribute:
    """A question of a service."""
    values = row.get("values")
    pairs = values if isinstance(values, list) else list(values.values()) if isinstance(values, dict) else []
    return ForeignAttribute(
        code=_text(row.get("code")), datatype=_text(row.get("datatype")), required=_flag(row.get("required")),
        variable=row.get("variable") is None or _flag(row["variable"]), order=int(_number(row.get("order")) or 0),
        description=_text(row.get("description")), datatype_description=_text(row.get("datatype_description")),
        values=tuple((_text(each.get("key")), _text(each.get("name"))) for each in pairs if isinstance(each, dict)),
    )  # fmt: skip


def status_read(text: str) -> str:
    """open or closed, whatever the city calls it."""
    said = text.strip().lower()
    return CLOSED if any(word in said for word in ENDED) else OPEN


def moment_read(given: Any, zone: ZoneInfo) -> datetime | None:
    """A moment in UTC; None where nothing of the kind was sent.

    >>> moment_read("2012-05-22 23:57:23.97", ZoneInfo("America/Los_Angeles")).isoformat()
    '2012-05-23T06:57:23.970000+00:00'
    """
    text = _text(given).strip()
    if not text:
        return None
    try:
        if found := _ISO.fullmatch(text):
            day, clock, fraction, offset = found.groups()
            at = datetime.fromisoformat(f"{day}T{clock or '00:00'}")
            at = at.replace(microsecond=int(f"{fraction[1:]:0<6}"[:6]) if fraction else 0)
            own = _offset(offset) if offset else zone
            return at.replace(tzinfo=own).astimezone(UTC)
        for form in DATES:
            try:
                return datetime.strptime(text, form).replace(tzinfo=zone).astimezone(UTC)
            except ValueError:
                continue
    except (ValueError, OverflowError):
        return None
    return None


def _offset(text: str) -> Any:
    sign = "+00:00" if text.upper() == "Z" else text if ":" in text else f"{text[:3]}:{text[3:]}"
    return datetime.fromisoformat(f"2000-01-01T00:00:00{sign}").tzinfo


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, list | dict) else str(value)


def _number(value: Any) -> float | None:
    try:
        return None if value in (None, "") or isinstance(value, bool | list | dict) else float(value)
    except (TypeError, ValueError):
        return None


def _flag(value: Any) -> bool:
    return str(value).strip().lower() in ("true", "1", "yes")
