"""Questions of SensorThings: what is written reads as the same; columns answer what a plain reading of each row answers."""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import product
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.sta_memory import MemoryRecords

from cityloop.domain.ids import StreamId, ThingId
from cityloop.domain.sensing import LifeState, Observing, Stream, Thing
from cityloop.doors.sensorthings import records
from cityloop.doors.sensorthings.asking import Asking
from cityloop.doors.sensorthings.graph import Graph
from cityloop.doors.sensorthings.kinds_of_result import result_of
from cityloop.doors.sensorthings.language import read_expression, written
from cityloop.doors.sensorthings.language import tree as t
from cityloop.doors.sensorthings.model import KINDS
from cityloop.doors.sensorthings.observed import Observed, Scope
from cityloop.doors.sensorthings.options import Query
from cityloop.doors.sensorthings.records import Beside, id_of
from cityloop.telemetry import batch_of

NOW = datetime(2026, 3, 6, 1, 0, tzinfo=UTC)
BASE = 1_772_000_000_000_000

# a town: three things, streams of each kind


def thing(id: str, name: str) -> Thing:
    return Thing(
        id=ThingId(id), key=id, kind="k", name=name, state=LifeState.live, where=None, cell=None, site="", component=None, owner=None,
        vendor="", model="", installed_at=None, calibrated_at=None, calibrate_by=None, live_url="", still_url="",
        properties={"floor": "3"} if name == "ab" else {}, simulated=False,
    )  # fmt: skip


def stream(no: int, of: str, observing: Observing, property: str) -> Stream:
    words = ("a", "b", "ab") if observing is Observing.category else ()
    return Stream(
        id=StreamId(f"s{no}"), no=no, thing=ThingId(of), key=f"k{no}", property=property, unit="", observing=observing, every_s=0,
        least=None, most=None, words=words, is_open=False, is_closed=False,
    )  # fmt: skip


THINGS = {each.id: each for each in (thing("1", "a"), thing("2", "ab"), thing("3", "b"))}
STREAMS = {
    each.no: each
    for each in (
        stream(1, "1", Observing.measurement, "a"), stream(2, "1", Observing.truth, "b"), stream(3, "2", Observing.category, "a"),
        stream(4, "2", Observing.measurement, "b"), stream(5, "2", Observing.count, "a"),
    )
}  # fmt: skip
GRAPH = Graph(THINGS, STREAMS, {}, ())


# a plain reading of a question: one row, one value at a time


def is_number(value: Any) -> bool:
    return type(value) in (int, float)


def plain(tree: Any, look: Any) -> Any:
    """What a question says, `look` telling what a path leads to."""
    if isinstance(tree, t.Literal):
        return tree.value
    if isinstance(tree, t.Path):
        return look(tree.steps)
    if isinstance(tree, t.Not):
        said = plain(tree.of, look)
        return (not said) if isinstance(said, bool) else None
    if isinstance(tree, t.Many):
        said = [plain(each, look) for each in tree.parts]
        if (tree.op == "or") in [each for each in said if isinstance(each, bool)]:
            return tree.op == "or"
        return (tree.op == "and") if all(isinstance(each, bool) for each in said) else None
    if isinstance(tree, t.Call):
        (value,) = (plain(each, look) for each in tree.args)
        if tree.name == "year":
            return datetime.fromtimestamp(value.us / 1e6, UTC).year if isinstance(value, t.Moment) else None
        if tree.name == "second":
            return datetime.fromtimestamp(value.us // 1_000_000, UTC).second if isinstance(value, t.Moment) else None
        if tree.name == "floor":
            return value // 1 if is_number(value) else None
        assert tree.name == "length"
        return len(value) if isinstance(value, str) else None
    left, right = plain(tree.left, look), plain(tree.right, look)
    if isinstance(tree, t.Sum):
        if isinstance(left, t.Moment):
            return time_reckoned(tree.op, left, right)
        if not (is_number(left) and is_number(right)):
            return None
        return {"add": left + right, "sub": left - right, "mul": left * right, "div": left / right if right else None}[tree.op]
    same_type = (is_number(left) and is_number(right)) or type(left) is type(right)
    if tree.op in ("eq", "ne"):
        return (same_type and left == right) == (tree.op == "eq")
    if not same_type or left is None:
        return False
    return {"gt": left > right, "ge": left >= right, "lt": left < right, "le": left <= right}[tree.op]


def time_reckoned(op: str, left: t.Moment, right: Any) -> Any:
    """From a moment to a moment is a while; a while after or before one is a moment."""
    if isinstance(right, t.Moment):
        return t.Lasting(left.us - right.us) if op == "sub" else None
    if isinstance(right, t.Lasting):
        return {"add": t.Moment(left.us + right.us), "sub": t.Moment(left.us - right.us)}.get(op)
    return None


# questions

NUMBERS = st.one_of(st.integers(-3, 3), st.sampled_from([0.5, -0.5, 2.5]))
MOMENTS = st.integers(0, 5).map(lambda second: t.Moment(BASE + second * 1_000_000))
VALUES = st.one_of(NUMBERS, st.sampled_from(["a", "b", "ab", "", "it's"]), st.booleans(), st.none(), MOMENTS).map(t.Literal)


OPS = st.sampled_from(["eq", "ne", "gt", "ge", "lt", "le"])


def questions(paths: list[str]) -> st.SearchStrategy:
    leaves = st.one_of(VALUES, st.sampled_from(paths).map(lambda path: t.Path(tuple(path.split("/")))))
    values = st.recursive(
        leaves,
        lambda below: st.one_of(
            st.builds(t.Sum, st.sampled_from(["add", "sub", "mul", "div"]), below, below),
            st.builds(lambda name, of: t.Call(name, (of,)), st.sampled_from(["year", "second", "floor", "length"]), below),
        ),
        max_leaves=3,
    )
    times = st.builds(t.Compare, OPS, st.just(t.Path(("phenomenonTime",))), MOMENTS.map(t.Literal))  # narrow the rows that are read
    lacking = st.sampled_from(["parameters/x", "result"]).map(lambda path: t.Path(tuple(path.split("/"))))
    holes = st.builds(t.Sum, st.just("div"), lacking, lacking)  # numbers here, nothing there
    seldom = [times, st.builds(t.Compare, OPS, holes, holes)] if "phenomenonTime" in paths else []
    compared = st.builds(t.Compare, OPS, values, values)
    return st.recursive(
        st.one_of(compared, compared, values, *seldom),
        lambda below: st.one_of(
            st.builds(t.Not, below), st.builds(t.Many, st.sampled_from(["and", "or"]), st.lists(below, min_size=2, max_size=3).map(tuple))
        ),
        max_leaves=5,
    )  # fmt: skip


def placeless(tree: Any) -> Any:
    """The tree without the characters at which things stand, `and` in `and` drawn together."""
    if isinstance(tree, t.Path):
        return t.Path(tree.steps)
    if isinstance(tree, t.Call):
        return t.Call(tree.name, tuple(map(placeless, tree.args)))
    if isinstance(tree, t.Many):
        return t.Many(tree.op, tuple(map(placeless, tree.parts)))
    if isinstance(tree, t.Literal):
        return tree
    return type(tree)(*(each if isinstance(each, str) else placeless(each) for each in (getattr(tree, n) for n in tree.__struct_fields__)))


ROW = ["result", "phenomenonTime", "resultTime", "parameters/x", "Datastream/id", "Datastream/name", "Datastream/Thing/name",
       "Datastream/ObservedProperty/name", "Datastream/Thing/properties/floor", "id", "FeatureOfInterest/name"]  # fmt: skip
ENTITY = ["name", "id", "Datastreams/name", "Datastreams/id", "Datastreams/ObservedProperty/name", "properties/floor"]


@settings(max_examples=500, deadline=None)
@given(questions(ROW + ENTITY))
def test_what_is_written_reads_as_the_same(tree):
    again = read_expression(written(tree))
    assert placeless(again) == placeless(tree)
    assert written(again) == written(tree)


rows = st.lists(
    st.tuples(st.integers(1, 5), st.integers(0, 5), st.integers(0, 2), st.sampled_from([0, 0, 7])), max_size=25
)  # stream, second, value, track


@settings(max_examples=600, deadline=None)
@given(questions(ROW), rows, st.dictionaries(st.integers(0, 24), st.integers(0, 2), max_size=6), st.integers(0, 6), st.integers(0, 4), st.booleans(), st.sampled_from([1, 3, 4096]))
@example(read_expression("result eq 99 or not (Datastream/name eq 'zz' or Datastream/Thing/properties/floor)"), [(1, 0, 0, 0)], {}, 5, 0, False, 4096)
@example(read_expression("result eq null"), [(3, 0, 0, 0), (1, 0, 0, 0)], {}, 5, 0, False, 4096)
def test_columns_answer_what_each_row_answers(tree, told, beside, top, skip, newest_first, at_once):
    """The filter over columns, the order, the page and the count, however many are read at once: against one row at a time."""
    records.FIRST = records.MOST = at_once
    kept = {(no, BASE + second * 1_000_000, track): float(value % 2 if no == 2 else value) for no, second, value, track in told}
    extra = {}
    for place, what in beside.items():
        if place < len(told):
            no, second, _, track = told[place]
            extra[no, BASE + second * 1_000_000, track] = Beside(members={"parameters": {"x": what}}, is_gone=what == 2)
    seen = {key: value for key, value in kept.items() if not (key in extra and extra[key].is_gone)}
    expected = [key for key in seen if plain(tree, lambda steps, key=key: at_row(steps, key, seen[key], extra)) is True]
    expected.sort(key=lambda key: (-key[1], key[0], key[2]) if newest_first else key)
    batch = batch_of(*([list(each) for each in zip(*((no, at, value, track) for (no, at, track), value in kept.items()), strict=True)] or [[], [], [], []]))
    observed = Observed(GRAPH, MemoryRecords(batch), lambda streams, since, until: extra, NOW)
    order = ((t.Path(("phenomenonTime",)), True),) if newest_first else ()
    found = observed.find(Scope(list(STREAMS)), Query(filter=tree, top=top, skip=skip, count=True, order=order))
    assert [(row.stream, row.at, row.track) for row in found.rows] == expected[skip : skip + top]
    assert found.count == len(expected)
    assert found.more == (len(expected) > skip + top)


def at_row(steps: tuple[str, ...], key: tuple[int, int, int], value: float, extra: Mapping[Any, Beside]) -> Any:
    """What a path leads to from an observation."""
    of = STREAMS[key[0]]
    beside = extra[key].members if key in extra else {}
    return {
        "result": result_of(of, value), "phenomenonTime": t.Moment(key[1]), "resultTime": t.Moment(key[1]), "id": id_of(*key),
        "parameters/x": beside.get("parameters", {}).get("x"), "Datastream/id": of.no, "Datastream/name": f"{of.thing}/{of.key}",
        "Datastream/Thing/name": THINGS[of.thing].name, "Datastream/ObservedProperty/name": of.property,
        "Datastream/Thing/properties/floor": THINGS[of.thing].properties.get("floor"), "FeatureOfInterest/name": THINGS[of.thing].name,
    }["/".join(steps)]  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(questions(ENTITY))
@example(t.Compare("eq", t.Path(("Datastreams", "name")), t.Sum("sub", t.Literal(t.Moment(BASE)), t.Literal(t.Moment(BASE)))))
def test_entities_answer_as_a_join_would(tree):
    """A thing is found if some row of its join with its streams is; a thing without streams joins nothing."""
    found = [each.id for each in GRAPH.all("Thing") if Asking(tree, KINDS["Thing"], GRAPH, NOW).holds(each)]
    joins = any("Datastreams" in path.steps for path in t.paths_in(tree))
    expected = []
    for each in THINGS.values():
        mine: list[Stream | None] = [of for of in STREAMS.values() if of.thing == each.id] or [None]
        bound = product([each], mine if joins else [None])
        if any(plain(tree, lambda steps, one=one, of=of: at_thing(steps, one, of)) is True for one, of in bound):
            expected.append(each.id)
    assert found == expected


def at_thing(steps: tuple[str, ...], of: Thing, joined: Stream | None) -> Any:
    path = "/".join(steps)
    own = {"name": of.name, "id": of.id, "properties/floor": of.properties.get("floor")}
    if path in own:
        return own[path]
    if joined is None:
        return None
    return {"Datastreams/name": f"{of.key}/{joined.key}", "Datastreams/id": joined.no, "Datastreams/ObservedProperty/name": joined.property}[path]


@settings(max_examples=200, deadline=None)
@given(rows, st.booleans(), st.booleans())
def test_rows_are_sorted_as_values_are(told, down, by_stream):
    """By result, whatever it is: null, truth, number, text; then as they lie."""
    kept = {(no, BASE + second * 1_000_000, track): float(value % 2 if no == 2 else value) for no, second, value, track in told}
    batch = batch_of(*([list(each) for each in zip(*((no, at, value, track) for (no, at, track), value in kept.items()), strict=True)] or [[], [], [], []]))
    observed = Observed(GRAPH, MemoryRecords(batch), lambda streams, since, until: {}, NOW)
    terms = [(t.Path(("result",)), down)] + ([(t.Path(("Datastream", "id")), True)] if by_stream else [])
    found = observed.find(Scope(list(STREAMS)), Query(order=tuple(terms), top=100))

    def weight(key: tuple[int, int, int]) -> tuple:
        said = result_of(STREAMS[key[0]], kept[key])
        return (1, said) if isinstance(said, bool) else (2, said) if is_number(said) else (3, said)

    expected = sorted(kept, key=lambda key: (key[1], key[0], key[2]))
    if by_stream:
        expected.sort(key=lambda key: -key[0])
    expected.sort(key=weight, reverse=down)
    assert [(row.stream, row.at, row.track) for row in found.rows] == expected
