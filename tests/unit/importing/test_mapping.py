"""The mapping: what is wrong with it is said before the file is read; a sketch is a mapping."""

import tomllib

import msgspec
import pytest

from cityloop.doors.files import Kind, Mapping, mapping_in, sketch
from cityloop.doors.files.mapping import FIELDS, columns_checked, wrongs
from cityloop.doors.files.model import ColumnMissing, MappingWrong

GOOD = {"source": "old", "kind": "cases", "key": ["no"], "columns": {"opened_at": "came"}}


def mapping(**more) -> Mapping:
    return msgspec.convert(GOOD | more, Mapping)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"columns": {"opened_at": "a", "colour": "b"}}, "no field colour"),
        ({"columns": {}}, "need opened_at"),
        ({"key": []}, "key is empty"),
        ({"source": "a/b"}, "without a slash"),
        ({"columns": {"opened_at": "a", "lon": "x"}}, "lon and lat"),
        ({"columns": {"opened_at": "a", "due_at": "d"}}, "[deadline]"),
        ({"datum": "utm"}, "datum utm"),
        ({"zone": "Mars/North"}, "no zone"),
        ({"time_format": "%H:%M"}, "reads no moment"),
        ({"values": {"unit": {"a": "b"}}}, "which no column gives"),
        ({"constants": {"opened_at": "2026-01-01"}}, "leave one"),
    ],
)
def test_a_wrong_mapping_says_what_is_wrong(more, says):
    assert any(says in each for each in wrongs(mapping(**more))), wrongs(mapping(**more))


def test_a_good_mapping_has_no_fault():
    assert wrongs(mapping()) == []


@pytest.mark.parametrize("text", ["source = ", "source = 'x'\nkind = 'cats'", "nothing = 1"])
def test_what_is_no_mapping_is_refused(tmp_path, text):
    (tmp_path / "m.toml").write_text(text)
    with pytest.raises(MappingWrong):
        mapping_in(tmp_path / "m.toml")
    with pytest.raises(MappingWrong, match="no mapping"):
        mapping_in(tmp_path / "none.toml")


def test_a_missing_column_is_refused_with_those_that_are_there():
    with pytest.raises(ColumnMissing, match="no column came; its columns are: no, when") as no:
        columns_checked(mapping(), ["no", "when"])
    assert no.value.more == {"absent": ["came"], "columns": ["no", "when"]}
    with pytest.raises(ColumnMissing, match="more than once"):
        columns_checked(mapping(), ["no", "came", "came"])


@pytest.mark.parametrize("kind", Kind)
def test_a_sketch_is_a_mapping(kind):
    """Whatever the columns are called; what is missing is what only a person can say."""
    for columns in (
        ["状态", 'a "quoted" one', "上报时间", "案件号", "经度", "纬度"],
        ["x"],
        ["ObjID", "ObjName", "登录名", "姓名", "id", "kind"],
    ):
        found = tomllib.loads(sketch(columns, kind, source='o"ld', format="csv"))
        read = msgspec.convert(found, Mapping)
        assert read.kind == kind
        assert set(read.columns) <= set(FIELDS[kind])
        assert set(read.wanted) <= set(columns)
