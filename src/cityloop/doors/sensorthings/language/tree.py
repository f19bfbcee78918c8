"""The tree that a question is read into, and the values in it."""

from typing import Any, NamedTuple, Union

from msgspec import Struct

from cityloop.domain.errors import Invalid


class QueryBad(Invalid):
    """A question that cannot be read: what, at which character, what to write instead."""

    code = "sta.query"


class Moment(NamedTuple):
    """A moment. Units: microseconds since 1970, UTC."""

    us: int


class Span(NamedTuple):
    """From a moment until another, both in it. Units: microseconds since 1970, UTC."""

    start: int
    end: int


class Day(NamedTuple):
    """A day. Units: days since 1970, UTC."""

    days: int


class Clock(NamedTuple):
    """A time of day. Units: microseconds since midnight, UTC."""

    us: int


class Lasting(NamedTuple):
    """How long. Units: microseconds."""

    us: int


class Shape(NamedTuple):
    """A geometry in well-known text. Units: degrees."""

    wkt: str


class Literal(Struct, frozen=True):
    """A value that is written out."""

    value: Any


class Path(Struct, frozen=True):
    """A property, perhaps of a related entity; `at` is the character at which it stands."""

    steps: tuple[str, ...]
    at: int = 0


class Call(Struct, frozen=True):
    """A function of something."""

    name: str
    args: tuple["Expression", ...]
    at: int = 0


class Not(Struct, frozen=True):
    """The contrary."""

    of: "Expression"


class Negative(Struct, frozen=True):
    """The negative of a number."""

    of: "Expression"


class Compare(Struct, frozen=True):
    """eq, ne, gt, ge, lt, le."""

    op: str
    left: "Expression"
    right: "Expression"


class Sum(Struct, frozen=True):
    """add, sub, mul, div, mod."""

    op: str
    left: "Expression"
    right: "Expression"


class Many(Struct, frozen=True):
    """Two or more with `and`, or with `or`, between them."""

    op: str
    parts: tuple["Expression", ...]


Expression = Union[Literal, Path, Call, Not, Negative, Compare, Sum, Many]  # noqa: UP007  # a name for what is not yet


def children(tree: Expression) -> tuple[Expression, ...]:
    """What stands directly below."""
    if isinstance(tree, Call):
        return tree.args
    if isinstance(tree, Many):
        return tree.parts
    if isinstance(tree, Not | Negative):
        return (tree.of,)
    if isinstance(tree, Compare | Sum):
        return (tree.left, tree.right)
    return ()


def paths_in(tree: Expression) -> list[Path]:
    """Every path of a question, in its order."""
    if isinstance(tree, Path):
        return [tree]
    return [path for child in children(tree) for path in paths_in(child)]
