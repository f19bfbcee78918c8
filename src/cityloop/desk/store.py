"""The SQL of the desk."""

from collections.abc import Sequence
from datetime import datetime

from cityloop.db import Tx
from cityloop.db.tx import row_to
from cityloop.desk.model import Presence, SavedView
from cityloop.domain.ids import AccountId, CaseId

TABLE = "case_words"


def words_clear(tx: Tx) -> int:
    """Empty the index; gives how many rows it had."""
    return tx.run("DELETE FROM case_words WHERE city = :city")


def words_drop(tx: Tx, case_id: CaseId, source: str) -> int:
    """Forget the words of a report that the case does not hold any more."""
    return tx.run(
        "DELETE FROM case_words WHERE city = :city AND case_id = :case_id AND source = :source",
        case_id=case_id, source=source,
    )  # fmt: skip


def case_ids_after(tx: Tx, after: str, many: int) -> list[CaseId]:
    """The next cases by id."""
    rows = tx.all("SELECT id FROM case_file WHERE city = :city AND id > :after ORDER BY id LIMIT :many", after=after, many=many)
    return [CaseId(row.id) for row in rows]


def view_list(tx: Tx, owners: Sequence[str]) -> list[SavedView]:
    """The views of these owners, the oldest first."""
    fields = ", ".join(SavedView.__struct_fields__)
    marks = ", ".join(f":owner_{place}" for place in range(len(owners)))
    rows = tx.all(
        f"SELECT {fields} FROM saved_view WHERE city = :city AND owner IN ({marks}) ORDER BY id",
        **{f"owner_{place}": owner for place, owner in enumerate(owners)},
    )
    return [row_to(SavedView, row) for row in rows]


def view_drop(tx: Tx, id: str) -> int:
    """Take one view away."""
    return tx.run("DELETE FROM saved_view WHERE city = :city AND id = :id", id=id)


def views_drop_of(tx: Tx, owner: str) -> int:
    """Take all views of an owner away."""
    return tx.run("DELETE FROM saved_view WHERE city = :city AND owner = :owner", owner=owner)


def presence_list(tx: Tx, case_id: CaseId, since: datetime) -> list[Presence]:
    """Who looked at a case since a moment."""
    fields = ", ".join(Presence.__struct_fields__)
    rows = tx.all(
        f"SELECT {fields} FROM presence WHERE city = :city AND case_id = :case_id AND seen_at >= :since ORDER BY since, account",
        case_id=case_id, since=since,
    )  # fmt: skip
    return [row_to(Presence, row) for row in rows]


def presence_sweep(tx: Tx, before: datetime) -> int:
    """Forget who looked before a moment."""
    return tx.run("DELETE FROM presence WHERE city = :city AND seen_at < :before", before=before)


def presence_drop(tx: Tx, case_id: CaseId, account: AccountId) -> int:
    """Forget that somebody looks at a case."""
    return tx.run(
        "DELETE FROM presence WHERE city = :city AND case_id = :case_id AND account = :account",
        case_id=case_id, account=account,
    )  # fmt: skip
