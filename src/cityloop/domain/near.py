"""Which case a report belongs to: another sight of an open one, or a closed one come back.

One rule, asked twice: when a report is understood, and once more before a case is opened for it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from cityloop.domain.alike import AFTER_ANOTHER, Pair, Score, Signs, ppm_of, score_of
from cityloop.domain.facts import Join, Where
from cityloop.domain.facts.understand import join_of
from cityloop.domain.ids import CaseId, CellCode, ClassKey, ComponentCode, ReportId
from cityloop.domain.place import Point, distance_m, squares_around
from cityloop.domain.policy import ProblemClass

JOINS_MAX = 3
LOOKED_MAX = 24  # cases that are compared with each other: a crowded place must not make a report dear
BESIDE_M, BESIDE_H = 60, 72  # as near as this two cases may be one problem themselves
SQUARE_RADII, SQUARE_RADIUS_M_MIN = 8, 50  # how wide a square to hold is: then a report seldom needs more than one


class NearCase(Struct, frozen=True, kw_only=True):
    """A case in the same neighbourhood, open or closed: of the class, or open and of the same matter."""

    id: CaseId
    class_key: ClassKey
    report_id: ReportId
    is_open: bool
    opened_at: datetime
    closed_at: datetime | None
    cell: CellCode | None
    lon: float | None
    lat: float | None
    component: ComponentCode | None


class Relatives(Struct, frozen=True, kw_only=True):
    """The open cases that a report may belong to, the likeliest first, and the last closed one there."""

    joins: tuple[Join, ...] = ()
    recurs: CaseId | None = None

    @property
    def join(self) -> Join | None:
        """The surest of the report's own class: what may be joined, or must be looked at."""
        return join_of(self.joins)


class _Found(Struct, frozen=True):
    case: NearCase
    pair: Pair
    score: Score


def relatives_of(
    near: Sequence[NearCase], where: Where, of: ProblemClass, *, at: datetime, class_ppm: int,
    signs: Mapping[CaseId, Signs] | None = None,
) -> Relatives:  # fmt: skip
    """The open cases that this is most likely another sight of, and the last closed one of the class here. `signs` is what a
    case's words have in common with the report's.

    A join is never surer than the class.
    """
    found: list[_Found] = []
    since = at - timedelta(hours=of.join_hours)
    for case in near:
        if case.is_open and case.opened_at >= since and (away_m := _away_m(case, where, of)) is not None and away_m <= of.join_radius_m:
            pair = _pair(case, where, of, away_m, at, (signs or {}).get(case.id, Signs()))
            found.append(_Found(case, pair, score_of(pair, of)))
    best = sorted(_beside_each_other(sorted(found, key=_order)[:LOOKED_MAX], of), key=_order)[:JOINS_MAX]
    return Relatives(joins=tuple([_join(each, class_ppm) for each in best]), recurs=recurring(near, where, of))


def recurring(near: Sequence[NearCase], where: Where, of: ProblemClass) -> CaseId | None:
    """The last closed case of the class within its reach: the problem has come back."""
    closed = [case for case in near if not case.is_open and case.class_key == of.key]
    here = [case for case in closed if (away_m := _away_m(case, where, of)) is not None and away_m <= of.join_radius_m]
    last = max(here, key=lambda case: (case.closed_at or case.opened_at, case.id), default=None)
    return last.id if last else None


def _pair(case: NearCase, where: Where, of: ProblemClass, away_m: float, at: datetime, signs: Signs) -> Pair:
    return Pair(
        away_m=away_m, age_h=(at - case.opened_at).total_seconds() / 3600, is_private=of.private_place,
        other_class=None if case.class_key == of.key else case.class_key,
        component=case.component == where.component if case.component and where.component else None, signs=signs,
    )  # fmt: skip


def _beside_each_other(found: Sequence[_Found], of: ProblemClass) -> list[_Found]:
    """The same, those after an elder case of the class beside them marked as such: the first of a burst is the one repeated."""
    rivals = [each.case for each in found if each.pair.other_class is None and each.pair.component is None]
    if len(rivals) < 2 or of.private_place:
        return list(found)
    told = []
    for each in found:
        if each.case in rivals and any(_is_elder(other, each.case) for other in rivals):
            pair = replace(each.pair, after_another=True)
            each = _Found(each.case, pair, score_of(pair, of))
        told.append(each)
    return told


def _is_elder(other: NearCase, case: NearCase) -> bool:
    """Whether another case lies beside this one and was there first."""
    if (other.opened_at, other.id) >= (case.opened_at, case.id):
        return False
    if case.opened_at - other.opened_at > timedelta(hours=BESIDE_H):
        return False
    return distance_m(_point(other), _point(case)) < BESIDE_M


def _join(found: _Found, class_ppm: int) -> Join:
    return Join(
        case_id=found.case.id, distance_m=round(found.pair.away_m), other_class=found.pair.other_class,
        confidence_ppm=min(ppm_of(found.score, found.pair), class_ppm), reasons=found.score.reasons,
    )  # fmt: skip


def _order(found: _Found) -> tuple:
    later = AFTER_ANOTHER if found.pair.after_another else 0.0
    return later - found.score.points, found.pair.away_m, found.case.id


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
    return distance_m(Point(lon=where.lon, lat=where.lat), _point(case))


def _point(case: NearCase) -> Point:
    assert case.lon is not None, "who compares points has looked"
    assert case.lat is not None
    return Point(lon=case.lon, lat=case.lat)
