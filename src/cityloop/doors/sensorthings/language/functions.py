"""What the functions and operators mean, for single values. Source: OGC 18-088, 9.3.3.5; OData 4, 11.2.

What does not fit (a length of a number, a year of a text) is null; null equals null alone, and is neither more nor less.
"""

import math
import operator
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

import shapely
from msgspec import Struct

from cityloop.doors.sensorthings.language import moments
from cityloop.doors.sensorthings.language.tree import Clock, Day, Lasting, Moment, Span
from cityloop.telemetry.model import moment_of

Value = Any
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le,
}  # fmt: skip
US = 1_000_000


class Function(Struct, frozen=True):
    """A function: how many values it takes, what it gives, and how it is written."""

    counts: tuple[int, ...]
    of: Callable[..., Value]
    example: str


def is_number(value: Value) -> bool:
    """A number; truth is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def compared(op: str, left: Value, right: Value) -> bool:
    """What a comparison says of two values."""
    if isinstance(left, str) and isinstance(right, Moment | Span | Day | Clock):
        left = _timed(left, right)
    elif isinstance(right, str) and isinstance(left, Moment | Span | Day | Clock):
        right = _timed(right, left)
    if op in ("eq", "ne"):
        return _same(left, right) == (op == "eq")
    if left is None or right is None:
        return False
    if is_number(left) and is_number(right):
        return _ORDER[op](left, right)
    if isinstance(left, Moment | Span) and isinstance(right, Moment | Span):
        return _before_or_after(op, left, right)
    if type(left) is not type(right) or not isinstance(left, str | bool | Day | Clock | Lasting):
        return False
    return _ORDER[op](left, right)


def _timed(text: str, like: Value) -> Value:
    try:
        if isinstance(like, Day):
            return moments.day_of(text)
        return moments.clock_of(text) if isinstance(like, Clock) else moments.time_of(text)
    except (ValueError, OverflowError):
        return text


def _same(left: Value, right: Value) -> bool:
    if is_number(left) and is_number(right):
        return left == right
    return type(left) is type(right) and left == right


def _before_or_after(op: str, left: Moment | Span, right: Moment | Span) -> bool:
    first, last = (left.us, left.us) if isinstance(left, Moment) else left
    start, end = (right.us, right.us) if isinstance(right, Moment) else right
    if op == "lt":
        return last < start
    if op == "gt":
        return first > end
    return (last <= start if op == "le" else first >= end) or _same(left, right)


def reckoned(op: str, left: Value, right: Value) -> Value:
    """What a reckoning of two values gives."""
    try:
        if is_number(left) and is_number(right):
            return _numbers(op, left, right)
        if isinstance(left, Moment) and isinstance(right, Lasting) and op in ("add", "sub"):
            return Moment(left.us + right.us if op == "add" else left.us - right.us)
        if isinstance(left, Moment) and isinstance(right, Moment) and op == "sub":
            return Lasting(left.us - right.us)
    except OverflowError:
        pass
    return None


def _numbers(op: str, left: float, right: float) -> float | None:
    a, b = float(left), float(right)
    if op == "add":
        return a + b
    if op == "sub":
        return a - b
    if op == "mul":
        return a * b
    if b == 0:
        return None
    if op == "div":
        return a / b
    return math.fmod(a, b) if math.isfinite(a) else None


def negative(value: Value) -> Value:
    """The negative of a number."""
    return -value if is_number(value) else None


def _of(kind: type | tuple[type, ...], do: Callable[..., Value]) -> Callable[..., Value]:
    """Null, where a value is not of the kind that the function takes."""
    return lambda *given: do(*given) if all(isinstance(each, kind) for each in given) else None


def _substring(text: Value, first: Value, count: Value = None) -> Value:
    if not isinstance(text, str) or not is_number(first) or not math.isfinite(first):
        return None
    begin = max(int(first), 0)
    if count is None:
        return text[begin:]
    return text[begin : begin + max(int(count), 0)] if is_number(count) and math.isfinite(count) else None


def _part(take: Callable[[datetime], Value]) -> Callable[[Value], Value]:
    """A part of a moment, of a span's beginning, of a day or of a time of day."""

    def part(value: Value) -> Value:
        us = _us_of(value)
        try:
            return None if us is None else take(moment_of(us))
        except OverflowError:
            return None

    return part


def _us_of(value: Value) -> int | None:
    if isinstance(value, Moment | Clock):
        return value.us
    if isinstance(value, Span):
        return value.start
    return value.days * moments.DAY_US if isinstance(value, Day) else None


def _day(value: Value) -> Value:
    us = _us_of(value)
    return None if us is None or isinstance(value, Clock) else Day(us // moments.DAY_US)


def _clock(value: Value) -> Value:
    us = _us_of(value)
    return None if us is None or isinstance(value, Day) else Clock(us % moments.DAY_US)


def _whole(do: Callable[[float], float]) -> Callable[[Value], Value]:
    return lambda value: (do(value) if math.isfinite(value) else value) if is_number(value) else None


def half_up(value: float) -> float:
    """The nearest whole number; a half goes away from zero."""
    return math.copysign(math.floor(abs(value) + 0.5), value)


@lru_cache(4096)
def geometry(wkt: str) -> shapely.Geometry:
    """A shape, made once."""
    return shapely.from_wkt(wkt)


def _shapes(do: Callable[..., Value]) -> Callable[..., Value]:
    def ask(*given: Value) -> Value:
        if not all(isinstance(each, shapely.Geometry) for each in given):
            return None
        try:
            found = do(*given)
        except shapely.errors.GEOSException:
            return None
        return found if isinstance(found, bool | str) else None if math.isnan(found) else float(found)

    return ask


def _relate(left: Value, right: Value, pattern: Value) -> Value:
    if not isinstance(pattern, str) or len(pattern) != 9 or set(pattern.upper()) - set("TF*012"):
        return None
    return _shapes(lambda a, b: bool(shapely.relate_pattern(a, b, pattern.upper())))(left, right)


def _places(name: str) -> Function:
    return Function((2,), _shapes(lambda a, b: bool(getattr(shapely, name)(a, b))), f"st_{name}(location,geography'POINT (1 2)')")


_TEXTS, _TIME = (str,), "phenomenonTime"
FUNCTIONS: dict[str, Function] = {
    "substringof": Function((2,), _of(_TEXTS, lambda part, text: part in text), "substringof('part',name)"),
    "contains": Function((2,), _of(_TEXTS, lambda text, part: part in text), "contains(name,'part')"),
    "endswith": Function((2,), _of(_TEXTS, str.endswith), "endswith(name,'end')"),
    "startswith": Function((2,), _of(_TEXTS, str.startswith), "startswith(name,'begin')"),
    "length": Function((1,), _of(_TEXTS, len), "length(name)"),
    "indexof": Function((2,), _of(_TEXTS, str.find), "indexof(name,'part')"),
    "substring": Function((2, 3), _substring, "substring(name,1)"),
    "tolower": Function((1,), _of(_TEXTS, str.lower), "tolower(name)"),
    "toupper": Function((1,), _of(_TEXTS, str.upper), "toupper(name)"),
    "trim": Function((1,), _of(_TEXTS, str.strip), "trim(name)"),
    "concat": Function((2,), _of(_TEXTS, operator.add), "concat(name,'more')"),
    "year": Function((1,), _part(lambda at: at.year), f"year({_TIME})"),
    "month": Function((1,), _part(lambda at: at.month), f"month({_TIME})"),
    "day": Function((1,), _part(lambda at: at.day), f"day({_TIME})"),
    "hour": Function((1,), _part(lambda at: at.hour), f"hour({_TIME})"),
    "minute": Function((1,), _part(lambda at: at.minute), f"minute({_TIME})"),
    "second": Function((1,), _part(lambda at: at.second), f"second({_TIME})"),
    "fractionalseconds": Function((1,), _part(lambda at: at.microsecond / US), f"fractionalseconds({_TIME})"),
    "date": Function((1,), _day, f"date({_TIME})"),
    "time": Function((1,), _clock, f"time({_TIME})"),
    "totaloffsetminutes": Function((1,), _part(lambda at: 0), f"totaloffsetminutes({_TIME})"),
    "now": Function((0,), lambda: None, "now()"),  # whoever asks puts the moment of asking in its place
    "mindatetime": Function((0,), lambda: Moment(moments.moment_us("0001-01-01T00:00:00Z")), "mindatetime()"),
    "maxdatetime": Function((0,), lambda: Moment(moments.moment_us("9999-12-31T23:59:59Z")), "maxdatetime()"),
    "round": Function((1,), _whole(half_up), "round(result)"),
    "floor": Function((1,), _whole(math.floor), "floor(result)"),
    "ceiling": Function((1,), _whole(math.ceil), "ceiling(result)"),
    "geo.distance": Function((2,), _shapes(shapely.distance), "geo.distance(location,geography'POINT (1 2)')"),
    "geo.length": Function((1,), _shapes(shapely.length), "geo.length(location)"),
    "geo.intersects": _places("intersects"),
    "st_relate": Function((3,), _relate, "st_relate(location,geography'POINT (1 2)','T********')"),
} | {
    f"st_{name}": _places(name)
    for name in ("equals", "disjoint", "touches", "within", "overlaps", "crosses", "intersects", "contains")
}  # fmt: skip
