"""The model of a document: blocks in one language, and cells that may lead somewhere."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class Form(StrEnum):
    """As what a document is written."""

    html = "html"
    pdf = "pdf"
    docx = "docx"
    xlsx = "xlsx"


MEDIA = {
    Form.html: "text/html; charset=utf-8",
    Form.pdf: "application/pdf",
    Form.docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Form.xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Number(StrEnum):
    """What a number of a cell or a chart is, and so how it is shown."""

    count = "count"
    share = "share"  # of 1: 0.953 is 95.3 %
    points = "points"  # of a score, with two decimals
    minutes = "minutes"


class Role(StrEnum):
    """What a paragraph is for."""

    text = "text"
    lead = "lead"  # whom the document addresses
    note = "note"  # small print
    sign = "sign"  # who signs, and when


class ChartKind(StrEnum):
    """How numbers are drawn."""

    bars = "bars"  # one series, a bar for each label, from the left
    lines = "lines"  # several, over labels that follow one another


class Cell(Struct, frozen=True):
    """What stands in a cell. `number` None: words, or nothing to count. `link` leads to the cases behind it."""

    text: str
    number: float | None = None
    kind: Number = Number.count
    link: str | None = None


class Column(Struct, frozen=True):
    """The head of a column. `share`: of the width, beside the others."""

    name: str
    is_number: bool = True
    share: float = 1.0


class Heading(Struct, frozen=True, kw_only=True, tag="heading"):
    """A heading; `level` 1 or 2. `new_page`: what comes begins on a page of its own."""

    text: str
    level: int = 1
    new_page: bool = False


class Paragraph(Struct, frozen=True, kw_only=True, tag="paragraph"):
    """Some sentences."""

    text: str
    role: Role = Role.text


class Table(Struct, frozen=True, kw_only=True, tag="table"):
    """Rows under their columns. `strong`: the places of rows that are sums. `empty`: what is said where there is no row.

    `blank`: a form to be filled in by hand, with room to write.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    strong: tuple[int, ...] = ()
    empty: str = ""
    blank: bool = False


class Serie(Struct, frozen=True):
    """The numbers of one line or of the bars; None where there is none."""

    name: str
    values: tuple[float | None, ...]


class Chart(Struct, frozen=True, kw_only=True, tag="chart"):
    """Numbers that are drawn."""

    title: str
    kind: ChartKind
    labels: tuple[str, ...]
    series: tuple[Serie, ...]
    number: Number = Number.count


Block = Heading | Paragraph | Table | Chart


class Document(Struct, frozen=True, kw_only=True):
    """A whole document, in one language.

    `address`: where links that begin with / lead to. `page_of`: words with {page} and {pages}. `mark`: of a simulated city.
    """

    language: str
    organ: str  # in whose name
    title: str
    about: str  # under the title: its days
    number: str = ""
    is_official: bool = False  # the red head of an official paper 红头
    blocks: tuple[Block, ...]
    foot: str  # on each page: what it follows from
    page_of: str
    mark: str = ""
    address: str = ""
    as_of: datetime


def shown(number: float | None, kind: Number) -> str:
    """A number as readers see it; a dash where there is none.

    >>> shown(1234, Number.count), shown(0.95349, Number.share), shown(87.5, Number.points), shown(None, Number.count)
    ('1,234', '95.3%', '87.50', '–')
    """
    if number is None:
        return "–"
    match kind:
        case Number.share:
            return f"{number * 100:.1f}%"
        case Number.points:
            return f"{number:.2f}"
        case _:
            return f"{number:,.0f}"


def cell(number: float | None, kind: Number = Number.count, link: str | None = None) -> Cell:
    """A cell that holds a number."""
    return Cell(shown(number, kind), number, kind, link)


def target(document: Document, link: str | None) -> str | None:
    """Where a cell leads, as a whole address."""
    return f"{document.address}{link}" if link and link.startswith("/") else link
