"""Many observations at once, as data arrays: read as columns where all they say is a time and a number."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from cityloop.domain.calendar import epoch_us
from cityloop.domain.errors import CityloopError
from cityloop.domain.sensing import Observing, Stream
from cityloop.doors.sensorthings import bodies
from cityloop.doors.sensorthings.drafts import Draft, draft_of
from cityloop.doors.sensorthings.graph import Graph
from cityloop.doors.sensorthings.language.moments import moment_us
from cityloop.doors.sensorthings.model import KINDS, BodyBad, Entity
from cityloop.doors.sensorthings.records import Key, id_of
from cityloop.doors.sensorthings.serving import stream_among

ROWS_MAX = 1_000_000
HUGE = 1.7e308
_PLAIN = {"phenomenonTime", "result"}
_NAMES = {*KINDS["Observation"].properties, "FeatureOfInterest/id", "FeatureOfInterest/@iot.id", "id", "@iot.id"}
_NUMBERS = frozenset({Observing.measurement, Observing.detection})


class Read(Struct, frozen=True, kw_only=True):
    """What was sent, in its order: the key of each that can be kept, and a word of what is wrong with each that cannot."""

    streams: list[int]
    at: list[int]
    value: list[float]
    said: list[Key | str]  # for each row that was sent
    beside: list[Draft]


def read(graph: Graph, arrays: Any, now: datetime) -> Read:
    """Data arrays as columns. Refuses with `BodyBad` what is none; a row that is wrong is told in its place."""
    if not isinstance(arrays, list):
        raise BodyBad('The body is no list of data arrays; send [{"Datastream": {"@iot.id": 1}, "components": […], "dataArray": […]}].')
    found = Read(streams=[], at=[], value=[], said=[], beside=[])
    now_us = epoch_us(now)
    for each in arrays:
        each = bodies.an_object(each, "A data array")
        rows, components = each.get("dataArray"), each.get("components")
        if not isinstance(rows, list) or not isinstance(components, list) or "result" not in components:
            raise BodyBad("A data array has a list of components with result among them, and a list dataArray; send both.")
        if odd := [name for name in components if name not in _NAMES]:
            raise BodyBad(f"{odd[0]!r:.40} is no component of an Observation; send some of {', '.join(sorted(_NAMES))}.")
        if len(found.said) + len(rows) > ROWS_MAX:
            raise BodyBad(f"More than {ROWS_MAX} observations were sent at once; send them in parts.")
        try:
            stream = stream_among(graph, bodies.linked(each.get("Datastream")) or "")
        except CityloopError as error:
            found.said.extend([f"error: {error.detail}"] * len(rows))
            continue
        plain = set(components) == _PLAIN and stream.observing in _NUMBERS
        (_plain_rows if plain else _rows)(found, stream, components, rows, now_us)
    return found


def _plain_rows(found: Read, stream: Stream, components: list[str], rows: list[Any], now_us: int) -> None:
    """Rows of a time and a number: the most of what is sent."""
    first, second = (0, 1) if components[0] == "phenomenonTime" else (1, 0)
    no, said, at, value, streams = stream.no, found.said, found.at, found.value, found.streams
    for row in rows:
        if type(row) is list and len(row) == 2 and type(row[second]) in (int, float) and type(row[first]) is str and "/" not in row[first]:
            try:
                us = moment_us(row[first])
            except (ValueError, OverflowError):
                said.append(f"error: {row[first]!r:.60} is no time; send one as 2026-03-02T08:00:00Z.")
                continue
            streams.append(no)
            at.append(us)
            value.append(min(max(row[second], -HUGE), HUGE))
            said.append((no, us, 0))
        else:
            _row(found, stream, components, row, now_us)


def _rows(found: Read, stream: Stream, components: list[str], rows: list[Any], now_us: int) -> None:
    for row in rows:
        _row(found, stream, components, row, now_us)


def _row(found: Read, stream: Stream, components: list[str], row: Any, now_us: int) -> None:
    if not isinstance(row, list) or len(row) != len(components):
        found.said.append(f"error: a row has {len(components)} values, one for each component; send as many.")
        return
    body = dict(zip(components, row, strict=True))
    feature = body.pop("FeatureOfInterest/id", None) or body.pop("FeatureOfInterest/@iot.id", None)
    try:
        own = bodies.own_of(body, KINDS["Observation"], whole=True)
        draft = draft_of(stream, own, "" if feature is None else str(feature), now_us)
    except CityloopError as error:
        found.said.append(f"error: {error.detail}")
        return
    found.streams.append(draft.stream)
    found.at.append(draft.at)
    found.value.append(draft.value)
    found.said.append(draft.key)
    if draft.beside:
        found.beside.append(draft)


def links(read: Read, missing: Collection[Key], root: str, aside: Mapping[str, int]) -> list[str]:
    """For each row that was sent the link of its observation, or a word of what is wrong with it."""
    why = f"error: put aside ({', '.join(sorted(aside))})"
    return [
        each if isinstance(each, str) else why if each in missing else f"{root}/Observations('{id_of(*each)}')"
        for each in read.said
    ]


def stream_named(body: dict[str, Any], parent: Entity | None) -> str | None:
    """The stream that takes an observation with which nothing else is described; None, where something is to be made."""
    feature = body.get("FeatureOfInterest")
    if feature is not None and bodies.linked(feature) is None:
        return None
    if parent is not None:
        return str(parent.id) if parent.kind == "Datastream" else None
    return bodies.linked(body["Datastream"]) if body.get("Datastream") is not None else None
