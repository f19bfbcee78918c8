"""The difference report of a parallel run: every kind of difference is seen, and none is made up."""

import csv

from tests.import_world import COLUMNS, MAPPING, write_csv

from cityloop.doors.files import compare_file, mapping_in

COMPARE = '\n[compare]\non_time = "verdict"\n[compare.values]\nyes = true\nno = false\n'
ROWS = [
    {"no": "1", "came_in": "2026-01-05 08:00", "closed": "2026-01-06 08:00", "deadline": "2026-01-07 08:00", "unit": "roads-north"},
    {"no": "2", "came_in": "2026-01-05 09:00", "closed": "2026-01-09 08:00", "deadline": "2026-01-07 08:00", "unit": "roads-north"},
    {"no": "3", "came_in": "2026-01-05 10:00", "unit": "cleaning", "class": "0113", "deadline": "2026-01-07 08:00"},
    {"no": "4", "came_in": "2026-01-05 11:00", "closed": "2026-01-06 08:00", "unit": "cleaning"},
    {"no": "5", "came_in": "2026-01-05 12:00", "closed": "2026-01-06 08:00", "unit": "cleaning"},
]  # fmt: skip


def compared(town, tmp_path, rows):
    path = write_csv(tmp_path / "theirs.csv", rows, (*COLUMNS, "verdict"))
    (tmp_path / "compare.toml").write_text(MAPPING + COMPARE)
    before = town.facts
    report = compare_file(
        town.database, town.book.in_force(), path, mapping_in(tmp_path / "compare.toml")[0], tmp_path / "imports",
        tmp_path / "differences.csv",
    )  # fmt: skip
    assert town.facts == before
    with (tmp_path / "differences.csv").open(newline="", encoding="utf-8-sig") as listed:
        return report, {(row["number"], row["what"]): row for row in csv.DictReader(listed)}


def test_two_systems_that_tell_the_same_do_not_differ(town, tmp_path):
    """Also the verdict of in time, which the import never read."""
    town.bring(write_csv(tmp_path / "old.csv", ROWS), MAPPING)
    verdicts = ["yes", "no", "no", "yes", "yes"]
    report, found = compared(town, tmp_path, [{**row, "verdict": verdict} for row, verdict in zip(ROWS, verdicts, strict=True)])

    assert found == {}
    assert dict(report.rows) == {"roads-north": 2, "cleaning": 3}
    assert report.verdicts["roads-north", True, True] == report.verdicts["roads-north", False, False] == 1


def test_every_kind_of_difference_is_listed(town, tmp_path):
    """Missing on either side, and each thing that is told otherwise, by department."""
    town.bring(write_csv(tmp_path / "old.csv", ROWS), MAPPING)
    theirs = [
        {**ROWS[0], "verdict": "no"},
        {**ROWS[1], "verdict": "", "closed": "2026-01-09 08:01"},
        {**ROWS[2], "verdict": "no", "closed": "2026-01-08 08:00", "deadline": "2026-01-07 09:00"},
        {**ROWS[3], "verdict": "yes", "unit": "roads-north"},
        {"no": "9", "came_in": "2026-01-05 13:00", "unit": "cleaning", "verdict": "yes"},
        {"no": "8", "came_in": "no moment"},
    ]
    report, found = compared(town, tmp_path, theirs)

    assert set(found) == {
        ("1", "in time"), ("2", "verdict blank there"), ("2", "closed"), ("3", "state"), ("3", "deadline"), ("3", "closed"),
        ("4", "unit"), ("9", "missing here"), ("5", "missing there"), ("", "unreadable"),
    }  # fmt: skip
    assert (found["1", "in time"]["there"], found["1", "in time"]["here"]) == ("late", "in time")
    assert (found["3", "state"]["there"], found["3", "state"]["here"]) == ("closed", "handling")
    assert (found["5", "missing there"]["department"], found["5", "missing there"]["here"]) == ("cleaning", "closed")
    assert report.found["cleaning", "missing here"] == 1


def test_a_case_of_ours_is_found_by_its_number(town, tmp_path):
    """In a parallel run a case may have come in here by our own door; then its number says which it is."""
    town.bring(write_csv(tmp_path / "old.csv", ROWS[:1]), MAPPING.replace('"old-system"', '"our-own"'))
    _, found = compared(town, tmp_path, [{**ROWS[0], "verdict": "yes"}])
    assert found == {}
