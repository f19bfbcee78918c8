"""Boston's duplicates by the product's own score: is the request that the city itself named the first proposal, and what
would be joined alone?

`python -m bench.understand.again`. Nothing is learned: every report is asked of `relatives_of` as it would be when it came
in, beside the requests that were open then. Only the level above which it is joined alone is set, on September, and what
it does is told of the weeks after.
"""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import numpy as np
from msgspec import Struct

from bench.understand.boston import MIDDLE, Requests, requests
from cityloop.domain.alike import Signs
from cityloop.domain.facts import Join, Where
from cityloop.domain.near import NearCase, relatives_of
from cityloop.domain.policy import Kind, ProblemClass, Source

WITHIN_M, WITHIN_H = 500, 120 * 24  # the pack of such a city: how far and how old a case may be
OTHERS_QUICK = 12_000
SHIPPED_M, SHIPPED_H, SHIPPED_PPM = 50, 24, 900_000  # what the pack that is shipped asks
CLASS_PPM = 1_000_000  # the type is declared
FALSE_MAX, FALSE_AIMED = 0.01, 0.004  # of all reports; the level leaves room: October has twice September's duplicates
PPM = 1_000_000
EARTH_DEG = np.degrees(1 / 6_371_008.8)


class Asked(Struct, frozen=True):
    """What the product proposes for each request asked, by number."""

    told: Requests
    joins: dict[int, tuple[Join, ...]]
    plain: dict[int, list[int]]
    shipped: dict[int, Join | None]  # with the reach of the pack that is shipped


def figures(quick: bool) -> dict[str, float]:
    """Prints the table; gives the share of parents that are first and among three, and what is joined falsely."""
    told = requests()
    others = np.flatnonzero(told.parent < 0)
    if quick:
        others = np.random.default_rng(0).permutation(others)[:OTHERS_QUICK]
    children = np.flatnonzero(told.parent >= 0)
    asked = asked_of(told, np.r_[children, others])
    print(f"{len(children)} requests of {len(told.rows)} repeat one that is known")
    print(f"{'':<44}{'first':>8}{'of three':>10}")
    plain = _at(asked, {at: asked.plain[at] for at in children.tolist()})
    print(f"{'distance, type and age over sixty days':<44}{plain[0]:>8.3f}{plain[1]:>10.3f}")
    scored = {at: [int(join.case_id) for join in asked.joins[at]] for at in children.tolist()}
    first, three = _at(asked, scored)
    print(f"{'the score of the product':<44}{first:>8.3f}{three:>10.3f}")
    later = {at: found for at, found in scored.items() if told.opened[at] >= _month(10)}
    told_later = _at(asked, later)
    print(f"{'  of them from October on':<44}{told_later[0]:>8.3f}{told_later[1]:>10.3f}")
    return {
        "dup_plain_at_1": round(plain[0], 4), "dup_plain_at_3": round(plain[1], 4), "dup_at_1": round(first, 4),
        "dup_at_3": round(three, 4), "dup_later_at_1": round(told_later[0], 4), "dup_later_at_3": round(told_later[1], 4),
        **_alone(asked),
    }  # fmt: skip


def asked_of(told: Requests, wanted: np.ndarray) -> Asked:
    """Every request wanted, asked of the product among what was open when it came; and a plain score of what came before."""
    is_wanted = np.zeros(len(told.rows), bool)
    is_wanted[wanted] = True
    names = [row["type"] for row in told.rows]
    matters = [row["reason"] for row in told.rows]
    of = {name: _class(name, WITHIN_M, WITHIN_H) for name in set(names)}
    shipped_of = {name: _class(name, SHIPPED_M, SHIPPED_H) for name in set(names)}
    cases = [_case(told, at, names[at]) for at in range(len(names))]
    lon, lat = _degrees(told)
    squares: dict[tuple[int, int], list[int]] = defaultdict(list)
    joins: dict[int, tuple[Join, ...]] = {}
    plain: dict[int, list[int]] = {}
    shipped: dict[int, Join | None] = {}
    for at, (column, row) in enumerate(zip(told.x // WITHIN_M, told.y // WITHIN_M, strict=True)):
        if is_wanted[at]:
            around = [n for c in (-1, 0, 1) for r in (-1, 0, 1) for n in squares.get((column + c, row + r), ())]
            near = np.array(around, int)
            plain[at] = _plain(told, at, near, names)
            still = [n for n in near[told.closed[near] > told.opened[at]].tolist() if matters[n] == matters[at]]
            address = told.rows[at]["location"]
            signs = {str(n): Signs(place_written=told.rows[n]["location"] == address) for n in still}
            where, moment = Where(lon=lon[at], lat=lat[at]), _moment(told, at)
            joins[at] = relatives_of(
                [cases[n] for n in still], where, of[names[at]], at=moment, class_ppm=CLASS_PPM, signs=signs
            ).joins
            fresh = [cases[n] for n in still if told.opened[at] - told.opened[n] <= SHIPPED_H * 60]
            shipped[at] = relatives_of(
                fresh, where, shipped_of[names[at]], at=moment, class_ppm=CLASS_PPM, signs=signs
            ).join
        squares[column, row].append(at)
    return Asked(told, joins, plain, shipped)


def _plain(told: Requests, at: int, near: np.ndarray, names: list[str]) -> list[int]:
    """The first three by the score that others use: distance, type and age over sixty days."""
    away, age = np.hypot(told.x[near] - told.x[at], told.y[near] - told.y[at]), told.opened[at] - told.opened[near]
    same = np.array([names[n] == names[at] for n in near], bool)
    score = np.where(age <= 60 * 1440, np.exp(-away / 30 - age / 14_400) * np.where(same, 1, 0.1), 0)
    return near[np.argsort(-score, kind="stable")[:3]].tolist()


def _at(asked: Asked, found: dict[int, list[int]]) -> tuple[float, float]:
    """Shares of the children whose parent comes first, and among the first three."""
    parent = asked.told.parent
    return tuple(sum(int(parent[at]) in three[:many] for at, three in found.items()) / len(found) for many in (1, 3))  # type: ignore[return-value]


def _alone(asked: Asked) -> dict[str, float]:
    """What would be joined without a person from October on."""
    told, september, october = asked.told, _month(9), _month(10)
    kin = np.arange(len(told.rows))
    for child in np.flatnonzero(told.parent >= 0):  # by time: whom a parent repeats is known already
        kin[child] = kin[told.parent[child]]
    sure = {at: max((j for j in found if j.other_class is None), key=lambda j: j.confidence_ppm, default=None) for at, found in asked.joins.items()}  # fmt: skip
    ids = np.array([at for at, join in sure.items() if join])
    ppm = np.array([sure[at].confidence_ppm for at in ids.tolist()])
    wrong = kin[ids] != kin[[int(sure[at].case_id) for at in ids.tolist()]]
    asked_others = sum(told.parent[at] < 0 for at in asked.joins)
    every = np.where(told.parent[ids] >= 0, 1.0, (told.parent < 0).sum() / asked_others)  # 1 unless quick
    tune, test = (told.opened >= september) & (told.opened < october), told.opened >= october
    mine = tune[ids]
    order = np.argsort(-ppm[mine], kind="stable")
    false = np.cumsum((wrong * every)[mine][order]) / tune.sum()
    levels = ppm[mine][order]
    allowed = [int(level) for level, share in zip(levels, false, strict=True) if share <= FALSE_AIMED]
    refused = [int(level) for level, share in zip(levels, false, strict=True) if share > FALSE_AIMED]
    level = min((each for each in allowed if not refused or each > refused[0]), default=PPM)
    joined = test[ids] & (ppm >= level)
    judged = wrong & ~(told.flagged[ids] & (told.parent[ids] < 0))
    told_of = {
        "join_level": level / PPM,
        "join_share": (joined * every).sum() / test.sum(), "false_join_share": (joined * wrong * every).sum() / test.sum(),
        "false_join_judged_share": (joined * judged * every).sum() / test.sum(),
        "dup_found_alone": (joined & ~wrong).sum() / (test & (told.parent >= 0)).sum(),
    }  # fmt: skip
    print(f"joined alone in October and November, above {level / PPM:.3f} (set in September for {FALSE_AIMED:.1%}): "
          f"{told_of['join_share']:.4f} of {test.sum()} reports; false {told_of['false_join_share']:.4f} (limit {FALSE_MAX}),\n"
          f"  of which {told_of['false_join_share'] - told_of['false_join_judged_share']:.4f} are called duplicates by the city "
          f"too, of a request that it did not name; {told_of['dup_found_alone']:.3f} of the known duplicates are joined")  # fmt: skip
    print(_at_shipped_level(asked, kin, float(every.max())))
    return {name: round(float(each), 4) for name, each in told_of.items()}


def _at_shipped_level(asked: Asked, kin: np.ndarray, others: float) -> str:
    """What the pack that is shipped would join, whatever the city called it."""
    sure = {at: join for at, join in asked.shipped.items() if join and join.confidence_ppm >= SHIPPED_PPM}
    weight = {at: 1.0 if asked.told.parent[at] >= 0 else others for at in sure}
    right = sum(weight[at] for at, join in sure.items() if kin[at] == kin[int(join.case_id)])
    joined, flagged = sum(weight[at] for at in sure), sum(weight[at] for at in sure if asked.told.flagged[at])
    many = len(asked.told.rows)
    return (f"as the pack is shipped ({SHIPPED_M} m, {SHIPPED_H} h, level {SHIPPED_PPM / PPM}), over all months: {joined / many:.4f} joined; "
            f"{right / many:.4f} the city named so, {(flagged - right) / many:.4f} it called duplicates of something else or of nothing named")  # fmt: skip


def _class(name: str, within_m: int, within_h: int) -> ProblemClass:
    words = {"en": name}
    return ProblemClass(
        key=name, scheme="boston", kind=Kind.event, code=name, major_name=words, name=words, join_radius_m=within_m,
        join_hours=within_h, source=Source(document="bench", clause=name, date="2011"),
    )  # type: ignore[arg-type]  # fmt: skip


def _case(told: Requests, at: int, name: str) -> NearCase:
    """A request as the product sees an open case; who asks takes only those that were open then."""
    lon, lat = _degrees(told)
    return NearCase(
        id=str(at), class_key=name, report_id=str(at), is_open=True, opened_at=_moment(told, at), closed_at=None, cell=None,
        lon=float(lon[at]), lat=float(lat[at]), component=None,
    )  # type: ignore[arg-type]  # fmt: skip


def _degrees(told: Requests) -> tuple[np.ndarray, np.ndarray]:
    return told.x * EARTH_DEG / np.cos(MIDDLE), told.y * EARTH_DEG


def _moment(told: Requests, at: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(minutes=float(told.opened[at]))


def _month(month: int) -> float:
    return datetime(2011, month, 1).timestamp() / 60


if __name__ == "__main__":
    print(figures(quick=False))
