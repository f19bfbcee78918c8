"""What made-up devices say: daily curves, a little chance, devices that are ill, and now and then something that happens.

Everything follows from the device's name and the moment, so that the same hour is told the same twice.
"""

from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

HOUR, DAY = 3_600.0, 86_400.0
Times = NDArray[np.float64]  # seconds since 1970
ILL = {"silent": 5, "frozen": 5, "lying": 4, "empty": 4}  # so many devices in 2,000
DRIFTING = {"air_station": 0.03}  # the share of those that have neighbours to differ from


class Happening(NamedTuple):
    """Something that happens at a device: from when on, how long."""

    begins: float
    lasts_s: float


@lru_cache(1 << 16)
def lot(*said: object) -> float:
    """A number from 0 to 1 that follows from what is said.

    >>> lot("a", 1) == lot("a", 1), 0 <= lot("b") < 1
    (True, True)
    """
    return int.from_bytes(blake2b("/".join(map(str, said)).encode(), digest_size=6).digest(), "big") / 2**48


def noise(name: str, at: Times) -> NDArray[np.float64]:
    """A number from -1 to 1 for each moment, as if by chance."""
    return 2 * np.modf(np.abs(np.sin(at * 0.0129898 + lot(name) * 1_000.0)) * 43_758.5453)[0] - 1


def said(kind: str, stream: str, name: str, at: Times, shift_s: float) -> NDArray[np.float64]:
    """What a healthy device says while nothing happens. `shift_s`: the city's clock is so much ahead of UTC."""
    make = CURVES.get((kind, stream))
    if make is None:
        return np.full(at.shape, 1.0)
    hour = ((at + shift_s) % DAY) / HOUR
    return np.asarray(make(hour, at, lot(name, stream), noise(name + stream, at)), dtype=np.float64)


def _wave(hour: NDArray, top: float) -> NDArray:
    """From 0 to 1, highest at an hour of the day."""
    return 0.5 + 0.5 * np.cos((hour - top) / 24 * 2 * np.pi)


def _slow(at: Times) -> NDArray:
    """The weather of the whole city, over days, from -1 to 1."""
    return 0.6 * np.sin(at / DAY * 2 * np.pi / 5.3) + 0.4 * np.sin(at / DAY * 2 * np.pi / 1.9 + 1)


def _night(hour: NDArray) -> NDArray:
    return (hour >= 19) | (hour < 6)


Make = Callable[[NDArray, Times, float, NDArray], NDArray]
CURVES: dict[tuple[str, str], Make] = {
    ("manhole", "level"): lambda h, t, own, chance: 0.25 + 0.3 * own + 0.12 * _wave(h, 20) + 0.01 * chance,
    ("noise_meter", "laeq"): lambda h, t, own, chance: 42 + 6 * own + 14 * _wave(h, 15) + 2.5 * chance,
    ("air_station", "pm25"): lambda h, t, own, chance: 34 + 8 * own + 8 * _wave(h, 8) + 12 * _slow(t) + 3 * chance,
    ("air_station", "pm10"): lambda h, t, own, chance: 60 + 12 * own + 14 * _wave(h, 9) + 20 * _slow(t) + 5 * chance,
    ("air_station", "temperature"): lambda h, t, own, chance: 14 + own + 6 * _wave(h, 15) + 4 * _slow(t) + 0.2 * chance,
    ("air_station", "humidity"): lambda h, t, own, chance: 62 + 3 * own - 14 * _wave(h, 15) + 10 * _slow(t) + chance,
    ("water_gauge", "level"): lambda h, t, own, chance: 1.6 + 0.5 * own + 0.05 * _wave(h, 4) + 0.2 * _slow(t) + 0.004 * chance,
    ("parking_sensor", "occupied"): lambda h, t, own, chance: (0.5 + 0.5 * chance < 0.25 + 0.5 * _wave(h, 14)).astype(float),
    ("bin_sensor", "fill"): lambda h, t, own, chance: np.clip(4 + (45 + 25 * own) * ((h - 6) % 24) / 24 + 2 * chance, 0, 100),
    ("lamp_control", "power"): lambda h, t, own, chance: np.where(_night(h), 110 + 20 * own + 2 * chance, 0.4),
    ("tilt_sensor", "tilt"): lambda h, t, own, chance: np.abs(0.4 + own + 0.05 * chance),
}  # fmt: skip
HAPPENS: dict[tuple[str, str], Callable[[NDArray, NDArray], NDArray]] = {  # what is said, how far it has come -> what is said then
    ("manhole", "level"): lambda usual, part: usual + 2.6 * np.sin(np.pi * part),
    ("noise_meter", "laeq"): lambda usual, part: np.maximum(usual, 78) + 6 * np.sin(np.pi * part),
    ("air_station", "pm25"): lambda usual, part: usual + 190 * np.sin(np.pi * part),
    ("water_gauge", "level"): lambda usual, part: usual + 2.4 * np.sin(np.pi * part),
    ("parking_sensor", "occupied"): lambda usual, part: np.ones_like(usual),
    ("bin_sensor", "fill"): lambda usual, part: np.full_like(usual, 98.0),
    ("lamp_control", "power"): lambda usual, part: np.full_like(usual, 0.3),
    ("tilt_sensor", "tilt"): lambda usual, part: usual + 9.0,
}  # fmt: skip
LASTS_H = {"bin_sensor": 8.0, "parking_sensor": 12.0, "lamp_control": 10.0, "tilt_sensor": 6.0}


def illness(kind: str, name: str, anchor: float) -> tuple[str, float] | None:
    """By what a device is ill, and from when on; None: it is well. Half of the ill ones are so before the anchor."""
    if lot("drifts", name) < DRIFTING.get(kind, 0):
        return "drifting", anchor - 6 * HOUR
    draw, edge = lot("ill", name) * 2_000, 0.0
    for what, many in ILL.items():
        edge += many
        if draw < edge:
            return what, anchor + (lot("since", name) - 0.5) * 2 * DAY
    return None


def as_ill(what: str, since: float, stream: str, at: Times, values: NDArray) -> tuple[NDArray[np.bool_], NDArray]:
    """Which of its values a device that is ill sends, and what they are."""
    ill = at >= since
    sent = np.ones(at.shape, bool)
    if what == "silent":
        sent = ~ill
    elif what == "empty":
        values = np.where(ill, 9.0, values) if stream == "battery" else values
    elif stream != "battery":
        if what == "frozen":
            values = np.where(ill, np.round(lot(since) * 40 + 20, 1) if stream != "occupied" else 1.0, values)
        elif what == "lying":
            values = np.where(ill, -9_999.0, values)
        elif what == "drifting":
            values = np.where(ill, values + 120, values)
    return sent, values


def battery(name: str, at: Times) -> NDArray:
    """Falls over two years, then is changed."""
    return np.round(98 - 70 * ((at / (700 * DAY) + lot(name)) % 1), 1)


def with_happenings(kind: str, stream: str, happenings: list[Happening], at: Times, values: NDArray) -> NDArray:
    """What it says while something happens."""
    change = HAPPENS.get((kind, stream))
    if change is None:
        return values
    for each in happenings:
        part = (at - each.begins) / each.lasts_s
        during = (part >= 0) & (part < 1)
        if during.any():
            values = np.where(during, change(values, np.clip(part, 0, 1)), values)
    return values
