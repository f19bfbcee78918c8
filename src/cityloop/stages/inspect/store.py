"""The only SQL of inspecting: lists of call-backs and verdicts, and what they come to."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from cityloop.cases.reach import Reach, within
from cityloop.db import Row, Tx
from cityloop.domain.ids import AreaCode, UnitId
from cityloop.domain.lifecycle import State

_CASE = "JOIN case_file AS c ON c.city = b.city AND c.id = b.case_id"
_SHOWN = "c.number, c.class_key, c.cell, c.street, c.district, c.unit"


class Tallies(Struct, frozen=True, kw_only=True):
    """What a period came to, before any rate: each number counts rows whose moment lies in it."""

    owed: int
    in_time: int
    solved: Counter[str]
    satisfied: Counter[str]
    closed: int
    redone: int


def callback_list_running(
    tx: Tx, reach: Reach, *, without_units: Sequence[UnitId], after: tuple[str, str] | None, limit: int
) -> list[Row]:
    """The call-backs that run, what is due first at the head; none of work of these units."""
    seen, params = within(reach)
    own = [f":own_{place}" for place in range(len(without_units))]
    more = f" AND {seen}" if seen else ""
    more += f" AND COALESCE(b.unit, '') NOT IN ({', '.join(own)})" if own else ""
    more += " AND (b.due_at, b.id) > (:due_at, :id)" if after else ""
    return tx.all(
        f"SELECT b.id, b.report_id, b.case_id, b.way, b.asked_at, b.due_at, b.next_at, b.until, b.tries, b.last_try, "
        f"b.script, b.simulated, r.contact, {_SHOWN} FROM callback AS b {_CASE} "
        "JOIN report AS r ON r.city = b.city AND r.id = b.report_id "
        f"WHERE b.city = :city AND b.ended_at IS NULL{more} ORDER BY b.due_at, b.id LIMIT {int(limit)}",
        **params, **{f"own_{place}": unit for place, unit in enumerate(without_units)},
        **({"due_at": after[0], "id": after[1]} if after else {}),
    )  # fmt: skip


def verdict_list_waiting(tx: Tx, reach: Reach, *, after: tuple[str, str] | None, limit: int) -> list[Row]:
    """Verdicts that are not content and stand unanswered, the oldest first."""
    seen, params = within(reach)
    more = f" AND {seen}" if seen else ""
    more += " AND (b.at, b.report_id) > (:at, :report_id)" if after else ""
    return tx.all(
        "SELECT b.report_id, b.case_id, b.closing, b.solved, b.satisfied, b.way, b.reasons, b.words, b.at, b.simulated, "
        f"c.state, c.no, c.redos, c.closed_at, {_SHOWN} FROM verdict AS b {_CASE} "
        "WHERE b.city = :city AND b.solved <> 'solved' AND b.superseded_at IS NULL AND b.answered_at IS NULL"
        f"{more} ORDER BY b.at, b.report_id LIMIT {int(limit)}",
        **params, **({"at": after[0], "report_id": after[1]} if after else {}),
    )  # fmt: skip


def tallies_of(tx: Tx, since: datetime, until: datetime, areas: Iterable[AreaCode] | None) -> Tallies:
    """What a period came to, in cases of these areas; None is the whole city.

    A call-back is owed on the day it was answered in time, else on the day of its deadline. Of what a reporter said about one
    closing in the period, the last word of the period counts.
    """
    where, params = _in_areas(areas)
    params |= {"since": since, "until": until}
    settled = "CASE WHEN b.overdue = 0 THEN b.ended_at ELSE b.due_at END"
    owed = tx.one(
        "SELECT count(*) AS owed, COALESCE(sum(CASE WHEN b.outcome = 'answered' AND b.overdue = 0 THEN 1 ELSE 0 END), 0) "
        f"AS in_time FROM callback AS b {_CASE} WHERE b.city = :city AND (COALESCE(b.overdue, 1) = 1 "
        f"OR b.outcome <> 'redone') AND {settled} >= :since AND {settled} < :until{where}",
        **params,
    )
    said = tx.all(
        f"SELECT b.solved, b.satisfied, count(*) AS count FROM verdict AS b {_CASE} WHERE b.city = :city "
        "AND b.callback_id IS NOT NULL AND b.at >= :since AND b.at < :until "
        f"AND COALESCE(b.superseded_at, :until) >= :until{where} GROUP BY b.solved, b.satisfied",
        **params,
    )
    closed_at = f"COALESCE(b.first_closed_at, CASE WHEN b.state = '{State.closed}' THEN b.closed_at END)"
    solved: Counter[str] = Counter()
    satisfied: Counter[str] = Counter()
    for row in said:
        solved[row.solved] += row.count
        satisfied[row.satisfied] += row.count
    return Tallies(
        owed=owed.owed if owed else 0, in_time=owed.in_time if owed else 0, solved=solved, satisfied=satisfied,
        closed=_count(tx, "case_file AS b JOIN case_file AS c ON c.city = b.city AND c.id = b.id", closed_at, where, params),
        redone=_count(tx, f"redo AS b {_CASE}", "b.at", where, params),
    )  # fmt: skip


def _count(tx: Tx, rows: str, moment: str, where: str, params: dict) -> int:
    return tx.value(
        f"SELECT count(*) FROM {rows} WHERE b.city = :city AND {moment} >= :since AND {moment} < :until{where}",
        **params,
    )


def _in_areas(areas: Iterable[AreaCode] | None) -> tuple[str, dict[str, object]]:
    if areas is None:
        return "", {}
    named = {f"area_{place}": area for place, area in enumerate(areas)}
    held = " OR ".join(f"substr(c.cell, 1, length(:{name})) = :{name}" for name in named)
    return f" AND ({held or '1 = 0'})", dict(named)
