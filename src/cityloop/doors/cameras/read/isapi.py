"""Hikvision ISAPI: alerts that a camera pushes: bare or in parts, XML of both namespaces or JSON, pictures beside them.

Source: ISAPI developer guide, EventNotificationAlert; PSIA common metadata and event model.
"""

from typing import Any
from xml.etree.ElementTree import Element

from msgspec.structs import replace

from cityloop.doors.cameras.model import Box, Seen, Unreadable
from cityloop.doors.cameras.read.multipart import parts_in
from cityloop.doors.cameras.read.shapes import (
    DEPTH_MAX,
    in_size,
    json_in,
    moment_of_text,
    name_of,
    number,
    obj,
    share,
    word,
    xml_in,
)

SOURCE = "isapi"
ALERT = "EventNotificationAlert"
SIGN = "videoloss"  # inactive: how these cameras say every few seconds that they live
LASTS = "duration"  # says of another event that it still lasts
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"BM")
_PORTS = ("inputIOPortID", "dynInputIOPortID", "portID")


def isapi_seen(raw: bytes, content_type: str = "") -> list[Seen]:
    """What the alerts of a body say was seen, one row for each region; the first row of each carries the pictures.

    Refuses with `Unreadable` or `MessageTooLarge`.
    """
    texts, stills = [], []
    for part in parts_in(in_size(raw), content_type):
        body = part.body.strip(b"\r\n\t \x00")
        if body.startswith(_PICTURES):
            stills.append(part.body)
        elif body.removeprefix(b"\xef\xbb\xbf")[:1] in (b"<", b"{", b"["):
            texts.append(body)
    if not texts:
        raise Unreadable("No part of the message is an alert in XML or JSON; let the camera send alerts.")
    found = [seen for text in texts for alert in _alerts(text) for seen in _of_alert(alert)]
    if found and stills:
        found[0] = replace(found[0], stills=tuple(stills))
    return found


def _alerts(text: bytes) -> list[dict[str, Any]]:
    if text.removeprefix(b"\xef\xbb\xbf")[:1] == b"<":
        root = xml_in(text)
        all_of = [each for each in root.iter() if name_of(each) == ALERT]
        if not all_of:
            raise Unreadable(f"The message is a {name_of(root)[:60]!r} and no {ALERT}; let the camera send alerts.")
        return [obj(_plain(each)) for each in all_of]
    given = json_in(text)
    alerts = [obj(each).get(ALERT, each) for each in (given if isinstance(given, list) else [given])]
    if not all(isinstance(each, dict) for each in alerts):
        raise Unreadable("The message is no alert: JSON without an object; let the camera send alerts.")
    return alerts


def _plain(element: Element, depth: int = 0) -> Any:
    """An element as JSON would say it: text, or an object; what stands there twice is a list."""
    if not len(element) or depth > DEPTH_MAX:
        return (element.text or "").strip()
    found: dict[str, Any] = {}
    for each in element:
        name, value = name_of(each), _plain(each, depth + 1)
        if name in found:
            found[name] = [*found[name], value] if isinstance(found[name], list) else [found[name], value]
        else:
            found[name] = value
    return found


def _of_alert(alert: dict[str, Any]) -> list[Seen]:
    kind, state = word(alert.get("eventType")), word(alert.get("eventState")).lower()
    if not kind or state not in ("active", "inactive"):
        raise Unreadable("The alert has no eventType, or an eventState that is neither active nor inactive; send it whole.")
    if kind == LASTS:
        kind = _lasting(alert) or kind
    at = moment_of_text(alert.get("dateTime"), "dateTime")
    is_over = state == "inactive"
    is_sign = is_over and kind.lower() == SIGN
    cameras = _cameras(alert)
    if not cameras:
        raise Unreadable("The alert names no camera: neither macAddress nor ipAddress; send it whole.")
    regions = [] if is_sign else _regions(alert) or [{}]
    if is_sign:
        return [Seen(source=SOURCE, cameras=cameras, labels=(kind,), at=at, is_over=True, is_sign=True)]
    found = []
    for region in regions:
        target = word(region.get("detectionTarget") or alert.get("detectionTarget"))
        zone = word(region.get("regionID")) or next((word(alert[each]) for each in _PORTS if each in alert), "")
        labels = (f"{kind}.{target}", kind) if target and target != "others" else (kind,)
        found.append(
            Seen(
                source=SOURCE, cameras=cameras, labels=labels, zone=zone, at=at, is_over=is_over,
                track="/".join((cameras[0], kind, zone, target)), box=_box(obj(region.get("TargetRect"))),
                confidence=share(region.get("confidence", alert.get("confidence"))),
            )
        )
    return found


def _lasting(alert: dict[str, Any]) -> str:
    """Of which event a `duration` says that it lasts."""
    lasting = _entries(alert.get("DurationList"), "Duration")
    return next((word(each.get("relationEvent")) for each in lasting if each.get("relationEvent")), "")


def _cameras(alert: dict[str, Any]) -> tuple[str, ...]:
    """Names by which the camera may be known: its serial number, MAC and address; with the channel where it has several."""
    channel = word(alert.get("channelID") or alert.get("dynChannelID"))
    serial = word(alert.get("deviceSerialNo") or obj(alert.get("Extensions")).get("serialNumber"))
    names = [serial, word(alert.get("macAddress")).lower(), word(alert.get("ipAddress"))]
    known = [each for each in names if each]
    apart = [f"{each}:{channel}" for each in known] if channel else []
    return (*apart, *(known if channel in ("", "0", "1") else ()))


def _regions(alert: dict[str, Any]) -> list[dict[str, Any]]:
    return _entries(alert.get("DetectionRegionList"), "DetectionRegionEntry")


def _entries(value: Any, name: str) -> list[dict[str, Any]]:
    """Entries of a list, in any of the ways in which firmwares nest them."""
    if isinstance(value, list):
        return [obj(obj(each).get(name, each)) for each in value[:64]]
    inner = obj(value).get(name)
    return [obj(each) for each in inner[:64]] if isinstance(inner, list) else [inner] if isinstance(inner, dict) else []


def _box(rect: dict[str, Any]) -> Box | None:
    edges = [number(rect.get(upper, rect.get(upper.lower()))) for upper in ("X", "Y", "width", "height")]
    if None in edges:
        return None
    left, top, width, height = edges
    return Box(left=left, top=top, right=left + width, bottom=top + height)  # type: ignore[operator]
