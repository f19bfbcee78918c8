"""Printing: one model of a document, and its writers: page, PDF, DOCX, XLSX. The same document gives the same bytes."""

from cityloop.printing.document import (
    MEDIA,
    Block,
    Cell,
    Chart,
    ChartKind,
    Column,
    Document,
    Form,
    Heading,
    Number,
    Paragraph,
    Role,
    Serie,
    Table,
)
from cityloop.printing.writing import written

__all__ = [
    "MEDIA", "Block", "Cell", "Chart", "ChartKind", "Column", "Document", "Form", "Heading", "Number", "Paragraph", "Role", "Serie",
    "Table", "written",
]  # fmt: skip
