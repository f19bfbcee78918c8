"""One cell of a table as a value, or what is wrong with it."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any

from cityloop.domain.codes import FINE_DIGITS, SCHEMES, SchemeUnknown, scheme_of
from cityloop.packs.columns import KINDS, Column, Takes
from cityloop.packs.problems import Wrong
from cityloop.packs.shapes import Shape, shape_of

__all__ = ["Known", "Wrong", "major_of", "nearest", "read_cell", "read_class"]

FLAGS = {"": False, "false": False, "true": True}
CLASS_KEY = re.compile(r"([a-z0-9_]+)/([a-z]+)/(\d+)")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
SOURCE_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


Known = Mapping[str, Any]  # class key -> its words, for a bare code


def nearest(said: str, allowed: tuple[str, ...]) -> str:
    """A remedy that names what was probably meant."""
    close = get_close_matches(said, [str(each) for each in allowed], n=1)
    return f"perhaps {close[0]!r} is meant" if close else f"use one of {', '.join(allowed)}"


def read_cell(column: Column, raw: str) -> Any:
    """The value of a cell; refuses with `Wrong`. Classes and words are read apart."""
    said = raw.strip()
    if not said:
        if column.default:
            return READ[column.takes](column, column.default)
        if column.needed and column.takes is not Takes.flag:
            raise Wrong(f"{column.name} is empty", f"fill it in: {column.says}")
        if column.takes in (Takes.decimal, Takes.day):
            return None
    return READ[column.takes](column, said)


def _text(column: Column, said: str) -> str:
    if column.name == "source_date" and said:
        _source_date(said)
    return said


def _source_date(said: str) -> None:
    found = SOURCE_DATE.fullmatch(said)
    try:
        if not found:
            raise ValueError
        date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        raise Wrong(f"source_date {said!r} is no date", "write 2026, 2026-03 or 2026-03-06") from None


def _flag(column: Column, said: str) -> bool:
    if said.lower() not in FLAGS:
        raise Wrong(f"{column.name} {said!r} is neither true nor false", "write true, false or nothing")
    return FLAGS[said.lower()]


def _number(column: Column, said: str, make: Callable[[str], Any], word: str) -> Any:
    try:
        value = make(said)
    except ValueError:
        raise Wrong(f"{column.name} {said!r} is no {word}", f"write a {word}") from None
    low = column.least is not None and not value >= column.least
    high = column.most is not None and not value <= column.most
    if low or high:
        raise Wrong(f"{column.name} {said} is out of range", f"keep it from {column.least:g} to {column.most:g}")
    return value


def _whole(column: Column, said: str) -> int:
    return _number(column, said, int, "whole number")


def _decimal(column: Column, said: str) -> float:
    return _number(column, said, float, "decimal number")


def _many(column: Column, said: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in said.split("|") if part.strip()))


def _digits(column: Column, said: str) -> str:
    if not (said.isascii() and said.isdigit()) or len(said) not in column.lengths:
        lengths = " or ".join(str(each) for each in column.lengths)
        raise Wrong(f"{column.name} {said!r} has not {lengths} digits", f"write {column.says}")
    return said


def _day(column: Column, said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise Wrong(f"{column.name} {said!r} is no date", "write a date of the calendar, as in 2026-03-06") from None


def _choice(column: Column, said: str) -> str:
    if said not in column.choices:
        raise Wrong(f"{column.name} {said!r} is unknown", nearest(said, column.choices))
    return said


def _line(column: Column, said: str) -> Shape:
    return shape_of(said, ("LINESTRING", "MULTILINESTRING"))


def _ground(column: Column, said: str) -> Shape:
    return shape_of(said, ("POINT", "POLYGON"))


def _scheme(column: Column, said: str) -> str:
    try:
        scheme_of(said)
    except SchemeUnknown:
        raise Wrong(
            f"no code format is known for scheme {said!r}", f"name it after one of {', '.join(SCHEMES)}"
        ) from None
    return said


def major_of(key: str) -> str:
    """The major class of a class key.

    >>> major_of("gbt30428_2_2013/event/0110")
    'gbt30428_2_2013/event/01'
    """
    stem, _, code = key.rpartition("/")
    return f"{stem}/{code[:2]}"


READ: dict[Takes, Callable[[Column, str], Any]] = {
    Takes.text: _text,
    Takes.flag: _flag,
    Takes.whole: _whole,
    Takes.decimal: _decimal,
    Takes.many: _many,
    Takes.digits: _digits,
    Takes.day: _day,
    Takes.choice: _choice,
    Takes.line: _line,
    Takes.ground: _ground,
    Takes.scheme: _scheme,
}


def read_class(said: str, schemes: Collection[str], known: Known) -> str:
    """A class key that its scheme allows; refuses with `Wrong`."""
    said = said.strip()
    if not said:
        raise Wrong("class is empty", "write scheme/kind/code, e.g. gbt30428_2_2013/event/0110")
    found = CLASS_KEY.fullmatch(said)
    if not found:
        raise (
            _bare(said, known)
            if said.isdigit()
            else Wrong(f"class {said!r} is not scheme/kind/code", "write it as in gbt30428_2_2013/event/0110")
        )
    scheme, kind, code = found.groups()
    if scheme not in schemes:
        raise Wrong(
            f"class scheme {scheme!r} is unknown", f"{nearest(scheme, tuple(schemes))}; or add it to schemes.csv"
        )
    if kind not in KINDS:
        raise Wrong(f"kind {kind!r} of class {said} is unknown", nearest(kind, KINDS))
    width = scheme_of(scheme).of_class.length
    if len(code) not in (width, width + FINE_DIGITS):
        raise Wrong(f"code {code!r} has not the {width} digits of {scheme}", "write major and minor code in full")
    return said


def _bare(said: str, known: Known) -> Wrong:
    meant = [key for key in known if key.endswith(f"/{said}")]
    several = "; ".join(f"{key} is {next(iter(known[key].values()), '')}" for key in meant[:4])
    what = f"class code {said!r} without its scheme is ambiguous" + (f": {several}" if several else "")
    return Wrong(what, "write scheme/kind/code in full")
