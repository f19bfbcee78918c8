"""Whose photos a file shows."""

from cityloop.db import Tx
from cityloop.domain.ids import FileDigest


def file_subjects(tx: Tx, digest: FileDigest) -> list[str]:
    """The subjects whose photos a file shows, as long as these are kept, e.g. `case/ID`."""
    rows = tx.all(
        "SELECT DISTINCT f.subject FROM file_shown f JOIN vault v ON v.city = f.city AND v.id = f.photo "
        "WHERE f.city = :city AND f.digest = :digest ORDER BY f.subject",
        digest=digest,
    )
    return [row.subject for row in rows]
