"""The SQL of handling."""

from collections.abc import Iterable

from cityloop.db import Tx
from cityloop.db.tx import row_to
from cityloop.domain.ids import CaseId
from cityloop.domain.lifecycle import RUNNING
from cityloop.stages.handle.model import PAGE, Running

_RUNNING = (
    "SELECT c.id, c.state, r.received_at, c.clock_since, c.accept_due, c.accept_limit, c.dispatch_due, c.dispatch_limit, "
    "t.id AS task_id, COALESCE(t.clock_from, t.given_at) AS task_start, t.given_at AS task_given_at, t.due_at AS task_due, "
    "t.time_limit AS task_limit, t.pauses AS task_pauses, t.extensions AS task_extensions, t.sign_due AS task_sign_due, t.sign_limit AS task_sign_limit "
)
_JOINED = (
    "JOIN report AS r ON r.city = :city AND r.id = c.report_id "
    "LEFT JOIN task AS t ON t.city = :city AND t.id = c.task_id AND t.ended_at IS NULL "
)
_WALKS = " UNION ALL ".join(  # each walks one index in the order of ids, so that nothing but a page is read or sorted
    f"SELECT * FROM (SELECT id FROM case_file WHERE city = :city AND state = '{state}' AND id > :after "
    f"ORDER BY id LIMIT {PAGE}) AS {state}_walk"
    for state in RUNNING
)


def case_list_running(tx: Tx, after: CaseId | None) -> list[Running]:
    """The next cases in which a limit runs, by id; none where there are no more."""
    rows = tx.all(
        f"{_RUNNING} FROM (SELECT id FROM ({_WALKS}) AS walked ORDER BY id LIMIT {PAGE}) AS found "
        f"JOIN case_file AS c ON c.city = :city AND c.id = found.id {_JOINED} ORDER BY c.id",
        after=after or "",
    )
    return [row_to(Running, row) for row in rows]


def case_list_now(tx: Tx, ids: Iterable[CaseId]) -> list[Running]:
    """The same of these cases, which are held."""
    sql = f"{_RUNNING} FROM case_file AS c {_JOINED} WHERE c.city = :city AND c.id = :id"
    return [row_to(Running, row) for id in ids for row in tx.all(sql, id=id)]


def pack_digest(tx: Tx) -> str | None:
    """The pack in force, as the journal has it."""
    return tx.value("SELECT digest FROM pack_in_force WHERE city = :city ORDER BY since DESC LIMIT 1")
