"""The only SQL of intake: tracking codes, and what is forgotten with an erased photo."""

from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.ids import ReportId, VaultId


class Tracking(Struct, frozen=True):
    """A code and its report; `said` is the vault item that it goes with."""

    code: str
    report_id: ReportId
    said: VaultId


def forget(tx: Tx, id: VaultId) -> None:
    """Remove what led to an erased vault item."""
    tx.run("DELETE FROM tracking WHERE city = :city AND said = :id", id=id)
    tx.run("DELETE FROM file_shown WHERE city = :city AND photo = :id", id=id)
