"""The way to the register: what SensorThings says of devices and streams, as the register takes it."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from cityloop.db import Tx
from cityloop.domain.ids import ThingId
from cityloop.domain.policy import Policy
from cityloop.domain.sensing import LifeState, Stream, Thing
from cityloop.domain.sensing.units import ALIASES, unit_fault
from cityloop.doors.sensorthings.kinds_of_result import observing_of
from cityloop.stages.sense.model import KeyTaken
from cityloop.stages.sense.rules.describing import StreamAsked
from cityloop.stages.sense.service.register import (
    ThingAsked,
    ThingChanges,
    change_stream,
    change_thing,
    close_stream,
    open_stream,
    register_thing,
    set_state,
)

PROPERTIES_MAX, CHARS_MAX, NAME_MAX = 40, 400, 80
GONE, NEVER = "removed", "given_up"


def short_name(name: str) -> str:
    """A name as the register holds one: a short line."""
    return re.sub(r"[\x00-\x1f\x7f]+", " ", name).strip()[:NAME_MAX].strip()


def flat_properties(said: Mapping[str, Any]) -> dict[str, str]:
    """Of properties those that the register can hold: short texts, numbers and truths."""
    found = {}
    for name, value in said.items():
        text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
        if len(name) + len(text) <= CHARS_MAX and not isinstance(value, dict | list) and len(found) < PROPERTIES_MAX:
            found[name] = text
    return found


def unit_of(said: Mapping[str, Any]) -> str:
    """The UCUM unit that a unit of measurement means; empty where none is recognised.

    >>> unit_of({"name": "degree Celsius", "symbol": "°C", "definition": "ucum:Cel"})
    'Cel'
    """
    definition = said.get("definition")
    words = [definition.rpartition(":")[2].rpartition("/")[2]] if isinstance(definition, str) else []
    words += [each for each in (said.get("symbol"), said.get("name")) if isinstance(each, str)]
    for word in words:
        word = ALIASES.get(word.strip(), word.strip())
        if word and unit_fault(word) is None:
            return word
    return ""


def stream_key(code: str) -> str:
    """The key of a stream that observes a property."""
    return re.sub(r"[^\w.:+-]+", "_", code)[:40] or "observed"


def registered(tx: Tx, own: Mapping[str, Any], point: tuple[float, float] | None, policy: Policy) -> Thing:
    """A device that was described is put into the register. Emits `ThingRegistered`."""
    lon, lat = point or (None, None)
    asked = ThingAsked(
        key=f"sta-{tx.new_id()[-12:]}", name=short_name(own["name"]), lon=lon, lat=lat,
        properties=flat_properties(own.get("properties", {})),
    )  # fmt: skip
    return register_thing(tx, asked, policy=policy)


def described_anew(tx: Tx, id: ThingId, own: Mapping[str, Any], policy: Policy) -> None:
    """A device is called something else. Emits `ThingChanged` where the register says something else now."""
    changes = ThingChanges(name=short_name(own["name"]), properties=flat_properties(own.get("properties", {})))
    change_thing(tx, id, changes, policy=policy)


def placed(tx: Tx, id: ThingId, point: tuple[float, float], policy: Policy) -> None:
    """A device stands somewhere else. Emits `ThingChanged`."""
    change_thing(tx, id, ThingChanges(lon=point[0], lat=point[1]), policy=policy)


def asked_of(own: Mapping[str, Any], key: str, code: str) -> StreamAsked:
    """A datastream as the register is asked for it."""
    properties = own.get("properties") or {}
    words = properties.get("words")
    return StreamAsked(
        key=key, property=code, unit=unit_of(own["unitOfMeasurement"]), observing=observing_of(own["observationType"]),
        words=tuple(words) if isinstance(words, list) and all(isinstance(each, str) for each in words) else (),
        is_open=properties.get("open") is True or None,
    )  # fmt: skip


def open_stream_of(tx: Tx, thing: ThingId, own: Mapping[str, Any], code: str, policy: Policy) -> Stream:
    """A datastream of a device is opened. Emits `StreamOpened`."""
    key = stream_key(code)
    try:
        return open_stream(tx, thing, asked_of(own, key, code), policy=policy)
    except KeyTaken:
        return open_stream(tx, thing, asked_of(own, f"{key}-{tx.new_id()[-8:]}", code), policy=policy)


def stream_anew(tx: Tx, stream: Stream, own: Mapping[str, Any], code: str, policy: Policy) -> Stream:
    """A datastream is described anew. Emits `StreamChanged`."""
    return change_stream(tx, stream.id, asked_of(own, stream.key, code), policy=policy)


def closed(tx: Tx, stream: Stream) -> None:
    """Nothing is taken for it any more. Emits `StreamClosed`."""
    close_stream(tx, stream.id)


def retired(tx: Tx, thing: Thing) -> None:
    """A device is used no more. Emits `ThingStateChanged`."""
    if thing.state is not LifeState.retired:
        set_state(tx, thing.id, LifeState.retired, NEVER if thing.state is LifeState.planned else GONE)
