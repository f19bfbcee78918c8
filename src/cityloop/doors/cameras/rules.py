"""Pure decisions of the cameras' door: whose camera it is, what the city calls what it saw, which stream it goes to."""

import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cityloop.domain.calendar import epoch_us
from cityloop.domain.policy import Policy, SeenBy
from cityloop.domain.sensing import LifeState, Thing
from cityloop.doors.cameras.model import Seen

NO_ZONE = "-"  # what a stream says of its zone where the source says none
ALIVE_KEY = "alive"
PART_MAX = 28  # letters of zone and word in a stream's key
RECENT_MAX = 200_000
ZONE_NAME = "zone"  # the property of a camera that names its clock's zone, e.g. Asia/Shanghai
_ODD = re.compile(r"[^\w.+-]")


class Sighting(NamedTuple):
    """A row for a stream. Units: `at` in microseconds since 1970, UTC."""

    thing: Thing | None  # None: nobody registered the camera
    camera: str
    stream: str  # its key within the camera
    words: tuple[str, str] | None  # zone and word; None: a sign of life
    at: int
    value: float
    track: int

    @property
    def key(self) -> str:
        return f"{self.camera}/{self.stream}"


def sightings(seen: Iterable[Seen], things: Mapping[str, Thing], policy: Policy) -> list[Sighting]:
    """What was seen as rows for streams. `things`: cameras by their keys."""
    return [_sighting(each, things, policy) for each in seen]


def _sighting(seen: Seen, things: Mapping[str, Thing], policy: Policy) -> Sighting:
    name = next((each for each in seen.cameras if each in things or each.lower() in things), seen.cameras[0] if seen.cameras else NO_ZONE)
    thing = things.get(name) or things.get(name.lower())
    name = thing.key if thing else name
    at = epoch_us(_aware(seen.at, thing, policy))
    if seen.is_sign:
        return Sighting(thing, name, ALIVE_KEY, None, at, 1.0, 0)
    zone, word = seen.zone or NO_ZONE, word_of(seen.source, seen.labels, policy)
    key = f"{_part(seen.zone)}:{_part(word)}" if seen.zone else _part(word)
    value = 0.0 if seen.is_over else min(max(seen.confidence, 0.0), 1.0)
    return Sighting(thing, name, key, (zone[:80], word[:80]), at, value, track_number(seen.source, seen.track))


def word_of(source: str, labels: Sequence[str], policy: Policy) -> str:
    """The city's own word for what was seen: of the most exact label that has a row; else the source's least exact one."""
    by = source if source in tuple(SeenBy) else SeenBy.own.value
    for label in labels:
        for each in (by, SeenBy.any.value):
            if row := policy.label_of.get((each, label)):
                return row.word
    return labels[-1]


def track_number(source: str, track: str) -> int:
    """The number under which a track is followed: the same for the same words, on every machine; 0 where there is none.

    >>> track_number("frigate", "1770000000.123-abc") == track_number("frigate", "1770000000.123-abc") != 0
    True
    """
    if not track:
        return 0
    return int.from_bytes(sha256(f"{source}\n{track}".encode()).digest()[:8], "big", signed=True)


def _part(text: str) -> str:
    """A part of a stream's key: what may stand in one; a long one is told apart by its digest."""
    plain = _ODD.sub("_", text)
    if len(plain) <= PART_MAX:
        return plain
    return f"{plain[: PART_MAX - 7]}.{sha256(text.encode()).hexdigest()[:6]}"


def _aware(at: datetime, thing: Thing | None, policy: Policy) -> datetime:
    """The moment: where the camera says no zone it is the one that the register says of it, or the city's."""
    if at.tzinfo is not None:
        return at
    said = thing.properties.get(ZONE_NAME, "") if thing else ""
    try:
        zone = ZoneInfo(said) if said else None
    except (ValueError, OSError, KeyError):
        zone = None
    return at.replace(tzinfo=zone or ZoneInfo(str(policy.week.zone)))


def by_key(things: Iterable[Thing]) -> dict[str, Thing]:
    """Cameras by the names under which sources know them: their keys, and those of MACs in small letters."""
    return {name: each for each in things if each.state is not LifeState.retired for name in (each.key.lower(), each.key)}


Same = tuple[int, int, int]


class Recent:
    """What came lately, so that what comes again is known: by stream, track and moment. Remembered when it is kept, not before."""

    def __init__(self, most: int = RECENT_MAX):
        self._most = most
        self._seen: OrderedDict[Same, None] = OrderedDict()

    def fresh(self, rows: Iterable[Sighting], numbers: Mapping[str, int]) -> tuple[list[Sighting], list[Same]]:
        """Those that have not come before, each once, and by what they are known again. Unknown streams are never known again."""
        found: dict[tuple, Sighting] = {}
        for row in rows:
            number = numbers.get(row.key)
            same = (number, row.track, row.at) if number is not None else (row.key, row.track, row.at)
            if same not in self._seen:
                found.setdefault(same, row)
        return list(found.values()), [same for same in found if isinstance(same[0], int)]

    def remember(self, sames: Iterable[Same]) -> None:
        """Know these again; the oldest are forgotten."""
        for same in sames:
            self._seen[same] = None
            self._seen.move_to_end(same)
        while len(self._seen) > self._most:
            self._seen.popitem(last=False)
