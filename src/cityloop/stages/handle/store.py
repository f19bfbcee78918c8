"""The SQL of handling."""

import msgspec

from cityloop.db import Tx
from cityloop.domain.clock import Pause
from cityloop.domain.policy import Limit
from cityloop.domain.time import moment
from cityloop.stages.handle.model import Running

_pauses = msgspec.json.Decoder(tuple[Pause, ...]).decode
_limit = msgspec.json.Decoder(Limit).decode


def task_list_running(tx: Tx) -> list[Running]:
    """Every task whose clock runs, in the order in which they were given."""
    rows = tx.all(
        "SELECT id, case_id, COALESCE(clock_from, given_at) AS start, due_at, time_limit, pauses FROM task "
        "WHERE city = :city AND ended_at IS NULL AND time_limit IS NOT NULL ORDER BY id"
    )
    return [
        Running(
            id=row.id, case_id=row.case_id, start=moment(row.start), due_at=moment(row.due_at),
            limit=_limit(row.time_limit), pauses=_pauses(row.pauses) if row.pauses else (),
        )
        for row in rows
    ]  # fmt: skip


def pack_digest(tx: Tx) -> str | None:
    """The pack in force, as the journal has it."""
    return tx.value("SELECT digest FROM pack_in_force WHERE city = :city ORDER BY since DESC LIMIT 1")
