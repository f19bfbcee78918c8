"""Whether the archive says what the shadow's own tables say, row by row."""

from collections.abc import Callable, Iterator
from itertools import zip_longest

from msgspec import Struct

from cityloop.wide.archive import Archive, faults_of
from cityloop.wide.columns import MOMENT, SPINE
from cityloop.wide.engines.duckdb import DuckWide
from cityloop.wide.images import kept_as

SHOWN = 20


class Fault(Struct, frozen=True):
    """Something that is not as it should be: a file, or a row of a table."""

    where: str
    what: str


def faults_in(archive: Archive, wide: DuckWide, on_progress: Callable[[int, int], None] = lambda done, of: None) -> Iterator[Fault]:
    """Files that are missing or damaged; if there are none, rows that differ from what the same facts made."""
    faults = [Fault(*each) for each in faults_of(archive.folder, archive.files())]
    yield from faults
    if faults:
        return
    seq = wide.refresh().at.seq
    spine = wide.spine_at(seq)
    for nth, table in enumerate(SPINE):
        on_progress(nth, len(SPINE))
        found = wide.run(("all", table, spine.moving), lambda t=table: spine(t, SPINE[t]).order_by("id"), {"seq": seq})
        names = found.column_names
        said = ", ".join(kept_as(f"{table}.{name}", SPINE[table][name]) if SPINE[table][name] == MOMENT else name for name in names)
        rows = archive.shadow.database.engine.connection.execute(f"SELECT {said} FROM {table} WHERE city = ? ORDER BY id", (
            archive.shadow.database.city,
        ))  # fmt: skip
        shown = 0
        for here, there in zip_longest(zip(*(column.to_pylist() for column in found.columns), strict=True), rows):
            if here != there and shown < SHOWN:
                shown += 1
                yield Fault(f"{table} {(here or there or ('?',))[0]}", f"the archive has {here}, the facts make {there}")
    on_progress(len(SPINE), len(SPINE))
