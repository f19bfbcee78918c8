"""The door to the database: one transaction type over two engines."""

from cityloop.db.open import Database, DatabaseClosed, DatabaseGone, OnlyReads, open_database
from cityloop.db.tables import TABLES, Kind
from cityloop.db.tx import CommitFailed, Row, Tx, once_found

__all__ = ["TABLES", "CommitFailed", "Database", "DatabaseClosed", "DatabaseGone", "Kind", "OnlyReads", "Row", "Tx", "once_found", "open_database"]
