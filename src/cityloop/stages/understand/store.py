"""The only SQL of understand: cases in the neighbourhood, as little of each as is needed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from cityloop.db import Tx
from cityloop.domain.codes import matter_range
from cityloop.domain.facts import Where
from cityloop.domain.ids import CaseId, CellCode, ClassKey, ReportId
from cityloop.domain.near import NearCase
from cityloop.domain.place import box_around
from cityloop.domain.policy import ProblemClass
from cityloop.places import spots_around

COLUMNS = "id, class_key, report_id, is_open, opened_at, closed_at, cell, lon, lat, component"
OPEN_MAX, CLOSED_MAX, MATTER_MAX = 16, 4, 12  # of each spot, the newest: a crowded place must not make a report dear
_AT = f"SELECT {COLUMNS} FROM case_file WHERE city = :city AND spot = :spot"
_HERE = (  # each part walks a few entries of one index
    "SELECT * FROM ("
    f"SELECT * FROM ({_AT} AND class_key = :class_key AND is_open = 1 AND opened_at >= :since "
    f"ORDER BY opened_at DESC LIMIT {OPEN_MAX}) AS o "
    f"UNION ALL SELECT * FROM ({_AT} AND is_open = 1 AND class_key >= :first AND class_key < :after "
    f"AND class_key <> :class_key AND opened_at >= :since LIMIT {MATTER_MAX}) AS m "
    f"UNION ALL SELECT * FROM ({_AT} AND class_key = :class_key AND state = 'closed' "
    f"ORDER BY closed_at DESC LIMIT {CLOSED_MAX}) AS c"
    ") AS near WHERE lon BETWEEN :west AND :east AND lat BETWEEN :south AND :north OR component = :component"
)
_WORDS = (
    "SELECT case_words.words FROM report JOIN case_words ON case_words.city = report.city "
    "AND case_words.source = report.said WHERE report.city = :city AND report.id = :report"
)


class Here(NamedTuple):
    """A neighbourhood: the spot, the class with its matter (a range of keys), and a box in degrees or the component."""

    class_key: ClassKey
    spot: int
    since: datetime
    component: str
    first: str
    after: str
    west: float
    south: float
    east: float
    north: float


def near_of_each(tx: Tx, asked: Mapping[ReportId, Sequence[Here]]) -> dict[ReportId, list[NearCase]]:
    """Cases within the reach of the class of each report: open ones of it and of its matter that were opened since, and
    those of the class closed last. In one statement where the engine can."""
    rows = iter(tx.each(_HERE, [here._asdict() for each in asked.values() for here in each]))
    return {report: [_near(row) for _ in each for row in next(rows)] for report, each in asked.items()}


def here_of(of: ProblemClass, where: Where, *, since: datetime) -> list[Here]:
    """What a report of the class asks of its neighbourhood; nothing where it has no point."""
    if where.lon is None or where.lat is None:
        return []
    matter, box = matter_range(of.key), box_around(where.lon, where.lat, of.join_radius_m)
    spots = spots_around(where.lon, where.lat, of.join_radius_m)
    return [Here(of.key, spot, since, where.component or "", *matter, *box) for spot in spots]


def words_of_each(tx: Tx, near: Iterable[NearCase]) -> dict[CaseId, frozenset[str]]:
    """The pieces of the words with which these cases began, as far as the index of words has them already."""
    cases = {case.id: case.report_id for case in near}
    found = tx.each(_WORDS, [{"report": report} for report in cases.values()])
    return {id: frozenset(rows[0].words.split(" ")) for id, rows in zip(cases, found, strict=True) if rows}


def case_list_in_cell(tx: Tx, class_key: ClassKey, cell: CellCode, *, since: datetime) -> list[NearCase]:
    """The same for a class whose places are private: what is in the cell is near."""
    rows = tx.all(
        f"SELECT {COLUMNS} FROM case_file WHERE city = :city AND class_key = :class_key AND cell = :cell "
        f"AND spot IS NULL AND (is_open = 1 AND opened_at >= :since OR state = 'closed') ORDER BY id DESC LIMIT 50",
        class_key=class_key, cell=cell, since=since,
    )  # fmt: skip
    return [_near(row) for row in rows]


def class_list_common(tx: Tx, spots: Sequence[int], *, limit: int = 12) -> list[ClassKey]:
    """The classes of the filed cases in these spots, the commonest first."""
    params = {f"s{number}": spot for number, spot in enumerate(spots)}
    names = ", ".join(f":{name}" for name in params)
    rows = tx.all(
        f"SELECT class_key FROM case_file WHERE city = :city AND spot IN ({names}) AND number IS NOT NULL "
        f"AND class_key IS NOT NULL GROUP BY class_key ORDER BY count(*) DESC, class_key LIMIT :limit",
        limit=limit, **params,
    )  # fmt: skip
    return [row.class_key for row in rows]


def _near(row: tuple) -> NearCase:
    return msgspec.convert(row._asdict(), NearCase, strict=False)  # type: ignore[attr-defined]
