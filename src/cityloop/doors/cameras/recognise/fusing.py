"""What several recognisers say of one frame as one answer, and the same thing from frame to frame. Pure.

Source: noisy-or of independent witnesses (Pearl 1988); overlap by the Jaccard index; SORT without its filter (Bewley 2016).
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct, field

from cityloop.doors.cameras.model import Box
from cityloop.doors.cameras.recognise.port import Found

SAME = 0.5  # overlap from which two boxes of a frame are one thing
FOLLOWS = 0.1  # overlap from which a box follows that of the frame before
GENERAL = frozenset({"moves", "stays"})  # labels that say that something is there, and not what
SURE_MOST = 0.99


class Thing(Struct, frozen=True, kw_only=True):
    """One thing in one frame, whoever saw it. `stays`: somebody says that it does not move."""

    label: str
    confidence: float
    box: Box
    by: tuple[str, ...]
    stays: bool = False


class Track(Struct, kw_only=True):
    """A thing from frame to frame."""

    number: int
    began: datetime
    last: datetime
    box: Box
    seen: int = 1
    step: tuple[float, float] = (0.0, 0.0)  # by how much its middle moves from frame to frame
    labels: Counter[str] = field(default_factory=Counter)
    thing: Thing


def overlap(one: Box, other: Box) -> float:
    """The share of two boxes that both cover, of what either covers.

    >>> overlap(Box(left=0, top=0, right=2, bottom=1), Box(left=1, top=0, right=3, bottom=1))
    0.3333333333333333
    """
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    return both / (_area(one) + _area(other) - both)


def _area(box: Box) -> float:
    return max(0.0, box.right - box.left) * max(0.0, box.bottom - box.top)


def fused(found: Sequence[Found]) -> list[Thing]:
    """The things of a frame: boxes of different recognisers that cover each other are one, and surer than each alone.

    Two boxes of one recogniser stay two things, and so do two that name different things. The order does not matter.
    """
    left = sorted((each for each in found if each.box is not None), key=_rank)
    things: list[list[Found]] = []
    for each in left:
        assert each.box is not None
        best, most = None, SAME
        for group in things:
            covers = overlap(each.box, group[0].box)  # type: ignore[arg-type]
            if covers >= most and _agree(each, group):
                best, most = group, covers
        (things.append([each]) if best is None else best.append(each))
    return [_thing(group) for group in things]


def _rank(found: Found) -> tuple:
    """Who says what it is comes first, then the surest."""
    assert found.box is not None
    edges = (found.box.left, found.box.top, found.box.right, found.box.bottom)
    return found.label in GENERAL, -found.confidence, found.by, found.label, edges


def _agree(found: Found, group: Sequence[Found]) -> bool:
    names = {each.label for each in group} - GENERAL
    return found.by not in {each.by for each in group} and (found.label in GENERAL or not names or found.label in names)


def _thing(group: Sequence[Found]) -> Thing:
    doubt = 1.0
    for each in group:
        doubt *= 1 - min(max(each.confidence, 0.0), SURE_MOST)
    first = group[0]
    assert first.box is not None
    return Thing(
        label=first.label, confidence=1 - doubt, box=first.box, by=tuple(sorted(each.by for each in group)),
        stays=any(each.label == "stays" for each in group),
    )  # fmt: skip


class Tracker:
    """Follows things from frame to frame. A track counts once it was seen `sure` times, and ends unseen for `gap_s`."""

    def __init__(self, *, gap_s: float = 1.0, sure: int = 3):
        self._gap, self._sure = timedelta(seconds=gap_s), sure
        self._tracks: list[Track] = []
        self._last = 0
        self.counted = 0

    def follow(self, things: Sequence[Thing], at: datetime) -> list[Track]:
        """The tracks that are seen in this frame and count."""
        self._tracks = [each for each in self._tracks if at - each.last <= self._gap]
        pairs = sorted(
            ((overlap(_ahead(track), thing.box), track.number, place) for track in self._tracks for place, thing in enumerate(things)),
            key=lambda pair: (-pair[0], pair[1], pair[2]),
        )
        by_number = {each.number: each for each in self._tracks}
        followed: dict[int, Track] = {}
        for covers, number, place in pairs:
            track = by_number.get(number)
            if covers < FOLLOWS or place in followed or track is None:
                continue
            followed[place] = by_number.pop(number)
            self._seen(track, things[place], at)
        for place, thing in enumerate(things):
            if place not in followed:
                followed[place] = self._begun(thing, at)
        return [followed[place] for place in sorted(followed) if followed[place].seen >= self._sure]

    def in_view(self, at: datetime) -> list[Track]:
        """The tracks that count and were seen at this moment."""
        return [each for each in self._tracks if each.last == at and each.seen >= self._sure]

    def _begun(self, thing: Thing, at: datetime) -> Track:
        self._last += 1
        track = Track(number=self._last, began=at, last=at, box=thing.box, thing=thing)
        track.labels[thing.label] += 1
        self._tracks.append(track)
        self.counted += self._sure <= 1
        return track

    def _seen(self, track: Track, thing: Thing, at: datetime) -> None:
        (x0, y0), (x1, y1) = _middle(track.box), _middle(thing.box)
        track.step = (x1 - x0, y1 - y0)
        track.box, track.last, track.thing = thing.box, at, thing
        track.seen += 1
        track.labels[thing.label] += 1
        self.counted += track.seen == self._sure


def label_of(track: Track) -> str:
    """What a track is: what was said most often of it; that something is there only where nobody knows better."""
    named = {label: count for label, count in track.labels.items() if label not in GENERAL}
    return max(sorted(named), key=lambda label: named[label]) if named else track.thing.label


def _middle(box: Box) -> tuple[float, float]:
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2


def _ahead(track: Track) -> Box:
    """Where the track would be now, if it went on as it did."""
    x, y = track.step
    box = track.box
    return Box(left=box.left + x, top=box.top + y, right=box.right + x, bottom=box.bottom + y)
