"""A question asked of entities: compiled once, then asked of each.

A path through a relation to many holds if it holds for one of them; the same relation, written twice, is the same one of
them, as a join would have it.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from cityloop.domain.calendar import epoch_us
from cityloop.doors.sensorthings.checking import walked
from cityloop.doors.sensorthings.graph import Graph
from cityloop.doors.sensorthings.language import Expression, QueryBad
from cityloop.doors.sensorthings.language import functions as f
from cityloop.doors.sensorthings.language.moments import time_of
from cityloop.doors.sensorthings.language.tree import (
    Call,
    Compare,
    Literal,
    Many,
    Moment,
    Negative,
    Not,
    Path,
    Shape,
    Sum,
    paths_in,
)
from cityloop.doors.sensorthings.model import KINDS, Entity, Kind

Bound = list[Entity | None]  # the entity asked of, then one for each relation to many
Ask = Callable[[Bound], Any]
TIMES = frozenset({"time", "phenomenonTime", "resultTime", "validTime"})
PLACES = frozenset({"location", "feature", "observedArea"})
BOUND_MAX = 100_000


def moment_at(now: datetime) -> Moment:
    """A moment as questions know it."""
    return Moment(epoch_us(now))


class Asking:
    """A question, compiled for a kind of entity."""

    def __init__(self, tree: Expression, kind: Kind, graph: Graph, now: datetime) -> None:
        self.kind, self.graph, self.now = kind, graph, moment_at(now)
        self.slots: dict[tuple[str, ...], int] = {(): 0}
        self.ways: list[tuple[int, tuple[str, ...]]] = [(0, ())]  # of each slot: from which, by which relations
        for path in sorted(paths_in(tree), key=lambda each: len(each.steps)):
            self._slot(walked(path, kind)[0])
        self.ask = compiled(tree, self._path, self.now)

    def holds(self, entity: Entity) -> bool:
        """Whether the answer is yes."""
        if len(self.ways) == 1:
            return self.ask([entity]) is True
        return any(self.ask(bound) is True for bound in self._bindings(entity))

    def says(self, entity: Entity) -> Any:
        """Whether it holds; where nothing is related to many, also that it is neither true nor false."""
        return self.ask([entity]) if len(self.ways) == 1 else self.holds(entity)

    def value(self, entity: Entity) -> Any:
        """What the expression gives; of many, the first."""
        return self.ask([entity] if len(self.ways) == 1 else next(self._bindings(entity)))

    def _slot(self, relations: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
        """The slot that the last relation to many fills, and the relations to one behind it."""
        here, slot, begin = self.kind, 0, 0
        for place, name in enumerate(relations):
            relation = here.relations[name]
            here = KINDS[relation.kind]
            if relation.is_many:
                prefix = relations[: place + 1]
                if prefix not in self.slots:
                    self.slots[prefix] = len(self.ways)
                    self.ways.append((slot, relations[begin : place + 1]))
                slot, begin = self.slots[prefix], place + 1
        return slot, relations[begin:]

    def _bindings(self, entity: Entity) -> Iterator[Bound]:
        bound: Bound = [entity] + [None] * (len(self.ways) - 1)
        count = 0

        def fill(slot: int) -> Iterator[Bound]:
            nonlocal count
            if slot == len(bound):
                count += 1
                if count > BOUND_MAX:
                    raise QueryBad("In $filter: too many combinations of related entities; ask of the related ones themselves.")
                yield bound
                return
            source, relations = self.ways[slot]
            for each in self._many(bound[source], relations) or (None,):
                bound[slot] = each
                yield from fill(slot + 1)

        return fill(1)

    def _many(self, entity: Entity | None, relations: Sequence[str]) -> list[Entity]:
        entity = one_along(self.graph, entity, relations[:-1])
        return self.graph.related(entity, relations[-1]) if entity else []

    def _path(self, path: Path) -> Ask:
        relations, name, inside = walked(path, self.kind)
        slot, to_one = self._slot(relations)
        graph = self.graph
        if not to_one and not inside and name not in TIMES | PLACES:
            return lambda bound: None if (entity := bound[slot]) is None else graph.member(entity, name)
        return lambda bound: told(graph, one_along(graph, bound[slot], to_one), name, inside)


def one_along(graph: Graph, entity: Entity | None, relations: Sequence[str]) -> Entity | None:
    """The entity at the end of relations to one."""
    for name in relations:
        if entity is None:
            return None
        entity = next(iter(graph.related(entity, name)), None)
    return entity


def told(graph: Graph, entity: Entity | None, name: str, inside: Sequence[str]) -> Any:
    """A property as a value of the language."""
    if entity is None:
        return None
    if name in PLACES and not inside:
        return graph.shape(entity, name)
    value = within(graph.member(entity, name), inside)
    if name in TIMES and isinstance(value, str):
        return time_of(value)
    return value


def within(value: Any, inside: Sequence[str]) -> Any:
    """What lies inside of a property, by names and places."""
    for step in inside:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isascii() and step.isdigit() and len(step) < 9:
            value = value[int(step)] if int(step) < len(value) else None
        else:
            return None
    return value


def compiled(tree: Expression, path: Callable[[Path], Ask], now: Moment) -> Ask:
    """The question as functions of what is bound; `path` makes those that look at it."""

    def make(tree: Expression) -> Ask:
        if isinstance(tree, Literal):
            value = f.geometry(tree.value.wkt) if isinstance(tree.value, Shape) else tree.value
            return lambda bound: value
        if isinstance(tree, Path):
            return path(tree)
        if isinstance(tree, Call):
            if tree.name == "now":
                return lambda bound: now
            do, args = f.FUNCTIONS[tree.name].of, [make(each) for each in tree.args]
            return lambda bound: do(*[each(bound) for each in args])
        if isinstance(tree, Not):
            of = make(tree.of)
            return lambda bound: None if (said := of(bound)) not in (True, False) or not isinstance(said, bool) else not said
        if isinstance(tree, Negative):
            of = make(tree.of)
            return lambda bound: f.negative(of(bound))
        if isinstance(tree, Many):
            parts, stops = [make(each) for each in tree.parts], tree.op == "or"
            return lambda bound: together(parts, bound, stops)
        assert isinstance(tree, Compare | Sum)
        op, left, right = tree.op, make(tree.left), make(tree.right)
        do = f.compared if isinstance(tree, Compare) else f.reckoned
        return lambda bound: do(op, left(bound), right(bound))

    return make(tree)


def together(parts: list[Ask], bound: Bound, stops: bool) -> bool | None:
    """`and` and `or`, where something may be neither true nor false."""
    unknown = False
    for part in parts:
        said = part(bound)
        if said is stops:
            return stops
        unknown = unknown or not isinstance(said, bool)
    return None if unknown else not stops


def in_order(found: Sequence[Any], terms: Sequence[tuple[Callable[[Any], Any], bool]]) -> list[Any]:
    """Sorted by each of the terms, the first the weightiest; what is equal keeps its order."""
    ordered = list(found)
    for value, is_down in reversed(terms):
        ordered.sort(key=lambda each, value=value: rank(value(each)), reverse=is_down)
    return ordered


def rank(value: Any) -> tuple[int, Any]:
    """A value among values of whatever kind: null first, then truth, numbers, texts, times."""
    if value is None:
        return 0, 0
    if isinstance(value, bool):
        return 1, value
    if f.is_number(value):
        return 2, value
    if isinstance(value, str):
        return 3, value
    if isinstance(value, tuple):
        return 4, tuple(value)
    return 5, repr(value)
