"""The SQL of the lines of text."""

from cityloop.db import Tx
from cityloop.doors.lines.model import TextLine


def line_get(tx: Tx, id: str) -> TextLine | None:
    """Where somebody stands; None where they stand nowhere, or it has lapsed."""
    line = tx.get("text_line", TextLine, id)
    return line if line is not None and line.until > tx.now else None


def line_forget(tx: Tx, id: str) -> None:
    """Keep nothing of a menu that ended, nor of those that have lapsed."""
    tx.run("DELETE FROM text_line WHERE city = :city AND (id = :id OR until <= :now)", id=id, now=tx.now)
