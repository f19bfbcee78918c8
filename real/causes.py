"""Causes and effects in real history: what the rules find in two cities' open data, counted by `make real`, told as it is."""

import csv
import gzip
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from h3.api.basic_str import cell_to_latlng, latlng_to_cell

from cityloop.stages.evaluate.model.why import Again, CaseRows, DayRow
from cityloop.stages.evaluate.rules.effect import effect_of
from cityloop.stages.evaluate.rules.why.again import DAY, recurrence, returns_of, rising
from cityloop.stages.evaluate.rules.why.spots import hot_spots
from cityloop.stages.evaluate.service.why.looking import SEED, near

DATA = Path(__file__).parent.parent.parent / "shared" / "data" / "requests_311"
BOSTON = DATA / "boston_2011" / "service_requests_2011_jul_to_mid_nov.csv.gz"
DUPLICATES = DATA / "boston_2011" / "derived_duplicates_flagged.csv"
ZURICH = DATA / "zurich" / "reports_cleaned.csv.gz"
BOSTON_ZONE = ZoneInfo("America/New_York")
WEEKS = 19
AUTUMN = 10  # weeks, from September on
BACK_DAYS = 7
PLACES = 5
DEFAULT_TYPES = 20  # a street corner has fewer types in nineteen weeks
SPOT_RES = 9
NEW_CLASS, OLD_CLASS = "Allgemein", "Signalisation/Lichtsignal"
MONTHS_BEFORE, MONTHS_AFTER = 24, 12


def boston(path: Path = BOSTON) -> dict[str, Any]:
    """The five worst recurring places and the types that rose in the autumn."""
    rows, streets = boston_rows(path)
    returns = returns_of(rows, BACK_DAYS)
    places = recurrence(rows, rows.place, returns)
    week = np.clip(((rows.opened - rows.since) // (7 * DAY)).astype(int), 0, WEEKS - 1)
    rises = [each for each in rising(rows.class_key, week, WEEKS, AUTUMN) if each.q <= 0.05]
    classes = recurrence(rows, rows.class_key, returns, with_class=False)
    return {
        "cases": len(rows), "weeks": WEEKS,
        "places": [
            {
                "place": streets[each.group], "type": each.class_key, "closed": each.back.whole, "back": each.back.part,
                "low": each.back.low, "high": each.back.high, "in_time_back": each.fixed_and_back.part,
                "in_time": each.fixed_and_back.whole, "expected": each.expected, "q": each.q,
            }
            for each in _worst([one for one in places if one.q is not None and one.q <= 0.05])
        ],
        "places_tested": len(places),
        "all_back": int(sum(each.back.part for each in classes)), "all_closed": int(sum(each.back.whole for each in classes)),
        "rising": [
            {
                "type": each.class_key, "before": each.before, "lately": each.lately, "ratio": each.ratio, "low": each.low,
                "high": each.high, "others": each.others, "q": each.q,
            }
            for each in rises
        ],
    }  # fmt: skip


def _worst(places: list[Again]) -> list[Again]:
    """The five places that stand out most, each with the type that does."""
    once: dict[str, Again] = {}
    for each in places:
        once.setdefault(each.group, each)
    return list(once.values())[:PLACES]


def boston_rows(path: Path = BOSTON) -> tuple[CaseRows, dict[str, str]]:
    """The requests as rows, from the first of July, whole weeks; a place is a point to four decimals. And what places are called.

    Left out: what has no address (all of it lies at one point), points where so many types lie that they are what is written
    when nothing else is known (offices of the city), and what the city itself closed as told twice.
    """
    with gzip.open(path, "rt", newline="", encoding="utf-8") as text:
        found = [row for row in csv.DictReader(text) if row["latitude"] and row["open_dt"] and row["location"].strip()]
    with DUPLICATES.open(newline="", encoding="utf-8") as text:
        told_twice = {row["child_case_enquiry_id"] for row in csv.DictReader(text)}
    types: dict[tuple[str, str], set[str]] = {}
    for row in found:
        types.setdefault((row["longitude"], row["latitude"]), set()).add(row["type"])
    found = [
        row for row in found
        if row["case_enquiry_id"] not in told_twice and len(types[row["longitude"], row["latitude"]]) < DEFAULT_TYPES
    ]  # fmt: skip
    since = datetime(2011, 7, 1, tzinfo=BOSTON_ZONE)
    until = since + timedelta(weeks=WEEKS)
    at = [moment(row["open_dt"]) for row in found]
    kept = [(row, when) for row, when in zip(found, at, strict=True) if since.timestamp() <= when < until.timestamp()]
    kept.sort(key=lambda each: each[1])
    rows = [row for row, _ in kept]
    opened = np.array([when for _, when in kept])
    words = lambda name: np.array([row[name] for row in rows], np.str_)
    nothing = np.full(len(rows), "")
    lon, lat = (np.array([float(row[name]) for row in rows]) for name in ("longitude", "latitude"))
    place = np.array([f"{x:.4f},{y:.4f}" for x, y in zip(lon, lat, strict=True)], np.str_)
    days = tuple(DayRow(day=(since.date() - date(1970, 1, 1)).days + n, kind="workday") for n in range(7 * WEEKS))
    closed = np.array([moment(row["closed_dt"]) if row["closed_dt"] else np.nan for row in rows])
    in_time = np.array([{"ONTIME": 1, "OVERDUE": 0}.get(row["ontime"], -1) for row in rows], np.int8)
    made = CaseRows(
        id=words("case_enquiry_id"), class_key=words("type"), cell=nothing, street=words("neighborhood"), district=nothing,
        unit=words("department"), channel=words("source"), vendor=nothing, place=place, lon=lon, lat=lat, opened=opened,
        closed=closed, in_time=in_time, redone=np.zeros(len(rows), bool), walks=((),) * len(rows),
        day=np.array([days[0].day] * len(rows), np.int32), hour=np.zeros(len(rows), np.int8), day_kind=nothing,
        weather=nothing, since=since.timestamp(), until=until.timestamp(), days=days,
    )  # fmt: skip
    names: dict[str, Counter[str]] = {}
    for where, row in zip(place, rows, strict=True):
        names.setdefault(str(where), Counter())[" ".join(row["location"].split())] += 1
    return made, {where: each.most_common(1)[0][0] for where, each in names.items()}


def moment(text: str) -> float:
    """A local moment of the record, in seconds since 1970."""
    return datetime.fromisoformat(text).replace(tzinfo=BOSTON_ZONE).timestamp()


def zurich(path: Path = ZURICH) -> dict[str, Any]:
    """Hot spots of ten years, and what became of one class when another was offered beside it."""
    with gzip.open(path, "rt", newline="", encoding="utf-8") as text:
        found = list(csv.DictReader(text))
    cells = [latlng_to_cell(*wgs84(float(row["e"]), float(row["n"]))[::-1], SPOT_RES) for row in found]
    hot = [each for each in hot_spots(Counter(cells), near, seed=SEED) if each.q <= 0.05]
    late = [cell for cell, row in zip(cells, found, strict=True) if row["date"] >= "2021"]
    early = [cell for cell, row in zip(cells, found, strict=True) if row["date"] < "2021"]
    halves = [{each.cell for each in hot_spots(Counter(half), near, seed=SEED) if each.q <= 0.05} for half in (early, late)]
    return {
        "reports": len(found), "cells": len(set(cells)), "hot": len(hot), "hot_in_both_halves": len(halves[0] & halves[1]),
        "hot_early": len(halves[0]), "hot_late": len(halves[1]),
        "spots": [
            {
                "lat": round(cell_to_latlng(each.cell)[0], 4), "lon": round(cell_to_latlng(each.cell)[1], 4),
                "reports": each.cases, "around": each.around, "expected": each.expected, "z": each.z, "q": each.q,
            }
            for each in hot[:10]
        ],
        "change": change(found),
    }  # fmt: skip


def change(found: list[dict[str, str]]) -> dict[str, Any]:
    """What became of one class by months, beside the other classes that were there, when a new class was offered.

    The month is read from the data: the first with the new class. Nobody told us what was done, or why.
    """
    month = lambda row: int(row["date"][:4]) * 12 + int(row["date"][5:7]) - 1
    begun = min(month(row) for row in found if row["service_code"] == NEW_CLASS)
    first = begun - MONTHS_BEFORE
    counts: dict[str, np.ndarray] = {}
    for row in found:
        at = month(row) - first
        if 0 <= at < MONTHS_BEFORE + MONTHS_AFTER:
            counts.setdefault(row["service_code"], np.zeros(MONTHS_BEFORE + MONTHS_AFTER))[at] += 1
    names = [OLD_CLASS, *sorted(name for name in counts if name not in (OLD_CLASS, NEW_CLASS) and counts[name][:12].sum() > 0)]
    effect = effect_of(np.array([counts[name] for name in names]), names, 0, MONTHS_BEFORE)
    own = counts[OLD_CLASS]
    year = [float(own[start : start + 12].sum()) for start in (0, 12, 24)]
    return {
        "class": OLD_CLASS, "new_class": NEW_CLASS, "month": f"{begun // 12}-{begun % 12 + 1:02d}", "years": year,
        "new_in_year": float(counts[NEW_CLASS].sum()), "monthly": [float(each) for each in own],
        "mixture": [other for _, other in effect.curve], "difference": effect.difference.effect, "low": effect.difference.low,
        "high": effect.difference.high, "p": effect.difference.p, "synthetic": effect.synthetic.effect,
        "synthetic_p": effect.synthetic.p, "pre_trend_p": effect.pre_trend_p, "compared": effect.places,
        "doubts": list(effect.doubts), "told": effect.told,
    }  # fmt: skip


def wgs84(e: float, n: float) -> tuple[float, float]:
    """Longitude and latitude of a place in LV95, good to a metre or two.

    Source: swisstopo, approximate formulas for the transformation between Swiss projection coordinates and WGS 84 (2016).

    >>> [round(each, 5) for each in wgs84(2_700_000, 1_100_000)]
    [8.7305, 46.04413]
    """
    y, x = (e - 2_600_000) / 1e6, (n - 1_200_000) / 1e6
    lon = 2.6779094 + 4.728982 * y + 0.791484 * y * x + 0.1306 * y * x**2 - 0.0436 * y**3
    lat = 16.9023892 + 3.238272 * x - 0.270978 * y**2 - 0.002528 * x**2 - 0.0447 * y**2 * x - 0.0140 * x**3
    return lon * 100 / 36, lat * 100 / 36
