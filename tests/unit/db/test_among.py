"""Rows that are asked for by many keys at once, as this transaction sees them."""

from msgspec import Struct

from cityloop.db import open_database
from cityloop.domain.ids import CityId
from cityloop.journal import Journal, Writer
from cityloop.journal.apply import APPLY


class Digest(Struct, frozen=True):
    """A row of a table that anybody may write."""

    digest: str
    key_id: str
    account: str
    seen_at: str = "2026-03-06T00:00:00.000000Z"


def test_rows_by_any_column_that_an_index_tells_apart(tmp_path):
    """What is put and not yet written is seen too; a key twice is one, an unknown one is nothing."""
    database = open_database(str(tmp_path / "city.db"), CityId("demo"))
    writer = Writer(database, Journal(APPLY))

    def use_case(tx):
        for place in range(5):
            tx.add("key_digest", Digest(f"d{place}", f"k{place}", "a"))
        found = tx.among("key_digest", "digest", ("digest", "key_id"), ["d3", "d0", "d3", "none"])
        assert {(row.digest, row.key_id) for row in found} == {("d3", "k3"), ("d0", "k0")}
        assert tx.among("key_digest", "digest", ("digest",), []) == []

    writer.change(use_case)
    writer.close()
    database.close()
