"""A document as a workbook: a sheet for what it says, one for each table and chart; numbers as numbers, charts of its own."""

import io
import re
from collections.abc import Iterator
from typing import Any

from cityloop.domain.cells import never_run
from cityloop.printing.document import Chart, ChartKind, Document, Heading, Number, Paragraph, Table, target
from cityloop.printing.packing import packed_again

FORMATS = {Number.count: "#,##0", Number.share: "0.0%", Number.points: "0.00", Number.minutes: "#,##0"}
TITLE_CHARS_MAX = 28
_UNFIT = re.compile(r"[\[\]:*?/\\']")


def book_of(document: Document) -> bytes:
    """The XLSX."""
    from openpyxl import Workbook  # only who prints waits until its library is there

    book = Workbook()
    book.properties.title, book.properties.creator = document.title, document.organ
    _told(book.active, document)
    names = _names(book.active.title)
    next(names)
    for block in document.blocks:
        if isinstance(block, Table) and not block.blank:
            _table(book.create_sheet(names.send(block.title)), document, block)
        elif isinstance(block, Chart):
            _chart(book.create_sheet(names.send(block.title)), document, block)
    out = io.BytesIO()
    book.save(out)
    return packed_again(out.getvalue(), document.as_of)


def _names(first: str) -> Iterator[Any]:
    """Names of sheets, as spreadsheets allow them, no two alike."""
    known = {first.lower()}
    title = yield ""
    while True:
        plain = _UNFIT.sub(" ", title).strip()[:TITLE_CHARS_MAX] or "–"
        name, count = plain, 1
        while name.lower() in known:
            count += 1
            name = f"{plain[: TITLE_CHARS_MAX - 3]} {count}"
        known.add(name.lower())
        title = yield name


def _told(sheet: Any, document: Document) -> None:
    """What the document says in sentences."""
    from openpyxl.styles import Alignment, Font

    sheet.title = _UNFIT.sub(" ", document.title)[:TITLE_CHARS_MAX]
    sheet.column_dimensions["A"].width = 100
    said = [document.organ, document.number, document.mark, document.title, document.about]
    rows = [(text, 16 if text == document.title else 11) for text in said if text]
    for block in document.blocks:
        if isinstance(block, Heading):
            rows.append((block.text, 13))
        elif isinstance(block, Paragraph):
            rows.append((block.text, 11))
    for text, size in [*rows, (document.foot, 9)]:
        sheet.append([never_run(text)])
        line = sheet.cell(sheet.max_row, 1)
        line.font, line.alignment = Font(size=size, bold=size > 11), Alignment(wrap_text=True, vertical="top")


def _table(sheet: Any, document: Document, table: Table) -> None:
    from openpyxl.styles import Font

    sheet.append([never_run(each.name) for each in table.columns])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in table.rows:
        sheet.append([never_run(each.text) if each.number is None else each.number for each in row])
        for cell, each in zip(sheet[sheet.max_row], row, strict=True):
            if each.number is not None:
                cell.number_format = FORMATS[each.kind]
            if link := target(document, each.link):
                cell.hyperlink = link
                cell.font = Font(color="174A7C", underline="single")
    _wide(sheet, [max(10.0, 14 * each.share) for each in table.columns])


def _chart(sheet: Any, document: Document, chart: Chart) -> None:
    """The numbers, and beside them the chart that a spreadsheet draws of them."""
    from openpyxl.chart import BarChart, LineChart, Reference

    sheet.append(["", *(never_run(each.name) for each in chart.series)])
    for place, label in enumerate(chart.labels):
        sheet.append([never_run(label), *(each.values[place] for each in chart.series)])
        for cell in sheet[sheet.max_row][1:]:
            cell.number_format = FORMATS[chart.number]
    _wide(sheet, [24.0, *([12.0] * len(chart.series))])
    if not chart.labels:
        return
    is_bars = chart.kind is ChartKind.bars
    drawn = BarChart() if is_bars else LineChart()
    drawn.title, drawn.width, drawn.height = chart.title, 22, max(8, 0.8 * len(chart.labels) if is_bars else 9)
    if is_bars:
        drawn.type, drawn.legend, drawn.x_axis.scaling.orientation = "bar", None, "maxMin"
    drawn.y_axis.number_format, drawn.x_axis.delete, drawn.y_axis.delete = FORMATS[chart.number], False, False
    last = len(chart.labels) + 1
    drawn.add_data(Reference(sheet, min_col=2, max_col=len(chart.series) + 1, min_row=1, max_row=last), titles_from_data=True)
    drawn.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=last))
    sheet.add_chart(drawn, f"{chr(ord('C') + len(chart.series))}2")


def _wide(sheet: Any, widths: list[float]) -> None:
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "A2"
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
