"""ONVIF notifications: WS-BaseNotification over SOAP, pushed or pulled. What a property was at the beginning is no news.

Source: ONVIF core specification 9, OASIS WS-BaseNotification 1.3, ONVIF analytics service.
"""

from datetime import UTC
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from cityloop.doors.cameras.model import MESSAGES_MAX, Box, Seen, Unreadable
from cityloop.doors.cameras.read.shapes import child, moment_of_text, name_of, number, said, share, word, xml_in

SOURCE = "onvif"
_TOKENS = ("VideoSourceConfigurationToken", "VideoSourceToken", "Source", "VideoSource", "InputToken", "RelayToken")
_ZONES = ("Rule", "Region", "InputToken", "RelayToken")
_YES, _NO = frozenset({"true", "1", "active"}), frozenset({"false", "0", "inactive"})


def onvif_seen(raw: bytes) -> list[Seen]:
    """What the notifications of a message say has changed: what is true now is seen, what is false is seen no more.

    Refuses with `Unreadable` or `MessageTooLarge`.
    """
    root = xml_in(raw)
    notes = [each for each in root.iter() if name_of(each) == "NotificationMessage"]
    if not notes:
        raise Unreadable(f"The message is a {name_of(root)[:60]!r} without a NotificationMessage; subscribe the camera's events.")
    if len(notes) > MESSAGES_MAX:
        raise Unreadable(f"{len(notes)} notifications came; at most {MESSAGES_MAX} are read at once.")
    return [seen for each in notes if (seen := _of_note(each)) is not None]


def _of_note(note: Element) -> Seen | None:
    inner = child(note, "Message", "Message")
    if inner is None:
        raise Unreadable("A notification carries no tt:Message; send it whole.")
    if inner.get("PropertyOperation", "Changed") != "Changed":
        return None  # Initialized: how it stood when we subscribed; Deleted: what was watched is gone
    topic = said(note, "Topic")
    label = ".".join(each.rpartition(":")[2] for each in topic.split("/") if each)
    if not label:
        raise Unreadable("A notification has no Topic; send it whole.")
    at = moment_of_text(inner.get("UtcTime"), "UtcTime")
    source, key, data = (_items(inner, name) for name in ("Source", "Key", "Data"))
    truth = next((value.lower() for value in data.values() if value.lower() in _YES | _NO), "true")
    kind, likely = _class(inner)
    token = next((source[each] for each in _TOKENS if each in source), "")
    track = key.get("ObjectId") or data.get("ObjectId") or ""
    zone = next((source[each] for each in _ZONES if each in source), "")
    cameras = _cameras(note, token)
    return Seen(
        source=SOURCE, cameras=cameras, labels=(f"{label}.{kind}", label) if kind else (label,), zone=zone,
        at=at if at.tzinfo else at.replace(tzinfo=UTC), confidence=likely, is_over=truth in _NO, box=_box(inner),
        track="/".join((cameras[0] if cameras else "", label, zone, track)),
    )  # fmt: skip


def _items(message: Element, part: str) -> dict[str, str]:
    found = child(message, part)
    simple = [each for each in found if name_of(each) == "SimpleItem"] if found is not None else []
    return {word(each.get("Name")): word(each.get("Value")) for each in simple}


def _class(message: Element) -> tuple[str, float]:
    """The likeliest class of the object, if one is described."""
    best = ("", 0.0)
    for each in message.iter():
        if name_of(each) == "ClassCandidate":
            best = max(best, (said(each, "Type"), share(said(each, "Likelihood"))), key=lambda pair: pair[1])
        elif name_of(each) == "Type" and each.get("Likelihood"):
            best = max(best, (word(each.text), share(each.get("Likelihood"))), key=lambda pair: pair[1])
    return best if best[0] else ("", 1.0)


def _cameras(note: Element, token: str) -> tuple[str, ...]:
    """The address that tells, with the token of the picture; then the token alone."""
    host = ""
    for name in ("ProducerReference", "SubscriptionReference"):
        try:
            host = host or urlsplit(said(note, name, "Address")).hostname or ""
        except ValueError:
            host = ""
    names = (f"{host}:{token}" if host and token else "", host, token)
    return tuple(each for each in names if each)


def _box(message: Element) -> Box | None:
    found = next((each for each in message.iter() if name_of(each) == "BoundingBox"), None)
    if found is None:
        return None
    edges = [number(found.get(each)) for each in ("left", "top", "right", "bottom")]
    if None in edges:
        return None
    left, top, right, bottom = edges
    return Box(left=left, top=top, right=right, bottom=bottom)  # type: ignore[arg-type]
