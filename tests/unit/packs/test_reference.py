"""The page about the pack format is made from the declarations, and is current."""

from pathlib import Path

from cityloop.packs.columns import FILES, TABLES, Takes
from cityloop.packs.reference import pack_format_page
from cityloop.packs.settings import HEAD, SETTINGS, WEEK
from cityloop.packs.tables import columns_of

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "pack_format.md"


def test_the_page_is_current():
    """If not: python -m cityloop.packs.reference docs/reference/pack_format.md"""
    assert PAGE.read_text(encoding="utf-8") == pack_format_page()


def test_every_file_column_and_key_is_on_the_page():
    page = pack_format_page()
    for file in FILES:
        assert f"## `{file}`" in page
    for table in TABLES:
        part = page.split(f"## `{table.file}`")[1].split("\n## ")[0]
        for column in columns_of(table):
            assert f"`{column.name}{'_…' if column.takes is Takes.words else ''}`" in part
    for key in (*HEAD, *SETTINGS, *WEEK):
        assert f"| `{key.name}`" in page
