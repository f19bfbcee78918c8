"""The only SQL of intake: tracking codes, and which files show whose photos."""

from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.ids import FileDigest, ReportId, VaultId


class Tracking(Struct, frozen=True):
    """A code and its report; `said` is the vault item that it goes with."""

    code: str
    report_id: ReportId
    said: VaultId


def file_subjects(tx: Tx, digest: FileDigest) -> list[str]:
    """Whose photos a file shows, as long as these are kept."""
    rows = tx.all(
        "SELECT DISTINCT f.subject FROM file_shown f JOIN vault v ON v.city = f.city AND v.id = f.photo "
        "WHERE f.city = :city AND f.digest = :digest ORDER BY f.subject",
        digest=digest,
    )
    return [row.subject for row in rows]


def forget(tx: Tx, id: VaultId) -> None:
    """Remove what led to an erased vault item."""
    tx.run("DELETE FROM tracking WHERE city = :city AND said = :id", id=id)
    tx.run("DELETE FROM file_shown WHERE city = :city AND photo = :id", id=id)
