"""Which rows somebody may see and asks for: a table of yes and no for each column of words, looked up row by row."""

from collections.abc import Callable

import numpy as np
from msgspec import Struct

from cityloop.cases.public import class_is_public
from cityloop.cases.reach import Reach
from cityloop.domain.clock import Lamp
from cityloop.domain.ids import AreaCode, ClassKey, UnitId
from cityloop.domain.lifecycle import State
from cityloop.pages.now.columns import EXACT, LAMPS, STATES, Snapshot

FEW = 4
HIDDEN = frozenset({State.not_accepted, State.merged, State.void})  # what the public map does not show


class View(Struct, frozen=True, kw_only=True):
    """What is asked for. `reach` None is the public's: filed cases of public classes at their places."""

    reach: Reach | None = None
    states: tuple[State, ...] = ()
    open: bool | None = True
    lamps: tuple[Lamp, ...] = ()
    unit: UnitId | None = None
    area: AreaCode | None = None
    class_key: ClassKey | None = None


def allowed(now: Snapshot, view: View, rows: slice, at_s: int) -> np.ndarray:
    """Which of these rows may be seen and are asked for."""
    found = np.ones(len(now.columns["order"][rows]), dtype=bool)

    def must(name: str, table: np.ndarray) -> None:
        np.logical_and(found, _says(table, now.columns[name][rows]), out=found)

    if view.open is not None:
        must("is_open", np.array([not view.open, view.open]))
    if view.states:
        must("state", np.array([state in view.states for state in STATES]))
    if view.unit:
        must("unit", _table(now, "unit", lambda word: word == view.unit))
    if view.area:
        area = view.area
        must("cell", _table(now, "cell", lambda word: word.startswith(area)))
    if view.class_key:
        key = view.class_key
        must("class_key", _table(now, "class_key", lambda word: word == key))
    if view.reach is None:
        _public(now, must)
    elif not view.reach.everything:
        np.logical_and(found, _reached(now, view.reach, rows), out=found)
    if view.lamps:
        wanted = np.array([lamp in view.lamps for lamp in (*LAMPS, None)])
        np.logical_and(found, _says(wanted, now.lamps(rows, at_s)), out=found)
    return found


def _public(now: Snapshot, must: Callable[[str, np.ndarray], None]) -> None:
    must("class_key", _table(now, "class_key", lambda word: class_is_public(word, now.policy)))
    must("exact", np.array([place == EXACT for place in range(3)]))
    must("numbered", np.array([False, True]))
    must("state", np.array([state not in HIDDEN for state in STATES]))


def _reached(now: Snapshot, reach: Reach, rows: slice) -> np.ndarray:
    """The twin of `people.scope.sees`, for columns."""
    units, posts = set(reach.units), set(reach.posts)
    seen = {
        "unit": _table(now, "unit", lambda word: word in units),
        "post": _table(now, "post", lambda word: word in posts),
        "cell": _table(now, "cell", lambda word: word.startswith(reach.areas) if reach.areas else False),
        "guests": _table(now, "guests", lambda word: any(f"|{unit}|" in word for unit in units)),
    }
    found = np.zeros(len(now.columns["order"][rows]), dtype=bool)
    for name, table in seen.items():
        np.logical_or(found, _says(table, now.columns[name][rows]), out=found)
    return found


def _says(table: np.ndarray, column: np.ndarray) -> np.ndarray:
    """What the table says of each row. A few places are compared with, a hundred times faster than looked up."""
    yes = np.flatnonzero(table)
    if len(table) - len(yes) < min(len(yes), FEW + 1):
        return ~_says(~table, column)
    if len(yes) > FEW:
        return table.take(column, mode="clip")  # no place lies beyond the table; clip spares the check
    found = np.zeros(len(column), dtype=bool)
    for place in yes.tolist():
        np.logical_or(found, column == place, out=found)
    return found


def _table(now: Snapshot, name: str, says: Callable[[str], bool]) -> np.ndarray:
    return np.array([bool(word) and says(word) for word in list(now.vocabulary[name].words)], dtype=bool)
