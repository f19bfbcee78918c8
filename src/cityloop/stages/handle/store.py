"""The SQL of handling."""

import msgspec

from cityloop.db import Tx
from cityloop.domain.policy import Limit
from cityloop.domain.time import moment
from cityloop.stages.handle.model import Running

_limit = msgspec.json.Decoder(Limit).decode


def task_list_running(tx: Tx) -> list[Running]:
    """Every task whose clock runs, in the order in which they were given."""
    rows = tx.all(
        "SELECT id, case_id, given_at, due_at, time_limit FROM task "
        "WHERE city = :city AND ended_at IS NULL AND time_limit IS NOT NULL ORDER BY id"
    )
    return [
        Running(
            id=row.id, case_id=row.case_id, given_at=moment(row.given_at), due_at=moment(row.due_at),
            limit=_limit(row.time_limit),
        )
        for row in rows
    ]  # fmt: skip


def pack_digest(tx: Tx) -> str | None:
    """The pack in force, as the journal has it."""
    return tx.value("SELECT digest FROM pack_in_force WHERE city = :city ORDER BY since DESC LIMIT 1")
