"""Readers: a network server's JSON -> uplinks. Pure; refuses with `UplinkUnreadable` and nothing else.

Source: ChirpStack 4, integrations, event types; ChirpStack 3, the same; The Things Stack, data formats.
"""

import base64
import binascii
import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from cityloop.domain.unreadable import UNREADABLE
from cityloop.doors.lorawan.model import BODY_MAX, DEPTH_MAX, VALUES_MAX, Uplink, UplinkUnreadable

_EUI = re.compile(r"[0-9a-f]{16}")
_NAME = re.compile(r"[^\w.+-]")
_FRACTION = re.compile(r"(\.[0-9]{6})[0-9]+")
NAME_MAX = 60
ROWS_MAX = 2_000


def uplinks_in(raw: bytes) -> list[Uplink]:
    """The uplinks of a message: one, or a list of them. What is no uplink (a join, an acknowledgement) is none.

    Refuses with `UplinkUnreadable`.
    """
    if len(raw) > BODY_MAX:
        raise UplinkUnreadable(f"The message has {len(raw)} bytes; at most {BODY_MAX} are read. Send fewer at once.")
    try:
        given = msgspec.json.decode(raw)
    except UNREADABLE as error:
        raise UplinkUnreadable(f"The message is no JSON that can be read: {str(error)[:100]}; let the server send JSON.") from None
    rows = given if isinstance(given, list) else [given]
    if len(rows) > ROWS_MAX or not all(isinstance(each, dict) for each in rows):
        raise UplinkUnreadable(f"The message is no object, nor a list of at most {ROWS_MAX}; send what the server makes.")
    return [uplink for each in rows if (uplink := _uplink(each)) is not None]


def _uplink(given: dict[str, Any]) -> Uplink | None:
    if "deviceInfo" in given:
        return _chirpstack4(given)
    if "devEUI" in given:
        return _chirpstack3(given)
    inner = given["data"] if isinstance(given.get("data"), dict) else given  # as the console's live data has it
    if "end_device_ids" in inner:
        return _things(inner)
    raise UplinkUnreadable("The message names no device: neither deviceInfo, devEUI nor end_device_ids; send what the server makes.")


def _chirpstack4(given: dict[str, Any]) -> Uplink | None:
    info = _obj(given["deviceInfo"])
    signs = _radio(given.get("rxInfo"), "rssi", "snr")
    if "margin" in given:
        signs |= _numbers(margin=given["margin"])
        if given.get("batteryLevelUnavailable") is not True:
            signs |= _numbers(battery=given.get("batteryLevel"))
    elif "fCnt" not in given and "object" not in given:
        return None
    return Uplink(
        devices=_devices(info.get("devEui"), info.get("deviceName")), at=_moment(given.get("time")), signs=signs,
        values=_flat(given.get("object")), session=_word(given.get("devAddr")), count=_count(given.get("fCnt")),
    )  # fmt: skip


def _chirpstack3(given: dict[str, Any]) -> Uplink | None:
    signs = _radio(given.get("rxInfo"), "rssi", "loRaSNR")
    decoded = given.get("object")
    if decoded is None and isinstance(given.get("objectJSON"), str):
        try:
            decoded = msgspec.json.decode(given["objectJSON"] or "{}")
        except UNREADABLE:
            raise UplinkUnreadable("objectJSON is no JSON; look at the codec of the device.") from None
    if "margin" in given:
        signs |= _numbers(margin=given["margin"], battery=given.get("batteryLevel"))
    elif "fCnt" not in given and decoded is None:
        return None
    moments = [at for each in _rows(given.get("rxInfo")) if (at := _moment(each.get("time")))]
    return Uplink(
        devices=_devices(_eui3(given.get("devEUI")), given.get("deviceName")), values=_flat(decoded), signs=signs,
        at=min(moments) if moments else _moment(given.get("publishedAt")), session=_word(given.get("devAddr")),
        count=_count(given.get("fCnt")),
    )  # fmt: skip


def _things(given: dict[str, Any]) -> Uplink | None:
    ids, message = _obj(given["end_device_ids"]), given.get("uplink_message")
    if not isinstance(message, dict):
        return None
    battery = _obj(message.get("last_battery_percentage")).get("value")
    return Uplink(
        devices=_devices(ids.get("dev_eui"), ids.get("device_id")), values=_flat(message.get("decoded_payload")),
        at=_moment(message.get("received_at")) or _moment(given.get("received_at")), session=_word(ids.get("dev_addr")),
        signs=_radio(message.get("rx_metadata"), "rssi", "snr") | _numbers(battery=battery),
        count=_count(message.get("f_cnt", 0)),
    )  # fmt: skip


def _devices(eui: Any, name: Any) -> tuple[str, ...]:
    plain = _word(eui).lower().replace("-", "").replace(":", "")
    if not _EUI.fullmatch(plain):
        raise UplinkUnreadable(f"{plain[:40]!r} is no DevEUI; it has 16 digits from 0 to f.")
    return tuple(dict.fromkeys(each for each in (plain, _word(name)) if each))


def _eui3(value: Any) -> str:
    """A DevEUI of ChirpStack 3, whose JSON has it in base64 or, by its setting, in hexadecimal."""
    text = _word(value)
    if _EUI.fullmatch(text.lower()):
        return text
    try:
        return base64.b64decode(text, validate=True).hex()
    except (binascii.Error, ValueError):
        return text


def _flat(value: Any) -> dict[str, float]:
    """Numbers and truths of a decoded payload by their names; texts are no observations of a number."""
    found = dict(_leaves(value, "", 0))
    if len(found) > VALUES_MAX:
        raise UplinkUnreadable(f"The payload has {len(found)} values; at most {VALUES_MAX} are read. Let the codec give fewer.")
    return found


def _leaves(value: Any, name: str, depth: int) -> Iterator[tuple[str, float]]:
    if isinstance(value, dict | list) and depth < DEPTH_MAX:
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in pairs:
            part = _NAME.sub("_", str(key))
            yield from _leaves(inner, f"{name}.{part}" if name else part, depth + 1)
    elif isinstance(value, bool | int | float) and name:
        number = _number(value)
        if number is not None:
            yield name[:NAME_MAX], number


def _radio(value: Any, rssi: str, snr: str) -> dict[str, float]:
    """How well the best gateway heard it."""
    rows = [(_number(each.get(rssi)), _number(each.get(snr))) for each in _rows(value)]
    strengths = [each for each, _ in rows if each is not None]
    ratios = [each for _, each in rows if each is not None]
    return _numbers(rssi=max(strengths, default=None), snr=max(ratios, default=None))


def _numbers(**values: Any) -> dict[str, float]:
    return {name: number for name, value in values.items() if (number := _number(value)) is not None}


def _number(value: Any) -> float | None:
    if not isinstance(value, bool | int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 32 else None


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(_FRACTION.sub(r"\1", value[:60]))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _obj(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _rows(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _word(value: Any) -> str:
    return value.strip()[:120] if isinstance(value, str) else ""
