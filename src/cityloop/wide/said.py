"""Conditions as SQL says them, read as Ibis expressions: what is counted is written once, whichever engine counts.

`task.due_at < :now AND EXISTS (SELECT 1 FROM hold …)` becomes an expression over rows whose columns are called `task__due_at`. What a
subquery says of a row is found once for all rows and stands beside them as a column, so that every engine joins and none asks
again for each row.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, reduce
from typing import Any

import ibis
import sqlglot
from ibis import Table as Rows
from ibis.expr.types import Value
from sqlglot import exp

from cityloop.wide.spine import Spine, given

CITY = "city"  # a spine is one city's


class Unsaid(ValueError):
    """A condition says something that is not read yet: a fault of ours."""


def columns_named(texts: Iterable[str]) -> frozenset[tuple[str, str]]:
    """The columns that texts name, as (table, column): those of the subqueries too."""
    return frozenset().union(*map(_named, texts))


@lru_cache(4096)
def _named(text: str) -> frozenset[tuple[str, str]]:
    return frozenset((each.table, each.name) for each in _parsed(text).find_all(exp.Column))


def called(spine: Spine, table: str, named: Iterable[tuple[str, str]], alias: str = "") -> Rows:
    """The rows of a table, those of its columns that are named called by both names: `task__due_at`. Its id is the first."""
    name = alias or table
    rows = spine(table, {column for of, column in named if of == name and column != CITY})
    return rows.rename({f"{name}__{column}": column for column in rows.columns})


class Said:
    """Rows of which conditions are asked, with what their subqueries say beside them."""

    def __init__(self, spine: Spine, rows: Rows, texts: Iterable[str], *, texts_given: Iterable[str] = ()):
        self._texts_given = frozenset(texts_given)
        self._beside: dict[str, str] = {}
        self.rows = rows
        for text in dict.fromkeys(texts):
            for part in _outermost(_parsed(text)):
                key = part.sql()
                if key not in self._beside:
                    name = f"beside_{len(self._beside)}"
                    self.rows = (_exists if isinstance(part, exp.Exists) else _first)(self, spine, part, name)
                    self._beside[key] = name

    def __call__(self, text: str) -> Value:
        """What the text says of each row."""
        return self.of(_parsed(text))

    def of(self, node: exp.Expression) -> Any:
        """What a part of a text says of each row."""
        if isinstance(node, exp.Exists | exp.Subquery):
            found = self.rows[self._beside[node.sql()]]
            return found.notnull() if isinstance(node, exp.Exists) else found
        read = _READ.get(type(node))
        if read is None:
            raise Unsaid(f"{node.sql()[:200]}: no expression is known for {type(node).__name__}")
        return read(self, node)

    def column(self, node: exp.Column) -> Value:
        """A column of one of the tables."""
        return self.rows[f"{node.table}__{node.name}"]

    def asked(self, name: str) -> Value:
        """What the question gives by this name."""
        return given(name, "string" if name in self._texts_given else "int64")


@lru_cache(4096)
def _parsed(text: str) -> exp.Expression:
    return sqlglot.parse_one(text, dialect="sqlite")


def _outermost(node: exp.Expression) -> Iterator[exp.Expression]:
    """The subqueries of a text that stand in no other."""
    if isinstance(node, exp.Exists | exp.Subquery):
        yield node
        return
    for each in node.iter_expressions():
        yield from _outermost(each)


def _inner(said: Said, spine: Spine, select: exp.Select) -> tuple[Said, str, list, list, list]:
    """The rows of a subquery: what holds for them alone, by which columns they meet the others, and what compares the two."""
    table = select.args["from_"].this
    name = table.alias_or_name
    alone, meets, compared = [], [], []
    for each in select.args["where"].this.flatten() if isinstance(select.args["where"].this, exp.And) else [select.args["where"].this]:
        outer = [one for one in _columns(each) if one.table != name]
        if not outer:
            alone.append(each)
        elif isinstance(each, exp.EQ) and len(outer) == 1:
            left, right = each.this, each.expression
            mine, theirs = (left, right) if left.table == name else (right, left)
            if mine.name != CITY:
                meets.append((f"{mine.table}__{mine.name}", f"{theirs.table}__{theirs.name}"))
        else:
            compared.append(each)
    texts = [one.sql(dialect="sqlite") for one in (*alone, *select.expressions)]
    named = columns_named([select.sql(dialect="sqlite")])
    inside = Said(spine, called(spine, table.name, named, name), texts, texts_given=said._texts_given)
    return inside, name, alone, meets, compared


def _columns(node: exp.Expression) -> Iterator[exp.Column]:
    """The columns that a text names, those of its own subqueries left out."""
    for part in node.walk(prune=lambda one: isinstance(one, exp.Exists | exp.Subquery)):
        if isinstance(part, exp.Column):
            yield part
        elif isinstance(part, exp.Exists | exp.Subquery):
            own = part.this.args["from_"].this.alias_or_name
            yield from (each for each in part.this.find_all(exp.Column) if each.table != own)


def _exists(said: Said, spine: Spine, node: exp.Exists, name: str) -> Rows:
    """The rows, and beside each whether there is such a one: 1, or nothing."""
    inside, _, alone, meets, compared = _inner(said, spine, node.this)
    if compared:
        raise Unsaid(f"{node.sql()[:200]}: a subquery may meet its row by equal columns only")
    there = inside.rows.filter(*(inside.of(each) for each in alone)).select(**{f"{name}_{n}": mine for n, (mine, _) in enumerate(meets)})
    there = there.distinct().mutate(**{name: ibis.literal(1, "int64")})
    joined = said.rows.left_join(there, [(theirs, f"{name}_{n}") for n, (_, theirs) in enumerate(meets)])
    return joined.drop(*(f"{name}_{n}" for n in range(len(meets))))


def _first(said: Said, spine: Spine, node: exp.Subquery, name: str) -> Rows:
    """The rows, and beside each what the first one of another table says: `(SELECT … WHERE … ORDER BY … LIMIT 1)`."""
    select = node.this
    inside, alias, alone, meets, compared = _inner(said, spine, select)
    found = inside.rows.filter(*(inside.of(each) for each in alone))
    inside.rows = found
    orders = [each.this for each in select.args["order"].expressions]
    found = found.select(
        **{f"{name}_{n}": mine for n, (mine, _) in enumerate(meets)},
        **{f"{one.table}__{one.name}": f"{one.table}__{one.name}" for each in (*compared, *orders) for one in _columns(each) if one.table == alias},
        **{name: inside.of(select.expressions[0])},
    )
    outer = said.rows.columns[0]  # the rows are those of the first table, whose first column is its id
    sides = [outer, *(theirs for _, theirs in meets)]
    sides += [f"{one.table}__{one.name}" for each in compared for one in _columns(each) if one.table != alias]
    few = said.rows.select(*dict.fromkeys(sides))
    pairs = few.inner_join(found, [(theirs, f"{name}_{n}") for n, (_, theirs) in enumerate(meets)])
    beside = _over(pairs)
    pairs = pairs.filter(*(beside.of(each) for each in compared))
    order = ibis.window(group_by=pairs[outer], order_by=[pairs[f"{one.table}__{one.name}"] for one in orders])
    pairs = pairs.mutate(nth=ibis.row_number().over(order))
    first = pairs.filter(pairs.nth == 0).select(**{f"{name}_id": outer, name: name})
    return said.rows.left_join(first, [(outer, f"{name}_id")]).drop(f"{name}_id")


def _over(rows: Rows) -> Said:
    return Said(None, rows, ())  # type: ignore[arg-type]


def _literal(said: Said, node: exp.Literal) -> Value:
    return ibis.literal(node.this) if node.is_string else ibis.literal(int(node.this), "int64")


def _case(said: Said, node: exp.Case) -> Value:
    made = [(said.of(each.this), said.of(each.args["true"])) for each in node.args["ifs"]]
    default = node.args.get("default")
    return ibis.cases(*made, else_=said.of(default) if default is not None else None)


def _binary(join: Callable[[Any, Any], Any]) -> Callable[[Said, Any], Any]:
    return lambda said, node: join(said.of(node.this), said.of(node.expression))


def _both(join: Callable[[Any, Any], Any]) -> Callable[[Said, Any], Any]:
    return lambda said, node: reduce(join, [said.of(each) for each in node.flatten(unnest=False)])


def _is(said: Said, node: exp.Is) -> Value:
    if not isinstance(node.expression, exp.Null):
        raise Unsaid(f"{node.sql()[:200]}: IS is read before NULL only")
    return said.of(node.this).isnull()


def _substring(said: Said, node: exp.Substring) -> Value:
    return said.of(node.this).substr(said.of(node.args["start"]) - 1, said.of(node.args["length"]))


_READ: dict[type[exp.Expression], Callable[[Said, Any], Any]] = {
    exp.Column: Said.column,
    exp.Placeholder: lambda said, node: said.asked(node.name),
    exp.Literal: _literal,
    exp.Null: lambda said, node: ibis.null(),
    exp.Paren: lambda said, node: said.of(node.this),
    exp.And: _both(lambda a, b: a & b),
    exp.Or: _both(lambda a, b: a | b),
    exp.Not: lambda said, node: ~said.of(node.this),
    exp.EQ: _binary(lambda a, b: a == b),
    exp.NEQ: _binary(lambda a, b: a != b),
    exp.LT: _binary(lambda a, b: a < b),
    exp.LTE: _binary(lambda a, b: a <= b),
    exp.GT: _binary(lambda a, b: a > b),
    exp.GTE: _binary(lambda a, b: a >= b),
    exp.Add: _binary(lambda a, b: a + b),
    exp.DPipe: _binary(lambda a, b: a + b),
    exp.In: lambda said, node: said.of(node.this).isin([said.of(each) for each in node.expressions]),
    exp.Is: _is,
    exp.Like: lambda said, node: said.of(node.this).like(node.expression.this),
    exp.Coalesce: lambda said, node: ibis.coalesce(said.of(node.this), *(said.of(each) for each in node.expressions)),
    exp.Nullif: lambda said, node: said.of(node.this).nullif(said.of(node.expression)),
    exp.Case: _case,
    exp.Substring: _substring,
    exp.Length: lambda said, node: said.of(node.this).length(),
}
