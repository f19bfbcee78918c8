"""What a report of the stories holds when it comes in."""

from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.journal import vault_keep


def said_in(tx: Tx) -> tuple[str, f.VaultRef]:
    """A fresh report, and its words in the vault."""
    id = tx.new_id()
    return id, vault_keep(tx, "said", f"report/{id}", b"{}", keep_days=30)


def proposed(key: str | None, rule: int, sure: bool) -> tuple[f.Proposal, ...]:
    """What the machine makes of it: one class, or nothing."""
    if key is None:
        return ()
    ppm = 950_000 if sure else 500_000
    return (f.Proposal(class_key=key, rule=f"{key}/{rule}", confidence_ppm=ppm, reasons=("word",)),)
