"""A question asked of observations as columns: with numpy where the types allow, else value by value, to the same end."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cityloop.doors.sensorthings.language import functions as f
from cityloop.doors.sensorthings.language.moments import DAY_US
from cityloop.doors.sensorthings.language.tree import (
    Call,
    Compare,
    Expression,
    Literal,
    Many,
    Moment,
    Negative,
    Not,
    Path,
    Shape,
    Sum,
)

_NUMPY: dict[str, Callable[[Any, Any], NDArray]] = {
    "eq": np.equal, "ne": np.not_equal, "gt": np.greater, "ge": np.greater_equal, "lt": np.less, "le": np.less_equal,
}  # fmt: skip
_SUMS: dict[str, Callable[[Any, Any], NDArray]] = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide, "mod": np.fmod,
}  # fmt: skip


class Column(NamedTuple):
    """Values of one type and where there are any; or, as `mixed`, values of whatever type with None among them."""

    type: str  # number, time, truth, mixed
    data: NDArray
    has: NDArray[np.bool_] | None = None  # None: everywhere

    def valid(self) -> NDArray[np.bool_]:
        return np.ones(len(self.data), bool) if self.has is None else self.has

    def values(self) -> list[Any]:
        """One by one, as the language knows them."""
        if self.type == "mixed":
            return list(self.data)
        plain = self.data.tolist()
        made = [Moment(each) for each in plain] if self.type == "time" else plain
        return made if self.has is None else [each if has else None for each, has in zip(made, self.has, strict=True)]


class Constant(NamedTuple):
    """The same for every row."""

    value: Any


Answer = Column | Constant
Seen = Callable[[Path], Answer]


def answered(tree: Expression, size: int, seen: Seen, special: Callable[[Expression], Answer | None], now: Moment) -> Answer:
    """What a question gives for each of the rows. `seen` reads a path; `special` answers parts that it knows better."""

    def ask(tree: Expression) -> Answer:
        if isinstance(tree, Literal):
            return Constant(f.geometry(tree.value.wkt) if isinstance(tree.value, Shape) else tree.value)
        if (known := special(tree)) is not None:
            return known
        if isinstance(tree, Path):
            return seen(tree)
        if isinstance(tree, Call):
            if tree.name == "now":
                return Constant(now)
            return _called(tree.name, [ask(each) for each in tree.args], size)
        if isinstance(tree, Not):
            return _not(ask(tree.of))
        if isinstance(tree, Negative):
            return _each(f.negative, [ask(tree.of)], size)
        if isinstance(tree, Many):
            return _many([ask(each) for each in tree.parts], tree.op == "or", size)
        assert isinstance(tree, Compare | Sum)
        left, right = ask(tree.left), ask(tree.right)
        return (_compared if isinstance(tree, Compare) else _reckoned)(tree.op, left, right, size)

    return ask(tree)


def yes(answer: Answer, size: int) -> NDArray[np.bool_]:
    """The rows for which the answer is true."""
    if isinstance(answer, Constant):
        return np.full(size, answer.value is True)
    if answer.type == "truth":
        return answer.data if answer.has is None else answer.data & answer.has
    return np.array([each is True for each in answer.values()], bool)


def packed(values: Sequence[Any]) -> Column:
    """Values as a column of the narrowest type."""
    types = {type(each) for each in values} - {type(None)}
    has = None
    if types and types <= {bool}:
        kind, empty, dtype = "truth", False, np.dtype(bool)
    elif types and types <= {float, int}:
        kind, empty, dtype = "number", 0.0, np.dtype(np.float64)
    elif types == {Moment}:
        kind, empty, dtype = "time", Moment(0), np.dtype(np.int64)
    else:
        return Column("mixed", _objects(values))
    if any(each is None for each in values):
        has = np.array([each is not None for each in values], bool)
        values = [empty if each is None else each for each in values]
    try:
        return Column(kind, np.array([each.us for each in values] if kind == "time" else values, dtype), has)
    except OverflowError:
        return Column("mixed", _objects(values))


def _objects(values: Sequence[Any]) -> NDArray:
    found = np.empty(len(values), object)
    for place, each in enumerate(values):
        found[place] = each
    return found


def _listed(answer: Answer, size: int) -> list[Any]:
    return [answer.value] * size if isinstance(answer, Constant) else answer.values()


def _each(do: Callable[..., Any], given: list[Answer], size: int) -> Answer:
    """Value by value; each different set of values once."""
    if all(isinstance(each, Constant) for each in given):
        return Constant(do(*(each.value for each in given)))  # type: ignore[union-attr]
    return packed([do(*values) for values in zip(*(_listed(each, size) for each in given), strict=True)])


def _typed(answer: Answer) -> tuple[str, Any, NDArray[np.bool_] | None] | None:
    """A type that numpy knows, its values, and where there are any."""
    if isinstance(answer, Column):
        return None if answer.type == "mixed" else (answer.type, answer.data, answer.has)
    value = answer.value
    if isinstance(value, bool):
        return "truth", value, None
    if isinstance(value, int | float):
        return "number", float(value), None
    return ("time", value.us, None) if isinstance(value, Moment) else None


def _both(left: NDArray | None, right: NDArray | None) -> NDArray | None:
    return right if left is None else left if right is None else left & right


def _compared(op: str, left: Answer, right: Answer, size: int) -> Answer:
    a, b = _typed(left), _typed(right)
    if a is None or b is None or a[0] != b[0] or (isinstance(left, Constant) and isinstance(right, Constant)):
        return _each(lambda x, y: f.compared(op, x, y), [left, right], size)
    has = _both(a[2], b[2])
    data = _NUMPY[op](a[1], b[1])
    if has is None:
        return Column("truth", data)
    if op not in ("eq", "ne"):
        return Column("truth", data & has)
    neither = ~(a[2] if a[2] is not None else np.ones(size, bool)) & ~(b[2] if b[2] is not None else np.ones(size, bool))
    same = (data if op == "eq" else ~data) & has | neither
    return Column("truth", same if op == "eq" else ~same)


def _reckoned(op: str, left: Answer, right: Answer, size: int) -> Answer:
    a, b = _typed(left), _typed(right)
    both = isinstance(left, Constant) and isinstance(right, Constant)
    if both or a is None or b is None or a[0] != "number" or b[0] != "number":
        return _each(lambda x, y: f.reckoned(op, x, y), [left, right], size)
    with np.errstate(all="ignore"):
        data = _SUMS[op](np.asarray(a[1], np.float64), np.asarray(b[1], np.float64))
    has = _both(a[2], b[2])
    if op in ("div", "mod"):
        can = np.broadcast_to(np.asarray(b[1]) != 0, data.shape)
        can = can & np.isfinite(a[1]) if op == "mod" else can
        has = can if has is None else has & can
    return Column("number", data, has)


def _not(answer: Answer) -> Answer:
    if isinstance(answer, Constant):
        return Constant(not answer.value if isinstance(answer.value, bool) else None)
    if answer.type == "truth":
        return Column("truth", ~answer.data, answer.has)
    return packed([not each if isinstance(each, bool) else None for each in answer.values()])


def _many(answers: list[Answer], stops: bool, size: int) -> Answer:
    """`and` and `or`: what stops wins over what is unknown."""
    decided, unknown = np.zeros(size, bool), np.zeros(size, bool)
    for answer in answers:
        data, has = _truths(answer, size)
        decided |= has & (data == stops)
        unknown |= ~has
    has = decided | ~unknown
    return Column("truth", decided if stops else ~decided, None if has.all() else has)


def _truths(answer: Answer, size: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    if isinstance(answer, Constant):
        return np.full(size, answer.value is True), np.full(size, isinstance(answer.value, bool))
    if answer.type == "truth":
        return answer.data, answer.valid()
    values = answer.values()
    return np.array([each is True for each in values], bool), np.array([isinstance(each, bool) for each in values], bool)


# functions that numpy does


def _days(us: NDArray) -> NDArray:
    return (us // DAY_US).astype("datetime64[D]")


_OF_TIME: Mapping[str, Callable[[NDArray], NDArray]] = {
    "year": lambda us: _days(us).astype("datetime64[Y]").astype(np.int64) + 1970,
    "month": lambda us: _days(us).astype("datetime64[M]").astype(np.int64) % 12 + 1,
    "day": lambda us: (_days(us) - _days(us).astype("datetime64[M]")).astype(np.int64) + 1,
    "hour": lambda us: us % DAY_US // 3_600_000_000,
    "minute": lambda us: us % 3_600_000_000 // 60_000_000,
    "second": lambda us: us % 60_000_000 // 1_000_000,
    "fractionalseconds": lambda us: us % 1_000_000 / f.US,
    "totaloffsetminutes": np.zeros_like,
}
_OF_NUMBER: Mapping[str, Callable[[NDArray], NDArray]] = {
    "floor": np.floor,
    "ceiling": np.ceil,
    "round": lambda x: np.copysign(np.floor(np.abs(x) + 0.5), x),
}


def _called(name: str, args: list[Answer], size: int) -> Answer:
    only = args[0] if len(args) == 1 else None
    if isinstance(only, Column):
        if only.type == "time" and name in _OF_TIME:
            return Column("number", _OF_TIME[name](only.data).astype(np.float64), only.has)
        if only.type == "number" and name in _OF_NUMBER:
            return Column("number", _OF_NUMBER[name](only.data), only.has)
    return _each(f.FUNCTIONS[name].of, args, size)
