"""Every statement names its city, and a derived table is written by apply alone."""

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import PurePosixPath

import msgspec
import pytest
from tests.trees import parsed

from cityloop.db import TABLES, Kind, Tx

NAMES = frozenset(TABLES)
DERIVED = frozenset(name for name, table in TABLES.items() if table.kind is Kind.derived)
_READS = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+|\{\})")
_WRITES = re.compile(r"\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+(\w+)")
_CITY = re.compile(r"(?<!:)\bcity\b")  # the column; `:city` is its value


def strings(text: str) -> Iterator[tuple[int, str]]:
    """Every string of a module but its docstrings; what an f-string fills in is `{}`."""
    tree = parsed(text)
    inside: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inside.update(id(part) for part in ast.walk(node) if part is not node)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            inside.add(id(node.value))
    for node in ast.walk(tree):
        if id(node) in inside:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
        elif isinstance(node, ast.JoinedStr):
            yield node.lineno, "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in node.values)


def without_city(tree: Mapping[str, str], tables: Collection[str] = NAMES) -> list[str]:
    """Statements that name more of our tables than cities."""
    found = []
    for path, text in tree.items():
        for line, said in strings(text):
            named = [name for name in _READS.findall(said) if name in tables or name == "{}"]
            if named and len(_CITY.findall(said)) < len(named) and not said.startswith("INSERT INTO {} ({})"):
                found.append(f"{path}::{line} {said[:60]}")
    return found


def wrong_writers(tree: Mapping[str, str], derived: Collection[str] = DERIVED) -> list[str]:
    """Modules other than an `apply` that write a derived table, by row or by SQL."""
    found = []
    for path, text in tree.items():
        if "apply" in PurePosixPath(path).with_suffix("").parts:
            continue
        for line, said in strings(text):
            found += [f"{path}::{line} writes {name}" for name in _WRITES.findall(said) if name in derived]
        for node in ast.walk(parsed(text)):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
                continue
            first = node.args[0]
            if node.func.attr in ("put", "add") and isinstance(first, ast.Constant) and first.value in derived:
                found.append(f"{path}::{node.lineno} writes {first.value}")
    return found


def test_every_statement_names_its_city(sources, excepted):
    """Many cities may live in one database; a statement that forgets its city shows one the papers of another."""
    off = excepted("city_in_statement")
    assert [each for each in without_city(sources) if each.split("::")[0] not in off] == []


def test_only_apply_writes_derived_tables(sources):
    """What a replay cannot make again is lost; so nothing but a fact's apply may write what is derived."""
    assert wrong_writers(sources) == []


class _Row(msgspec.Struct):
    id: str


@pytest.mark.parametrize("table", sorted(DERIVED))
def test_the_transaction_itself_refuses(table):
    """The same at run time, for names that no scanner can read."""
    tx = Tx(None, "anywhere", None, datetime(2026, 3, 6, tzinfo=UTC))
    with pytest.raises(AssertionError, match="derived"):
        tx.put(table, _Row("1"))
    with pytest.raises(AssertionError, match="derived"):
        tx.run(f"UPDATE {table} SET id = :id", id="1")


@pytest.mark.parametrize(
    "text",
    [
        'tx.all("SELECT id FROM case_file WHERE id = :id")',
        'tx.all("SELECT id FROM case_file JOIN task ON task.case_id = case_file.id WHERE case_file.city = :city")',
        'tx.run("UPDATE held SET tries = 0")',
        'tx.all(f"SELECT id FROM {table} ORDER BY id")',
        'tx.all(f"SELECT {columns} FROM report " "ORDER BY id")',
    ],
)
def test_a_planted_statement_without_city_is_seen(text):
    assert without_city({"src/cityloop/a.py": text})


@pytest.mark.parametrize(
    "text",
    [
        'tx.put("case_file", row)',
        'tx.add("task", row)',
        'tx.run("UPDATE case_file SET no = 1 WHERE city = :city")',
        'tx.run("DELETE FROM report WHERE city = :city")',
    ],
)
def test_a_planted_writer_is_seen(text):
    assert wrong_writers({"src/cityloop/stages/filing/service.py": text})
    assert wrong_writers({"src/cityloop/cases/apply.py": text}) == []


def test_what_is_good_passes():
    good = '"""Reads FROM report."""\nx = "SELECT id FROM report WHERE city = :city"\ny = "it comes from report 7"\n'
    assert without_city({"src/cityloop/a.py": good}) == []
