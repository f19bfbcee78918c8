"""Figures and their rows as a file for a spreadsheet: CSV that reads as Chinese, or XLSX with a sheet of what it is."""

import csv
import io
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any

from litestar import Response
from msgspec import structs

from cityloop.domain.cells import never_run
from cityloop.domain.policy import Policy
from cityloop.stages.evaluate.model import Answer, Group, Item
from cityloop.stages.evaluate.model.metrics import metrics_by

BOM = "\ufeff"  # so that spreadsheets read the Chinese as what it is
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Line = list[Any]
HEAD = ("group", "group_zh", "group_en", "metric", "name_zh", "name_en", "numerator", "denominator", "value", "measure")
CHANGE = ("numerator", "denominator", "value", "difference", "change_ppm")
WHAT = ("formula_zh", "formula_en", "window", "window_zh", "from", "to", "zone")
FROM = ("as_of", "seq", "pack", "simulated")


class Format(StrEnum):
    """How the answer is written."""

    json = "json"
    csv = "csv"
    xlsx = "xlsx"


def figure_lines(answer: Answer) -> Iterator[Line]:
    """A line for each number of each group, with all that it takes to count it again."""
    only = list(structs.asdict(answer.only))
    changes = [f"{each.against}_{name}" for each in answer.compared for name in CHANGE]
    yield [*HEAD, *changes, *WHAT, *only, *FROM]
    for group in (answer.whole, *answer.groups):
        yield from _group_lines(answer, group, "*" if group is answer.whole else group.group)


def _group_lines(answer: Answer, group: Group, called: str) -> Iterator[Line]:
    words, span, metrics = group.name or {}, answer.span, metrics_by(answer.readings)
    for figure in group.figures:
        metric = metrics[figure.metric]
        yield [
            called, words.get("zh"), words.get("en"), figure.metric, metric.name["zh"], metric.name["en"],
            figure.numerator, figure.denominator, figure.value, figure.measure,
            *(getattr(change, name) for change in figure.changes for name in CHANGE),
            metric.formula["zh"], metric.formula["en"], figure.window, answer.windows[figure.window]["zh"],
            span.first_day, span.last_day, span.zone, *structs.asdict(answer.only).values(),
            answer.as_of.isoformat(), answer.seq, answer.pack, marked(group.simulated),
        ]  # fmt: skip


def about_lines(answer: Answer, policy: Policy) -> Iterator[Line]:
    """What the figures are: the city, the days, the windows, and what they follow from."""
    yield ["what", "zh", "en"]
    yield ["city", policy.name.get("zh"), policy.name.get("en")]
    if answer.simulated:
        yield ["simulated", "模拟数据，不是真实城市", "simulated data, no real city"]
    span = answer.span
    yield ["days", f"{span.first_day} – {span.last_day}", span.zone]
    yield ["working days", answer.working_days, answer.days]
    if answer.running:
        yield ["running", "本期未结束", "the period is not over"]
    for each in answer.compared:
        days = f"{each.span.first_day} – {each.span.last_day}"
        yield [f"compared: {each.against}", days, f"{each.working_days} of {each.days} are working days; {each.known}"]
    for window, words in answer.windows.items():
        yield [f"window: {window}", words["zh"], words["en"]]
    for name, value in structs.asdict(answer.only).items():
        if value is not None:
            yield [f"only: {name}", value, value]
    yield ["as of", answer.as_of.isoformat(), "UTC"]
    yield ["journal size (seq)", answer.seq, answer.seq]
    yield ["pack", answer.pack, answer.pack]


def item_lines(items: Iterable[Item], simulated: bool) -> Iterator[Line]:
    """A line for each row behind a number."""
    yield list(Item.__struct_fields__)
    for item in items:
        row = [getattr(item, name) for name in Item.__struct_fields__[:-1]]
        yield [*row, marked(simulated or item.simulated)]


def marked(is_simulated: bool) -> str:
    """The word that every line of a simulated city has."""
    return "simulated" if is_simulated else ""


def plain_cell(cell: Any) -> Any:
    """A cell that no spreadsheet runs as a formula."""
    if cell is None or isinstance(cell, int):
        return cell
    return never_run(cell.isoformat() if hasattr(cell, "isoformat") else str(cell))


def csv_bytes(lines: Iterable[Line]) -> bytes:
    """Lines as CSV in UTF-8 with a mark that it is."""
    out = io.StringIO()
    csv.writer(out).writerows([plain_cell(cell) for cell in line] for line in lines)
    return (BOM + out.getvalue()).encode()


def xlsx_bytes(sheets: dict[str, Iterable[Line]]) -> bytes:
    """Sheets of lines as a workbook, the first line of each standing still."""
    from openpyxl import Workbook  # only who asks for a workbook waits until its library is there

    book = Workbook(write_only=True)
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for line in lines:
            sheet.append([plain_cell(cell) for cell in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def file_of(format: Format, sheets: dict[str, Iterable[Line]]) -> bytes:
    """The file that was asked for; a CSV holds the first sheet only."""
    return xlsx_bytes(sheets) if format is Format.xlsx else csv_bytes(next(iter(sheets.values())))


def sent(name: str, format: Format, content: bytes) -> Response[Any]:
    """A file as the browser keeps it."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{format}"'}
    return Response(content, media_type=XLSX if format is Format.xlsx else "text/csv", headers=headers)
