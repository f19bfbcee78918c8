"""Companies under contract and shops with doors: what a pack may not say of them."""

import pytest

from cityloop.packs import format_problems

SOURCE = "source_document,source_clause,source_date"
CONTRACTS = f"id,contractor,unit,since,until,{SOURCE}\n"
FRONTAGES = f"class,thing,within_m,{SOURCE}\n"
RUBBISH, COVER = "gbt30428_2_2013/event/0110", "gbt30428_2_2013/component/0101"


def said(city, rows: str, *, file: str = "contracts.csv", head: str = CONTRACTS) -> list[str]:
    """The problems, without their remedies."""
    city.write("contractors.csv", "id,name_zh,name_en\nx,甲公司,X\ny,乙公司,Y\n")
    city.write(file, head + rows)
    return [line.partition(": ")[2] for line in format_problems(city.problems()).splitlines() if not line.startswith(" ")]


def test_contracts_follow_each_other(city):
    """One ends on the day before the next begins; another unit's may run beside."""
    rows = "c1,x,clean,2026-01-01,2026-03-10,D,1,2026\nc2,y,clean,2026-03-11,,D,1,2026\nc3,x,pipes,2026-01-01,,D,1,2026\n"
    assert said(city, rows) == []


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("c1,x,clean,2026-01-01,,D,1,2026\nc2,y,clean,2026-03-11,,D,1,2026\n", "unit clean has contract c1 on some of the days of c2"),
        ("c1,x,clean,2026-01-01,2026-03-11,D,1,2026\nc2,y,clean,2026-03-11,,D,1,2026\n", "unit clean has contract c1 on some of the days of c2"),
        ("c1,x,clean,2026-03-02,2026-03-01,D,1,2026\n", "contract c1 ends on 2026-03-01, before it begins"),
        ("c1,z,clean,2026-01-01,,D,1,2026\n", "contractor 'z' is not in contractors.csv"),
        ("c1,x,nobody,2026-01-01,,D,1,2026\n", "unit 'nobody' is not in units.csv"),
    ],
)
def test_contracts_that_cannot_be(city, rows, problem):
    assert [each for each in said(city, rows) if problem in each]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (f"{COVER},{COVER},20,D,1,2026\n", f"class {COVER} is no event class"),
        (f"{RUBBISH},{RUBBISH},20,D,1,2026\n", f"{RUBBISH} is no minor class of components"),
        (f"{RUBBISH},{COVER},201,D,1,2026\n", "within_m 201 is out of range"),
    ],
)
def test_doors_of_what_has_none(city, row, problem):
    assert [each for each in said(city, row, file="frontages.csv", head=FRONTAGES) if problem in each]


def test_a_door_that_can_be(city):
    assert said(city, f"{RUBBISH},{COVER},20,D,1,2026\n", file="frontages.csv", head=FRONTAGES) == []
