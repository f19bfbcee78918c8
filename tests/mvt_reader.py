"""Reads a vector tile back, byte by byte, as the specification says; knows nothing of our writer."""

import struct
from typing import Any, NamedTuple


class Shown(NamedTuple):
    """A feature: what it is, its places in the tile, and its tags."""

    kind: int
    places: list[list[tuple[int, int]]]
    tags: dict[str, Any]


def tile_read(raw: bytes) -> dict[str, list[Shown]]:
    """The features of each layer."""
    return dict(_layer(body) for number, body in _fields(raw) if number == 3)


def _layer(raw: bytes) -> tuple[str, list[Shown]]:
    name, keys, values, features = "", [], [], []
    for number, body in _fields(raw):
        if number == 1:
            name = body.decode()
        elif number == 3:
            keys.append(body.decode())
        elif number == 4:
            values.append(_value(body))
        elif number == 2:
            features.append(dict(_fields(body)))
        else:
            assert (number, body) in {(5, 4096), (15, 2)}
    return name, [_feature(each, keys, values) for each in features]


def _feature(fields: dict[int, Any], keys: list[str], values: list[Any]) -> Shown:
    tags = list(_varints(fields.get(2, b"")))
    assert len(tags) % 2 == 0
    told = {keys[key]: values[value] for key, value in zip(tags[::2], tags[1::2], strict=True)}
    return Shown(fields[3], _places(list(_varints(fields[4]))), told)


def _places(numbers: list[int]) -> list[list[tuple[int, int]]]:
    found: list[list[tuple[int, int]]] = []
    x = y = at = 0
    while at < len(numbers):
        command, times = numbers[at] & 7, numbers[at] >> 3
        at += 1
        if command == 7:
            assert times == 1
            found[-1].append(found[-1][0])
            continue
        for _ in range(times):
            x, y = x + _signed(numbers[at]), y + _signed(numbers[at + 1])
            at += 2
            if command == 1:
                found.append([])
            found[-1].append((x, y))
    return found


def _signed(number: int) -> int:
    return number // 2 if number % 2 == 0 else -(number + 1) // 2


def _value(raw: bytes) -> Any:
    [(number, body)] = _fields(raw)
    if number == 1:
        return body.decode()
    return {6: _signed, 7: bool, 3: lambda told: struct.unpack("<d", told)[0]}[number](body)


def _fields(raw: bytes) -> list[tuple[int, Any]]:
    found, at = [], 0
    while at < len(raw):
        head, at = _varint(raw, at)
        number, wire = head >> 3, head & 7
        if wire == 0:
            body, at = _varint(raw, at)
        elif wire == 1:
            body, at = raw[at : at + 8], at + 8
        else:
            assert wire == 2
            size, at = _varint(raw, at)
            body, at = raw[at : at + size], at + size
            assert len(body) == size
        found.append((number, body))
    return found


def _varints(raw: bytes) -> list[int]:
    found, at = [], 0
    while at < len(raw):
        number, at = _varint(raw, at)
        found.append(number)
    return found


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        number |= (raw[at] & 127) << shift
        shift += 7
        at += 1
        if raw[at - 1] < 128:
            return number, at
