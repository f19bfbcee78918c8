"""The SQL of importing."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from cityloop.cases.model import Imported
from cityloop.db import Tx
from cityloop.db.tx import Row
from cityloop.domain.ids import CaseId, TaskId, VaultId

PAGE = 2_000


class Run(Struct, frozen=True, kw_only=True):
    """How far the last file of a source was read, and by whom."""

    source: str
    file_digest: str
    mapping_digest: str
    owner: str
    records: int
    added: int
    same: int
    renewed: int
    differing: int
    bad: int
    begun_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None


def run_get(tx: Tx, source: str) -> Run | None:
    """The last run of a source."""
    return tx.get("import_run", Run, source)


def run_lock(tx: Tx, source: str, owner: str) -> bool:
    """Whether the run is still ours; nobody else moves it until the transaction ends."""
    return tx.run(
        "UPDATE import_run SET seen_at = seen_at WHERE city = :city AND source = :source AND owner = :owner",
        source=source, owner=owner,
    ) == 1  # fmt: skip


def imported_of(tx: Tx, ids: list[str]) -> dict[str, Imported]:
    """What came in under these source/key before."""
    tx.get_many("imported", Imported, ids)
    return {id: found for id in ids if (found := tx.get("imported", Imported, id))}


def imported_now(tx: Tx, id: str) -> Imported:
    """What this transaction has just brought in under source/key."""
    found = tx.get("imported", Imported, id)
    assert found, f"{id} was not told"
    return found


def numbers_taken(tx: Tx, numbers: list[str]) -> dict[str, CaseId]:
    """Which of these numbers cases have, and which case."""
    return {row.number: row.id for row in tx.among("case_file", "number", ("number", "id"), numbers)}


def task_of(tx: Tx, case_id: CaseId) -> TaskId | None:
    """The work that an imported case already has."""
    return tx.value("SELECT id FROM task WHERE city = :city AND case_id = :case_id ORDER BY id LIMIT 1", case_id=case_id)


def vault_has(tx: Tx, id: VaultId) -> bool:
    """Whether it still lies in the vault."""
    return tx.value("SELECT 1 FROM vault WHERE city = :city AND id = :id", id=id) is not None


SEEN = ("id", "number", "state", "unit", "due_at", "closed_at", "opened_at", "on_time")
CASE_SEEN = ", ".join(f"c.{name}" for name in SEEN)


def case_by_imported(tx: Tx, ids: list[str]) -> dict[str, Row]:
    """The cases that came in under these source/key."""
    of = {found.subject.removeprefix("case/"): id for id, found in imported_of(tx, ids).items()}
    return {of[row.id]: row for row in tx.among("case_file", "id", SEEN, of)}


def case_by_number(tx: Tx, numbers: list[str]) -> dict[str, Row]:
    """The cases with these numbers."""
    return {row.number: row for row in tx.among("case_file", "number", SEEN, numbers)}


def case_list_between(tx: Tx, since: datetime, until: datetime) -> Iterator[Row]:
    """The cases that began between two moments, both inside, page by page; those that were joined to others are left out."""
    after = ""
    while True:
        rows = tx.all(
            f"SELECT {CASE_SEEN} FROM case_file c WHERE c.city = :city AND c.id > :after AND c.opened_at >= :since "
            f"AND c.opened_at <= :until AND c.merged_into IS NULL ORDER BY c.id LIMIT {PAGE}",
            after=after, since=since, until=until,
        )  # fmt: skip
        yield from rows
        if len(rows) < PAGE:
            return
        after = rows[-1].id
