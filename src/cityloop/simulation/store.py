"""The SQL of the simulation: it reads the journal, and writes nothing."""

from cityloop.db import Row, Tx


def log_size(tx: Tx) -> int:
    """How many facts there are."""
    return tx.value("SELECT size FROM log_head WHERE city = :city") or 0


def facts_after(tx: Tx, seq: int) -> list[Row]:
    """The facts after one, in order."""
    return tx.all("SELECT seq, body FROM fact WHERE city = :city AND seq > :seq ORDER BY seq", seq=seq)
