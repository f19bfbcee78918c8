"""What may be said of a device and of a stream; what is left out follows from the pack."""

import math
import re

import msgspec
from msgspec import Struct

from cityloop.domain.place import Point
from cityloop.domain.policy import Policy
from cityloop.domain.sensing import Observing, checked_unit
from cityloop.stages.sense.model import DeviceWrong

_KEY = re.compile(r"[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]{0,118}[^\s\x00-\x1f\x7f])?")
_STREAM_KEY = re.compile(r"[\w.:+-]{1,60}")
_CODE = re.compile(r"[\w.:+-]{0,80}")
_NAME = re.compile(r"[^\x00-\x1f\x7f]{0,80}")
_URL = re.compile(r"(?:(?:https?|rtsps?|rtmps?|ws|wss|hls)://|/)[^\s\x00-\x1f\x7f\"<>]{1,800}")
_WORDS_MAX, _PROPERTIES_MAX, _PROPERTY_CHARS = 64, 60, 2_000


class StreamAsked(Struct, frozen=True, kw_only=True):
    """A stream as somebody describes it; None: as the pack says of its property, or nothing."""

    key: str
    property: str = ""  # empty: the key
    unit: str | None = None
    observing: Observing | None = None
    every_s: float | None = None
    least: float | None = None
    most: float | None = None
    words: tuple[str, ...] = ()
    is_open: bool | None = None


def checked_key(key: str) -> str:
    """The key of a device. Refuses with `DeviceWrong`."""
    if not _KEY.fullmatch(key):
        raise DeviceWrong(f"{key[:40]!r} is no key of a device; give 1 to 120 printable characters, as its source names it.")
    return key


def checked_stream(asked: StreamAsked) -> StreamAsked:
    """What is said of a stream, if it can be.

    Refuses with `DeviceWrong` or `UnitWrong`.
    """
    if not _STREAM_KEY.fullmatch(asked.key):
        raise DeviceWrong(f"{asked.key[:40]!r} is no key of a stream; give letters, digits and . : + - _, without '/'.")
    checked_text("property", asked.property, _CODE)
    if asked.unit is not None:
        checked_unit(asked.unit)
    for name in ("every_s", "least", "most"):
        value = getattr(asked, name)
        if value is not None and not math.isfinite(value):
            raise DeviceWrong(f"{name} of {asked.key} is no number; leave it out, or give one.")
    if asked.every_s is not None and asked.every_s < 0:
        raise DeviceWrong(f"every_s of {asked.key} is {asked.every_s}; give seconds, or 0 for whenever something happens.")
    if asked.least is not None and asked.most is not None and asked.least >= asked.most:
        raise DeviceWrong(f"least of {asked.key} is {asked.least}, most {asked.most}; the first must be less.")
    if len(asked.words) > _WORDS_MAX or not all(_NAME.fullmatch(word) and word for word in asked.words):
        raise DeviceWrong(f"words of {asked.key}: give at most {_WORDS_MAX} short words.")
    return asked


def streams_of(kind: str, policy: Policy) -> tuple[StreamAsked, ...]:
    """What a device of a kind observes where nobody says otherwise."""
    known = policy.device_kind.get(kind)
    return tuple(StreamAsked(key=each.key) for each in known.streams) if known else ()


def described(asked: StreamAsked, kind: str, policy: Policy) -> StreamAsked:
    """The stream with what the pack says of it wherever nobody said anything."""
    known = policy.device_kind.get(kind)
    usual = next((each for each in known.streams if each.key == asked.key), None) if known else None
    code = asked.property or (usual.property if usual else asked.key)
    prop = policy.property_by_code.get(code)
    usual = usual if usual and usual.property == code else None
    least, most = (
        next((each for each in (given, *(getattr(one, name) for one in (usual, prop) if one)) if each is not None), None)
        for name, given in (("least", asked.least), ("most", asked.most))
    )
    return StreamAsked(
        key=asked.key, property=code, unit=asked.unit if asked.unit is not None else prop.unit if prop else "",
        observing=asked.observing or (prop.observing if prop else None), least=least, most=most,
        every_s=asked.every_s if asked.every_s is not None else usual.every_s if usual else 0,
        words=asked.words or (prop.words if prop else ()), is_open=asked.is_open if asked.is_open is not None else bool(usual and usual.is_open),
    )  # fmt: skip


def checked_kind(kind: str, policy: Policy) -> str:
    """A kind of the pack, or none. Refuses with `DeviceWrong`."""
    if kind and policy.device_kinds and kind not in policy.device_kind:
        raise DeviceWrong(f"There is no kind {kind[:40]!r}; use one of {', '.join(policy.device_kind)}, or add it to device_kinds.csv.")
    return kind


def checked_where(lon: float | None, lat: float | None) -> Point | None:
    """A place on earth, or none. A device may stand outside the city's cells.

    Refuses with `DeviceWrong`.
    """
    if lon is None and lat is None:
        return None
    if lon is None or lat is None or not (abs(lon) <= 180 and abs(lat) <= 90):
        raise DeviceWrong(f"lon={lon}, lat={lat} is no place; give both in degrees (WGS 84), or neither.")
    return Point(lon=float(lon), lat=float(lat))


def checked_text(name: str, said: str, pattern: re.Pattern[str] = _NAME) -> str:
    """A short text of one line. Refuses with `DeviceWrong`."""
    if not pattern.fullmatch(said):
        raise DeviceWrong(f"{name} {said[:40]!r} is too long, or has characters that it may not have; shorten it.")
    return said


def checked_code(name: str, said: str) -> str:
    """A short code. Refuses with `DeviceWrong`."""
    return checked_text(name, said, _CODE)


def checked_url(name: str, said: str) -> str:
    """An address of a picture, or nothing. Refuses with `DeviceWrong`."""
    if said and not _URL.fullmatch(said):
        raise DeviceWrong(f"{name} is no address; write one as in https://…, rtsp://… or a path of this server.")
    return said


def checked_properties(said: dict[str, str]) -> str:
    """Whatever else the source says, as JSON. Refuses with `DeviceWrong`."""
    if len(said) > _PROPERTIES_MAX or any(len(name) + len(text) > _PROPERTY_CHARS for name, text in said.items()):
        raise DeviceWrong(f"properties: at most {_PROPERTIES_MAX}, each of at most {_PROPERTY_CHARS} characters.")
    return msgspec.json.encode(said, order="sorted").decode()
