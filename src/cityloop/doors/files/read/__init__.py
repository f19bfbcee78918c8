"""Files of every kind as the same thing: columns, and lines of wanted cells. Read as a stream where the format allows."""

from collections.abc import Callable
from pathlib import Path

from cityloop.doors.files.model import FileUnreadable, Kind, Mapping
from cityloop.doors.files.read import shapes, sheets, text
from cityloop.doors.files.read.table import Table

_OPEN: dict[str, Callable[[Path, Mapping], Table]] = {
    "csv": text.open_csv,
    "jsonl": text.open_jsonl,
    "xlsx": sheets.open_xlsx,
    "geojson": shapes.open_geojson,
    "shp": shapes.open_shp,
}
_ENDINGS = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xlsx": "xlsx", ".xlsm": "xlsx", ".jsonl": "jsonl",
            ".ndjson": "jsonl", ".geojson": "geojson", ".json": "geojson", ".shp": "shp", ".zip": "shp"}  # fmt: skip
TEXTS = frozenset({"csv", "jsonl"})


def format_of(path: Path, declared: str = "") -> str:
    """The format that the mapping declares, or that the name tells.

    Refuses with `FileUnreadable`.

    >>> format_of(Path("cases.csv.gz")), format_of(Path("cells.shp"))
    ('csv', 'shp')
    """
    name = path.name.lower().removesuffix(".gz")
    found = declared or _ENDINGS.get(Path(name).suffix, "")
    if found not in _OPEN:
        raise FileUnreadable(
            f"{path.name} is of no kind that can be read; give a CSV (also .gz), XLSX, JSON lines, GeoJSON or shapefile, "
            "or say format in the mapping."
        )
    return found


def open_table(path: Path, mapping: Mapping) -> Table:
    """The file's table.

    Refuses with `FileUnreadable`.
    """
    return _OPEN[format_of(path, mapping.format)](path, mapping)


def columns_of(path: Path, mapping: Mapping | None = None) -> list[str]:
    """The columns of a file, for a sketch; of text in no declared encoding, in the first of two that it can be read in.

    Refuses with `FileUnreadable`.
    """
    if mapping:
        return open_table(path, mapping).columns
    for encoding in ("utf-8", "gb18030"):
        try:
            bare = Mapping(source="sketch", kind=Kind.cases, key=[], columns={}, encoding=encoding, datum="epsg:4326")
            return open_table(path, bare).columns
        except UnicodeDecodeError:
            continue
    raise FileUnreadable(f"{path.name} is neither in utf-8 nor in gb18030; say encoding in a mapping.")


__all__ = ["TEXTS", "Table", "columns_of", "format_of", "open_table"]
