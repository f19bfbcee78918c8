"""Files as other systems write them: every format tells the same cases, and what a format hides is seen."""

import csv
import gzip
import json
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
import shapefile
from tests.import_world import bad_rows

from cityloop.doors.files.model import ColumnMissing, FileUnreadable
from cityloop.doors.files.read.sheets import FORMULA

MAPPING = """
source = "old"
kind = "cases"
key = ["案件号"]
zone = "Asia/Shanghai"
as_of = "2026-03-01 00:00"
{more}

[columns]
number = "案件号"
opened_at = "上报时间"
closed_at = "结案时间"
text = "问题描述"
{places}
"""
BY_COLUMN = 'lon = "经度"\nlat = "纬度"'
COLUMNS = ["案件号", "上报时间", "结案时间", "问题描述", "经度", "纬度", "无关"]
ROWS = [
    ["A1", "2026-01-05 08:00:00", "2026-01-06 09:30:00", "路面坑洞，\n\"很大\"", 100.005, 30.015, "x"],
    ["A2", "2026-01-05 09:00:00", "", "暴露垃圾", 100.015, 30.015, "y"],
]


def as_csv(path: Path, encoding: str = "utf-8", header: int = 0) -> Path:
    with path.open("w", newline="", encoding=encoding) as out:
        csv.writer(out).writerows([*[["台账"]] * header, COLUMNS, *ROWS])
    return path


def as_gzip(path: Path) -> Path:
    path.write_bytes(gzip.compress(as_csv(path.with_suffix("")).read_bytes()))
    return path


def as_jsonl(path: Path) -> Path:
    lines = [json.dumps(dict(zip(COLUMNS, row, strict=True)), ensure_ascii=False) for row in ROWS]
    path.write_text("\n".join([lines[0], "", lines[1]]) + "\n", encoding="utf-8")
    return path


def as_geojson(path: Path) -> Path:
    features = [
        {
            "type": "Feature", "properties": dict(zip(COLUMNS[:4], row[:4], strict=True)),
            "geometry": {"type": "Point", "coordinates": row[4:6]},
        }
        for row in ROWS
    ]  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def as_shp(path: Path, *, packed: bool = False) -> Path:
    with shapefile.Writer(str(path), encoding="gb18030", shapeType=shapefile.POINT) as out:
        for name, size in (("案件号", 10), ("上报时间", 30), ("结案时间", 30), ("问题描述", 80)):
            out.field(name, "C", size=size)
        for row in ROWS:
            out.point(*row[4:6])
            out.record(*row[:4])
    if packed:
        with zipfile.ZipFile(path.with_suffix(".zip"), "w") as zipped:
            for end in (".shp", ".dbf", ".shx"):
                zipped.write(path.with_suffix(end), f"inner/cases{end}")
        return path.with_suffix(".zip")
    return path


def as_xlsx(path: Path, *, header: int = 0) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    for _ in range(header):
        sheet.append(["案件台账"])
    sheet.append(COLUMNS)
    for row in ROWS:
        moments = [datetime.fromisoformat(each) if each else None for each in row[1:3]]
        sheet.append([row[0], *moments, *row[3:]])
    book.save(path)
    return path


GB = 'encoding = "gb18030"'  # names of columns in a .dbf have ten bytes
FORMATS = {
    "cases.csv": (as_csv, "", BY_COLUMN),
    "cases.gb.csv": (lambda path: as_csv(path, "gb18030"), GB, BY_COLUMN),
    "cases.bom.csv": (lambda path: as_csv(path, "utf-8-sig"), "", BY_COLUMN),
    "cases.head.csv": (lambda path: as_csv(path, header=2), "header_row = 3", BY_COLUMN),
    "cases.csv.gz": (as_gzip, "", BY_COLUMN),
    "cases.jsonl": (as_jsonl, "", BY_COLUMN),
    "cases.geojson": (as_geojson, "", ""),
    "cases.shp": (as_shp, GB, ""),
    "packed.shp": (lambda path: as_shp(path, packed=True), GB, ""),
    "cases.xlsx": (as_xlsx, "", BY_COLUMN),
    "cases.head.xlsx": (lambda path: as_xlsx(path, header=1), "header_row = 2", BY_COLUMN),
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_tells_the_same_cases(embedded, tmp_path, name):
    """The same two cases, moment by moment and place by place."""
    make, more, places = FORMATS[name]
    city = embedded()
    tally = city.bring(make(tmp_path / name), MAPPING.format(more=more, places=places))

    assert (tally.added, tally.bad) == (2, 0), bad_rows(tally)
    found = city.rows("SELECT number, opened_at, closed_at, cell, state FROM case_file WHERE city = :city ORDER BY number")
    assert found == [
        ("A1", "2026-01-05T00:00:00.000000Z", "2026-01-06T01:30:00.000000Z", "990201001001001", "closed"),
        ("A2", "2026-01-05T01:00:00.000000Z", None, "990201001001002", "reported"),
    ]
    said = [json.loads(raw) for raw, in city.rows("SELECT bytes FROM vault WHERE city = :city AND kind = 'said' ORDER BY id")]
    assert [each["raw_place"] for each in said] == [{"lon": row[4], "lat": row[5], "coords": "wgs84"} for row in ROWS]
    assert said[1]["text"] == "暴露垃圾"
    assert "无关" not in str(said)


def test_the_first_line_of_a_record_is_told(embedded, tmp_path):
    """A value may hold line ends, and the line that is told is the one where the record begins."""
    city = embedded()
    rows = [["A1", "2026-01-05 08:00:00", "", "two\nlines"], ["A2", "never", "", ""], ["A3", "2026-01-05 08:00:00", ""]]
    with (tmp_path / "old.csv").open("w", newline="") as out:
        csv.writer(out).writerows([COLUMNS[:4], *rows])
    tally = city.bring(tmp_path / "old.csv", MAPPING.format(more="", places=""))

    assert tally.added == 1
    found = bad_rows(tally)
    assert [(each["line"], each["column"], each["value"]) for each in found] == [("4", "上报时间", "never"), ("5", "", "")]
    assert "fewer values" in found[1]["what_is_wrong"]
    assert all(each["what_to_do"] for each in found)


def sheet_of(path: Path, *rows: list, merge: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for each in merge:
        book.active.merge_cells(each)
    book.save(path)
    return path


XLSX = MAPPING.format(more='[values]\n', places="").replace("[values]\n", "")


def test_a_merged_cell_is_the_value_of_all_its_cells(embedded, tmp_path):
    """Two cases of one morning, whose moment stands once: both have it, and the notes say so."""
    city = embedded()
    rows = [["A1", "2026-01-05 08:00:00", "", "a"], ["A2", None, "", "b"], ["A3", None, "", "c"]]
    path = sheet_of(tmp_path / "old.xlsx", COLUMNS[:4], *rows, merge=("B2:B3",))
    tally = city.bring(path, XLSX)

    assert city.numbers == ["A1", "A2"]
    assert [each["line"] for each in bad_rows(tally)] == ["4"]
    assert any("merged" in note for note in tally.notes)


def test_a_merged_header_is_refused(embedded, tmp_path):
    path = sheet_of(tmp_path / "old.xlsx", COLUMNS[:4], ["A1", "2026-01-05 08:00:00", "", "a"], merge=("C1:D1",))
    with pytest.raises(FileUnreadable, match="unmerge"):
        embedded().bring(path, XLSX)


def test_a_formula_without_a_value_is_a_bad_row(embedded, tmp_path):
    """A program that wrote a formula did not calculate it; the row beside it goes in."""
    city = embedded()
    path = sheet_of(
        tmp_path / "old.xlsx", COLUMNS[:4], ["A1", "=NOW()", "", "a"], ["A2", "2026-01-05 08:00:00", "", "b"],
        ["A3", "#REF!", "", "c"],
    )  # fmt: skip
    tally = city.bring(path, XLSX)

    assert city.numbers == ["A2"]
    found = bad_rows(tally)
    assert [(each["line"], each["column"]) for each in found] == [("2", "上报时间"), ("4", "上报时间")]
    assert found[0]["what_to_do"] == FORMULA[1]


def test_a_code_of_sixteen_digits_that_became_a_number_is_a_bad_row(embedded, tmp_path):
    """The spreadsheet has lost its last digit; one that was kept as text goes in, and so does a short number."""
    city = embedded()
    path = sheet_of(
        tmp_path / "old.xlsx", COLUMNS[:4], [3205080101000001, "2026-01-05 08:00:00", "", "a"],
        ["3205080101000002", "2026-01-05 08:00:00", "", "b"], [70001.0, "2026-01-05 08:00:00", "", "c"],
    )  # fmt: skip
    tally = city.bring(path, XLSX)

    assert city.numbers == ["3205080101000002", "70001"]
    assert "digits of it are lost" in bad_rows(tally)[0]["what_is_wrong"]


@pytest.mark.parametrize(
    ("name", "raw", "says"),
    [
        ("old.csv", "案件号,上报时间\n".encode("gb18030"), "encoding"),
        ("old.csv", b"", "empty"),
        ("old.csv", ",".join(COLUMNS[:4]).encode() + b'\n"never closed,1\n' + b"x" * 2_000_000, "quote"),
        ("old.csv.gz", b"\x1f\x8b\x08\x00broken", "packed and broken"),
        ("old.jsonl", b"[1, 2]\nnothing\n", "no JSON object"),
        ("old.geojson", b'{"type": "Feature"}', "GeoJSON"),
        ("old.xlsx", b"PK\x03\x04 no", "XLSX"),
        ("old.shp", b"nothing of the kind", "shapefile"),
        ("old.pdf", b"%PDF", "no kind"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_before_anything_is_written(embedded, tmp_path, name, raw, says):
    city = embedded()
    before = city.facts
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(FileUnreadable) as no:
        city.bring(tmp_path / name, MAPPING.format(more="", places=""))
    assert says in no.value.detail
    assert city.facts == before
    assert not list((tmp_path / "imports").glob("*/*")) if (tmp_path / "imports").exists() else True


@pytest.mark.parametrize("name", ["cases.csv", "cases.jsonl", "cases.geojson", "cases.shp", "cases.xlsx"])
def test_a_missing_column_is_refused_with_those_that_are_there(embedded, tmp_path, name):
    city = embedded()
    before = city.facts
    mapping = MAPPING.format(more=GB if name.endswith("shp") else "", places="").replace('"结案时间"', '"办结"')
    with pytest.raises(ColumnMissing, match="办结; its columns are: 案件号"):
        city.bring(FORMATS[name][0](tmp_path / name), mapping)
    assert city.facts == before


def test_projected_shapes_need_their_projection(embedded, tmp_path):
    path = as_shp(tmp_path / "cases.shp")
    path.with_suffix(".prj").write_text('PROJCS["CGCS2000_3_Degree_GK_CM_114E",GEOGCS[...]]')
    with pytest.raises(FileUnreadable, match="epsg"):
        embedded().bring(path, MAPPING.format(more=GB, places=""))
