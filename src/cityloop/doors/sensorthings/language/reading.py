"""A question read: every fault is a `QueryBad` that says what, at which character, and what to write instead."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from cityloop.doors.sensorthings.language import moments
from cityloop.doors.sensorthings.language.functions import FUNCTIONS
from cityloop.doors.sensorthings.language.tree import (
    Call,
    Compare,
    Expression,
    Literal,
    Many,
    Negative,
    Not,
    Path,
    QueryBad,
    Shape,
    Sum,
)

LENGTH_MAX, DEPTH_MAX, TOKENS_MAX = 16_000, 40, 4_000
_STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|z|[+\- ]\d\d:?\d\d)?"
_TOKEN = re.compile(
    rf"""(?P<space>\s+)
    |(?P<time>{_STAMP}(?:/{_STAMP})?)
    |(?P<day>\d{{4}}-\d\d-\d\d)
    |(?P<clock>\d\d:\d\d(?::\d\d(?:\.\d+)?)?)
    |(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?[fFdDlLmM]?)
    |(?P<marked>(?:geography|geometry|duration|datetime|datetimeoffset)'(?:[^']|'')*')
    |(?P<text>'(?:[^']|'')*')
    |(?P<name>[@\w][\w@.\-]*)
    |(?P<mark>[(),/\-])""",
    re.X,
)
_COMPARING = (("eq", "ne"), ("gt", "ge", "lt", "le"))
_RECKONING = (("add", "sub"), ("mul", "div", "mod"))
_CONSTANTS = {"true": True, "false": False, "null": None}
_WORDS = frozenset({"and", "or", "not", "eq", "ne", "gt", "ge", "lt", "le", "add", "sub", "mul", "div", "mod"})


class Token(NamedTuple):
    """A word of a question, and the character at which it begins, the first being 1."""

    kind: str
    text: str
    at: int


def read_expression(text: str) -> Expression:
    """The tree of a `$filter`, or of a term of `$orderby`. Refuses with `QueryBad`."""
    reader = Reader(text)
    tree = reader.expression()
    if reader.here.kind != "end":
        raise QueryBad(f"{reader.said()} does not go on from what stands before it; write `and` or `or` between two questions.")
    return tree


def tokens_of(text: str) -> list[Token]:
    """The words of a question, with an end. Refuses with `QueryBad`."""
    if len(text) > LENGTH_MAX:
        raise QueryBad(f"The question has {len(text)} characters; ask with {LENGTH_MAX} at most.")
    found, place = [], 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            why = "a text that begins here has no end; close it with '" if text[place] == "'" else "leave it out, or put it into '…'"
            raise QueryBad(f"{text[place]!r} at character {place + 1} cannot be read: {why}.")
        if match.lastgroup != "space":
            found.append(Token(match.lastgroup, match[0], place + 1))
        place = match.end()
    if len(found) > TOKENS_MAX:
        raise QueryBad(f"The question has {len(found)} words; ask with {TOKENS_MAX} at most.")
    return [*found, Token("end", "", len(text) + 1)]


class Reader:
    """Reads from left to right, looking one word ahead."""

    def __init__(self, text: str) -> None:
        self.tokens = tokens_of(text)
        self.place = 0
        self.depth = 0

    @property
    def here(self) -> Token:
        return self.tokens[self.place]

    def said(self) -> str:
        """The word here, for a refusal."""
        return f"{self.here.text[:40]!r} at character {self.here.at}" if self.here.text else "The end"

    def next(self) -> Token:
        token = self.here
        self.place += 1
        return token

    def expression(self) -> Expression:
        """Everything, from `or` downwards."""
        self.depth += 1
        if self.depth > DEPTH_MAX:
            raise QueryBad(f"The question is nested deeper than {DEPTH_MAX} at character {self.here.at}; ask it in parts.")
        tree = self._many("or", lambda: self._many("and", lambda: self._binary(Compare, (*_COMPARING, *_RECKONING))))
        self.depth -= 1
        return tree

    def _many(self, op: str, below: Callable[[], Expression]) -> Expression:
        parts = [below()]
        while self._is_word(op):
            self.next()
            parts.append(below())
        return parts[0] if len(parts) == 1 else Many(op, tuple(parts))

    def _binary(self, kind: Any, levels: tuple[tuple[str, ...], ...]) -> Expression:
        if not levels:
            return self._unary()
        kind = Compare if levels[0] in _COMPARING else Sum
        tree, chain = self._binary(kind, levels[1:]), 0
        while self._is_word(*levels[0]):
            op, chain = self.next().text, chain + 1
            if chain > DEPTH_MAX:
                raise QueryBad(f"More than {DEPTH_MAX} are strung together before character {self.here.at}; ask it in parts.")
            tree = kind(op, tree, self._binary(kind, levels[1:]))
        return tree

    def _is_word(self, *words: str) -> bool:
        return self.here.kind == "name" and self.here.text in words

    def _unary(self) -> Expression:
        negations = 0
        while self._is_word("not"):
            self.next()
            negations += 1
        tree = self._negative()
        return Not(tree) if negations % 2 else Not(Not(tree)) if negations else tree

    def _negative(self) -> Expression:
        if self.here.text != "-" or self.here.kind != "mark":
            return self._primary()
        self.next()
        if self.here.kind == "number":
            return Literal(-self._number(self.next()))
        if self.here.kind == "mark" and self.here.text == "(":
            return Negative(self._primary())
        raise QueryBad(f"{self.said()} has no negative; write -( … ) around what is reckoned.")

    def _primary(self) -> Expression:
        token = self.next()
        if token.kind == "mark" and token.text == "(":
            tree = self.expression()
            self.wants(")")
            return tree
        if token.kind == "number":
            return Literal(self._number(token))
        if token.kind in _LITERALS:
            return Literal(_valued(token))
        if token.kind == "name" and token.text not in _WORDS:
            if self.here.text == "(" and self.here.kind == "mark":
                return self._call(token)
            if token.text in _CONSTANTS and not (self.here.kind == "mark" and self.here.text == "/"):
                return Literal(_CONSTANTS[token.text])
            return self._path(token)
        self.place -= 1
        raise QueryBad(f"{self.said()} stands where a property, a value or a function is wanted; write one, e.g. name.")

    def wants(self, mark: str) -> None:
        """The mark that must stand here. Refuses with `QueryBad`."""
        if self.here.kind != "mark" or self.here.text != mark:
            raise QueryBad(f"{self.said()} stands where {mark!r} is wanted; put it there.")
        self.next()

    def _call(self, token: Token) -> Expression:
        name = token.text
        function = FUNCTIONS.get(name)
        if function is None:
            raise QueryBad(f"There is no function {name[:40]!r}, at character {token.at}; there are {', '.join(sorted(FUNCTIONS))}.")
        self.next()
        args: list[Expression] = []
        if not (self.here.kind == "mark" and self.here.text == ")"):
            args.append(self.expression())
            while self.here.kind == "mark" and self.here.text == ",":
                self.next()
                args.append(self.expression())
        self.wants(")")
        if len(args) not in function.counts:
            wanted = " or ".join(str(each) for each in function.counts)
            raise QueryBad(f"{name} at character {token.at} takes {wanted} values, not {len(args)}; write {function.example}.")
        return Call(name, tuple(args), token.at)

    def _path(self, token: Token) -> Path:
        steps = [token.text]
        while self.here.kind == "mark" and self.here.text == "/":
            self.next()
            if self.here.kind not in ("name", "number"):
                raise QueryBad(f"{self.said()} stands where the next step of a path is wanted; write a property's name.")
            steps.append(self.next().text)
        if len(steps) > 20:
            raise QueryBad(f"The path at character {token.at} has more than 20 steps; take fewer.")
        return Path(tuple(steps), token.at)

    @staticmethod
    def _number(token: Token) -> int | float:
        digits = token.text.rstrip("fFdDlLmM")
        return int(digits) if digits.isdigit() and len(digits) <= 18 else float(digits)


_LITERALS = ("time", "day", "clock", "text", "marked")


def _valued(token: Token) -> Any:
    """What a word stands for. Refuses with `QueryBad`."""
    text = token.text
    try:
        if token.kind == "time":
            return moments.time_of(text)
        if token.kind == "day":
            return moments.day_of(text)
        if token.kind == "clock":
            return moments.clock_of(text)
        if token.kind == "text":
            return text[1:-1].replace("''", "'")
        mark, _, inside = text.partition("'")
        inside = inside[:-1].replace("''", "'")
        if mark == "duration":
            return moments.lasting_of(inside)
        if mark.startswith("datetime"):
            return moments.time_of(inside)
        return shape_of(inside)
    except (ValueError, OverflowError):
        raise QueryBad(
            f"{text[:60]!r} at character {token.at} is no such value; write e.g. 2026-03-02T08:00:00Z, duration'PT1H' "
            "or geography'POINT (112.9 28.2)'."
        ) from None


def shape_of(wkt: str) -> Shape:
    """A geometry in well-known text, with or without `SRID=4326;` before it. Raises `ValueError`."""
    from shapely import from_wkt, to_wkt
    from shapely.errors import ShapelyError

    head, semicolon, rest = wkt.partition(";")
    if semicolon:
        if head.strip().upper() not in ("SRID=4326", "SRID=0"):
            raise ValueError(wkt)
        wkt = rest
    try:
        return Shape(to_wkt(from_wkt(wkt.strip()), rounding_precision=-1))
    except (ShapelyError, TypeError, UnicodeEncodeError) as error:
        raise ValueError(wkt) from error
