"""The only SQL of understand: cases of a class in the neighbourhood, as little of each as is needed."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

import msgspec

from cityloop.db import Tx
from cityloop.domain.ids import CellCode, ClassKey
from cityloop.domain.near import NearCase

COLUMNS = "id, is_open, opened_at, closed_at, cell, lon, lat, component"
OPEN_MAX, CLOSED_MAX = 16, 4  # of each spot, the newest: a crowded place must not make a report dear


def case_list_here(tx: Tx, class_key: ClassKey, spots: Sequence[int], *, since: datetime) -> list[NearCase]:
    """Cases of the class in these spots: open ones that were opened since, and those closed last."""
    params = {f"s{number}": spot for number, spot in enumerate(spots)}
    rows = tx.all(_here(len(spots)), class_key=class_key, since=since, **params)
    return [_near(row) for row in rows]


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
            f"SELECT * FROM (SELECT {COLUMNS} {at} AND state = 'closed' ORDER BY closed_at DESC LIMIT {CLOSED_MAX}) "
            f"AS c{number}"
        )
    return " UNION ALL ".join(parts)


def _near(row: tuple) -> NearCase:
    return msgspec.convert(row._asdict(), NearCase, strict=False)  # type: ignore[attr-defined]
