"""One import of a source at a time: who reads it, how far it came, and who may go on."""

import os
import secrets
import socket
from datetime import datetime, timedelta

from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.doors.files import store
from cityloop.doors.files.model import ImportRunning, ImportTakenOver, Tally
from cityloop.doors.files.store import Run

QUIET = timedelta(seconds=60)  # a reader on another machine that did not move for so long is gone


def new_owner() -> str:
    """A name for this reader: machine, process, and chance."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def begin(tx: Tx, source: str, owner: str, *, file_digest: str, mapping_digest: str) -> Run:
    """Take the source: a new run, or the rest of one whose reader is gone, of the same file with the same mapping.

    Refuses with `ImportRunning`.
    """
    before = store.run_get(tx, source)
    if before and before.ended_at is None and before.owner and _lives(before, tx.now):
        raise ImportRunning(
            f"An import of {source} is under way ({before.owner}, {before.records:,} records so far); wait until it has "
            "ended, then import again: what it has done is not done twice."
        )
    goes_on = before and before.ended_at is None
    if goes_on and (before.file_digest, before.mapping_digest) == (file_digest, mapping_digest):
        run = replace(before, owner=owner, seen_at=tx.now)
    else:
        run = Run(
            source=source, file_digest=file_digest, mapping_digest=mapping_digest, owner=owner, records=0, added=0,
            same=0, renewed=0, differing=0, bad=0, begun_at=tx.now, seen_at=tx.now,
        )  # fmt: skip
    tx.put("import_run", run)
    return run


def moved(tx: Tx, run: Run, tally: Tally, *, ended: bool = False) -> None:
    """Write down how far the reader is, in the transaction that brought it there.

    Refuses with `ImportTakenOver`.
    """
    if not store.run_lock(tx, run.source, run.owner):
        raise ImportTakenOver(f"Another process goes on with the import of {run.source}; leave it to that one.")
    now = replace(
        run, records=tally.records, added=tally.added, same=tally.same, renewed=tally.renewed,
        differing=tally.differing, bad=tally.bad, seen_at=tx.now, ended_at=tx.now if ended else None,
    )  # fmt: skip
    tx.put("import_run", now)


def let_go(tx: Tx, run: Run) -> None:
    """Leave the source to whoever comes next."""
    if store.run_lock(tx, run.source, run.owner):
        found = store.run_get(tx, run.source)
        assert found
        tx.put("import_run", replace(found, owner=""))


def _lives(run: Run, now: datetime) -> bool:
    host, _, rest = run.owner.partition(":")
    if host != socket.gethostname():
        return now - run.seen_at < QUIET
    try:
        os.kill(int(rest.partition(":")[0]), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError):
        return True
    return True
