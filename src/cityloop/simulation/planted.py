"""Three causes that are planted in the made-up city, so that whoever looks for causes can be tried.

- *Back every week*: one class in one street is put right in time and is there again two to six days later, three times of
  four: what is mended is not what is wrong.
- *Rain*: one class in one street is told of two or three times more on every rainy day.
- *Wandering*: cases of one class in one district go to another unit and back, three of five, and half of those end late.

`causes_of` names where they lie in a city; `rows_planted` makes a city's rows of cases at once, for laws.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from cityloop.stages.evaluate.model.why import CaseRows, DayRow

DAY = 86_400.0
BACK, BACK_DAYS, SPOTS = 0.75, (2.0, 6.0), 8
RAIN_MORE, RAINY = 2.5, 0.25
WANDERS, LATE_THEN = 0.6, 0.5
LATE, REDONE, MOVED = 0.13, 0.06, 0.03
HOURLY = np.array((2, 1, 1, 1, 1, 2, 5, 12, 20, 22, 20, 16, 12, 14, 18, 20, 20, 18, 16, 14, 12, 8, 5, 3), float)
BEGIN = 20_454  # 1 January 2026, in days since 1970


class Causes(Struct, frozen=True, kw_only=True):
    """Where the three lie: a class and a street for the first two, a class and its two units for the third."""

    back: tuple[str, str]
    rain: tuple[str, str]
    wander: tuple[str, str, str]


def rows_planted(
    seed: int, *, days: int = 120, cases: int = 6_000, classes: int = 18, streets: int = 12, plant: bool = True
) -> tuple[CaseRows, Causes]:
    """Rows of a made-up city and what was planted in it; without planting, nothing goes together but a class with its unit."""
    rng = np.random.default_rng(seed)
    keys = np.array([f"made/event/{1 + n // 6:02d}{1 + n % 6:02d}" for n in range(classes)])
    roads = np.array([f"9901010{n:02d}" for n in range(streets)])
    units = np.array([f"unit-{n % 6}" for n in range(classes)])
    chosen = rng.permutation(classes)[:3]
    where = rng.permutation(streets)[:2]
    other = f"unit-{(int(units[chosen[2]][-1]) + 1) % 6}"
    causes = Causes(
        back=(str(keys[chosen[0]]), str(roads[where[0]])), rain=(str(keys[chosen[1]]), str(roads[where[1]])),
        wander=(str(keys[chosen[2]]), str(units[chosen[2]]), other),
    )  # fmt: skip
    rainy = rng.random(days) < RAINY
    of = rng.choice(classes, cases, p=_falling(classes))
    road = rng.choice(streets, cases, p=_falling(streets))
    at = np.sort(rng.uniform(0, days, cases)).astype(int) * DAY + _moments(rng, cases)
    lon, lat = _places(rng, road)
    if plant:
        of, road, at, lon, lat = _rain(rng, rainy, (int(chosen[1]), int(where[1])), (of, road, at, lon, lat))
        of, road, at, lon, lat = _back(rng, days, (int(chosen[0]), int(where[0])), (of, road, at, lon, lat))
    order = np.argsort(at)
    of, road, at, lon, lat = (each[order] for each in (of, road, at, lon, lat))
    wanders = (rng.random(len(of)) < WANDERS) & (of == chosen[2]) & plant
    return _rows(rng, (keys[of], roads[road], units[of]), (at, lon, lat), wanders, other, rainy), causes


def _falling(many: int) -> NDArray[np.float64]:
    weights = 1 / (np.arange(many) + 4)
    return weights / weights.sum()


def _moments(rng: np.random.Generator, many: int) -> NDArray[np.float64]:
    return rng.choice(24, many, p=HOURLY / HOURLY.sum()) * 3_600.0 + rng.uniform(0, 3_600, many)


def _places(rng: np.random.Generator, road: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Somewhere in a street of about a kilometre."""
    return 110 + road % 4 * 0.02 + rng.uniform(0, 0.012, len(road)), 30 + road // 4 * 0.02 + rng.uniform(0, 0.012, len(road))


Columns = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def _rain(rng: np.random.Generator, rainy: NDArray[np.bool_], where: tuple[int, int], given: Columns) -> Columns:
    more = np.repeat(np.flatnonzero(rainy), rng.poisson(RAIN_MORE, rainy.sum()))
    road = np.full(len(more), where[1])
    return _joined(given, (np.full(len(more), where[0]), road, more * DAY + _moments(rng, len(more)), *_places(rng, road)))


def _back(rng: np.random.Generator, days: int, where: tuple[int, int], given: Columns) -> Columns:
    """Chains of the same thing at eight spots; each link is there some days after the one before was put right."""
    lon, lat = _places(rng, np.full(SPOTS, where[1]))
    made: list[tuple[float, float, float]] = []
    for one in range(SPOTS):
        moment = rng.uniform(0, days * DAY / 3)
        while moment < days * DAY:
            made.append((moment, lon[one], lat[one]))
            if rng.random() >= BACK:
                break
            moment += DAY * (0.5 + rng.uniform(*BACK_DAYS))
    more = np.array(made).reshape(-1, 3)
    many = len(more)
    return _joined(given, (np.full(many, where[0]), np.full(many, where[1]), more[:, 0], more[:, 1], more[:, 2]))


def _joined(one: Columns, other: Columns) -> Columns:
    of, road, at, lon, lat = (np.concatenate(each) for each in zip(one, other, strict=True))
    return of, road, at, lon, lat


def _rows(
    rng: np.random.Generator, codes: Sequence[NDArray[np.str_]], where: Sequence[NDArray[np.float64]],
    wanders: NDArray[np.bool_], other: str, rainy: NDArray[np.bool_],
) -> CaseRows:  # fmt: skip
    key, road, unit = codes
    at, lon, lat = where
    many, days = len(at), len(rainy)
    lasts = np.minimum(rng.gamma(2.0, 0.2, many), 0.5) * DAY
    late = rng.random(many) < np.where(wanders, LATE_THEN, LATE)
    moved = (rng.random(many) < MOVED) & ~wanders
    away = np.array([f"unit-{n}" for n in rng.integers(6, size=many)])
    walks = tuple(
        (str(unit[n]), other, str(unit[n])) if wanders[n] else (str(unit[n]), str(away[n]), str(unit[n])) if moved[n] else (str(unit[n]),)
        for n in range(many)
    )  # fmt: skip
    day = np.minimum(at // DAY, days - 1).astype(np.int32)
    kinds = np.where((np.arange(days) + BEGIN + 3) % 7 >= 5, "weekend", "workday")
    weather = np.where(rainy, "rain", "dry")
    begin = BEGIN * DAY
    nothing = np.full(many, "")
    return CaseRows(
        id=np.array([f"c{n:06d}" for n in range(many)]), class_key=key, cell=np.char.add(road, "001"), street=road,
        district=np.full(many, "990101"), unit=unit, channel=rng.choice(["app", "collector", "hotline"], many), vendor=nothing,
        place=nothing, lon=lon, lat=lat, opened=begin + at, closed=begin + at + lasts, in_time=(~late).astype(np.int8),
        redone=rng.random(many) < REDONE, walks=walks, day=day + BEGIN, hour=(at % DAY // 3_600).astype(np.int8),
        day_kind=kinds[day], weather=weather[day], since=begin, until=begin + days * DAY,
        days=tuple(DayRow(day=BEGIN + n, kind=str(kinds[n]), weather=str(weather[n])) for n in range(days)),
    )  # fmt: skip
