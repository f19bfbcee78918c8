"""What two requests have in common, as any city knows it when the later one comes in: never how the earlier one ended.

Candidates are found by place and time over all requests, open and closed; the likeliest by a plain score are compared.
"""

from collections import defaultdict

import numpy as np
from msgspec import Struct

from bench.understand.boston import Requests, streets_of

WITHIN_M, WITHIN_MIN = 500, 120 * 24 * 60
CANDIDATES = 24
BY_M, BY_MIN = 60, 3 * 24 * 60  # as near as this two candidates may be one problem themselves
AWAY_BENDS = (0, 0.7, 1.3, 2, 3)  # of the logarithm of tens of metres
AGE_BENDS = (0, 1, 2, 3.5, 5, 7.3, 9)  # of the logarithm of minutes
SHUT_BENDS = (0, 4, 7, 9)


class Pairs(Struct, frozen=True):
    """Candidates of the requests asked, those of one together.

    Shape: `later` and `earlier` numbers of requests; `same` of one type; `plain` the plain score; `features` rows x names;
    `blocked` how many true parents are within the block, `kept` how many are candidates.
    """

    later: np.ndarray
    earlier: np.ndarray
    plain: np.ndarray
    features: np.ndarray
    blocked: int
    kept: int


def pairs_of(told: Requests, asked: np.ndarray) -> Pairs:
    """The candidates of each request asked (its number), as they stood when it was opened."""
    types, reasons, sources, places = (
        np.unique([row[name] for row in told.rows], return_inverse=True)[1]
        for name in ("type", "reason", "source", "location")
    )
    streets = [streets_of(row) for row in told.rows]
    wanted = np.zeros(len(told.rows), bool)
    wanted[asked] = True
    squares: dict[tuple[int, int], list[int]] = defaultdict(list)
    later, earlier, plain, features = [], [], [], []
    blocked = kept = 0
    for at, (column, row) in enumerate(zip(told.x // WITHIN_M, told.y // WITHIN_M, strict=True)):
        if wanted[at]:
            around = [
                n for c in (column - 1, column, column + 1) for r in (row - 1, row, row + 1) for n in squares.get((c, r), ())
            ]
            near = np.array(around, int)
            away, age = _away_m(told, at, near), told.opened[at] - told.opened[near]
            inside = (away <= WITHIN_M + BY_M) & (age <= WITHIN_MIN)
            near, away, age = near[inside], away[inside], age[inside]
            blocked += int(told.parent[at] in near)
            same = types[near] == types[at]
            pointed = 2.0 * same - np.log1p(away / 20) - 0.3 * np.log1p(age / 60)
            opened = told.closed[near] > told.opened[at]
            best = np.argsort(-(pointed + 2.0 * opened), kind="stable")[:CANDIDATES]
            near = near[best]
            kept += int(told.parent[at] in near)
            later.append(np.full(len(near), at))
            earlier.append(near)
            plain.append(_plain(away[best], age[best], same[best]))
            pair = _Pair(
                away[best], age[best], opened[best], np.maximum(0, told.opened[at] - told.closed[near]) * ~opened[best],
                same[best], reasons[near] == reasons[at], sources[near] == sources[at], places[near] == places[at],
                np.array([bool(streets[at] & streets[n]) for n in near], bool),
                np.array([len(streets[at]) == 2 and streets[at] == streets[n] for n in near], bool),
            )  # fmt: skip
            features.append(np.c_[_features(pair), _among(told, near, same[best] & opened[best])])
        squares[column, row].append(at)
    return Pairs(*(np.concatenate(each) for each in (later, earlier, plain, features)), blocked, kept)


class _Pair(Struct, frozen=True):
    away: np.ndarray
    age: np.ndarray
    is_open: np.ndarray
    shut_since: np.ndarray
    same_type: np.ndarray
    same_matter: np.ndarray
    same_channel: np.ndarray
    same_address: np.ndarray
    one_street: np.ndarray
    same_crossing: np.ndarray


def _plain(away: np.ndarray, age: np.ndarray, same: np.ndarray) -> np.ndarray:
    """The plain score beside which the model is measured: distance, type and age over sixty days."""
    return np.where(age <= 60 * 1440, np.exp(-away / 30 - age / 14_400) * np.where(same, 1, 0.1), 0)


def _features(pair: _Pair) -> np.ndarray:
    away, age = np.log1p(pair.away / 10), np.log1p(pair.age)
    same, is_open = pair.same_type, pair.is_open
    return np.c_[
        _bent(away, AWAY_BENDS), _bent(age, AGE_BENDS), _bent(np.log1p(pair.shut_since), SHUT_BENDS),
        pair.away < 1, pair.same_address, pair.one_street, pair.same_crossing, is_open, same, pair.same_matter,
        pair.same_channel, same & (pair.away < 1), same & is_open, pair.same_matter & is_open, same * away, same * age,
        is_open * age, is_open * away, away * age, pair.same_channel * age,
    ].astype(float)  # fmt: skip


def _among(told: Requests, near: np.ndarray, alike: np.ndarray) -> np.ndarray:
    """How each candidate stands among the others that are open and of the report's type: the first of a burst, or after it."""
    away = np.hypot(told.x[near][:, None] - told.x[near], told.y[near][:, None] - told.y[near])
    before = told.opened[near][:, None] - told.opened[near]
    by = alike[:, None] & alike & (away < BY_M) & (np.abs(before) < BY_MIN) & ~np.eye(len(near), dtype=bool)
    elder = by & (near[:, None] > near)
    elders, younger = elder.sum(1), (by & ~elder).sum(1)
    return np.c_[
        np.minimum(elders, 3), elders > 0, np.minimum(younger, 3), younger > 0, (elder & (away < 1)).any(1),
        (elder & (before < 30)).any(1), alike & (elders == 0),
    ].astype(float)  # fmt: skip


def _bent(values: np.ndarray, bends: tuple[float, ...]) -> np.ndarray:
    """A line that may bend at each of these. Shape: values x bends."""
    return np.maximum(0, values[:, None] - np.array(bends))


def _away_m(told: Requests, at: int, others: np.ndarray) -> np.ndarray:
    return np.hypot(told.x[others] - told.x[at], told.y[others] - told.y[at])
