"""Cases within reach of a place: how they are found, and which was closed there last, 复发."""

from datetime import datetime
from typing import NamedTuple

import msgspec

from cityloop.db import Row, Tx
from cityloop.domain.facts import Where
from cityloop.domain.ids import CaseId, ClassKey
from cityloop.domain.near import NearCase, recurring
from cityloop.domain.place import box_around
from cityloop.domain.policy import ProblemClass
from cityloop.places import spots_around

COLUMNS = "id, class_key, report_id, is_open, opened_at, closed_at, cell, lon, lat, component"
CLOSED_MAX = 4  # in each spot, of those within reach
AT_HAND = (
    f"SELECT {COLUMNS} FROM case_file WHERE city = :city AND spot = :spot "
    "AND (lon BETWEEN :west AND :east AND lat BETWEEN :south AND :north OR component = :component)"
)
_CLOSED, _LAST = f"{AT_HAND} AND class_key = :class_key AND state = 'closed'", f"ORDER BY closed_at DESC, id DESC LIMIT {CLOSED_MAX}"
CLOSED_AT_HAND = f"{_CLOSED} {_LAST}"


class Hand(NamedTuple):
    """What is within reach of a place, in one spot: a box in degrees, or the component."""

    class_key: ClassKey
    spot: int
    component: str
    west: float
    south: float
    east: float
    north: float


def hands_of(of: ProblemClass, where: Where) -> list[Hand]:
    """What is within the reach of the class, spot by spot; nothing where the place has no point."""
    if where.lon is None or where.lat is None:
        return []
    box = box_around(where.lon, where.lat, of.join_radius_m)
    return [Hand(of.key, spot, where.component or "", *box) for spot in spots_around(where.lon, where.lat, of.join_radius_m)]


def closed_last(tx: Tx, of: ProblemClass, where: Where, *, until: datetime) -> CaseId | None:
    """The case of the class that had been closed last within its reach of a place, as things were at a moment."""
    if not of.private_place:
        found = tx.each(f"{_CLOSED} AND closed_at <= :until {_LAST}", [each._asdict() | {"until": until} for each in hands_of(of, where)])
        return recurring([near_case(row) for rows in found for row in rows], where, of)
    return tx.value(
        "SELECT id FROM case_file WHERE city = :city AND class_key = :class_key AND cell = :cell AND spot IS NULL "
        "AND state = 'closed' AND closed_at <= :until ORDER BY closed_at DESC, id DESC LIMIT 1",
        class_key=of.key, cell=where.cell, until=until,
    )  # fmt: skip


def near_case(row: Row) -> NearCase:
    """A row of `COLUMNS`."""
    return msgspec.convert(row._asdict(), NearCase, strict=False)
