"""A recogniser on plain video: what stays in a place, and how much of a zone is taken. A model of the ground, no weights.

Source: running mean of the ground with its noise (Wren 1997, Pfinder); shadows by even darkening (Cucchiara 2003).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from msgspec import Struct

from cityloop.doors.cameras.model import Box
from cityloop.doors.cameras.recognise.port import Found, Frame, Zones, vision

WIDTH = 256  # pixels to which a frame is made small
WARM = 12  # frames of which the first ground is made
LEARNS_S = 20.0  # how fast the ground follows the light
OTHER = 25.0  # of 255: by how much something else than ground differs at least
NOISE = 4.0  # and by how many times what the place always differs by, e.g. leaves in the wind
SHADOW = (0.5, 0.95, 0.06)  # darker to this share, and evenly so in all colours
STILL = 0.15  # of its own size: by how much the middle of a thing that stays may wander
JUMP = 0.75  # share of the picture that changes at once: the light or the camera, and nothing is said of it
GAIN = (0.25, 4.0)
STEP_MAX_S = 60.0


class Stay(Struct, kw_only=True):
    """A blob from frame to frame."""

    box: Box
    since: datetime
    last: datetime
    anchor: Box  # where it was when it began to stay


class Still:
    """Says "moves" of whatever is not ground, "stays" of what is in one place for `stays_s`, and how much of each zone is taken.

    What stays for `forgets_s` becomes ground. `least_share`: of the picture, what is smaller is nothing.
    """

    name = "still"

    def __init__(
        self, *, zones: Zones | None = None, stays_s: float = 60.0, forgets_s: float = 3_600.0, least_share: float = 0.008,
    ):  # fmt: skip
        self._cv = vision()
        self._zones = zones or {}
        self._masks: dict[str, Any] = {}
        self._stays_s, self._forgets_s, self._least = timedelta(seconds=stays_s), forgets_s, least_share
        self._first: list[Any] = []
        self._ground: Any = None
        self._noise: Any = None
        self._taken_s: Any = None
        self._last: datetime | None = None
        self._stays: list[Stay] = []

    def look(self, frame: Frame) -> list[Found]:
        """What moves, what stays, and the share of each zone that is taken."""
        taken = self._taken(frame)
        if taken is None:
            return []
        boxes = self._boxes(taken)
        stays = self._followed(boxes, frame.at)
        found = [
            Found(by=self.name, label="stays" if stay else "moves", confidence=0.9 if stay else 0.8, box=box)
            for box, stay in zip(boxes, stays, strict=True)
        ]
        return found + self._shares(taken)

    def _taken(self, frame: Frame) -> Any:
        """Where there is something else than ground: 255; None while the ground is learnt, and where everything changed at once."""
        cv = self._cv
        height, width = frame.picture.shape[:2]
        small = cv.resize(frame.picture, (WIDTH, max(1, round(height * WIDTH / width))), interpolation=cv.INTER_AREA)
        now = cv.GaussianBlur(small, (5, 5), 0).astype(np.float32)
        step = min((frame.at - self._last).total_seconds(), STEP_MAX_S) if self._last else 0.0
        self._last = frame.at
        if self._ground is None or self._ground.shape != now.shape:
            self._learnt(now)
            return None
        now = self._evened(now)
        off = now - self._ground
        differs = np.abs(off).max(2)
        other = (differs > np.maximum(OTHER, NOISE * self._noise)) & ~self._shadow(now)
        mask = cv.morphologyEx(other.astype(np.uint8) * 255, cv.MORPH_OPEN, np.ones((3, 3), np.uint8))
        mask = cv.morphologyEx(mask, cv.MORPH_CLOSE, cv.getStructuringElement(cv.MORPH_ELLIPSE, (15, 15)))
        if float((mask > 0).mean()) > JUMP:
            self._ground, self._stays = None, []
            return None
        self._learn(now, off, differs, mask > 0, max(step, 0.0))
        return mask

    def _learnt(self, now: Any) -> None:
        """The first ground: the middle of the first frames, so that what passes is not in it."""
        if self._first and self._first[0].shape != now.shape:
            self._first = []
        self._first.append(now)
        if len(self._first) >= WARM:
            self._ground = np.median(np.stack(self._first), axis=0)
            self._noise, self._taken_s = (np.zeros(now.shape[:2], np.float32) for _ in range(2))
            self._first = []

    def _learn(self, now: Any, off: Any, differs: Any, taken: Any, step: float) -> None:
        """The ground follows the light where nothing stands; what stands for long becomes ground."""
        rate = min(1.0, step / LEARNS_S)
        self._ground += rate * off * ~taken[..., None]
        self._noise += min(0.2, rate) * (np.minimum(differs, 3 * OTHER) * ~taken - self._noise)
        self._taken_s = np.where(taken, self._taken_s + step, 0.0)
        old = self._taken_s > self._forgets_s
        if old.any():
            self._ground[old] = now[old]

    def _evened(self, now: Any) -> Any:
        """The frame as bright as the ground: a camera darkens all when something bright comes. Most of it is still ground."""
        some = slice(None, None, 4), slice(None, None, 4)
        gain = float(np.median((self._ground[some] + 1) / (now[some] + 1)))
        return now * min(max(gain, GAIN[0]), GAIN[1])

    def _shadow(self, now: Any) -> Any:
        """Where the ground is darker in all colours alike."""
        share = (now + 1) / (self._ground + 1)
        most, least = share.max(2), share.min(2)
        return (least > SHADOW[0]) & (most < SHADOW[1]) & (most - least < SHADOW[2])

    def _boxes(self, mask: Any) -> list[Box]:
        """Boxes of what hangs together and is large enough."""
        height, width = mask.shape
        count, _, stats, _ = self._cv.connectedComponentsWithStats(mask, connectivity=8)
        found = []
        for left, top, wide, high, area in stats[1:count].tolist():
            if area >= self._least * width * height:
                found.append(Box(left=left / width, top=top / height, right=(left + wide) / width, bottom=(top + high) / height))
        return found

    def _followed(self, boxes: Sequence[Box], at: datetime) -> list[bool]:
        """Which of them have been where they are for long."""
        self._stays = [each for each in self._stays if at - each.last <= timedelta(seconds=3)]
        found, left = [], list(self._stays)
        for box in boxes:
            near = min(left, key=lambda stay: _off(stay.box, box), default=None)
            if near is None or _off(near.box, box) > 0.5:
                near = Stay(box=box, since=at, last=at, anchor=box)
                self._stays.append(near)
            else:
                left.remove(near)
                near.box, near.last = box, at
                if _off(near.anchor, box) > STILL:
                    near.anchor, near.since = box, at
            found.append(at - near.since >= self._stays_s)
        return found

    def _shares(self, mask: Any) -> list[Found]:
        found = []
        for name, ring in self._zones.items():
            zone = self._mask(name, ring, mask.shape)
            if zone.any():
                share = float((mask[zone] > 0).mean())
                found.append(Found(by=self.name, label="occupied", confidence=share, zone=name))
        return found

    def _mask(self, name: str, ring: Sequence[tuple[float, float]], shape: tuple[int, int]) -> Any:
        if name not in self._masks:
            corners = np.array([(round(x * shape[1]), round(y * shape[0])) for x, y in ring], np.int32)
            drawn = np.zeros(shape, np.uint8)
            self._cv.fillPoly(drawn, [corners], 255)
            self._masks[name] = drawn > 0
        return self._masks[name]


def _off(one: Box, other: Box) -> float:
    """How far two boxes are apart, in their own size."""
    size = max(one.right - one.left, one.bottom - one.top, 1e-6)
    across = (one.left + one.right - other.left - other.right) / 2
    down = (one.top + one.bottom - other.top - other.bottom) / 2
    return max(abs(across), abs(down)) / size
