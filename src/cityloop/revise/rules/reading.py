"""What a pack says, as rows that people look through."""

from collections.abc import Iterator

from msgspec import Struct

from cityloop.domain.policy import Words
from cityloop.packs.columns import Table
from cityloop.packs.editing import TABLE_BY_NAME, header_of, records
from cityloop.packs.layers import unarchive
from cityloop.packs.reading import Pack, read_pack
from cityloop.packs.tables import columns_of
from cityloop.revise.model import TableUnknown

DUTIES = "duties"
DUTY_KEY = "id"


class ColumnView(Struct, frozen=True, kw_only=True):
    """A column: what it says and what a cell may hold."""

    name: str
    says: str
    takes: str
    needed: bool = True
    choices: tuple[str, ...] = ()
    default: str = ""


class TableView(Struct, frozen=True, kw_only=True):
    """A table of the pack, and how many rows it has."""

    table: str
    says: str
    rows: int
    key: tuple[str, ...]
    cites: bool
    columns: tuple[ColumnView, ...]


class RowSource(Struct, frozen=True, kw_only=True):
    """Where a row was taken from."""

    document: str
    clause: str
    date: str


class RowView(Struct, frozen=True, kw_only=True):
    """A row as its file has it, the layer that says it, and the class that it is about."""

    key: str
    layer: str
    cells: dict[str, str]
    name: Words
    source: RowSource | None


class Book:
    """A version of the pack, read once."""

    def __init__(self, raw: bytes, digest: str) -> None:
        self.digest = digest
        self.pack: Pack = read_pack(unarchive(raw))
        self._rows: dict[str, list[RowView]] = {}

    @property
    def languages(self) -> tuple[str, ...]:
        return self.pack.head.languages

    def tables(self) -> list[TableView]:
        """Every table that has rows, or could have."""
        found = [
            TableView(
                table=name, says=table.says, rows=len(self.pack.tables[table.file]), key=table.key, cites=table.cites,
                columns=tuple(self._columns(table)),
            )
            for name, table in TABLE_BY_NAME.items()
        ]  # fmt: skip
        duties = self.pack.duties.rows if self.pack.duties else ()
        columns = tuple(ColumnView(name=each, says="", takes="expression") for each in self._fields())
        return [*found, TableView(table=DUTIES, says="", rows=len(duties), key=(DUTY_KEY,), cites=True, columns=columns)]

    def rows(self, table: str) -> list[RowView]:
        """The rows of a table, in the order of their keys; duties in theirs, for it counts.

        Refuses with `TableUnknown`.
        """
        if table not in self._rows:
            if table == DUTIES:
                self._rows[table] = list(self._duties())
            elif table in TABLE_BY_NAME:
                found = self._of(TABLE_BY_NAME[table])
                self._rows[table] = sorted(found, key=lambda row: row.key)
            else:
                able = ", ".join((*TABLE_BY_NAME, DUTIES))
                raise TableUnknown(f"The pack has no table {table[:40]!r}; take one of {able}.")
        return self._rows[table]

    def search(self, table: str, words: str, after: str, limit: int) -> tuple[list[RowView], str | None]:
        """The rows that hold each of the words, from a key on; and the key after which there are more."""
        wanted = [each.casefold() for each in words.split()]
        rows = self.rows(table)
        start = next((place + 1 for place, row in enumerate(rows) if row.key == after), 0) if after else 0
        found = []
        for row in rows[start:]:
            if all(each in _text(row) for each in wanted):
                if len(found) == limit:
                    return found, found[-1].key
                found.append(row)
        return found, None

    def _columns(self, table: Table) -> Iterator[ColumnView]:
        plain = {each.name: each for each in columns_of(table)}
        for name in header_of(table, self.languages):
            column = plain.get(name) or plain[name.rpartition("_")[0]]
            yield ColumnView(
                name=name, says=column.says, takes=column.takes, needed=column.needed, choices=column.choices,
                default=column.default,
            )  # fmt: skip

    def _of(self, table: Table) -> Iterator[RowView]:
        by_layer = {layer.id: records(layer, table) for layer in self.pack.layers}
        for key, row in self.pack.tables[table.file].items():
            head, lines = by_layer[row.layer]
            cells = {name: cell.strip() for name, cell in zip(head, lines[row.line], strict=False)}
            said = "/".join(str(part) for part in key)
            source = RowSource(**{part: cells.get(f"source_{part}", "") for part in ("document", "clause", "date")})
            yield RowView(
                key=said, layer=row.layer, cells=cells, name=self._name(table, row.values),
                source=source if table.cites else None,
            )  # fmt: skip

    def _name(self, table: Table, values: dict) -> Words:
        said = values.get("name")
        if isinstance(said, dict):
            return said
        owner = self.pack.tables["classes.csv"].get((values.get("class"),))
        return owner.values["name"] if owner and table.file != "classes.csv" else {}

    def _fields(self) -> list[str]:
        rows = self.pack.duties.rows if self.pack.duties else ()
        return list(dict.fromkeys(field for row in rows for field in (*row.asks, *row.says)))

    def _duties(self) -> Iterator[RowView]:
        assert self.pack.duties
        classes = self.pack.tables["classes.csv"]
        for row in self.pack.duties.rows:
            asked = row.asks.get("class", "").strip('"')
            owner = classes.get((asked,))
            source = RowSource(**{p: row.says.get(f"source.{p}", "").strip('"') for p in ("document", "clause", "date")})
            yield RowView(
                key=row.id, layer=self.pack.duties.layer, cells={**row.asks, **row.says},
                name=owner.values["name"] if owner else {}, source=source,
            )  # fmt: skip


def _text(row: RowView) -> str:
    return " ".join((row.key, *row.cells.values(), *row.name.values())).casefold()
