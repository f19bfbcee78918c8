"""The figures of the wall as rows of the city now: a figure is how many, and the cases behind it are which."""

from collections.abc import Callable
from datetime import datetime, time

import numpy as np
from msgspec import Struct

from cityloop.cases.reach import Reach
from cityloop.domain.calendar import calendar_in, epoch_us
from cityloop.domain.clock import Lamp
from cityloop.domain.lifecycle import State
from cityloop.domain.policy import Policy
from cityloop.pages.board.model import FigureUnknown, Step
from cityloop.pages.now import LAMPS, STATES, Snapshot, View, allowed

ALL = slice(0, None)
SOON_S = 3_600
WAITS: dict[Step, tuple[State, ...]] = {
    Step.understand: (State.reported, State.verifying, State.to_file),
    Step.handle: (State.to_dispatch, State.to_sign, State.handling, State.transferred),
    Step.inspect: (State.handled, State.inspecting, State.to_close),
}
PASSED = {Step.understand: "filed", Step.handle: "dispatched", Step.inspect: "closed"}


class Day(Struct, frozen=True, kw_only=True):
    """The city now as somebody sees it: which rows, their lamps, and when the day began."""

    now: Snapshot
    seen: np.ndarray
    lamps: np.ndarray
    at_s: int
    begun_s: int

    @property
    def open(self) -> np.ndarray:
        return self.seen & (self.now.columns["is_open"] == 1)

    def in_states(self, states: tuple[State, ...]) -> np.ndarray:
        return self.open & np.isin(self.now.columns["state"], [STATES.index(state) for state in states])

    def with_lamp(self, lamp: Lamp) -> np.ndarray:
        return self.open & (self.lamps == LAMPS.index(lamp))

    def since(self, name: str) -> np.ndarray:
        return self.seen & (self.now.columns[name] >= self.begun_s)

    def of(self, name: str, word: str) -> np.ndarray:
        place = self.now.vocabulary[name].place.get(word, -1)
        return self.now.columns[name] == place


def day_of(now: Snapshot, reach: Reach, at: datetime) -> Day:
    """The day as whoever has this reach sees it."""
    at_s = int(at.timestamp())
    return Day(
        now=now, seen=allowed(now, View(reach=reach, open=None), ALL, at_s), lamps=now.lamps(ALL, at_s), at_s=at_s,
        begun_s=begun_at(now.policy, at),
    )  # fmt: skip


def begun_at(policy: Policy, at: datetime) -> int:
    """When the city's day began. Units: seconds since 1970."""
    zone = calendar_in(policy).zone
    midnight = datetime.combine(at.astimezone(zone).date(), time(), tzinfo=zone)
    return epoch_us(midnight) // 1_000_000


def behind(day: Day, key: str) -> np.ndarray:
    """Which rows a figure counts.

    Refuses with `FigureUnknown`.
    """
    kind, _, what = key.partition(".")
    if (rows := KINDS.get(kind)) is None:
        raise FigureUnknown(f"The wall has no figure {key[:40]!r}; take a key from the wall.")
    try:
        return rows(day, what)
    except (KeyError, ValueError):
        raise FigureUnknown(f"The wall has no figure {key[:40]!r}; take a key from the wall.") from None


def _late(day: Day, what: str) -> np.ndarray:
    return day.in_states(WAITS[Step(what)]) & (day.lamps == LAMPS.index(Lamp.red))


def _soon(day: Day, what: str) -> np.ndarray:
    red = day.now.columns["red"]
    until = {"hour": day.at_s + SOON_S, "day": day.begun_s + 86_400}[what]
    return day.open & (red > day.at_s) & (red <= until)


def _on_time(day: Day, what: str) -> np.ndarray:
    told = {"yes": 1, "no": 0}[what]
    return day.since("closed") & (day.now.columns["on_time"] == told)


KINDS: dict[str, Callable[[Day, str], np.ndarray]] = {
    "open": lambda day, what: day.open,
    "lamp": lambda day, what: day.with_lamp(Lamp(what)),
    "waiting": lambda day, what: day.in_states(WAITS[Step(what)]),
    "late": _late,
    "today": lambda day, what: day.since({"opened": "opened", "filed": "filed", "dispatched": "dispatched", "closed": "closed"}[what]),
    "soon": _soon,
    "on_time": _on_time,
    "unit": lambda day, what: day.open & day.of("unit", what),
    "class": lambda day, what: day.since("opened") & day.of("class_key", what),
    "street": lambda day, what: day.since("opened") & _in_street(day, what),
    "unplaced": lambda day, what: day.open & (day.now.columns["exact"] == 0),
}  # fmt: skip


def _in_street(day: Day, code: str) -> np.ndarray:
    words = day.now.vocabulary["cell"].words
    return np.array([word[:9] == code for word in list(words)], dtype=bool)[day.now.columns["cell"]]
