"""What strangers are told, in the specification's fields and order. What a person wrote only where the city says so."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from cityloop.db.tx import Row
from cityloop.domain.facts import ForeignAttribute, ForeignService, PhotoRef
from cityloop.domain.ids import ClassKey
from cityloop.domain.lifecycle import State
from cityloop.domain.policy import Attribute, Policy, ProblemClass
from cityloop.domain.private import for_all
from cityloop.domain.said import Said
from cityloop.domain.telling import Telling
from cityloop.domain.time import moment as stored
from cityloop.doors.open311.model import SPECIFICATION
from cityloop.doors.open311.rules import code_of, status_of
from cityloop.doors.open311.store import RequestRow, UpdateRow

T = TypeVar("T")
STATES = {each.value: each for each in State}
CHANGESET = "2026-11-26T00:00:00Z"  # of what this door can do
FIELDS = (
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description", "agency_responsible",
    "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address", "address_id", "zipcode",
    "lat", "long", "media_url",
)  # fmt: skip
TYPED = frozenset({"description", "status_notes", "address", "address_id", "zipcode"})  # what people of a place wrote
PLACES = 4  # decimals of the centre of a cell
_photos = msgspec.json.Decoder(tuple[PhotoRef, ...]).decode


def discovery_shown(base: str, policy: Policy, tell: Telling) -> dict[str, Any]:
    """Where the city's endpoints are."""
    return {
        "changeset": CHANGESET,
        "contact": tell.word("open311.contact", city=tell.of(policy.name)),
        "key_service": tell.word("open311.keys" if policy.settings.open311_keys_required else "open311.no_keys"),
        "endpoints": [
            {
                "specification": SPECIFICATION, "url": f"{base}/open311/v2", "changeset": CHANGESET,
                "type": "test" if policy.simulated else "production", "formats": ["text/xml", "application/json"],
            }
        ],
    }  # fmt: skip


def service_shown(kind: ProblemClass, policy: Policy, tell: Telling) -> dict[str, Any]:
    """A class as a service. A report of it has no id before it is looked at, so a token comes first: batch."""
    conditions = [tell.of(rule.file_condition) for rule in policy.rules_of_class.get(kind.key, ())]
    return {
        "service_code": code_of(kind.key), "service_name": tell.of(kind.name), "description": "; ".join(conditions) or tell.of(kind.name),
        "metadata": kind.key in policy.attributes_of_class, "type": "batch", "keywords": ", ".join(kind.synonyms),
        "group": tell.of(kind.major_name),
    }  # fmt: skip


def definition_shown(kind: ProblemClass, policy: Policy, tell: Telling) -> dict[str, Any]:
    """The attributes of a class."""
    attributes = policy.attributes_of_class.get(kind.key, ())
    return {"service_code": code_of(kind.key), "attributes": [_attribute_shown(each, tell) for each in attributes]}


def _attribute_shown(attribute: Attribute, tell: Telling) -> dict[str, Any]:
    shown = {
        "variable": not attribute.is_hint, "code": attribute.code, "datatype": attribute.answers.value,
        "required": attribute.required, "datatype_description": tell.word(f"open311.datatype.{attribute.answers}"),
        "order": attribute.order, "description": tell.of(attribute.says),
    }  # fmt: skip
    if attribute.values:
        shown["values"] = [{"key": each.key, "name": tell.of(each.name)} for each in attribute.values]
    return shown


def notice_of(key: str | None, tell: Telling) -> str | None:
    """What will be done, and within which time, as the rule says that is usual for the class."""
    rules = tell.policy.rules_of_class.get(key, ()) if key else ()  # type: ignore[call-overload]
    usual = next((rule for rule in rules if rule.is_default), rules[0] if rules else None)
    if usual is None:
        return None
    return tell.word("open311.notice", done=tell.of(usual.close_condition), limit=tell.limit(usual.limit))


def case_shown(
    row: Row, tell: Telling, *, said: Said | None, base: str, steps: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """A case as a service request. One that nobody filed yet says only how it stands."""
    policy, filed = tell.policy, row.number is not None
    settings = policy.settings
    key = row.class_key or row.declared_class
    lon, lat = _place(row, policy) if filed else (None, None)
    texts = said if settings.open311_public_text and filed else None
    name, code, notice = _once(tell, ("class", key), lambda: _class_words(key, tell))
    shown = {
        "service_request_id": row.id,
        "status": status_of(STATES[row.state]),
        "status_notes": _once(tell, ("state", row.state, row.refused_for, row.merged_into), lambda: _notes(row, tell)),
        "service_name": name,
        "service_code": code,
        "description": for_all(texts.text) if texts else None,
        "agency_responsible": tell.unit(row.unit) or None,
        "service_notice": notice,
        "requested_datetime": when(row.received_at, tell),
        "updated_datetime": when(row.closed_at if row.state == State.closed else row.updated_at, tell),
        "expected_datetime": when(row.due_at, tell),
        "address": (for_all(texts.address) if texts and texts.address else _areas(row, tell)) if filed else None,
        "address_id": row.component if filed else None,
        "zipcode": None,
        "lat": lat,
        "long": lon,
        "media_url": _media(row, said, base) if settings.open311_public_media and filed else None,
    }
    if steps is not None:
        shown["extended_attributes"] = {
            "state": row.state, "level": row.level, "area": row.community or row.street or row.district,
            "reports": row.reports, "reworks": row.reworks, "closed_datetime": when(row.closed_at, tell),
            "on_time": None if row.on_time is None else bool(row.on_time), "steps": steps,
        }  # fmt: skip
    return shown


def foreign_service_shown(service: ForeignService) -> dict[str, Any]:
    """A line of another city's catalogue, as it was told."""
    return {
        "service_code": service.code, "service_name": service.name, "description": service.description,
        "metadata": service.metadata, "type": service.type, "keywords": service.keywords, "group": service.group,
    }  # fmt: skip


def foreign_definition_shown(service: ForeignService) -> dict[str, Any]:
    """The attributes of another city's service, as they were told."""
    return {"service_code": service.code, "attributes": [_foreign_attribute(each) for each in service.attributes]}


def _foreign_attribute(attribute: ForeignAttribute) -> dict[str, Any]:
    shown = msgspec.structs.asdict(attribute)
    values = shown.pop("values")
    return shown | ({"values": [{"key": key, "name": name} for key, name in values]} if values else {})


def foreign_shown(row: RequestRow, fields: Mapping[str, Any] | None, tell: Telling) -> dict[str, Any]:
    """A request of another city: what it was found by, and its words as far as this city shows words."""
    settings = tell.policy.settings
    told = dict(fields or {})
    hidden = set() if settings.open311_public_text else set(TYPED)
    hidden |= set() if settings.open311_public_media else {"media_url"}
    shown = {name: None if name in hidden else told.get(name) for name in FIELDS}
    shown |= {name: for_all(str(shown[name])) for name in ("description", "status_notes", "address") if shown[name]}
    for name in ("lat", "long"):
        shown[name] = _number(told.get(name)) if fields else getattr(row, {"lat": "lat", "long": "lon"}[name])
    return shown | {
        "service_request_id": row.id, "status": row.status, "service_code": row.service_code,
        "requested_datetime": when(row.requested_at, tell), "updated_datetime": when(row.updated_at, tell),
        "expected_datetime": when(row.expected_at, tell),
    }  # fmt: skip


def step_shown(row: Row, status: str, tell: Telling) -> dict[str, Any]:
    """A step of a case, as an update."""
    return {
        "update_id": f"{row.id}.{row.no}", "service_request_id": row.id, "status": status,
        "updated_datetime": when(row.at, tell), "description": step_words(row, tell), "media_url": None,
    }  # fmt: skip


def step_words(row: Row, tell: Telling) -> str:
    """What happened; a refusal with its reason."""
    words = tell.word(f"fact.{row.kind}")
    if row.kind == "CaseRefused" and row.refused_for:
        return f"{words}: {tell.word(f'filing.reason.{row.refused_for}')}"
    return words


def update_shown(row: UpdateRow, fields: Mapping[str, Any] | None, tell: Telling) -> dict[str, Any]:
    """What another system told of a request."""
    settings = tell.policy.settings
    told = dict(fields or {})
    return {
        "update_id": row.their_id if row.jurisdiction else row.id, "service_request_id": row.request_id,
        "status": row.status, "updated_datetime": when(row.updated_at, tell),
        "description": for_all(told.get("description") or "") or None if settings.open311_public_text else None,
        "media_url": told.get("media_url") if settings.open311_public_media else None,
    }  # fmt: skip


def when(moment: datetime | str | None, tell: Telling) -> str | None:
    """A moment on the city's clock, with its offset."""
    if moment is None:
        return None
    local = (stored(moment) if isinstance(moment, str) else moment).astimezone(tell.zone)
    return local.isoformat(timespec="microseconds" if local.microsecond else "seconds")


def _place(row: Row, policy: Policy) -> tuple[float | None, float | None]:
    """The point; of a class whose place is private, the middle of its cell."""
    kind = policy.class_by_key.get(row.class_key)
    if row.lon is not None and not (kind and kind.private_place):
        return row.lon, row.lat
    cell = policy.cell_by_code.get(row.cell)
    if cell is None:
        return None, None
    ring = cell.ring[:-1]
    return (
        round(sum(lon for lon, _ in ring) / len(ring), PLACES),
        round(sum(lat for _, lat in ring) / len(ring), PLACES),
    )


def _areas(row: Row, tell: Telling) -> str | None:
    """The names of community, street and district."""
    known = tell.policy.area_by_code

    def named() -> str | None:
        codes = [code for code in (row.community, row.street, row.district) if code in known]
        return ", ".join(tell.of(known[code].name) for code in codes) or None

    return _once(tell, ("area", row.community, row.street, row.district), named)


def _class_words(key: str | None, tell: Telling) -> tuple[str | None, str | None, str | None]:
    """Name, service code and notice of a class."""
    if key is None:
        return None, None, None
    return tell.kind(key), code_of(ClassKey(key)), notice_of(key, tell)


def _once(tell: Telling, key: tuple, make: Callable[[], T]) -> T:
    """What many rows of one answer say alike, worded once."""
    said = tell.__dict__.setdefault("_open311_said", {})
    if key not in said:
        said[key] = make()
    return said[key]


def _notes(row: Row, tell: Telling) -> str:
    words = tell.word(f"state.{row.state}")
    if row.merged_into:
        return f"{words}: {row.merged_into}"
    return f"{words}: {tell.word(f'filing.reason.{row.refused_for}')}" if row.refused_for else words


def _media(row: Row, said: Said | None, base: str) -> str | None:
    photos = _photos(row.photos) if row.photos else ()
    if photos:
        return f"{base}/open311/v2/media/{photos[0].shown}"
    return (said.media_url or None) if said else None


def _number(value: Any) -> float | None:
    try:
        return None if value in (None, "") else float(value)
    except (TypeError, ValueError):
        return None
