"""How a table of the pack is declared: its columns, and what a cell may hold."""

from enum import StrEnum
from typing import Any

from msgspec import Struct

from cityloop.domain.policy import Source


class Takes(StrEnum):
    """What a cell may hold."""

    text = "text"
    words = "words"  # one column for each language of the pack: name_zh, name_en
    flag = "flag"  # true or false; empty is false
    whole = "whole number"
    decimal = "decimal number"
    many = "list"  # parts divided by |
    digits = "digits"
    day = "date"  # 2026-03-06
    choice = "choice"
    class_key = "class"  # scheme/kind/code
    line = "line"  # WKT: LINESTRING or MULTILINESTRING
    ground = "point or area"  # WKT: POINT or POLYGON
    scheme = "code scheme"  # one whose format domain/codes.py knows, or named after one


class Column(Struct, frozen=True, kw_only=True):
    """One column of a table."""

    name: str
    says: str
    takes: Takes = Takes.text
    needed: bool = True
    choices: tuple[str, ...] = ()
    lengths: tuple[int, ...] = ()  # digits: how many
    least: float | None = None
    most: float | None = None
    default: str = ""
    refers: str | None = None  # a table whose key this cell names


class Table(Struct, frozen=True, kw_only=True):
    """One CSV file. Rows of a later layer replace rows of the same key."""

    file: str
    says: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    cites: bool = False  # every row names its source


SOURCE = (
    Column(name="source_document", says="the document the row was taken from"),
    Column(name="source_clause", says="where in it"),
    Column(name="source_date", says="date of the document or of the reading: 2026-03-06, 2026-03 or 2026"),
)

LIST = "divided by |"


def source_of(v: dict[str, Any]) -> Source:
    """The source that a row names."""
    return Source(document=v["source_document"], clause=v["source_clause"], date=v["source_date"])


def column(name: str, says: str, takes: Takes = Takes.text, **more: object) -> Column:
    return Column(name=name, says=says, takes=takes, **more)  # type: ignore[arg-type]
