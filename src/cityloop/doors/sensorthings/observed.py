"""A question asked of observations: narrowed to streams and moments first, then answered over columns, piece by piece."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cityloop.domain.sensing import Observing
from cityloop.doors.sensorthings.asking import Asking, moment_at, rank, told, within
from cityloop.doors.sensorthings.columns import Answer, Column, Constant, answered, packed, yes
from cityloop.doors.sensorthings.graph import Graph
from cityloop.doors.sensorthings.kinds_of_result import result_of
from cityloop.doors.sensorthings.language import Expression
from cityloop.doors.sensorthings.language.moments import said_us, time_of
from cityloop.doors.sensorthings.language.tree import Call, Compare, Literal, Many, Moment, Path, paths_in
from cityloop.doors.sensorthings.model import KINDS, EntityUnknown
from cityloop.doors.sensorthings.options import Query
from cityloop.doors.sensorthings.records import FAR, Beside, Key, Records, Row, key_of, walked
from cityloop.telemetry import Batch, joined

STREAM = KINDS["Datastream"]
_TURNED = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge", "eq": "eq"}
_LOGIC = (Compare, Many)


class Scope(NamedTuple):
    """Where observations are looked for."""

    streams: Sequence[int]
    since: int = -FAR
    until: int = FAR
    feature: str = ""  # of one feature of interest


class Found(NamedTuple):
    """A page of observations, how many there are in all where that was asked, and whether more follow."""

    rows: list[Row]
    count: int | None
    more: bool


class Observed:
    """What is asked of observations, at one moment."""

    def __init__(
        self, graph: Graph, records: Records, beside: Callable[[Sequence[int], int, int], Mapping[Key, Beside]], now: datetime
    ) -> None:
        self.graph, self.records, self.beside, self.now = graph, records, beside, now

    def find(self, scope: Scope, query: Query) -> Found:
        """A page. Refuses with `QueryBad`."""
        rest: list[Expression] = []
        for part in conjuncts(query.filter):
            scope, done = self._narrowed(scope, part)
            if not done:
                rest.append(part)
        newest_first = leads(query.order)
        plain = not query.order or newest_first is not None
        wanted = query.skip + query.page + 1
        kept: list[Batch] = []
        besides: dict[Key, Beside] = {}
        size = 0
        for batch, beside in self._pieces(scope, newest_first=bool(newest_first), wants_all=query.count or not plain):
            piece = batch.at_rows(self._mask(batch, beside, scope, rest))
            size += piece.size
            besides |= beside
            if not plain or size - piece.size < wanted:
                kept.append(piece)
            if plain and size >= wanted and not query.count:
                break
        batch = joined(kept)
        if not plain and batch.size:
            batch = batch.at_rows(self._order(batch, besides, query))
        page = batch.at_rows(np.arange(min(query.skip, batch.size), min(query.skip + query.page, batch.size)))
        return Found(rows_of(page, besides), size if query.count else None, size > query.skip + query.page)

    def one(self, id: str) -> Row:
        """The observation with this id. Refuses with `EntityUnknown`."""
        stream, at, track = key_of(id)
        for batch, beside in self._pieces(Scope([stream] if stream in self.graph.streams else [], at, at), newest_first=False):
            for row in rows_of(batch.at_rows(batch.track == track), beside):
                return row
        raise EntityUnknown(f"There is no observation {id[:60]!r}; take its id from a list.")

    def _pieces(
        self, scope: Scope, *, newest_first: bool, wants_all: bool = False
    ) -> Iterator[tuple[Batch, dict[Key, Beside]]]:
        """The columns with what stands beside them; what was deleted is not in them, what was mended is as mended."""
        span = scope.since, scope.until
        for batch in walked(self.records, scope.streams, *span, newest_first=newest_first, wants_all=wants_all):
            if not batch.size:
                continue
            beside = dict(self.beside(scope.streams, int(batch.at.min()), int(batch.at.max())))
            if beside:
                batch = _mended(batch, beside)
            yield batch, beside

    def _narrowed(self, scope: Scope, part: Expression) -> tuple[Scope, bool]:
        """The scope with a part of the question in it, and whether that part is thereby answered."""
        if about_stream(part):
            asking = Asking(of_stream(part), STREAM, self.graph, self.now)
            entities = (self.graph.get("Datastream", no) for no in scope.streams)
            return scope._replace(streams=[each.of.no for each in entities if each and asking.holds(each)]), True
        if not isinstance(part, Compare):
            return scope, False
        op, left, right = part.op, part.left, part.right
        if not isinstance(left, Path):
            op, left, right = _TURNED.get(op, op), right, left
        if not isinstance(left, Path) or op not in _TURNED:
            return scope, False
        if left.steps in (("id",), ("@iot.id",)) and op == "eq" and isinstance(right, Literal):
            return self._of_id(scope, right.value), True
        at = right.value if isinstance(right, Literal) else moment_at(self.now) if right == Call("now", (), getattr(right, "at", 0)) else None
        if left.steps == ("phenomenonTime",) and isinstance(at, Moment):
            since = at.us if op in ("gt", "ge", "eq") else -FAR
            until = at.us if op in ("lt", "le", "eq") else FAR
            return scope._replace(since=max(scope.since, since), until=min(scope.until, until)), False
        return scope, False

    def _of_id(self, scope: Scope, id: Any) -> Scope:
        try:
            stream, at, _ = key_of(str(id))
        except EntityUnknown:
            return scope._replace(streams=[])
        streams = [stream] if stream in set(scope.streams) else []
        return scope._replace(streams=streams, since=max(at, scope.since), until=min(at, scope.until))

    # answers over columns

    def _mask(self, batch: Batch, beside: Mapping[Key, Beside], scope: Scope, rest: Sequence[Expression]) -> NDArray[np.bool_]:
        mask = np.ones(batch.size, bool)
        if not (rest or scope.feature):
            return mask
        if scope.feature:
            looked = Looked(self, batch, beside)
            mask &= np.array([each == scope.feature for each in looked.features()], bool)
        for rows in self._alike(batch):
            part = batch.at_rows(rows)
            looked = Looked(self, part, beside)
            for tree in rest:
                mask[rows] &= yes(looked.answer(tree), part.size)
        return mask

    def _alike(self, batch: Batch) -> list[NDArray]:
        """The rows by what their results are: so that each column has one type."""
        kinds = {no: _RESULT.get(each.observing, 0) for no, each in self.graph.streams.items()}
        numbers, places = np.unique(batch.stream, return_inverse=True)
        kind = np.array([kinds.get(int(no), 0) for no in numbers], np.int8)[places]
        return [np.flatnonzero(kind == each) for each in np.unique(kind)]

    def _order(self, batch: Batch, beside: Mapping[Key, Beside], query: Query) -> NDArray:
        looked = Looked(self, batch, beside)
        keys = [_ranked(looked.answer(tree), batch.size, is_down) for tree, is_down in query.order]
        return np.lexsort((batch.track, batch.stream, batch.at, *reversed(keys)))


_RESULT = {Observing.truth: 1, Observing.category: 2}


class Looked:
    """The columns of some observations, made as they are asked for."""

    def __init__(self, observed: Observed, batch: Batch, beside: Mapping[Key, Beside]) -> None:
        self.observed, self.batch = observed, batch
        self.graph = observed.graph
        self.numbers, self.places = np.unique(batch.stream, return_inverse=True)
        self.beside: dict[int, dict[str, Any]] = {}
        if beside:
            keys = zip(batch.stream.tolist(), batch.at.tolist(), batch.track.tolist(), strict=True)
            self.beside = {place: beside[key].members for place, key in enumerate(keys) if key in beside}

    def answer(self, tree: Expression) -> Answer:
        """What a question gives for each of the rows."""
        return answered(tree, self.batch.size, self._seen, self._special, moment_at(self.observed.now))

    def _special(self, tree: Expression) -> Answer | None:
        """What the stream alone decides is asked once a stream."""
        if not about_stream(tree) or not isinstance(tree, (*_LOGIC, Call, Path)):
            return None
        asking = Asking(of_stream(tree), STREAM, self.graph, self.observed.now)
        entities = [self.graph.get("Datastream", int(no)) for no in self.numbers]
        if isinstance(tree, _LOGIC):
            return self._spread([each is not None and asking.says(each) for each in entities])
        return self._spread([asking.value(each) if each else None for each in entities])

    def _spread(self, values: Sequence[Any]) -> Column:
        """A value a stream, as a value a row."""
        column = packed(values)
        return Column(column.type, column.data[self.places], None if column.has is None else column.has[self.places])

    def _seen(self, path: Path) -> Answer:
        name, inside = path.steps[0], path.steps[1:]
        batch = self.batch
        if name in ("id", "@iot.id"):
            return packed([row.id for row in rows_of(batch, {})])
        if name == "FeatureOfInterest":
            return self._of_feature(inside)
        if name == "result" and not inside:
            return self._results()
        if name in ("phenomenonTime", "resultTime"):
            if not any(("until" if name == "phenomenonTime" else name) in each for each in self.beside.values()):
                return Column("time", batch.at)
            return packed([time_said(row, name) for row in self.rows()])
        given = [None] * batch.size
        for place, members in self.beside.items():
            value = within(members.get(name), inside)
            given[place] = time_of(value) if name == "validTime" and isinstance(value, str) else value
        return packed(given)

    def rows(self) -> list[Row]:
        """One by one."""
        batch = self.batch
        columns = (batch.stream.tolist(), batch.at.tolist(), batch.value.tolist(), batch.track.tolist())
        return [Row(*each, self.beside.get(place, {})) for place, each in enumerate(zip(*columns, strict=True))]

    def _results(self) -> Answer:
        streams = [self.graph.streams.get(int(no)) for no in self.numbers]
        kinds = {_RESULT.get(each.observing, 0) for each in streams if each}
        if kinds <= {0}:
            return Column("number", self.batch.value)
        if kinds == {1}:
            return Column("truth", self.batch.value != 0)
        pairs = np.stack((self.places, self.batch.value), axis=1)
        different, back = np.unique(pairs, axis=0, return_inverse=True)
        said = [None if (stream := streams[int(place)]) is None else result_of(stream, value) for place, value in different]
        column = packed(said)
        back = back.reshape(-1)
        return Column(column.type, column.data[back], None if column.has is None else column.has[back])

    def features(self) -> list[str]:
        """The id of what each is about."""
        of_stream = [self.graph.streams[int(no)].thing for no in self.numbers]
        found = [of_stream[place] for place in self.places.tolist()]
        for place, members in self.beside.items():
            if given := members.get("FeatureOfInterest"):
                found[place] = given
        return found

    def _of_feature(self, inside: Sequence[str]) -> Answer:
        ids = self.features()
        said = {}
        for id in set(ids):
            entity = self.graph.get("FeatureOfInterest", id)
            name = "id" if inside[0] == "@iot.id" else inside[0]
            said[id] = told(self.graph, entity, name, inside[1:])
        return packed([said[id] for id in ids])


def conjuncts(tree: Expression | None) -> list[Expression]:
    """The parts that must all hold."""
    if tree is None:
        return []
    return [each for part in tree.parts for each in conjuncts(part)] if isinstance(tree, Many) and tree.op == "and" else [tree]


def about_stream(tree: Expression) -> bool:
    """Whether the stream alone decides it."""
    paths = paths_in(tree)
    return bool(paths) and all(path.steps[0] == "Datastream" for path in paths)


def of_stream(tree: Expression) -> Expression:
    """The same question, asked of the stream itself."""
    if isinstance(tree, Path):
        return Path(tree.steps[1:], tree.at)
    if isinstance(tree, Literal):
        return tree
    if isinstance(tree, Call):
        return Call(tree.name, tuple(of_stream(each) for each in tree.args), tree.at)
    if isinstance(tree, Many):
        return Many(tree.op, tuple(of_stream(each) for each in tree.parts))
    fields = {name: getattr(tree, name) for name in tree.__struct_fields__}
    return type(tree)(**{name: each if isinstance(each, str) else of_stream(each) for name, each in fields.items()})


def leads(order: Sequence[tuple[Expression, bool]]) -> bool | None:
    """Whether the newest come first, where moments alone decide the order; None where something else does."""
    if len(order) == 1 and isinstance(order[0][0], Path) and order[0][0].steps == ("phenomenonTime",):
        return order[0][1]
    return None


def rows_of(batch: Batch, beside: Mapping[Key, Beside]) -> list[Row]:
    """Observations, one by one."""
    found = []
    for stream, at, value, track in zip(*(column.tolist() for column in batch), strict=True):
        known = beside.get((stream, at, track))
        found.append(Row(stream, at, value, track, known.members if known else {}))
    return found


def time_said(row: Row, name: str) -> Any:
    """The time of a phenomenon, or of a result: that of the phenomenon, where nothing else was told."""
    text = time_text(row, name)
    return None if text is None else time_of(text)


def time_text(row: Row, name: str) -> str | None:
    """The same, as it is written."""
    if name == "resultTime" and name in row.beside:
        return row.beside[name]
    text = said_us(row.at)
    return f"{text}/{row.beside['until']}" if name == "phenomenonTime" and "until" in row.beside else text


def _mended(batch: Batch, beside: Mapping[Key, Beside]) -> Batch:
    """Without what was deleted, and with the results that were put right."""
    keep = np.ones(batch.size, bool)
    value = batch.value.copy()
    for place, key in enumerate(zip(batch.stream.tolist(), batch.at.tolist(), batch.track.tolist(), strict=True)):
        if (each := beside.get(key)) is not None:
            keep[place] = not each.is_gone
            value[place] = each.members.get("result", value[place])
    return batch._replace(value=value).at_rows(keep)


def _ranked(answer: Answer, size: int, is_down: bool) -> NDArray:
    """Numbers that sort as the values do; null first, or last where the greatest comes first."""
    if isinstance(answer, Constant):
        return np.zeros(size, np.int64)
    if answer.type == "mixed":
        ranks = [rank(each) for each in answer.values()]
        places = {each: place for place, each in enumerate(sorted(set(ranks)))}
        codes = np.array([places[each] for each in ranks], np.int64)
    else:
        codes = np.unique(answer.data, return_inverse=True)[1].reshape(-1) + 1
        codes = codes if answer.has is None else np.where(answer.has, codes, 0)
    return -codes if is_down else codes
