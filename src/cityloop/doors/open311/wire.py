"""GeoReport's two spellings: JSON, and XML that can neither name nor make entities. What is written can be read."""

import json
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any
from xml.sax.saxutils import escape

import msgspec
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from cityloop.doors.open311.model import AnswerUnreadable

ITEMS = {
    "services": "service", "attributes": "attribute", "values": "value", "endpoints": "endpoint", "formats": "format",
    "service_requests": "request", "service_requests_updates": "request_update", "errors": "error", "steps": "step",
    "media_urls": "media_url",
}  # fmt: skip  # what a list's entries are called in XML
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # no character of XML 1.0


class Format(StrEnum):
    """How an answer is spelled."""

    json = "json"
    xml = "xml"


MEDIA = {Format.json: "application/json; charset=utf-8", Format.xml: "text/xml"}  # the framework adds the charset to texts


def written(format: Format, root: str, body: Any) -> bytes:
    """An answer in UTF-8. `body` is a list of what `root` holds, or one object.

    >>> written(Format.xml, "errors", [{"code": 404, "description": "no <such> thing"}]).decode().split("\\n")[1]
    '<errors><error><code>404</code><description>no &lt;such&gt; thing</description></error></errors>'
    """
    if format is Format.json:
        return msgspec.json.encode(body)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{_element(root, body)}'.encode()


def _element(tag: str, value: Any) -> str:
    if value is None:
        return f"<{tag}/>"
    if isinstance(value, Mapping):
        inside = "".join(_element(name, each) for name, each in value.items())
    elif isinstance(value, Sequence) and not isinstance(value, str):
        inside = "".join(_element(ITEMS.get(tag, "item"), each) for each in value)
    elif isinstance(value, bool):
        inside = "true" if value else "false"
    else:
        inside = escape(_UNWRITABLE.sub("", str(value)), {"\r": "&#13;"})  # a bare one would be read as a line feed
    return f"<{tag}>{inside}</{tag}>"


def read(content: bytes, kind: str = "") -> Any:
    """What another city answered: lists, objects, texts. XML is told by its first character, whatever `kind` claims.

    Refuses with `AnswerUnreadable`, also where XML declares a document type: entities can name files and make bombs.
    """
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return _read_xml(content)
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise AnswerUnreadable(f"The answer ({kind or 'of no named type'}) is neither JSON nor XML: {error}.") from None


def _read_xml(content: bytes) -> Any:
    try:
        root = fromstring(content, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException:
        raise AnswerUnreadable(
            "The XML declares a document type or an entity, which may name files or grow without end; ask the city for "
            "plain XML, or for JSON."
        ) from None
    except (ParseError, ValueError, LookupError) as error:
        raise AnswerUnreadable(f"The XML cannot be read: {error}; ask for JSON.") from None
    return _read_element(root)


def _read_element(element: Any) -> Any:
    """Text, an object, or a list where the name says that it holds several. Attributes of XML are told as fields."""
    inside = list(element)
    name = _bare(element.tag)
    if not inside:
        if element.attrib and NIL not in element.attrib:
            return {_bare(key): value for key, value in element.attrib.items()}
        if name in ITEMS:
            return [] if not (element.text or "").strip() else element.text
        return None if element.get(NIL) in ("true", "1") or not element.text else element.text
    if name in ITEMS or len({child.tag for child in inside}) < len(inside):
        return [_read_element(child) for child in inside]
    return {_bare(child.tag): _read_element(child) for child in inside}


def _bare(tag: Any) -> str:
    return str(tag).rpartition("}")[2]


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number")
