"""Observations as they are sent, before they are kept: numbers for the columns, and what stands beside them."""

from typing import Any

from msgspec import Struct

from cityloop.domain.sensing import Stream
from cityloop.doors.sensorthings.bodies import span_us
from cityloop.doors.sensorthings.kinds_of_result import number_of
from cityloop.doors.sensorthings.language.moments import said_us
from cityloop.doors.sensorthings.records import Key, id_of

BESIDE = ("resultTime", "resultQuality", "validTime", "parameters")


class Draft(Struct, frozen=True, kw_only=True):
    """An observation that is to be kept. Units: `at` in microseconds since 1970, UTC; `value` in the stream's unit."""

    stream: int
    at: int
    value: float
    beside: dict[str, Any]

    @property
    def id(self) -> str:
        return id_of(self.stream, self.at, 0)

    @property
    def key(self) -> Key:
        return self.stream, self.at, 0


def draft_of(stream: Stream, own: dict[str, Any], feature: str, now_us: int) -> Draft:
    """An observation of a stream. One that says no time was made now. Refuses with `BodyBad` or `ResultBad`."""
    begun, ended = (now_us, None) if own.get("phenomenonTime") is None else span_us(own["phenomenonTime"])
    beside = {name: own[name] for name in BESIDE if own.get(name) not in (None, {}, "")}
    if beside.get("resultTime") == said_us(begun):
        del beside["resultTime"]
    if ended is not None and ended != begun:
        beside["until"] = said_us(ended)
    if feature and feature != stream.thing:
        beside["FeatureOfInterest"] = feature
    return Draft(stream=stream.no, at=begun, value=number_of(stream, own["result"]), beside=beside)
