"""A camera's frames before many recognisers: what they see together, as what any camera's message says. No frame is kept."""

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from cityloop.doors.cameras.model import Seen
from cityloop.doors.cameras.recognise.fusing import GENERAL, Track, Tracker, fused, label_of
from cityloop.doors.cameras.recognise.port import (
    Found,
    Frame,
    Recogniser,
    RecogniserWrong,
    Ring,
    VideoClosed,
    Zones,
    vision,
)

SOURCE = "own"
ZONE_PROPERTY = "zone."  # of a camera: zone.kerb = "0.1,0.6 0.9,0.6 0.9,1 0.1,1"
OPEN_TRIES_S = (1.0, 2.0, 4.0, 8.0, 15.0)  # a stream that breaks is opened again


class Watch:
    """Recognisers at one camera. Each track and each zone is told every `every_s`, and a track as soon as it counts."""

    def __init__(
        self, camera: str, recognisers: Sequence[Recogniser], *, zones: Zones | None = None, every_s: float = 1.0, gap_s: float = 1.0,
    ):  # fmt: skip
        self.camera, self.recognisers, self.zones = camera, recognisers, zones or {}
        self.tracker = Tracker(gap_s=gap_s)
        self._every = timedelta(seconds=every_s)
        self._told: dict[object, datetime] = {}

    def look(self, frame: Frame) -> list[Seen]:
        """What is to be told of this frame."""
        found = [each for recogniser in self.recognisers for each in recogniser.look(frame)]
        tracks = self.tracker.follow(fused(found), frame.at)
        seen = [each for track in tracks if self._due(track.number, frame.at) for each in self._of_track(track, frame.at)]
        for each in found:
            if each.box is None and self._due((each.by, each.label, each.zone), frame.at):
                seen.append(self._of_zone(each, frame.at))
        return seen

    def _due(self, what: object, at: datetime) -> bool:
        last = self._told.get(what)
        if last is not None and at - last < self._every:
            return False
        if len(self._told) > 10_000:
            self._told = {each: moment for each, moment in self._told.items() if at - moment < timedelta(minutes=5)}
        self._told[what] = at
        return True

    def _of_track(self, track: Track, at: datetime) -> list[Seen]:
        label = label_of(track)
        labels = (label,) if label in GENERAL else (f"{label}.stationary", label) if track.thing.stays else (label,)
        if track.thing.stays and label in GENERAL:
            labels = ("stays",)
        name = f"{self.camera}/{track.began.isoformat()}/{track.number}"
        inside = [zone for zone, ring in self.zones.items() if is_in(ring, *_foot(track))] or [""]
        return [
            Seen(
                source=SOURCE, cameras=(self.camera,), labels=labels, at=at, zone=zone, confidence=track.thing.confidence,
                track=name, box=track.box,
            )
            for zone in inside
        ]

    def _of_zone(self, found: Found, at: datetime) -> Seen:
        return Seen(
            source=SOURCE, cameras=(self.camera,), labels=(found.label,), at=at, zone=found.zone, confidence=found.confidence,
            track=f"{self.camera}/{found.by}/{found.label}/{found.zone}", is_over=found.confidence <= 0,
        )  # fmt: skip


def _foot(track: Track) -> tuple[float, float]:
    """Where a thing stands: the middle of the lower edge."""
    return (track.box.left + track.box.right) / 2, track.box.bottom


def is_in(ring: Ring, x: float, y: float) -> bool:
    """Whether a point lies in a polygon, by the parity of edges to its right.

    >>> is_in(((0, 0), (1, 0), (1, 1), (0, 1)), 0.5, 0.5), is_in(((0, 0), (1, 0), (1, 1), (0, 1)), 1.5, 0.5)
    (True, False)
    """
    inside = False
    for (x0, y0), (x1, y1) in zip(ring, (*ring[1:], ring[0]), strict=True):
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            inside = not inside
    return inside


def zones_of(properties: Mapping[str, str]) -> dict[str, Ring]:
    """The zones that the register says of a camera, in shares of its picture.

    Refuses with `RecogniserWrong`.

    >>> zones_of({"zone.kerb": "0,0.5 1,0.5 1,1", "zone": "Asia/Shanghai"})
    {'kerb': ((0.0, 0.5), (1.0, 0.5), (1.0, 1.0))}
    """
    found = {}
    for name, text in properties.items():
        if not name.startswith(ZONE_PROPERTY):
            continue
        try:
            ring = tuple((float(x), float(y)) for x, y in (corner.split(",") for corner in text.split()))
        except ValueError:
            ring = ()
        if len(ring) < 3 or not all(0 <= each <= 1 for corner in ring for each in corner):
            raise RecogniserWrong(f"{name} is no zone; write three corners or more in shares of the picture: 0.1,0.6 0.9,0.6 0.9,1")
        found[name.removeprefix(ZONE_PROPERTY)] = ring
    return found


def frames_of(source: str, *, start: datetime | None, now, every: int = 1) -> Iterator[Frame]:
    """The frames of a file, whose moments count from `start`, or of a stream, whose moments are those of the clock.

    Every `every`-th frame is given. A stream that breaks is opened again; a file ends.
    Refuses with `VideoClosed` or `VisionMissing`.
    """
    cv = vision()
    is_live = "://" in source
    tries = 0
    while True:
        video = cv.VideoCapture(source)
        if not video.isOpened() and (not is_live or tries >= len(OPEN_TRIES_S)):
            raise VideoClosed(f"{_plain(source)} cannot be opened as a video; look at the path, or at the camera.")
        number, rate = 0, video.get(cv.CAP_PROP_FPS) or 25.0
        while video.isOpened():
            there, picture = video.read()
            if not there:
                break
            tries = 0
            if number % every == 0:
                at = now() if is_live or start is None else start + timedelta(seconds=number / rate)
                yield Frame(at, picture)
            number += 1
        video.release()
        if not is_live:
            return
        time.sleep(OPEN_TRIES_S[min(tries, len(OPEN_TRIES_S) - 1)])
        tries += 1


def _plain(source: str) -> str:
    """An address without its name and password."""
    head, mark, rest = source.partition("://")
    return f"{head}://{rest.rpartition('@')[2]}" if mark else source
