"""NVIDIA DeepStream: messages of the full schema and of the minimal one, one or many, each on its line or in a list.

Source: DeepStream SDK, Gst-nvmsgconv: DeepStream message schema generation. Plates, faces and makes are not read.
"""

from typing import Any

from cityloop.doors.cameras.model import MESSAGES_MAX, Box, Seen, Unreadable
from cityloop.doors.cameras.read.shapes import in_size, json_in, moment_of_text, number, obj, share, word

SOURCE = "deepstream"
_KINDS = ("vehicle", "person", "bicycle", "roadsign", "face", "product", "bag")
_SPOTS = ("parkingSpot", "aisle", "entrance", "intersection")
_OVER = frozenset({"exit", "reset"})
_EDGES = ("topleftx", "toplefty", "bottomrightx", "bottomrighty")


def deepstream_seen(raw: bytes) -> list[Seen]:
    """What the messages say was seen.

    Refuses with `Unreadable` or `MessageTooLarge`.
    """
    return [seen for each in _messages(in_size(raw)) for seen in _of_message(each)]


def _messages(raw: bytes) -> list[dict[str, Any]]:
    try:
        given = json_in(raw)
    except Unreadable:
        lines = [each for each in raw.split(b"\n") if each.strip()]
        if len(lines) < 2:
            raise
        if len(lines) > MESSAGES_MAX:
            raise Unreadable(f"{len(lines)} messages came; at most {MESSAGES_MAX} are read at once. Send fewer.") from None
        given = [json_in(each) for each in lines]
    found = given if isinstance(given, list) else [given]
    if len(found) > MESSAGES_MAX or not found or not all(isinstance(each, dict) for each in found):
        raise Unreadable(f"The message is no object, or more than {MESSAGES_MAX}; send what DeepStream makes.")
    return found


def _of_message(message: dict[str, Any]) -> list[Seen]:
    at = message.get("@timestamp", message.get("timestamp"))
    if "objects" in message:
        return _minimal(message, at)
    sensor, thing, event = obj(message.get("sensor")), obj(message.get("object")), obj(message.get("event"))
    camera, track, kind = word(sensor.get("id")), word(thing.get("id")), word(event.get("type"))
    what = next((each for each in _KINDS if each in thing), "object")
    if not camera:
        raise Unreadable("A message of DeepStream has no sensor.id; use its full or its minimal schema.")
    place = obj(message.get("place"))
    zone = next((word(obj(place[each]).get("id")) for each in _SPOTS if each in place), "")
    sure = share(thing.get("confidence"), share(obj(thing.get(what)).get("confidence")))
    return [
        Seen(
            source=SOURCE, cameras=(camera,), labels=(f"{what}.{kind}", what) if kind else (what,), zone=zone,
            at=moment_of_text(at, "@timestamp"), confidence=sure, track=track, is_over=kind in _OVER,
            box=_box([obj(thing.get("bbox")).get(each) for each in _EDGES]),
        )
    ]


def _minimal(message: dict[str, Any], at: Any) -> list[Seen]:
    """`objects` are lines: track|left|top|right|bottom|type|# attributes, the last of which may be the confidence."""
    camera, lines = word(message.get("sensorId")), message.get("objects")
    if not camera or not isinstance(lines, list) or len(lines) > MESSAGES_MAX:
        raise Unreadable("A message of the minimal schema needs sensorId and a list of objects; send what DeepStream makes.")
    when = moment_of_text(at, "@timestamp")
    found = []
    for line in lines:
        cells = line.split("|") if isinstance(line, str) and len(line) < 4_000 else []
        if len(cells) < 6 or not word(cells[0]) or not word(cells[5]):
            raise Unreadable("An object of the minimal schema is `id|left|top|right|bottom|type|…`; send what DeepStream makes.")
        last = number(cells[-1]) if len(cells) > 6 else None
        found.append(
            Seen(
                source=SOURCE, cameras=(camera,), labels=(word(cells[5]).lower(),), at=when, track=word(cells[0]),
                confidence=last if last is not None and 0 < last <= 1 else 1.0, box=_box(cells[1:5]),
            )
        )
    return found


def _box(edges: list[Any]) -> Box | None:
    left, top, right, bottom = (number(each) for each in edges)
    if left is None or top is None or right is None or bottom is None:
        return None
    return Box(left=left, top=top, right=right, bottom=bottom)
