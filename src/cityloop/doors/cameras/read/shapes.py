"""What every reader needs: JSON and XML that may be hostile or wrong, numbers, moments. Pure."""

import math
import re
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import msgspec
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from cityloop.domain.unreadable import UNREADABLE
from cityloop.doors.cameras.model import BODY_MAX, MessageTooLarge, Unreadable

WORD_MAX = 120
DEPTH_MAX = 60
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*\?>")
_BARE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
_NO_CHARS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FRACTION = re.compile(r"(\.[0-9]{6})[0-9]+")
_YEARS = (1990, 2200)


def in_size(raw: bytes) -> bytes:
    """The bytes, if they are no more than a message may have.

    Refuses with `MessageTooLarge`.
    """
    if len(raw) > BODY_MAX:
        raise MessageTooLarge(f"The message has {len(raw)} bytes; at most {BODY_MAX} are read. Send smaller pictures, or fewer.")
    return raw


def json_in(raw: bytes) -> Any:
    """What a JSON text says.

    Refuses with `Unreadable` or `MessageTooLarge`.
    """
    try:
        return msgspec.json.decode(in_size(raw))
    except UNREADABLE as error:
        raise Unreadable(f"The message is no JSON that can be read: {str(error)[:100]}. Send it whole, in UTF-8.") from None


def xml_in(raw: bytes) -> Element:
    """The root of an XML text: a bare `&`, characters that XML has not, and a wrong declaration are put right.

    Refuses with `Unreadable`: also what declares a document type or entities. Or with `MessageTooLarge`.
    """
    text = _NO_CHARS.sub("", text_in(_DECLARED.sub(b"", in_size(raw).removeprefix(b"\xef\xbb\xbf"))))
    if not text.lstrip().startswith("<"):
        raise Unreadable("The message is no XML; send it as the camera makes it.")
    try:
        root = fromstring(_BARE.sub("&amp;", text), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        raise Unreadable(f"The message is no XML that can be read: {str(error)[:100]}. Send it whole.") from None
    if depth_of(root) > DEPTH_MAX:
        raise Unreadable(f"The message is nested more than {DEPTH_MAX} deep; send it as the camera makes it.")
    return root


def depth_of(root: Element) -> int:
    """How deep an element is nested."""
    depth, level = 0, [root]
    while level and depth <= DEPTH_MAX:
        depth, level = depth + 1, [child for each in level for child in each]
    return depth


def text_in(raw: bytes) -> str:
    """Text in UTF-8, or else in GB 18030, which holds GB 2312; what is neither loses the letters that cannot be read."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def name_of(element: Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def child(element: Element, *path: str) -> Element | None:
    """The first descendant along a path of names, whatever their namespaces."""
    for name in path:
        found = next((each for each in element if name_of(each) == name), None)
        if found is None:
            return None
        element = found
    return element


def said(element: Element, *path: str) -> str:
    """The text of a descendant; empty where there is none."""
    found = child(element, *path)
    return (found.text or "").strip()[:WORD_MAX] if found is not None else ""


def obj(value: Any) -> dict[str, Any]:
    """The value, if it is an object; else an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: Any) -> list[Any]:
    """The value, if it is a list; an object alone is a list of one."""
    return value if isinstance(value, list) else [value] if isinstance(value, dict) else []


def word(value: Any) -> str:
    """A word or a whole number as a word; whatever else is none.

    >>> word(" car "), word(7), word(True), word(None), word({"a": 1})
    ('car', '7', '', '', '')
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    if isinstance(value, int) and abs(value) > 10**30:
        return ""
    return _NO_CHARS.sub("", str(value)).strip()[:WORD_MAX]


def number(value: Any) -> float | None:
    """A number, also as text; None where it is none, or has no end."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def share(value: Any, otherwise: float = 1.0) -> float:
    """A confidence from 0 to 1. Of 1 to 100 it is taken as percent; what is none, or 0, was not said.

    >>> share(0.72), share("87"), share(None), share(0.0), share(-0.1)
    (0.72, 0.87, 1.0, 1.0, 1.0)
    """
    found = number(value)
    if found is None or found <= 0:
        return otherwise
    return found if found <= 1 else min(found / 100, 1.0)


def moment_of_seconds(value: Any, what: str) -> datetime:
    """A moment in seconds since 1970.

    Refuses with `Unreadable`.
    """
    found = number(value)
    try:
        return _sane(datetime.fromtimestamp(found, UTC) if found is not None else None, what)
    except (OverflowError, OSError, ValueError):
        raise Unreadable(f"{what} is no moment: {str(value)[:40]}; set the camera's clock.") from None


def moment_of_text(value: Any, what: str) -> datetime:
    """A moment as ISO 8601 writes it, or with a blank for the T; without a zone where it says none.

    Refuses with `Unreadable`.

    >>> moment_of_text("2023-01-23T23:27:25.1234567+01:00", "dateTime").isoformat()
    '2023-01-23T23:27:25.123456+01:00'
    """
    text = _FRACTION.sub(r"\1", word(value)).replace("/", "-")
    try:
        return _sane(datetime.fromisoformat(text), what)
    except (ValueError, OverflowError):
        raise Unreadable(f"{what} is no moment: {text[:40]!r}; set the camera's clock.") from None


def _sane(at: datetime | None, what: str) -> datetime:
    if at is None or not _YEARS[0] <= at.year < _YEARS[1]:
        raise Unreadable(f"{what} is no moment of our time: {at}; set the camera's clock.")
    return at
