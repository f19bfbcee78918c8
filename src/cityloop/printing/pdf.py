"""A document as PDF: set by typst on a sheet of ours, in Noto Sans SC and Noto Serif SC; nothing of the machine's own."""

from calendar import timegm
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from cityloop.printing.charts import svg_of
from cityloop.printing.document import Chart, Document, Table, target

SHEET = Path(__file__).with_name("sheet.typ")


def pdf_of(document: Document) -> bytes:
    """The PDF. Slow (some tenths of a second): for a thread."""
    return _set(document, "pdf")


def pictures_of(document: Document) -> list[bytes]:
    """The same pages as PNG, for eyes and for tests."""
    found = _set(document, "png", ppi=70.0)
    return found if isinstance(found, list) else [found]


def _set(document: Document, form: str, **given: Any) -> Any:
    import typst  # only who prints waits until its library and the fonts are there

    return typst.compile(
        str(SHEET), format=form, font_paths=_fonts(), sys_inputs={"document": msgspec.json.encode(_data(document)).decode()},
        timestamp=timegm(document.as_of.utctimetuple()), **given,
    )  # fmt: skip


@lru_cache(1)
def _fonts() -> Any:
    import pylopdf_fonts_zh_cn
    import typst

    folder = str(Path(pylopdf_fonts_zh_cn.__file__).parent)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def _data(document: Document) -> dict[str, Any]:
    """The document as plain data, with whole addresses and drawn charts."""
    blocks = []
    for block in document.blocks:
        data = msgspec.to_builtins(block)
        if isinstance(block, Chart):
            data["svg"] = svg_of(block)
        if isinstance(block, Table):
            for row in data["rows"]:
                for cell in row:
                    cell["link"] = target(document, cell["link"])
        blocks.append(data)
    return {**msgspec.to_builtins(document), "blocks": blocks}
