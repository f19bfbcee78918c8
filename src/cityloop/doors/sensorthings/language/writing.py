"""A tree written again: read, it gives the same tree."""

import math
from typing import Any

from cityloop.doors.sensorthings.language import moments
from cityloop.doors.sensorthings.language.tree import (
    Call,
    Clock,
    Compare,
    Day,
    Expression,
    Lasting,
    Literal,
    Many,
    Moment,
    Negative,
    Not,
    Path,
    Shape,
    Span,
    Sum,
)


def written(tree: Expression) -> str:
    """The question as text, with a bracket around everything that has parts."""
    if isinstance(tree, Literal):
        return _literal(tree.value)
    if isinstance(tree, Path):
        return "/".join(tree.steps)
    if isinstance(tree, Call):
        return f"{tree.name}({','.join(written(each) for each in tree.args)})"
    if isinstance(tree, Not):
        return f"(not {_bracketed(tree.of)})"
    if isinstance(tree, Negative):
        return f"-{_bracketed(tree.of)}"
    if isinstance(tree, Compare | Sum):
        return f"({written(tree.left)} {tree.op} {written(tree.right)})"
    if isinstance(tree, Many):
        return "(" + f" {tree.op} ".join(written(each) for each in tree.parts) + ")"
    raise AssertionError(tree)


def _bracketed(tree: Expression) -> str:
    text = written(tree)
    return text if text.startswith("(") else f"({text})"


def _literal(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value!r}" if math.isfinite(value) else ("-" if value < 0 else "") + "1e999"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, Lasting):
        return f"duration'{moments.said(value)}'"
    if isinstance(value, Shape):
        return f"geography'{value.wkt}'"
    if isinstance(value, Moment | Span | Day | Clock):
        return moments.said(value)
    raise AssertionError(value)
