"""A Mapbox Vector Tile 2.1, written byte by byte: layers of points, lines and polygons with their tags.

Source: the specification's protobuf schema (github.com/mapbox/vector-tile-spec, 2.1); an independent reader checks it in
tests/contract/test_tiles.py.
"""

import struct
from collections.abc import Iterable, Sequence

from msgspec import Struct

EXTENT = 4096
POINT, LINE, POLYGON = 1, 2, 3
MOVE, DRAW, CLOSE = 1, 2, 7
SMALL = tuple(bytes([number]) for number in range(128))
Tag = str | int | float | bool
Place = tuple[int, int]


class Feature(Struct, frozen=True):
    """What is drawn: its geometry as the specification's integers, and its tags."""

    kind: int
    geometry: list[int]
    tags: dict[str, Tag]
    id: int = 0  # 0: none


def written(layers: Iterable[tuple[str, Sequence[Feature]]]) -> bytes:
    """The tile's bytes; a layer without features is left out.

    >>> written([("cases", [Feature(POINT, point(25, 17), {"n": 3})])]).hex()
    '1a200a056361736573120b12020000180122030932221a016e220230062880207802'
    """
    return b"".join(_field(3, _layer(name, features)) for name, features in layers if features)


def point(x: int, y: int) -> list[int]:
    """The geometry of one point.

    >>> point(25, 17)
    [9, 50, 34]
    """
    return [MOVE | 1 << 3, x << 1 ^ x >> 31, y << 1 ^ y >> 31]


def line(places: Sequence[Place], start: Place = (0, 0), *, closed: bool = False) -> tuple[list[int], Place]:
    """The geometry of a line or ring that begins where the pen was left; and where it leaves the pen. A ring does not
    repeat its first place.

    >>> line([(2, 2), (2, 10), (10, 10)])
    ([9, 4, 4, 18, 0, 16, 16, 0], (10, 10))
    """
    found = [MOVE | 1 << 3]
    x, y = start
    for number, (to_x, to_y) in enumerate(places):
        if number == 1:
            found.append(DRAW | len(places) - 1 << 3)
        across, down = to_x - x, to_y - y
        found += (across << 1 ^ across >> 31, down << 1 ^ down >> 31)
        x, y = to_x, to_y
    if closed:
        found.append(CLOSE | 1 << 3)
    return found, (x, y)


def lines(parts: Iterable[Sequence[Place]], *, closed: bool = False) -> list[int]:
    """The geometry of several lines, or of rings."""
    found: list[int] = []
    pen = (0, 0)
    for places in parts:
        more, pen = line(places, pen, closed=closed)
        found += more
    return found


def _layer(name: str, features: Sequence[Feature]) -> bytes:
    """A layer: each key and each value stands once and is named by its place."""
    keys: dict[str, int] = {}
    values: dict[tuple[type, Tag], int] = {}
    out = [_field(1, name.encode())]
    for each in features:
        tags = bytearray()
        for key, value in each.tags.items():
            tags += _varint(keys.setdefault(key, len(keys)))
            tags += _varint(values.setdefault((type(value), value), len(values)))
        body = b"".join((
            b"\x08" + _varint(each.id) if each.id else b"",
            _field(2, bytes(tags)) if tags else b"",
            b"\x18" + SMALL[each.kind],
            _field(4, b"".join([SMALL[n] if n < 128 else _varint(n) for n in each.geometry])),
        ))  # fmt: skip
        out.append(_field(2, body))
    out += [_field(3, key.encode()) for key in keys]
    out += [_field(4, _value(value)) for _, value in values]
    out.append(b"\x28" + _varint(EXTENT) + b"\x78\x02")
    return b"".join(out)


def _value(value: Tag) -> bytes:
    if isinstance(value, bool):
        return b"\x38" + SMALL[value]
    if isinstance(value, str):
        return _field(1, value.encode())
    if isinstance(value, float):
        return b"\x19" + struct.pack("<d", value)
    return b"\x30" + _varint(value << 1 ^ value >> 63)  # sint


def _field(number: int, body: bytes) -> bytes:
    return SMALL[number << 3 | 2] + _varint(len(body)) + body


def _varint(number: int) -> bytes:
    if number < 128:
        return SMALL[number]
    found = bytearray()
    while number > 127:
        found.append(number & 127 | 128)
        number >>= 7
    found.append(number)
    return bytes(found)
