"""A document as one HTML page: its styles and charts inside, no script, nothing from elsewhere; fit for paper."""

from collections.abc import Iterator
from html import escape
from pathlib import Path

from cityloop.printing.charts import svg_of
from cityloop.printing.document import Cell, Chart, Document, Heading, Paragraph, Table

STYLE = Path(__file__).with_name("page.css").read_text(encoding="utf-8")


def page_of(document: Document) -> bytes:
    """The page. Links stay within the city's own address."""
    language = document.language.partition("+")[0]
    head = [
        "<!doctype html>", f'<html lang="{escape(language)}">', "<head>", '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">', f"<title>{escape(document.title)}</title>",
        f"<style>{STYLE}</style>", "</head>", "<body>", '<main class="sheet">',
    ]  # fmt: skip
    tail = [f"<footer>{escape(document.foot)}</footer>", "</main>", "</body>", "</html>"]
    return "\n".join([*head, *_top(document), *_blocks(document), *tail, ""]).encode()


def _top(document: Document) -> Iterator[str]:
    if document.mark:
        yield f'<p class="mark">{escape(document.mark)}</p>'
    kind = "official" if document.is_official else "plain"
    yield f'<header class="{kind}"><p class="organ">{escape(document.organ)}</p><p class="number">{escape(document.number)}</p></header>'
    yield f"<h1>{escape(document.title)}</h1>"
    if document.about:
        yield f'<p class="about">{escape(document.about)}</p>'


def _blocks(document: Document) -> Iterator[str]:
    for block in document.blocks:
        match block:
            case Heading():
                mark = ' class="new-page"' if block.new_page else ""
                yield f"<h{block.level + 1}{mark}>{escape(block.text)}</h{block.level + 1}>"
            case Paragraph():
                yield f'<p class="{block.role}">{escape(block.text)}</p>'
            case Table():
                yield from _table(block)
            case Chart():
                yield f"<figure><figcaption>{escape(block.title)}</figcaption>{svg_of(block)}</figure>"


def _table(table: Table) -> Iterator[str]:
    kind = ' class="blank"' if table.blank else ""
    yield f'<div class="wide" tabindex="0" role="region" aria-label="{escape(table.title)}"><table{kind}>'
    if table.title:
        yield f"<caption>{escape(table.title)}</caption>"
    heads = "".join(f'<th scope="col"{_right(each.is_number)}>{escape(each.name)}</th>' for each in table.columns)
    yield f"<thead><tr>{heads}</tr></thead><tbody>"
    for place, row in enumerate(table.rows):
        strong = ' class="strong"' if place in table.strong else ""
        cells = "".join(f"<td{_right(column.is_number)}>{_cell(each)}</td>" for column, each in zip(table.columns, row, strict=True))
        yield f"<tr{strong}>{cells}</tr>"
    if not table.rows:
        yield f'<tr><td colspan="{len(table.columns)}">{escape(table.empty)}</td></tr>'
    yield "</tbody></table></div>"


def _cell(cell: Cell) -> str:
    text = escape(cell.text)
    return f'<a href="{escape(cell.link)}" target="_top">{text}</a>' if cell.link else text


def _right(is_number: bool) -> str:
    return ' class="n"' if is_number else ""
