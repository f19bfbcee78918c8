"""The entities at hand: the register and what is told besides, laid together whenever one of them has changed."""

from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Lock
from typing import NamedTuple

from cityloop.db import Tx
from cityloop.doors.sensorthings.graph import Graph, Property
from cityloop.doors.sensorthings.model import Described
from cityloop.doors.sensorthings.store import described_since
from cityloop.stages.sense.model import Register


class Graphs(NamedTuple):
    """What may be seen: all of it, or what is open to anybody."""

    whole: Graph
    open: Graph


class GraphBook:
    """The entities of a city. `now` gives them as they stand, for any number of threads."""

    def __init__(self) -> None:
        self._described: dict[tuple[str, str], Described] = {}
        self._heads: dict[str, int] = {}
        self._last: str | None = None
        self._made: tuple[tuple[int, int, str], Graphs] | None = None
        self._lock = Lock()

    def now(self, tx: Tx, register: Register, properties: Callable[[], tuple[Property, ...]] = tuple, pack: str = "") -> Graphs:
        """The entities as this transaction sees them."""
        with self._lock:
            self._refresh(tx)
            version = register.version, sum(self._heads.values()), pack
            if self._made is None or self._made[0] != version:
                described, known = dict(self._described), properties()
                whole = Graph(register.things, register.streams, described, known)
                streams = {no: each for no, each in whole.streams.items() if each.is_open}
                seen = {each.thing for each in streams.values()}
                things = {id: each for id, each in whole.things.items() if id in seen}
                self._made = version, Graphs(whole, Graph(things, streams, open_of(whole, things, streams, described), known))
            return self._made[1]

    def _refresh(self, tx: Tx) -> None:
        since = datetime.fromisoformat(self._last) - tx.engine.overlap if self._last else None
        for name, no, changed_at, described in described_since(tx, since):
            if self._heads.get(name) != no:
                self._heads[name] = no
                self._described[described.kind, described.id] = described
            self._last = max(self._last or changed_at, changed_at)


def open_of(
    whole: Graph, things: Mapping, streams: Mapping, described: Mapping[tuple[str, str], Described]
) -> dict[tuple[str, str], Described]:
    """What is told of open streams and of that to which they lead, and of nothing else."""
    seen = {("Thing", id) for id in things} | {("Datastream", str(no)) for no in streams}
    seen |= {("Sensor", whole.sensor_of(each)) for each in streams.values()}
    seen |= {("ObservedProperty", whole.property_of(each)) for each in streams.values()}
    seen |= {("Location", place) for each in things.values() for place in whole.locations_of(each)}
    seen |= {("HistoricalLocation", id) for id in whole.past_by_thing if id in things}
    seen |= {("HistoricalLocation", past) for id in things for past in whole.past_by_thing.get(id, ())}
    return {key: each for key, each in described.items() if key in seen}
