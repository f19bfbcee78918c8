"""What a camera claims of itself: orientation, moment and place. Reads a few EXIF tags, never fails."""

import struct
from datetime import datetime, timedelta, timezone

from msgspec import Struct

from cityloop.files.model import PlaceClaim

ORIENTATION, EXIF_PART, GPS_PART = 0x0112, 0x8769, 0x8825
TAKEN_AT, TAKEN_OFFSET = 0x9003, 0x9011
LAT_SIDE, LAT, LON_SIDE, LON, ERROR_M = 1, 2, 3, 4, 31
TAGS_MAX = 512  # of one directory

Tags = dict[int, bytes | int | list[float]]


class Claims(Struct, frozen=True, kw_only=True):
    """Said by the camera, believed by nobody until checked."""

    orientation: int = 1  # 1 to 8
    taken_at: datetime | None = None
    place: PlaceClaim | None = None


def claims_in(exif: bytes) -> Claims:
    """The claims of an EXIF block; an empty or broken block claims nothing."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if order is None:
        return Claims()
    top = _tags(exif, order, _number(exif, order, 4))
    orientation = top.get(ORIENTATION)
    return Claims(
        orientation=orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1,
        taken_at=_moment(_tags(exif, order, top.get(EXIF_PART))),
        place=_place(_tags(exif, order, top.get(GPS_PART))),
    )


def _number(exif: bytes, order: str, at: int) -> int | None:
    return struct.unpack_from(order + "I", exif, at)[0] if len(exif) >= at + 4 else None


def _tags(exif: bytes, order: str, at: object) -> Tags:
    """The directory at `at`, as far as it can be read."""
    tags: Tags = {}
    if not isinstance(at, int) or at + 2 > len(exif):
        return tags
    (count,) = struct.unpack_from(order + "H", exif, at)
    for each in range(min(count, TAGS_MAX)):
        spot = at + 2 + 12 * each
        if spot + 12 > len(exif):
            break
        tag, kind, many, where = struct.unpack_from(order + "HHII", exif, spot)
        if kind == 3 and many == 1:
            (tags[tag],) = struct.unpack_from(order + "H", exif, spot + 8)
        elif kind == 4 and many == 1:
            tags[tag] = where
        elif kind == 2 and many <= 64:
            start = spot + 8 if many <= 4 else where
            tags[tag] = exif[start : start + many].rstrip(b"\0 ")
        elif kind == 5 and many <= 3 and where + 8 * many <= len(exif):
            pairs = struct.unpack_from(f"{order}{2 * many}I", exif, where)
            if all(pairs[1::2]):
                tags[tag] = [top / bottom for top, bottom in zip(pairs[::2], pairs[1::2], strict=True)]
    return tags


def _moment(tags: Tags) -> datetime | None:
    said, offset = tags.get(TAKEN_AT), tags.get(TAKEN_OFFSET)
    if not isinstance(said, bytes):
        return None
    try:
        moment = datetime.strptime(said.decode("ascii"), "%Y:%m:%d %H:%M:%S")
    except ValueError:  # also UnicodeDecodeError; cameras without a clock write zeros or blanks
        return None
    zone = _zone(offset) if isinstance(offset, bytes) else None
    return moment.replace(tzinfo=zone)


def _zone(offset: bytes) -> timezone | None:
    try:
        zone = datetime.strptime(offset.decode("ascii"), "%z").utcoffset()
    except ValueError:
        return None
    return timezone(zone) if zone is not None and abs(zone) < timedelta(hours=15) else None


def _place(tags: Tags) -> PlaceClaim | None:
    lat, lon = _degrees(tags, LAT, LAT_SIDE, b"S"), _degrees(tags, LON, LON_SIDE, b"W")
    if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180 or (lat, lon) == (0, 0):
        return None
    error = tags.get(ERROR_M)
    return PlaceClaim(lon=lon, lat=lat, error_m=error[0] if isinstance(error, list) else None)


def _degrees(tags: Tags, tag: int, side_tag: int, minus: bytes) -> float | None:
    parts = tags.get(tag)
    if not isinstance(parts, list):
        return None
    degrees = sum(part / 60**each for each, part in enumerate(parts))
    return round(-degrees if tags.get(side_tag) == minus else degrees, 7)
