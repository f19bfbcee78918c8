"""A document in Word: Song for the text, Hei for headings, tables whose heads come again on each page."""

import io
from typing import Any

from cityloop.printing.document import Cell, Chart, Column, Document, Heading, Paragraph, Role, Table, shown, target
from cityloop.printing.packing import packed_again

SONG, HEI, LATIN = "宋体", "黑体", "Times New Roman"
LINK = "174A7C"


def word_of(document: Document) -> bytes:
    """The DOCX. A chart stands as the table of its numbers: Word draws none of ours."""
    return packed_again(_saved(_filled(document)), document.as_of)


def _filled(document: Document) -> Any:
    from docx import Document as new_paper  # only who prints waits until its library is there
    from docx.enum.text import WD_ALIGN_PARAGRAPH as Align
    from docx.shared import Mm, Pt, RGBColor

    paper = new_paper()
    core = paper.core_properties
    core.title, core.author, core.language, core.comments = document.title, document.organ, document.language, document.foot
    core.created = core.modified = document.as_of.replace(tzinfo=None)
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin = section.bottom_margin = Mm(26)
    for name, face, size in (("Normal", SONG, 10.5), ("Heading 1", HEI, 14), ("Heading 2", HEI, 12), ("Title", HEI, 18)):
        _face(paper.styles[name], face, size)
    organ = paper.add_paragraph()
    organ.alignment = Align.CENTER if document.is_official else Align.LEFT
    said = organ.add_run(document.organ if document.is_official else f"{document.organ}　{document.number}".strip("　"))
    if document.is_official:
        said.font.size, said.font.color.rgb = Pt(26), RGBColor(0xC0, 0x1C, 0x1C)
        paper.add_paragraph(document.number).alignment = Align.CENTER
    _ruled(paper.paragraphs[-1], "C01C1C" if document.is_official else "1C232B")
    for text, style in ((document.mark, None), (document.title, "Title"), (document.about, None)):
        if text:
            paper.add_paragraph(text, style=style).alignment = Align.CENTER
    for block in document.blocks:
        _add(paper, document, block)
    _numbered(section.footer.paragraphs[0], document)
    return paper


def _add(paper: Any, document: Document, block: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH as Align
    from docx.shared import Pt

    match block:
        case Heading():
            heading = paper.add_heading(block.text, level=block.level)
            heading.paragraph_format.page_break_before = block.new_page
        case Paragraph():
            line = paper.add_paragraph()
            said = line.add_run(block.text)
            if block.role is Role.note:
                said.font.size = Pt(9)
            elif block.role is Role.sign:
                line.alignment = Align.RIGHT
            elif block.role is Role.text and document.language.startswith("zh"):
                line.paragraph_format.first_line_indent = Pt(21)
        case Table():
            _table(paper, document, block)
        case Chart():
            _table(paper, document, _numbers(block))


def _numbers(chart: Chart) -> Table:
    """The numbers of a chart as a table."""
    columns = (Column("", is_number=False), *(Column(each.name) for each in chart.series))
    rows = tuple(
        (Cell(label), *(Cell(shown(serie.values[place], chart.number)) for serie in chart.series))
        for place, label in enumerate(chart.labels)
    )
    return Table(title=chart.title, columns=columns, rows=rows)


def _table(paper: Any, document: Document, table: Table) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH as Align
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    if table.title:
        title = paper.add_paragraph(table.title)
        title.alignment, title.paragraph_format.keep_with_next = Align.CENTER, True
    if not table.rows:
        paper.add_paragraph(table.empty).alignment = Align.CENTER
        return
    grid = paper.add_table(rows=0, cols=len(table.columns), style="Table Grid")
    grid.autofit = False
    whole = sum(each.share for each in table.columns)
    heads = tuple(Cell(each.name) for each in table.columns)
    for place, row in enumerate((heads, *table.rows), start=-1):
        cells = grid.add_row().cells
        for cell, column, holds in zip(row, table.columns, cells, strict=True):
            holds.width = Mm(166 * column.share / whole)
            line = holds.paragraphs[0]
            line.paragraph_format.space_after = Pt(0)
            line.alignment = Align.RIGHT if column.is_number and place >= 0 else Align.LEFT
            _said(line, cell, target(document, cell.link), strong=place < 0 or place in table.strong)
            if table.blank:
                line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(10)
    mark = grid.rows[0]._tr.get_or_add_trPr()
    mark.append(mark.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))
    paper.add_paragraph()


def _said(line: Any, cell: Cell, link: str | None, *, strong: bool) -> None:
    """The words of a cell; a link where they lead somewhere."""
    from docx.opc.constants import RELATIONSHIP_TYPE as Kinds
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    said = line.add_run(cell.text)
    said.font.size, said.bold = Pt(9), strong
    if link:
        said.font.color.rgb = RGBColor.from_string(LINK)
        around = line._p.makeelement(qn("w:hyperlink"), {qn("r:id"): line.part.relate_to(link, Kinds.HYPERLINK, is_external=True)})
        line._p.append(around)
        around.append(said._r)


def _face(style: Any, face: str, size: float) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size, style.font.color.rgb = LATIN, Pt(size), RGBColor(0x1C, 0x23, 0x2B)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(name), None)
    fonts.set(qn("w:eastAsia"), face)


def _ruled(line: Any, colour: str) -> None:
    """A rule under a paragraph."""
    from docx.oxml.ns import qn

    marks = line._p.get_or_add_pPr()
    around = marks.makeelement(qn("w:pBdr"), {})
    rule = {"w:val": "single", "w:sz": "12", "w:space": "1", "w:color": colour}
    around.append(around.makeelement(qn("w:bottom"), {qn(name): value for name, value in rule.items()}))
    marks.append(around)


def _numbered(line: Any, document: Document) -> None:
    """The foot: what the document follows from, and the page's number, which Word counts."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    def said(text: str) -> None:
        line.add_run(text).font.size = Pt(8)

    def counted(what: str) -> None:
        field = line._p.makeelement(qn("w:fldSimple"), {qn("w:instr"): what})
        run = line.add_run("1")
        run.font.size = Pt(8)
        field.append(run._r)
        line._p.append(field)

    said(f"{document.foot}　")
    before, _, rest = document.page_of.partition("{page}")
    between, _, after = rest.partition("{pages}")
    for text, what in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        said(text)
        if what:
            counted(what)


def _saved(paper: Any) -> bytes:
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()
