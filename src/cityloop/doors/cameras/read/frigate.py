"""Frigate: what it tells on `frigate/events`, and what its /api/events lists.

Source: docs.frigate.video, Integrations, MQTT and HTTP API.
"""

from typing import Any

from cityloop.doors.cameras.model import MESSAGES_MAX, Box, Seen, Unreadable
from cityloop.doors.cameras.read.shapes import json_in, moment_of_seconds, number, obj, share, word

SOURCE = "frigate"


def frigate_seen(raw: bytes) -> list[Seen]:
    """What the message says was seen: one row for each zone. False positives, and sub-labels (names of people), are not read.

    Refuses with `Unreadable` or `MessageTooLarge`.
    """
    given = json_in(raw)
    if isinstance(given, list):
        if len(given) > MESSAGES_MAX:
            raise Unreadable(f"{len(given)} events came; at most {MESSAGES_MAX} are read at once. Send fewer.")
        return [seen for each in given for seen in _listed(obj(each))]
    if "after" in obj(given):
        return _told(given)
    if "camera" in obj(given):
        return _listed(given)
    raise Unreadable("The message is no event of Frigate: it has neither `after` nor `camera`; subscribe to frigate/events.")


def _told(given: dict[str, Any]) -> list[Seen]:
    """new, update, end: what holds after it, and which zones were left since before it. Where it ends it was seen last."""
    before, after = obj(given.get("before")), obj(given.get("after"))
    if not after:
        raise Unreadable("The event of Frigate says nothing in `after`; send it whole.")
    if after.get("false_positive") is True:
        return []
    ends = given.get("type") == "end" or after.get("end_time") is not None
    at = after.get("end_time") if ends and after.get("end_time") is not None else after.get("frame_time", after.get("start_time"))
    now, left = _zones(after.get("current_zones", after.get("entered_zones"))), _zones(before.get("current_zones"))
    held = list(dict.fromkeys([*now, *left])) if ends else now or [""]
    found = [_seen(after, zone, at) for zone in held or [""]]
    return found + [_seen(after, zone, at, is_over=True) for zone in left if not ends and zone not in now]


def _listed(event: dict[str, Any]) -> list[Seen]:
    """An event of a list: seen at its beginning, and at its end."""
    if event.get("false_positive") is True:
        return []
    zones, end = _zones(event.get("zones")) or [""], event.get("end_time")
    found = [_seen(event, zone, event.get("start_time")) for zone in zones]
    if end is not None:
        found += [_seen(event, zone, end) for zone in zones]
    return found


def _seen(event: dict[str, Any], zone: str, at: Any, *, is_over: bool = False) -> Seen:
    camera, label, track = word(event.get("camera")), word(event.get("label")), word(event.get("id"))
    if not (camera and label and track):
        raise Unreadable("An event of Frigate needs camera, label and id; send it whole.")
    stays = event.get("stationary") is True
    score = event.get("score", event.get("top_score", obj(event.get("data")).get("top_score")))
    best = event.get("top_score", obj(event.get("data")).get("top_score"))
    return Seen(
        source=SOURCE, cameras=(camera,), labels=(f"{label}.stationary", label) if stays else (label,), zone=zone,
        at=moment_of_seconds(at, "The event's time"), confidence=share(score, share(best)), track=track, is_over=is_over,
        box=_box(event.get("box")),
    )  # fmt: skip


def _zones(value: Any) -> list[str]:
    return [each for each in map(word, value if isinstance(value, list) else []) if each]


def _box(value: Any) -> Box | None:
    edges = [number(each) for each in (value if isinstance(value, list) else [])]
    if len(edges) != 4 or None in edges:
        return None
    left, top, right, bottom = edges
    return Box(left=left, top=top, right=right, bottom=bottom)  # type: ignore[arg-type]
