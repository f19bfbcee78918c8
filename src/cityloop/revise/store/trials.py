"""The SQL of trials: the facts of a period in their order, what is looked up beside them, and what was found."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from cityloop.cases import Report
from cityloop.db import Tx
from cityloop.db.tx import row_to
from cityloop.domain import facts as f
from cityloop.domain.facts import Told
from cityloop.domain.ids import CaseId, UnitId
from cityloop.journal import told_from
from cityloop.revise.model import Line, Trial, TrialKind, TrialLine, TrialScore, TrialState

DECIDES = (f.CaseOpened, f.CaseFiled, f.CaseDispatched, f.DispatchProposed)
TELLS = (*DECIDES, f.CaseSelfHandled, f.CaseLevelMoved, f.CaseReassigned)  # what decisions need to know
_NAMES = ", ".join(f"'{each.__name__}'" for each in TELLS)
AT_ONCE = 200  # cases whose earlier facts are fetched in one statement
_TRIAL = "id, digest, draft_id, since, until, by, asked_at, state, done, size, score, ended_at, error, remedy"
_LINE = "trial_id, seq, case_id, number, at, kind, changed, before, after, note"


def span_of(tx: Tx, since: datetime, until: datetime) -> tuple[int, int]:
    """The first seq recorded in a period, and the first after it; found by halves, for they rise together."""
    size = tx.value("SELECT size FROM log_head WHERE city = :city") or 0
    return _first(tx, since, size), _first(tx, until, size)


def _first(tx: Tx, moment: datetime, size: int) -> int:
    low, high = 1, size + 1
    while low < high:
        middle = (low + high) // 2
        before = tx.value(
            "SELECT 1 FROM fact WHERE city = :city AND seq = :seq AND recorded_at < :moment", seq=middle, moment=moment
        )
        low, high = (middle + 1, high) if before else (low, middle)
    return low


def fact_list(tx: Tx, first: int, end: int) -> list[Told]:
    """The facts of a stretch that decide, or tell what decisions need."""
    rows = tx.tuples(
        f"SELECT seq, body FROM fact WHERE city = :city AND seq >= :first AND seq < :end AND type IN ({_NAMES}) ORDER BY seq",
        first=first, end=end,
    )  # fmt: skip
    return [told_from(tx.city, seq, body) for seq, body in rows]


def fact_list_before(tx: Tx, cases: Sequence[CaseId], first: int) -> list[Told]:
    """What was told of these cases before a seq."""
    found: list[tuple] = []
    for start in range(0, len(cases), AT_ONCE):
        some = {f"s{place}": f"case/{id}" for place, id in enumerate(cases[start : start + AT_ONCE])}
        found += tx.tuples(
            f"SELECT seq, body FROM fact WHERE city = :city AND subject IN ({', '.join(f':{name}' for name in some)}) "
            f"AND seq < :first AND type IN ({_NAMES})",
            first=first, **some,
        )  # fmt: skip
    return [told_from(tx.city, seq, body) for seq, body in sorted(found, key=lambda row: row[0])]


def report_many(tx: Tx, ids: Iterable[str]) -> None:
    """Fetch reports that will be asked for."""
    tx.get_many("report", Report, ids)


def report_find(tx: Tx, id: str) -> Report | None:
    return tx.get("report", Report, id)


def load_at(tx: Tx, unit: UnitId, at: datetime) -> int:
    """How many tasks a unit had open at a moment."""
    return tx.value(
        "SELECT COUNT(*) FROM task WHERE city = :city AND unit = :unit AND given_at <= :at "
        "AND (ended_at IS NULL OR ended_at > :at) AND kind IN ('handle', 'assist')",
        unit=unit, at=at,
    )  # fmt: skip


# what was found


def trial_find(tx: Tx, id: str) -> Trial | None:
    row = tx.one(f"SELECT {_TRIAL} FROM pack_trial WHERE city = :city AND id = :id", id=id)
    return row_to(Trial, row) if row else None


def trial_list(tx: Tx, limit: int) -> list[Trial]:
    """The newest trials."""
    rows = tx.all(f"SELECT {_TRIAL} FROM pack_trial WHERE city = :city ORDER BY id DESC LIMIT :many", many=limit)
    return [row_to(Trial, row) for row in rows]


def trial_next(tx: Tx) -> Trial | None:
    """The oldest trial that is not over."""
    row = tx.one(
        f"SELECT {_TRIAL} FROM pack_trial WHERE city = :city AND state IN ('waiting', 'running') ORDER BY id LIMIT 1"
    )
    return row_to(Trial, row) if row else None


def trial_begun(tx: Tx, id: str, size: int) -> None:
    """Begin, or begin again where a stopped server left it."""
    tx.run("DELETE FROM pack_trial_line WHERE city = :city AND trial_id = :id", id=id)
    tx.run(
        "UPDATE pack_trial SET state = 'running', done = 0, size = :size WHERE city = :city AND id = :id",
        id=id, size=size,
    )  # fmt: skip


def trial_went_on(tx: Tx, id: str, done: int, score: TrialScore, lines: Sequence[Line]) -> None:
    for line in lines:
        tx.put("pack_trial_line", _row(id, line))
    tx.run(
        "UPDATE pack_trial SET done = :done, score = :score WHERE city = :city AND id = :id",
        id=id, done=done, score=_text(score),
    )  # fmt: skip


def trial_ended(tx: Tx, id: str, state: TrialState, error: str | None = None) -> None:
    tx.run(
        "UPDATE pack_trial SET state = :state, ended_at = :now, error = :error WHERE city = :city AND id = :id",
        id=id, state=state, now=tx.now, error=error,
    )  # fmt: skip


def line_list(
    tx: Tx, id: str, *, kind: TrialKind | None, part: str | None, unknown: bool | None, after: int, limit: int
) -> list[TrialLine]:
    """What was found, in the order of the journal."""
    where, given = "", {}
    if kind:
        where, given = where + " AND kind = :kind", given | {"kind": kind}
    if part:
        where, given = where + " AND changed LIKE :part", given | {"part": f"%|{part}|%"}
    if unknown is not None:
        where += f" AND note IS {'NOT ' if unknown else ''}NULL"
    rows = tx.all(
        f"SELECT {_LINE} FROM pack_trial_line WHERE city = :city AND trial_id = :id AND seq > :after{where} "
        "ORDER BY seq LIMIT :many",
        id=id, after=after, many=limit, **given,
    )  # fmt: skip
    return [row_to(TrialLine, row) for row in rows]


def _row(id: str, line: Line) -> TrialLine:
    return TrialLine(
        trial_id=id, seq=line.seq, case_id=line.case_id, number=line.number, at=line.at, kind=line.kind,
        changed="".join(f"|{part}" for part in line.changed) + "|" if line.changed else "", before=_text(line.before),
        after=_text(line.after) if line.after else None, note=line.note,
    )  # fmt: skip


def _text(value: msgspec.Struct) -> str:
    return msgspec.json.encode(value).decode()
