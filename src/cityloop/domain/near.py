"""Which case a report belongs to: another sight of an open one, or a closed one come back.

One rule, asked twice: when a report is understood, and once more before a case is opened for it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from cityloop.domain.facts import Join, Where
from cityloop.domain.ids import CaseId, CellCode, ComponentCode
from cityloop.domain.place import Point, distance_m, squares_around
from cityloop.domain.policy import ProblemClass

SAME_SPOT_PPM = 970_000  # at the very place
AT_EDGE_PPM = 500_000  # at the radius within which the pack joins at all
SAME_COMPONENT_PPM = 985_000
OTHER_COMPONENT_PPM = 300_000  # each belongs to a registered thing of its own
SAME_CELL_PPM = 600_000  # a private place: the cell is all that is known
SQUARE_RADII, SQUARE_RADIUS_M_MIN = 8, 50  # how wide a square to hold is: then a report seldom needs more than one


class NearCase(Struct, frozen=True, kw_only=True):
    """A case of the class in the same neighbourhood, open or closed."""

    id: CaseId
    is_open: bool
    opened_at: datetime
    closed_at: datetime | None
    cell: CellCode | None
    lon: float | None
    lat: float | None
    component: ComponentCode | None


class Relatives(Struct, frozen=True, kw_only=True):
    """The open case that a report may belong to, and the last closed one there."""

    join: Join | None = None
    recurs: CaseId | None = None


def relatives_of(
    near: Iterable[NearCase], where: Where, of: ProblemClass, *, at: datetime, class_ppm: int
) -> Relatives:
    """The open case that this is most likely another sight of, and the last closed one of the class here.

    A join is never surer than the class.
    """
    joins: list[tuple[int, int, NearCase]] = []
    closed: list[NearCase] = []
    since = at - timedelta(hours=of.join_hours)
    for case in near:
        away_m = _away_m(case, where, of)
        if away_m is None or away_m > of.join_radius_m:
            continue
        if not case.is_open:
            closed.append(case)
        elif case.opened_at >= since:
            joins.append((join_confidence_ppm(case, where, away_m, of), round(away_m), case))
    last = max(closed, key=lambda case: (case.closed_at or case.opened_at, case.id), default=None)
    best = min(joins, key=lambda each: (-each[0], each[1], each[2].id), default=None)
    return Relatives(
        join=Join(case_id=best[2].id, distance_m=best[1], confidence_ppm=min(best[0], class_ppm)) if best else None,
        recurs=last.id if last else None,
    )


def join_confidence_ppm(case: NearCase, where: Where, away_m: float, of: ProblemClass) -> int:
    """How likely two reports of a class this far apart are of one problem. Units: parts per million; metres."""
    if of.private_place:
        return SAME_CELL_PPM
    if case.component and where.component:
        return SAME_COMPONENT_PPM if case.component == where.component else OTHER_COMPONENT_PPM
    share = min(1.0, away_m / of.join_radius_m) if of.join_radius_m else float(away_m > 0)
    return round(SAME_SPOT_PPM - (SAME_SPOT_PPM - AT_EDGE_PPM) * share)


def places_held(where: Where, of: ProblemClass) -> tuple[str, ...]:
    """Names of the neighbourhood of a report: two reports that may be of one problem have one in common.

    Whoever holds these decides alone whether the problem is known there.
    """
    if of.private_place:
        return (f"near/{of.key}/{where.cell}",) if where.cell else ()
    if where.lon is None or where.lat is None:
        return ()
    side_m = SQUARE_RADII * max(of.join_radius_m, SQUARE_RADIUS_M_MIN)
    found = [f"near/{of.key}/{row}/{column}" for row, column in squares_around(
        where.lon, where.lat, of.join_radius_m / 2, side_m
    )]
    return (*found, f"near/{where.component}") if where.component else tuple(found)


def _away_m(case: NearCase, where: Where, of: ProblemClass) -> float | None:
    """Metres between them; 0 in one cell of a private class; None where it cannot be told."""
    if of.private_place:
        return 0.0 if case.cell and case.cell == where.cell else None
    if where.lon is None or where.lat is None or case.lon is None or case.lat is None:
        return None
    if case.component and case.component == where.component:
        return 0.0
    return distance_m(Point(lon=where.lon, lat=where.lat), Point(lon=case.lon, lat=case.lat))
