"""A cell as what it means: codes that were numbers, moments in every form, words of another system."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from cityloop.doors.files import values
from cityloop.doors.files.model import BadCell

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("cell", "code"),
    [("0101", "0101"), (" 0101 ", "0101"), (101, "101"), (101.0, "101"), ("320508.0", "320508"), (None, ""), ("", ""),
     ("3205080101000001", "3205080101000001"), (320508010100001, "320508010100001"), ("A-7", "A-7")],
)  # fmt: skip
def test_a_code_is_read(cell, code):
    assert values.code("ObjID", cell) == code


@pytest.mark.parametrize(
    "cell", [3205080101000001, 3205080101000001.0, 3.20508010100000e15, "3.20508E+15", 101.5, True, 1e300]
)
def test_a_code_of_which_digits_are_lost_is_refused(cell):
    """A spreadsheet keeps 15 digits: the sixteenth of a component's code is gone, whatever it shows."""
    with pytest.raises(BadCell) as no:
        values.code("ObjID", cell)
    assert no.value.remedy == values.AS_TEXT


@pytest.mark.parametrize(
    ("cell", "form", "zone", "utc"),
    [
        ("2026-03-06 16:00:00", "iso", SHANGHAI, "2026-03-06T08:00"),
        ("2026-03-06T16:00+09:00", "iso", SHANGHAI, "2026-03-06T07:00"),
        ("2026/3/6 16:00", "%Y/%m/%d %H:%M", SHANGHAI, "2026-03-06T08:00"),
        ("06.03.2026 16.00", "%d.%m.%Y %H.%M", SHANGHAI, "2026-03-06T08:00"),
        (datetime(2026, 3, 6, 16), "iso", SHANGHAI, "2026-03-06T08:00"),
        (46087.666666666664, "iso", SHANGHAI, "2026-03-06T08:00"),  # a serial of a spreadsheet
        ("2011-11-06 01:30:00", "iso", NEW_YORK, "2011-11-06T05:30"),  # comes twice: its first coming
        ("2012-03-11 02:30:00", "iso", NEW_YORK, "2012-03-11T07:30"),  # never comes: the offset before the jump
    ],
)  # fmt: skip
def test_a_moment_is_read(cell, form, zone, utc):
    assert values.moment("open_dt", cell, form, zone) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize("cell", ["", "  ", None])
def test_an_empty_cell_is_no_moment(cell):
    assert values.moment("open_dt", cell, "iso", SHANGHAI) is None


@pytest.mark.parametrize("cell", ["yesterday", "2026-02-30", 7, True, "06/03/2026", 1e9, ["x"]])
def test_what_is_no_moment_says_so(cell):
    with pytest.raises(BadCell):
        values.moment("open_dt", cell, "iso", SHANGHAI)


def test_a_word_is_translated_or_refused():
    assert values.worded("status", "已结案", {"已结案": "closed"}) == "closed"
    assert values.worded("status", "open", None) == "open"
    with pytest.raises(BadCell, match="no word of ours"):
        values.worded("status", "挂起", {"已结案": "closed"})


@pytest.mark.parametrize(("cell", "number"), [("28.2", 28.2), (" 1e2 ", 100.0), (7, 7.0), ("", None), (None, None)])
def test_a_number_is_read(cell, number):
    assert values.number("lon", cell) == number


def test_what_is_no_number_says_so():
    with pytest.raises(BadCell):
        values.number("lon", "east")
