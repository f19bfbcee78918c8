"""The query language of SensorThings: what is asked, read into a tree, with the place of every fault."""

from cityloop.doors.sensorthings.language.reading import read_expression
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
    Sum,
)
from cityloop.doors.sensorthings.language.writing import written

__all__ = [
    "Call", "Compare", "Expression", "Literal", "Many", "Negative", "Not", "Path", "QueryBad", "Sum", "read_expression",
    "written",
]  # fmt: skip
