"""What is wrong with contracts and frontages."""

from collections.abc import Iterator
from datetime import date

from cityloop.domain.codes import minor_of
from cityloop.packs.outside import CONTRACTS, FRONTAGES
from cityloop.packs.problems import Problem
from cityloop.packs.reading import Pack
from cityloop.packs.tables import Row


def outside_problems(pack: Pack) -> Iterator[Problem]:
    """Two companies at one unit's work on one day, contracts that end before they begin, doors of what has none."""
    of_unit: dict[str, list[Row]] = {}
    for row in pack.rows(CONTRACTS):
        first, last = _days(row)
        if last < first:
            what = f"contract {row.values['id']} ends on {last}, before it begins"
            yield pack.problem(CONTRACTS, row, "until", what, "correct one of its days")
        for other in of_unit.setdefault(row.values["unit"], []):
            begins, ends = _days(other)
            if first <= ends and begins <= last:
                what = f"unit {row.values['unit']} has contract {other.values['id']} on some of the days of {row.values['id']}"
                yield pack.problem(CONTRACTS, row, "since", what, "let the one end before the other begins")
        of_unit[row.values["unit"]].append(row)
    for row in pack.rows(FRONTAGES):
        key, thing = row.values["class"], row.values["thing"]
        if key.split("/")[1] != "event":
            yield pack.problem(FRONTAGES, row, "class", f"class {key} is no event class", "name a class of kind event")
        if thing.split("/")[1] != "component" or minor_of(thing) != thing:
            what = f"{thing} is no minor class of components"
            yield pack.problem(FRONTAGES, row, "thing", what, "name a minor class of kind component")


def _days(row: Row) -> tuple[date, date]:
    return row.values["since"], row.values.get("until") or date.max
