"""Cases as columns: a few bytes for each, in the order in which they lie on the map, with words told once."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache

import msgspec
import numpy as np
from msgspec import Struct

from cityloop.domain.calendar import SECOND_US, calendar_in
from cityloop.domain.clock import WORKING, Clock, Lamp, pauses_in
from cityloop.domain.lifecycle import OVER, State
from cityloop.domain.place import Point, gcj02_of
from cityloop.domain.policy import Limit, Policy
from cityloop.domain.time import moment
from cityloop.pages.clocks import MEASURES, limit_of
from cityloop.pages.now.mercator import ORDER_BITS, WORLD_BITS, order_of, steps_of
from cityloop.pages.now.turns import turns_exactly, turns_of, us_of

LAMPS = (Lamp.green, Lamp.yellow, Lamp.red, Lamp.grey)  # a row's lamp is a place in this; NO_LAMP: no clock runs
NO_LAMP = len(LAMPS)
STATES = tuple(State)
STATE_AT = {state.value: place for place, state in enumerate(STATES)}
NOWHERE = np.uint64(1 << 2 * ORDER_BITS)  # in the order: behind every place
UNTOLD = 2  # neither in time nor late
NEVER = np.uint32(0xFFFFFFFF)
EXACT, COARSE, NONE = 1, 2, 0  # how well the place is known: the point, the middle of its cell, not at all
WORDED = ("class_key", "unit", "post", "guests", "cell", "level")  # columns that hold a place in a list of words
MOMENTS = ("opened", "filed", "dispatched", "handled", "closed")  # seconds since 1970; 0: not so far
_limit = lru_cache(1024)(msgspec.json.Decoder(Limit).decode)


class Vocabulary(Struct):
    """Words in the order in which they came; the first is none. It only grows."""

    words: list[str]
    place: dict[str, int]

    @classmethod
    def empty(cls) -> "Vocabulary":
        return cls([""], {"": 0})

    def of(self, word: str | None) -> int:
        """The place of a word, a new one at the end."""
        found = self.place.get(word or "")
        if found is None:
            found = self.place[word or ""] = len(self.words)
            self.words.append(word or "")
        return found


class Snapshot(Struct, frozen=True, kw_only=True):
    """Every open case and those that ended lately, as the journal stood at `seq`."""

    seq: int
    policy: Policy
    vocabulary: dict[str, Vocabulary]
    columns: dict[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.columns["order"])

    def lamps(self, rows: slice | np.ndarray, at_s: int) -> np.ndarray:
        """The lamp of each of these rows at a moment, as places in `LAMPS`."""
        yellow, red, stands = (self.columns[name][rows] for name in ("yellow", "red", "stands"))
        found = (yellow <= at_s).astype(np.uint8)
        found += red <= at_s
        np.putmask(found, stands == 1, LAMPS.index(Lamp.grey))
        np.putmask(found, stands == 2, NO_LAMP)
        return found

    def ids(self, rows: Sequence[int] | np.ndarray) -> list[str]:
        """The ids of these rows."""
        high, low = self.columns["id_high"][rows].tolist(), self.columns["id_low"][rows].tolist()
        return [_id(one, other) for one, other in zip(high, low, strict=True)]

    def words(self, name: str, rows: Sequence[int] | np.ndarray) -> list[str]:
        """What a column of words says of these rows."""
        words = self.vocabulary[name].words
        return [words[place] for place in self.columns[name][rows].tolist()]

    def with_rows(self, seq: int, changed: Iterable[str], rows: list[tuple]) -> "Snapshot":
        """The same at a later moment: what changed is taken out, and put in as it is now."""
        new = columns_of(rows, self.policy, self.vocabulary)
        places = np.searchsorted(self.columns["order"], new["order"]).tolist()
        pieces = list(_spliced(len(self), self._rows_of(list(changed)), places))
        columns = {
            name: np.concatenate([(new[name] if is_new else old)[rows] for is_new, rows in pieces])
            for name, old in self.columns.items()
        }
        return Snapshot(seq=seq, policy=self.policy, vocabulary=self.vocabulary, columns=columns)

    def without_ended_before(self, moment: datetime) -> "Snapshot":
        """The same without the cases that ended before then."""
        ended = (self.columns["is_open"] == 0) & (self.columns["closed"] < int(moment.timestamp()))
        if not ended.any():
            return self
        columns = {name: column[~ended] for name, column in self.columns.items()}
        return Snapshot(seq=self.seq, policy=self.policy, vocabulary=self.vocabulary, columns=columns)

    def _rows_of(self, ids: list[str]) -> list[int]:
        """The rows of these cases, in their order. All low halves of ids differ: they are drawn by chance."""
        low = np.array([int(id.replace("-", "")[16:], 16) for id in ids], dtype=np.uint64)
        seen = np.zeros(1 << 16, dtype=bool)
        seen[low & np.uint64(0xFFFF)] = True
        maybe = np.flatnonzero(seen.take(self.columns["id_low"].astype(np.uint16)))
        return maybe[np.isin(self.columns["id_low"][maybe], low)].tolist()


def _spliced(rows: int, gone: list[int], places: list[int]) -> Iterator[tuple[bool, slice]]:
    """Stretches of so many old rows without those that are gone, and each new row before the old row at its place.

    >>> list(_spliced(4, [1], [1, 3]))
    [(False, slice(0, 1, None)), (True, slice(0, 1, None)), (False, slice(2, 3, None)), (True, slice(1, 2, None)), (False, slice(3, 4, None))]
    """
    cuts = sorted([(place, False, number) for number, place in enumerate(places)] + [(row, True, 0) for row in gone])
    at = 0
    for place, is_gone, number in cuts:
        if at < place:
            yield False, slice(at, place)
        at = max(at, place + is_gone)
        if not is_gone:
            yield True, slice(number, number + 1)
    yield False, slice(at, rows)


def snapshot_of(
    rows: list[dict[str, np.ndarray]], seq: int, policy: Policy, vocabulary: dict[str, Vocabulary]
) -> Snapshot:
    """The snapshot of columns that were read piece by piece."""
    pieces = rows or [columns_of([], policy, vocabulary)]
    columns = {name: np.concatenate([each[name] for each in pieces]) for name in pieces[0]}
    order = np.argsort(columns["order"], kind="stable")
    return Snapshot(
        seq=seq, policy=policy, vocabulary=vocabulary, columns={name: column[order] for name, column in columns.items()}
    )


def vocabulary() -> dict[str, Vocabulary]:
    """Empty lists of words, one for each column of words."""
    return {name: Vocabulary.empty() for name in WORDED}


def columns_of(rows: list[tuple], policy: Policy, words: dict[str, Vocabulary]) -> dict[str, np.ndarray]:
    """Rows of `store.COLUMNS` as columns, in the order of their places. Ended cases of which nothing runs are rows, too."""
    names = (
        "id", "state", "is_open", "class_key", "unit", "post", "guests", "cell", "level", "lon", "lat", "urgency",
        "numbered", "on_time", "opened", "filed", "dispatched", "handled", "closed", "since", "due", "pauses", "limit",
    )  # fmt: skip
    told: dict[str, tuple] = (
        dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(names, ())
    )
    ids = [id.replace("-", "") for id in told["id"]]
    lon, lat, exact = _placed(told, policy)
    x, y = steps_of(lon, lat)
    shift = np.uint32(WORLD_BITS - ORDER_BITS)
    order = np.where(exact == NONE, NOWHERE, order_of(x >> shift, y >> shift))
    yellow, red, stands = _clocks(told, policy)
    found = {
        "order": order,
        "x": x,
        "y": y,
        "exact": exact,
        "id_high": np.array([int(id[:16], 16) for id in ids], dtype=np.uint64),
        "id_low": np.array([int(id[16:], 16) for id in ids], dtype=np.uint64),
        "state": np.array([STATE_AT[state] for state in told["state"]], dtype=np.uint8),
        "is_open": np.array(told["is_open"], dtype=np.uint8),
        "urgency": np.array(told["urgency"], dtype=np.uint8),
        "numbered": np.array(told["numbered"], dtype=np.uint8),
        "on_time": np.array([UNTOLD if each is None else each for each in told["on_time"]], dtype=np.uint8),
        "yellow": yellow,
        "red": red,
        "stands": stands,
    }
    for name in WORDED:
        of = words[name].of
        found[name] = np.array([of(word) for word in told[name]], dtype=np.uint32)
    for name in MOMENTS:
        found[name] = (us_of(list(told[name])) // SECOND_US).astype(np.uint32)
    by_place = np.argsort(found["order"], kind="stable")
    return {name: column[by_place] for name, column in found.items()}


def _placed(told: dict[str, tuple], policy: Policy) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where each case is shown, and how well that is known. A class whose place is private has its cell only."""
    middles = middles_of(policy)
    private = {each.key for each in policy.classes if each.private_place}
    lon, lat, exact = [], [], []
    for east, north, cell, kind in zip(told["lon"], told["lat"], told["cell"], told["class_key"], strict=True):
        if east is not None and kind not in private:
            known = EXACT
        elif (middle := middles.get(cell)) is not None:
            east, north = middle
            known = COARSE
        else:
            east, north, known = 0.0, 0.0, NONE
        lon.append(east)
        lat.append(north)
        exact.append(known)
    if shown_in_gcj02(policy):
        moved = [gcj02_of(Point(lon=east, lat=north)) for east, north in zip(lon, lat, strict=True)]
        lon, lat = [each.lon for each in moved], [each.lat for each in moved]
    return np.array(lon, dtype=float), np.array(lat, dtype=float), np.array(exact, dtype=np.uint8)


def shown_in_gcj02(policy: Policy) -> bool:
    """Whether the city's outside map is drawn in GCJ-02: then ours is drawn on it so, too."""
    return policy.settings.basemap_datum == "gcj02"


def middles_of(policy: Policy) -> dict[str, tuple[float, float]]:
    """The middle of each cell, reckoned once for a policy."""
    found = policy.__dict__.get("_cell_middles")
    if found is None:
        found = policy.__dict__["_cell_middles"] = {each.code: _middle(each.ring[:-1]) for each in policy.cells}
    return found


def _middle(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return sum(lon for lon, _ in ring) / len(ring), sum(lat for _, lat in ring) / len(ring)


def _clocks(told: dict[str, tuple], policy: Policy) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """When each lamp turns yellow and red, and whether it stands (1) or there is none (2)."""
    calendar, ppm = calendar_in(policy), policy.settings.lamp_yellow_ppm
    states = [State(state) for state in told["state"]]
    runs = [
        state in MEASURES and state not in OVER and bool(since and due)
        for state, since, due in zip(states, told["since"], told["due"], strict=True)
    ]
    limits = [
        _limit_of(state, limit, since, due, policy) if running else None
        for state, limit, since, due, running in zip(
            states, told["limit"], told["since"], told["due"], runs, strict=True
        )
    ]
    since, due = us_of(list(told["since"])), us_of(list(told["due"]))
    is_work = np.array([limit is not None and limit.unit in WORKING for limit in limits], dtype=bool)
    yellow, red = turns_of(since, due, is_work, calendar, ppm)
    stands = np.array([0 if running else 2 for running in runs], dtype=np.uint8)
    for row, (kept, limit) in enumerate(zip(told["pauses"], limits, strict=True)):
        if kept and limit:
            clock = Clock(
                start=moment(told["since"][row]), limit=limit, due=moment(told["due"][row]), pauses=pauses_in(kept)
            )
            stands[row] = clock.is_paused
            if not clock.is_paused:
                yellow[row], red[row] = turns_exactly(clock, calendar, ppm)
    none = stands > 0
    yellow[none] = red[none] = int(NEVER)
    return yellow.astype(np.uint32), red.astype(np.uint32), stands


def _limit_of(state: State, kept: str | None, since: str, due: str, policy: Policy) -> Limit:
    return _limit(kept) if kept else limit_of(MEASURES[state], policy, moment(since), moment(due))


def _id(high: int, low: int) -> str:
    text = f"{high:016x}{low:016x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
