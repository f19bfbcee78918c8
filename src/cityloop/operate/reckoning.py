"""What an alert's `expr` says of samples: the part of PromQL that deploy/alerts.yml uses, and nothing else.

A value is one number, or a number for each set of labels. A comparison keeps what it holds for. `rate` and `increase`
look back over the moments that were kept; a counter that fell began anew, one that was not there before began at 0.
"""

import operator
import re
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from cityloop.domain.errors import Invalid
from cityloop.operate.meter import Labels, Sample

Vector = dict[Labels, float]
Value = float | Vector
TOKEN = re.compile(r'\s*(?:(\d+(?:\.\d+)?)(?![a-z\d])|([a-zA-Z_]\w*)|("[^"]*")|(\[\d+[smhd]\])|(=~|!=|==|<=|>=|[-+*/<>(){}=,]))')
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
COMPARE = {"<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge, "==": operator.eq, "!=": operator.ne}
WORDS = frozenset({"sum", "max", "min", "by", "rate", "increase", "time"})


class ExprUnreadable(Invalid):
    """An expression that is none of ours."""

    code = "operate.expr_unreadable"


class Moment(Struct, frozen=True):
    """What was so at a moment. Units: `at` in seconds since 1970."""

    at: float
    samples: Sequence[Sample]


def tokens_of(expr: str) -> list[str]:
    """The words of an expression.

    Refuses with `ExprUnreadable`.
    """
    found, at, expr = [], 0, expr.strip()
    while at < len(expr):
        match = TOKEN.match(expr, at)
        if not match:
            raise ExprUnreadable(f"{expr[at : at + 20]} cannot be read in {expr[:80]}; see what operate/reckoning.py knows.")
        found.append(match[0].strip())
        at = match.end()
    return found


def names_in(expr: str) -> set[str]:
    """The samples that an expression asks for."""
    tokens = tokens_of(expr)
    named = [(word, after) for word, after in zip(tokens, [*tokens[1:], ""], strict=True) if re.match(r"[a-zA-Z_]", word)]
    return {word for word, after in named if word not in WORDS and after not in ("=", "=~", "!=")}


def value_of(expr: str, past: Sequence[Moment]) -> Value:
    """What it comes to at the last moment of `past`.

    Refuses with `ExprUnreadable`.

    >>> past = [Moment(0.0, [Sample("n", (), 1.0)]), Moment(60.0, [Sample("n", (), 31.0)])]
    >>> value_of("rate(n[1m]) * 2 > 0.9", past), value_of("n > 50", past)
    ({(): 1.0}, {})
    """
    reader = _Reader(tokens_of(expr), past)
    found = reader.compared()
    if reader.rest:
        raise ExprUnreadable(f"{' '.join(reader.rest)[:40]} is too much in {expr[:80]}; see what operate/reckoning.py knows.")
    return found


class _Reader:
    """Reads from left to right and reckons as it goes."""

    def __init__(self, tokens: list[str], past: Sequence[Moment]):
        self.rest, self.past = tokens, past

    def take(self, *wanted: str) -> str:
        if self.rest and (not wanted or self.rest[0] in wanted):
            return self.rest.pop(0)
        if wanted and wanted[0] == "":
            return ""
        raise ExprUnreadable(f"{' or '.join(wanted) or 'more'} is missing before {' '.join(self.rest)[:40] or 'the end'}; mend the expression.")

    def compared(self) -> Value:
        left = self.added()
        if self.rest and self.rest[0] in COMPARE:
            holds, right = COMPARE[self.take()], self.added()
            left = _both(left, right, lambda one, other: one if holds(one, other) else None)
        return left

    def added(self) -> Value:
        left = self.times()
        while self.rest and self.rest[0] in "+-":
            doing = operator.add if self.take() == "+" else operator.sub
            left = _both(left, self.times(), doing)
        return left

    def times(self) -> Value:
        left = self.one()
        while self.rest and self.rest[0] in "*/":
            doing = operator.mul if self.take() == "*" else _parted
            left = _both(left, self.one(), doing)
        return left

    def one(self) -> Value:
        word = self.take()
        if word[0].isdigit():
            return float(word)
        if word == "(":
            found = self.compared()
            self.take(")")
            return found
        if word == "time":
            self.take("(")
            self.take(")")
            return self.past[-1].at
        if word in ("sum", "max", "min"):
            return self.gathered({"sum": sum, "max": max, "min": min}[word])
        if word in ("rate", "increase"):
            return self.grown(per_second=word == "rate")
        if not re.match(r"[a-zA-Z_]", word):
            raise ExprUnreadable(f"{word} stands where a number is wanted; mend the expression.")
        wanted = self.wanted()
        return {each.labels: each.value for each in self.past[-1].samples if each.name == word and _fits(each.labels, wanted)}

    def gathered(self, doing: Callable) -> Vector:
        by: list[str] = []
        if self.take("", "by"):
            self.take("(")
            while (name := self.take()) != ")":
                by += [name] if name != "," else []
        self.take("(")
        found = self.compared()
        self.take(")")
        groups: dict[Labels, list[float]] = {}
        for labels, value in (found if isinstance(found, dict) else {(): found}).items():
            groups.setdefault(tuple(each for each in labels if each[0] in by), []).append(value)
        return {labels: float(doing(values)) for labels, values in groups.items()}

    def grown(self, *, per_second: bool) -> Vector:
        self.take("(")
        name, wanted, span = self.take(), self.wanted(), self.take()
        self.take(")")
        if not span.startswith("["):
            raise ExprUnreadable(f"{name} needs a span such as [5m]; mend the expression.")
        seconds = int(span[1:-2]) * SECONDS[span[-2]]
        window = [each for each in self.past if each.at >= self.past[-1].at - seconds]
        found: Vector = {}
        before: Vector | None = None
        for each in window:
            now = {one.labels: one.value for one in each.samples if one.name == name and _fits(one.labels, wanted)}
            for labels, value in now.items():
                last = value if before is None else before.get(labels, 0.0)
                found[labels] = found.get(labels, 0.0) + (value - last if value >= last else value)
            before = now
        took = window[-1].at - window[0].at
        return {labels: value / took for labels, value in found.items()} if per_second and took else {} if per_second else found

    def wanted(self) -> list[tuple[str, str, str]]:
        found: list[tuple[str, str, str]] = []
        if self.rest and self.rest[0] == "{":
            self.take("{")
            while self.rest and self.rest[0] != "}":
                name, how, value = self.take(), self.take("=", "=~", "!="), self.take()
                found.append((name, how, value.strip('"')))
                self.take("", ",")
            self.take("}")
        return found


def _fits(labels: Labels, wanted: list[tuple[str, str, str]]) -> bool:
    has = dict(labels)
    for name, how, value in wanted:
        said = has.get(name, "")
        fits = re.fullmatch(value, said) is not None if how == "=~" else (said == value) == (how == "=")
        if not fits:
            return False
    return True


def _parted(one: float, other: float) -> float | None:
    return one / other if other else None  # of nothing there is no share


def _both(left: Value, right: Value, doing: Callable[[float, float], float | None]) -> Value:
    """Numbers with numbers; a number with each of many; many with those of the same labels."""
    if not isinstance(left, dict) and not isinstance(right, dict):
        found = doing(left, right)
        return {} if found is None or isinstance(found, bool) else found
    return {labels: value for labels, one, other in _pairs(left, right) if (value := doing(one, other)) is not None}


def _pairs(left: Value, right: Value) -> Iterator[tuple[Labels, float, float]]:
    if not isinstance(left, dict):
        yield from ((labels, left, value) for labels, value in right.items())  # type: ignore[union-attr]
    elif not isinstance(right, dict):
        yield from ((labels, value, right) for labels, value in left.items())
    else:
        yield from ((labels, value, right[labels]) for labels, value in left.items() if labels in right)
