"""Cells that name a row of another table name one that is there."""

from collections.abc import Iterator

from cityloop.packs.columns import CELLS_FILE, TABLES, Column, Table
from cityloop.packs.problems import Problem
from cityloop.packs.reading import Pack
from cityloop.packs.tables import Row
from cityloop.packs.values import nearest

FILES = {table.file: table for table in TABLES}


def reference_problems(pack: Pack) -> Iterator[Problem]:
    """Names of units, roles, areas, classes and cells that no row has."""
    for table in TABLES:
        for column in table.columns:
            if column.refers is not None:
                yield from _dangling(pack, table, column, column.refers)


def _dangling(pack: Pack, table: Table, column: Column, target: str) -> Iterator[Problem]:
    if pack.unread.get(target) is None and target in pack.unread:
        return  # the target could not be read at all: it has its own problem
    known = set(pack.cells) if target == CELLS_FILE else {key[0] for key in pack.tables[target]}
    unread = pack.unread.get(target) or set()
    for row in pack.rows(table):
        said = row.values.get(column.name)
        if said and said not in known and said not in unread:
            yield _dangle(pack, table, row, column, target, said, known)


def _dangle(pack: Pack, table: Table, row: Row, column: Column, target: str, said: str, known: set[str]) -> Problem:
    few = 0 < len(known) <= 12 and not said.rsplit("/", 1)[-1].isdigit()  # of a code, the nearest is no guess
    remedy = nearest(said, tuple(sorted(known))) if few else "correct it"
    return pack.problem(
        table, row, column.name, f"{column.name} {said!r} is not in {target}", f"{remedy}; or add it there"
    )
