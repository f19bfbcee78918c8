"""What waits in the city's tables, for whoever watches it. Few statements, each by an index."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from cityloop.db import Tx
from cityloop.domain.time import moment
from cityloop.journal.held import TRIES_MAX
from cityloop.operate.meter import Sample


def of_city(tx: Tx, behind: Callable[[Tx], dict[str, int]]) -> Iterator[Sample]:
    """Facts, and what of them is not handled, sealed, told or done yet."""
    size = tx.value("SELECT size FROM log_head WHERE city = :city") or 0
    yield Sample("cityloop_facts", (), size)
    rows = tx.all("SELECT handler, count(*) AS held, sum(parked) AS parked FROM held WHERE city = :city GROUP BY handler")
    held = {row.handler: row for row in rows}
    for handler, count in behind(tx).items():
        labels, row = (("handler", handler),), held.get(handler)
        yield Sample("cityloop_behind", labels, count)
        yield Sample("cityloop_held", labels, row.held if row else 0)
        yield Sample("cityloop_parked", labels, int(row.parked) if row else 0)
    yield from _sealed(tx, size)
    now = tx.now
    yield Sample("cityloop_timers_due", (), tx.value("SELECT count(*) FROM timer WHERE city = :city AND next_at <= :now", now=now))
    stuck = tx.value("SELECT count(*) FROM timer WHERE city = :city AND tries >= :tries", tries=TRIES_MAX)
    yield Sample("cityloop_timers_stuck", (), stuck)
    yield Sample("cityloop_outbox_down", (), tx.value("SELECT count(*) FROM outbox_place WHERE city = :city AND failing_since IS NOT NULL"))
    yield Sample("cityloop_outbox_held", (), tx.value("SELECT count(*) FROM outbox_held WHERE city = :city"))
    yield Sample("cityloop_messages_waiting", (), tx.value("SELECT count(*) FROM outbox WHERE city = :city AND ended_at IS NULL"))
    week = now - timedelta(days=7)
    said = "SELECT count(*) FROM verdict WHERE city = :city AND at > :week"
    yield Sample("cityloop_verdicts", (), tx.value(said, week=week))
    yield Sample("cityloop_verdicts_unsatisfied", (), tx.value(f"{said} AND satisfied = 'not'", week=week))


def _sealed(tx: Tx, size: int) -> Iterator[Sample]:
    origin = tx.one("SELECT no, first_seq FROM origin WHERE city = :city ORDER BY no DESC LIMIT 1")
    if origin is None:
        return
    sealed = origin.first_seq - 1 + (
        tx.value("SELECT max(size) FROM checkpoint WHERE city = :city AND origin = :origin", origin=origin.no) or 0
    )
    yield Sample("cityloop_seal_waiting", (), max(0, size - sealed))
    waits = fact_at(tx, sealed + 1) if size > sealed else None
    yield Sample("cityloop_seal_age_seconds", (), max(0.0, (tx.now - waits).total_seconds()) if waits else 0.0)
    if origin.no > 1 and (began := fact_at(tx, origin.first_seq - 1)):
        yield Sample("cityloop_log_broken_age_seconds", (), max(0.0, (tx.now - began).total_seconds()))


def fact_at(tx: Tx, seq: int) -> datetime | None:
    """When a fact was written down; None where there is none of this number."""
    text = tx.value("SELECT recorded_at FROM fact WHERE city = :city AND seq = :seq", seq=seq)
    return moment(text) if text else None
