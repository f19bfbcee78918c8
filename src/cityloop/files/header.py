"""The structure of a JPEG, PNG or WebP, walked before any decoder runs: size, claims, and the pixels' own parts."""

import re
import struct
import zlib
from collections.abc import Iterator

from msgspec import Struct

from cityloop.domain.errors import kind_of
from cityloop.files.model import NotAPhoto, PhotoBomb, PhotoUnsupported

PARTS_MAX = 20_000  # segments or chunks; a real photo has hundreds
SCANS_MAX = 64  # of a progressive JPEG; a real one has about ten
INFLATED_BYTES_MAX = 4_000_000  # of all compressed texts and profiles of a PNG together
SNIFFED_BYTES = 65_536

SEND_ANOTHER = "Send a photo as JPEG, PNG or WebP."
BROKEN = f"This photo is broken or was cut short on the way. Send it again, or another one. {SEND_ANOTHER}"
NOT_ONE = f"This file is not a photo. {SEND_ANOTHER}"
TWO_IN_ONE = "This photo has another file hidden in it. Take the photo anew, or save it anew as JPEG, and send that."
HUGE = "This photo unpacks to far more than it shows. Save it anew as JPEG and send that."

OTHER_PICTURES = (
    (re.compile(rb"GIF8[79]a"), "GIF"),
    (re.compile(rb"II\*\0|MM\0\*|II\+\0|MM\0\+"), "TIFF or raw"),
    (re.compile(rb"....ftyp(heic|heix|hevc|heim|heis|mif1|msf1)", re.DOTALL), "HEIC"),
    (re.compile(rb"....ftypavi[fs]", re.DOTALL), "AVIF"),
    (re.compile(rb"BM.{4}\0\0\0\0", re.DOTALL), "BMP"),
    (re.compile(rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51|\xff\x0a|\0\0\0\x0cJXL "), "JPEG 2000 or JPEG XL"),
)
OTHER_FILES = (b"%pdf-", b"<html", b"<script", b"<!doctype", b"<svg ", b"<?php", b"pk\x05\x06\0\0\0\0")  # in lower case
OTHER_TAILS = (b"PK\x03\x04", b"MZ\x90", b"\x7fELF", b"Rar!", b"7z\xbc\xaf")


class Sent(Struct, frozen=True, kw_only=True):
    """A photo taken apart: what the decoder may see, and what only we read."""

    kind: str
    width_px: int
    height_px: int
    body: bytes  # a file of the same kind with the first picture's pixels and no metadata
    exif: bytes = b""  # from the TIFF header on
    icc: bytes = b""


def taken_apart(raw: bytes) -> Sent:
    """The parts of a photo as sent. Reads every byte count before it trusts it; decodes no pixel.

    Refuses with `NotAPhoto`, `PhotoUnsupported`, `PhotoBomb`.
    """
    try:
        if raw[:3] == b"\xff\xd8\xff":
            sent, end = _jpeg(raw)
        elif raw[:8] == b"\x89PNG\r\n\x1a\n":
            sent, end = _png(raw)
        elif raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
            sent, end = _webp(raw)
        else:
            raise _neither(raw)
    except (struct.error, IndexError) as fault:
        raise NotAPhoto(BROKEN, log=kind_of(fault)) from fault
    if not (sent.width_px and sent.height_px):
        raise NotAPhoto(BROKEN, log="no size")
    _refuse_stowaway(raw, end)
    return sent


def _neither(raw: bytes) -> NotAPhoto | PhotoUnsupported:
    for pattern, name in OTHER_PICTURES:
        if pattern.match(raw):
            return PhotoUnsupported(f"Photos of the kind {name} cannot be opened here. {SEND_ANOTHER}", kind=name)
    return NotAPhoto(NOT_ONE)


def _refuse_stowaway(raw: bytes, end: int) -> None:
    """Phones add depth maps, films and maker's blocks behind the picture: only what others would run is refused."""
    tail = raw[end : end + SNIFFED_BYTES]
    windows = (raw[:SNIFFED_BYTES].lower(), tail.lower(), raw[-SNIFFED_BYTES:].lower())
    if any(mark in window for mark in OTHER_FILES for window in windows):
        raise NotAPhoto(TWO_IN_ONE)
    if tail.lstrip(b"\0\r\n ").startswith(OTHER_TAILS):
        raise NotAPhoto(TWO_IN_ONE)


def _jpeg(raw: bytes) -> tuple[Sent, int]:
    kept, icc, exif, size, progressive = [b"\xff\xd8"], [], b"", None, False
    for marker, start, stop in _jpeg_segments(raw):
        body = raw[start + 4 : stop]
        if marker == 0xDA:
            break
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            size = size or _jpeg_size(marker, body)
            progressive = progressive or marker == 0xC2
        elif marker == 0xE1 and body.startswith(b"Exif\0"):
            exif = exif or body[6:]
        elif marker == 0xE2 and body.startswith(b"ICC_PROFILE\0"):
            icc.append(body[12:])  # one byte "which", one byte "of how many", then the profile
        if marker < 0xE0 or (marker, body[:5]) in ((0xE0, b"JFIF\0"), (0xEE, b"Adobe")):
            kept.append(raw[start:stop])  # tables, frame, and which three or four colours they are
    else:
        raise NotAPhoto(BROKEN, log="no scan")
    end = len(raw) if raw.endswith(b"\xff\xd9") else raw.find(b"\xff\xd9", stop) + 2  # mostly the last two bytes
    if size is None or end < 2:
        raise NotAPhoto(BROKEN, log="no frame or no end")
    if progressive and raw.count(b"\xff\xda", start, end) > SCANS_MAX:
        raise PhotoBomb(HUGE, log="scans")
    profile = b"".join(part[2:] for part in sorted(icc))
    body = b"".join([*kept, memoryview(raw)[start:end]])
    return Sent(kind="jpeg", width_px=size[0], height_px=size[1], body=body, exif=exif, icc=profile), end


def _jpeg_segments(raw: bytes) -> Iterator[tuple[int, int, int]]:
    """(marker, start, stop) of each segment before the first scan's pixels."""
    at = 2
    for _ in range(PARTS_MAX):
        if raw[at] != 0xFF:
            raise NotAPhoto(BROKEN, log="no marker")
        if (marker := raw[at + 1]) == 0xFF:
            at += 1  # fill
            continue
        if marker in (0x01, 0xD8) or 0xD0 <= marker <= 0xD7:
            at += 2
            continue
        (size_bytes,) = struct.unpack_from(">H", raw, at + 2)
        stop = at + 2 + size_bytes
        if marker == 0xD9 or size_bytes < 2 or stop > len(raw):
            raise NotAPhoto(BROKEN, log="segment")
        yield marker, at, stop
        at = stop
    raise PhotoBomb(HUGE, log="segments")


def _jpeg_size(marker: int, body: bytes) -> tuple[int, int]:
    depth, height_px, width_px, colours = struct.unpack_from(">BHHB", body)
    if marker not in (0xC0, 0xC1, 0xC2) or depth != 8 or colours not in (1, 3, 4):
        raise PhotoUnsupported(f"This rare kind of JPEG cannot be opened here. Save it anew as JPEG. {SEND_ANOTHER}")
    return width_px, height_px


def _png(raw: bytes) -> tuple[Sent, int]:
    width_px, height_px = struct.unpack_from(">II", raw, 16)
    kept, exif, icc, room, at = [raw[:8]], b"", b"", INFLATED_BYTES_MAX, 8
    for _ in range(PARTS_MAX):
        size_bytes, name = struct.unpack_from(">I4s", raw, at)
        stop = at + 12 + size_bytes
        if stop > len(raw) or (at == 8 and name != b"IHDR"):
            raise NotAPhoto(BROKEN, log="chunk")
        if name in (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"):
            kept.append(raw[at:stop])  # the frames of an animation are left out: the first picture is shown
        elif name == b"eXIf":
            exif = raw[at + 8 : stop - 4]
        elif packed := _png_packed(name, raw[at + 8 : stop - 4]):
            opened = _inflated(packed, room)
            room -= len(opened)
            icc = opened if name == b"iCCP" else icc
        at = stop
        if name == b"IEND":
            body = b"".join(kept)
            return Sent(kind="png", width_px=width_px, height_px=height_px, body=body, exif=exif, icc=icc), at
    raise PhotoBomb(HUGE, log="chunks")


def _png_packed(name: bytes, body: bytes) -> bytes:
    """The compressed part of a text or profile chunk, if it has one."""
    _, _, rest = body.partition(b"\0")
    if name in (b"zTXt", b"iCCP"):
        return rest[1:]
    if name == b"iTXt" and rest[:1] == b"\1":
        return rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    return b""


def _inflated(packed: bytes, room: int) -> bytes:
    try:
        opened = zlib.decompressobj().decompress(packed, room + 1)
    except zlib.error:
        return b""  # a broken text harms nobody: it is thrown away
    if len(opened) > room:
        raise PhotoBomb(HUGE, log="inflated")
    return opened


def _webp(raw: bytes) -> tuple[Sent, int]:
    end = 8 + struct.unpack_from("<I", raw, 4)[0]
    if end > len(raw):
        raise NotAPhoto(BROKEN, log="riff")
    parts: dict[bytes, bytes] = {}
    for name, body in _riff_chunks(raw, 12, end):
        parts.setdefault(name, body)
    still = dict(_riff_chunks(parts[b"ANMF"], 16, len(parts[b"ANMF"]))) if b"ANMF" in parts else parts
    width_px, height_px, pixels = _webp_pixels(still)
    exif = parts.get(b"EXIF", b"").removeprefix(b"Exif\0\0")
    icc = parts.get(b"ICCP", b"")
    return Sent(kind="webp", width_px=width_px, height_px=height_px, body=pixels, exif=exif, icc=icc), end


def _riff_chunks(raw: bytes, at: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    for _ in range(PARTS_MAX):
        if at + 8 > end:
            return
        name, size_bytes = struct.unpack_from("<4sI", raw, at)
        if at + 8 + size_bytes > end:
            raise NotAPhoto(BROKEN, log="chunk")
        yield name, raw[at + 8 : at + 8 + size_bytes]
        at += 8 + size_bytes + size_bytes % 2
    raise PhotoBomb(HUGE, log="chunks")


def _webp_pixels(parts: dict[bytes, bytes]) -> tuple[int, int, bytes]:
    """Width, height and a still WebP of one frame."""
    if lossless := parts.get(b"VP8L"):
        (bits,) = struct.unpack_from("<I", lossless, 1)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, _riff((b"VP8L", lossless))
    if not (lossy := parts.get(b"VP8 ")):
        raise NotAPhoto(BROKEN, log="no frame")
    width_px, height_px = (side & 0x3FFF for side in struct.unpack_from("<HH", lossy, 6))
    if not (alpha := parts.get(b"ALPH")):
        return width_px, height_px, _riff((b"VP8 ", lossy))
    sides = (width_px - 1).to_bytes(3, "little") + (height_px - 1).to_bytes(3, "little")
    return width_px, height_px, _riff((b"VP8X", b"\x10\0\0\0" + sides), (b"ALPH", alpha), (b"VP8 ", lossy))


def _riff(*parts: tuple[bytes, bytes]) -> bytes:
    chunks = b"".join(struct.pack("<4sI", name, len(body)) + body + bytes(len(body) % 2) for name, body in parts)
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WEBP" + chunks
