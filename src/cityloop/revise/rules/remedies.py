"""What a finding speaks for, written into the pack so that it can be tried: one unit for a class, or another limit."""

import re
from typing import Any

import msgspec

from cityloop.domain.codes import minor_of
from cityloop.domain.ids import AreaCode, ClassKey, RuleCode
from cityloop.domain.policy import Limit, Unit
from cityloop.packs.decision import columns_of, table_of
from cityloop.packs.values import major_of
from cityloop.revise.model import RemedyWrong
from cityloop.revise.rules.reading import Book

LISTED = re.compile(r'"[^"]*"(?:\s*,\s*"[^"]*")*')
ONE = re.compile(r'"([^"]*)"')
SOURCE = "成因室建议，试算用，未经批准 / proposed by Where and why, to be tried, not approved"
Row = dict[str, Any]


def limit_row(book: Book, rule: RuleCode, limit: Limit) -> dict[str, str]:
    """The row of a rule with another limit.

    Refuses with `RemedyWrong` where there is no such row.
    """
    row = next((each.cells for each in book.rows("rules") if each.key == rule), None)
    if row is None:
        raise RemedyWrong(f"The pack has no rule {rule[:60]!r}; name one of its class.")
    return {**row, "limit_value": str(limit.value), "limit_unit": limit.unit.value}


def one_unit(content: dict[str, Any], *, class_key: ClassKey, area: AreaCode | None, unit: Unit, day: str) -> dict[str, Any]:
    """The duty table in which the kind of a unit answers alone for a class, in an area or in the whole city: a row of its own
    comes first, and the rows that answered so far answer for the rest. `content`: as the JDM editor saves it.

    Refuses with `RemedyWrong` where the table has no column for it.
    """
    table = table_of(content)
    asks = {field: id for id, field in columns_of(table, "inputs").items()}
    field = "class" if minor_of(class_key) == class_key else "fine"
    if missing := [each for each in (field, *(["area"] if area else [])) if each not in asks]:
        raise RemedyWrong(f"The duty table has no column {missing[0]!r}; add it in the JDM editor first.")
    rules = [each for row in table["rules"] for each in _rest(row, asks, field, class_key, area)]
    names = {str(each.get("_id")) for each in rules}
    name = next(each for n in range(len(names) + 1) if (each := f"why{n + 1}") not in names)
    first = {"_id": name, "_description": "one unit answers", **dict.fromkeys(asks.values(), "")}
    first[asks[field]] = _quoted(class_key)
    if area:
        first[asks["area"]] = f"startsWith($, {_quoted(area)})"
    says = {"unit_kind": unit.kind, "level": unit.level.value, "source.document": SOURCE, "source.clause": name, "source.date": day}
    for id, of in columns_of(table, "outputs").items():
        first[id] = _quoted(says[of]) if of in says else "[]" if of == "assist" else ""
    changed = {**table, "rules": [first, *rules]}
    return {**content, "nodes": [{**node, "content": changed} if node.get("content") is table else node for node in content["nodes"]]}


def _rest(row: Row, asks: dict[str, str], field: str, class_key: ClassKey, area: AreaCode | None) -> list[Row]:
    """A row as it still answers: without the class; and, where only an area is given away, for the class outside of it."""
    cell = {of: str(row.get(id) or "").strip() for of, id in asks.items()}
    if not _answers(cell, class_key):
        return [row]
    key, said, mine = asks[field], cell[field], _quoted(class_key)
    others = [each for each in ONE.findall(said) if each != class_key]
    if "$" in said:
        rest, own = [f"({said}) and $ != {mine}"], f"({said}) and $ == {mine}"
    elif LISTED.fullmatch(said):
        rest, own = [", ".join(map(_quoted, others))] if others else [], mine
    elif not said:
        rest, own = [f"$ != {mine}"], mine
    else:
        return [row]  # written by hand in a way that we do not read: it goes on answering, and the trial shows it
    left = [{**row, key: each} for each in rest]
    if not area:
        return left
    place = cell["area"]
    if place and "$" not in place:
        return [row]
    outside = f"not(startsWith($, {_quoted(area)}))"
    return [*left, {**row, "_id": f"{row.get('_id', '')}-{area}", key: own, asks["area"]: f"({place}) and {outside}" if place else outside}]


def _answers(cell: dict[str, str], class_key: ClassKey) -> bool:
    """Whether a row may answer for a class."""
    minor = minor_of(class_key)
    asked = {"major": {major_of(class_key)}, "class": {minor}, "fine": {class_key if minor != class_key else ""}}
    for of, keys in asked.items():
        said = cell.get(of, "")
        if said and LISTED.fullmatch(said) and not keys & set(ONE.findall(said)):
            return False
    return True


def _quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()
