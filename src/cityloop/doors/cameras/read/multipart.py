"""Parts of a body as cameras send them: boundaries with literal `<>`, missing line ends, no end mark. Pure."""

import re
from typing import NamedTuple

from cityloop.doors.cameras.model import Unreadable

PARTS_MAX = 64
HEAD_MAX = 8_000
_BOUNDARY = re.compile(r'boundary\s*=\s*("[^"]{1,200}"|[^;\s]{1,200})', re.IGNORECASE)
_LENGTH = re.compile(rb"^content-length\s*:\s*([0-9]{1,12})\s*$", re.IGNORECASE | re.MULTILINE)


class Part(NamedTuple):
    """One part."""

    head: bytes
    body: bytes


def parts_in(raw: bytes, content_type: str) -> list[Part]:
    """The parts of a body; one part where it has no boundary.

    Refuses with `Unreadable`: no part is whole, or one says that it is longer than what came.
    """
    boundary = boundary_of(raw, content_type)
    if boundary is None:
        return [Part(b"", raw)]
    pieces = raw.split(b"--" + boundary)
    if len(pieces) > PARTS_MAX + 2:
        raise Unreadable(f"The message has {len(pieces) - 1} parts; at most {PARTS_MAX} are read. Send fewer.")
    ended = pieces[-1].startswith(b"--")
    bodies = pieces[1:-1] if ended else pieces[1:]
    found = [_part(each) for each in bodies if each.strip()]
    if not found:
        raise Unreadable("The message has a boundary and no part; send it whole.")
    if not ended and (said := _LENGTH.search(found[-1].head)) and int(said[1]) > len(found[-1].body):
        raise Unreadable(f"The last part breaks off after {len(found[-1].body)} of {int(said[1])} bytes; send it whole.")
    return found


def boundary_of(raw: bytes, content_type: str) -> bytes | None:
    """The boundary that the header names, as it stands in the body: some cameras write `<>` around it in one of them only.

    >>> boundary_of(b"--x\\r\\n", "multipart/form-data; boundary=<x>")
    b'x'
    """
    named = _BOUNDARY.search(content_type)
    if named is not None:
        plain = named[1].strip('"').encode("latin-1", "replace")
        inner = plain.removeprefix(b"<").removesuffix(b">")
        for each in (plain, inner, b"<" + inner + b">", inner.removeprefix(b"--")):
            if each and b"--" + each in raw:
                return each
        if raw.lstrip()[:2] != b"--" and raw.lstrip()[:1] in (b"<", b"{"):
            return None  # a bare body under the header of another
        raise Unreadable("The boundary that the header names is nowhere in the body; send the message whole.")
    first = raw.lstrip()[:202].partition(b"\n")[0].strip()
    return first[2:] if first.startswith(b"--") and len(first) > 2 else None


def _part(piece: bytes) -> Part:
    """Head and body, whichever line ends divide them; without a head where the body begins at once."""
    for gap in (b"\r\n\r\n", b"\n\n"):
        head, found, body = piece.partition(gap)
        if found and len(head) <= HEAD_MAX and b":" in head and not head.lstrip().startswith((b"<", b"{")):
            return Part(head, _trimmed(body))
    return Part(b"", _trimmed(piece))


def _trimmed(body: bytes) -> bytes:
    return body.removesuffix(b"\n").removesuffix(b"\r")
