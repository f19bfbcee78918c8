"""The only SQL of understand: cases in the neighbourhood, as little of each as is needed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

import msgspec

from cityloop.db import Tx
from cityloop.domain.codes import matter_range
from cityloop.domain.facts import Where
from cityloop.domain.ids import CaseId, CellCode, ClassKey
from cityloop.domain.near import NearCase
from cityloop.domain.place import box_around
from cityloop.domain.policy import ProblemClass
from cityloop.places import spots_around

COLUMNS = "id, class_key, report_id, is_open, opened_at, closed_at, cell, lon, lat, component"
OPEN_MAX, CLOSED_MAX, MATTER_MAX = 16, 4, 12  # of each spot, the newest: a crowded place must not make a report dear


def case_list_here(tx: Tx, of: ProblemClass, where: Where, *, since: datetime) -> list[NearCase]:
    """Cases within the reach of the class: open ones of it and of its matter that were opened since, and those of the class
    closed last."""
    assert where.lon is not None, "who has no point is looked for in the cell"
    assert where.lat is not None
    spots = spots_around(where.lon, where.lat, of.join_radius_m)
    params: dict[str, int | float] = {f"s{number}": spot for number, spot in enumerate(spots)}
    first, after = matter_range(of.key)
    params |= zip(("west", "south", "east", "north"), box_around(where.lon, where.lat, of.join_radius_m), strict=True)
    rows = tx.all(
        _here(len(spots)), class_key=of.key, component=where.component or "", first=first, after=after, since=since, **params
    )
    return [_near(row) for row in rows]


def case_words_of(tx: Tx, near: Iterable[NearCase]) -> dict[CaseId, frozenset[str]]:
    """The pieces of the words with which these open cases began, as far as the index of words has them already."""
    of = {case.report_id: case.id for case in near}
    marks = ", ".join(f":r{number}" for number in range(len(of)))
    rows = tx.all(
        "SELECT report.id, case_words.words FROM report JOIN case_words ON case_words.city = report.city "
        f"AND case_words.source = report.said WHERE report.city = :city AND report.id IN ({marks})",
        **{f"r{number}": id for number, id in enumerate(of)},
    )
    return {of[row.id]: frozenset(row.words.split(" ")) for row in rows}


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


@lru_cache(maxsize=32)
def _here(count: int) -> str:
    """One statement, whose parts each walk a few entries of one index. The same words for the same number of spots."""
    parts = []
    for number in range(count):
        at = f"FROM case_file WHERE city = :city AND class_key = :class_key AND spot = :s{number}"
        parts.append(
            f"SELECT * FROM (SELECT {COLUMNS} {at} AND is_open = 1 AND opened_at >= :since "
            f"ORDER BY opened_at DESC LIMIT {OPEN_MAX}) AS o{number}"
        )
        parts.append(
            f"SELECT * FROM (SELECT {COLUMNS} FROM case_file WHERE city = :city AND spot = :s{number} AND is_open = 1 "
            f"AND class_key >= :first AND class_key < :after AND class_key <> :class_key AND opened_at >= :since "
            f"LIMIT {MATTER_MAX}) AS m{number}"
        )
        parts.append(
            f"SELECT * FROM (SELECT {COLUMNS} {at} AND state = 'closed' ORDER BY closed_at DESC LIMIT {CLOSED_MAX}) "
            f"AS c{number}"
        )
    found = " UNION ALL ".join(parts)
    return (
        f"SELECT * FROM ({found}) AS found WHERE lon BETWEEN :west AND :east AND lat BETWEEN :south AND :north "
        "OR component = :component"
    )


def _near(row: tuple) -> NearCase:
    return msgspec.convert(row._asdict(), NearCase, strict=False)  # type: ignore[attr-defined]
