"""Where and why: everything that is found in the cases of a period, each with its numbers and its doubt."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from h3.api.basic_str import cell_to_boundary, grid_disk, latlng_to_cell
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.policy import Policy
from cityloop.stages.evaluate.model import Span
from cityloop.stages.evaluate.model.why import (
    Again,
    CaseRows,
    Cluster,
    Finding,
    Follow,
    HotSpot,
    Remedy,
    Rise,
    Wandering,
)
from cityloop.stages.evaluate.rules.why.again import DAY, recurrence, returns_of, rising
from cityloop.stages.evaluate.rules.why.following import follows
from cityloop.stages.evaluate.rules.why.proposing import proposal_for
from cityloop.stages.evaluate.rules.why.spots import clusters, hot_spots
from cityloop.stages.evaluate.rules.why.together import BACK_DAYS, LEVEL, goes_together
from cityloop.stages.evaluate.rules.why.wandering import wanderings
from cityloop.stages.evaluate.service.why.keeping import Kept
from cityloop.stages.evaluate.store.rows import Asked
from cityloop.stages.evaluate.store.why.case_rows import case_rows

SEED = 7  # of every shuffle: the same cases are told the same
SPOT_RES = 9  # hexagons of about 200 metres
SHOWN = 30
SCAN_MAX = 20_000  # cases: more are scanned for clusters only by class or area
CLUSTER_SHUFFLES = 99
WEEK = 7
KEPT = Kept()  # of every city of this process: what is kept follows from its cases alone


class Spot(Struct, frozen=True, kw_only=True):
    """A hot spot or cluster with the ring of its hexagon, as GeoJSON wants it. Shape: (lon, lat), closed."""

    ring: tuple[tuple[float, float], ...]
    hot: HotSpot | None = None
    cluster: Cluster | None = None


class Found(Struct, frozen=True, kw_only=True):
    """A finding and what it speaks for."""

    finding: Finding
    proposal: Remedy | None


class Why(Struct, frozen=True, kw_only=True):
    """What was found. `level`: of what is told as a finding at most so much is false, on average; of rises and hot spots too.

    `places`, `units`, `classes`, `seasons`: how much was back within seven days. `weather_days`: of so many days it is known.
    """

    cases: int
    days: int
    weather_days: int
    simulated: bool
    level: float
    spots: tuple[Spot, ...]
    clusters: tuple[Spot, ...]
    scanned: bool
    places: tuple[Again, ...]
    units: tuple[Again, ...]
    classes: tuple[Again, ...]
    seasons: tuple[Again, ...]
    rising: tuple[Rise, ...]
    found: tuple[Found, ...]
    follows: tuple[Follow, ...]
    wanderings: tuple[Wandering, ...]


def why_in(tx: Tx, asked: Asked, *, policy: Policy) -> Why:
    """Everything that is found in the cases opened in the days asked for, as far as the caller's areas reach.

    Refuses with `TooMany`.
    """
    rows, simulated = rows_asked(tx, asked, asked.span, policy)
    return why_of(rows, simulated=simulated or policy.simulated, kept=KEPT)


def rows_asked(tx: Tx, asked: Asked, span: Span, policy: Policy) -> tuple[CaseRows, bool]:
    """The cases of a question."""
    return case_rows(
        tx, span.since, span.until, now=asked.now, calendar=calendar_in(policy), scope=asked.scope,
        class_key=asked.only.problem_class, area=asked.only.area,
    )  # fmt: skip


def why_of(rows: CaseRows, *, simulated: bool, kept: Kept | None = None) -> Why:
    """Everything that is found in rows. Each part is kept by the columns that it reads, so what is told of an hour ago and has
    not changed since is not counted again; `kept` is where, else nowhere.
    """
    kept = Kept(0) if kept is None else kept
    where = (rows.lon, rows.lat)
    spots, found_clusters = kept.of("in place", (*where, rows.day, rows.days), lambda: _in_place(rows))
    follow = kept.of("follows", (*where, rows.class_key, rows.opened), lambda: tuple(follows(rows, seed=SEED)) if len(rows) else ())
    everything = tuple(getattr(rows, name) for name in CaseRows.__struct_fields__)
    rest = kept.of("rest", everything, lambda: _counted(rows))
    return Why(
        cases=len(rows), days=len(rows.days), weather_days=sum(bool(each.weather) for each in rows.days), simulated=simulated,
        level=LEVEL, spots=spots, clusters=found_clusters, scanned=len(rows) <= SCAN_MAX, follows=follow, **rest,
    )  # fmt: skip


def _counted(rows: CaseRows) -> dict[str, tuple]:
    """What comes back, grows, goes together and wanders."""
    weeks = max(0, len(rows.days) // WEEK)
    whole = rows.opened >= rows.until - weeks * WEEK * DAY
    week = ((rows.opened[whole] - (rows.until - weeks * WEEK * DAY)) // (WEEK * DAY)).astype(int)
    returns = returns_of(rows, BACK_DAYS) if len(rows) else None
    by = lambda codes, **said: tuple(recurrence(rows, codes, returns, **said)[:SHOWN]) if returns else ()
    units = dict(zip(map(str, rows.id), map(str, rows.unit), strict=True))
    months = np.array([str(np.datetime64(int(day), "D"))[:7] for day in rows.day], np.str_)
    return {
        "places": by(rows.place), "units": by(rows.unit), "classes": by(rows.class_key, with_class=False),
        "seasons": by(months, with_class=False),
        "rising": tuple(each for each in rising(rows.class_key[whole], week, weeks, max(2, weeks // 3)) if each.q <= LEVEL),
        "found": tuple(Found(finding=each, proposal=proposal_for(each, units)) for each in goes_together(rows, returns)) if returns else (),
        "wanderings": tuple(wanderings(rows)[:SHOWN]),
    }  # fmt: skip


def _in_place(rows: CaseRows) -> tuple[tuple[Spot, ...], tuple[Spot, ...]]:
    """Hot spots and clusters, on hexagons."""
    placed = np.flatnonzero(np.isfinite(rows.lon) & np.isfinite(rows.lat))
    cells = [str(latlng_to_cell(rows.lat[at], rows.lon[at], SPOT_RES)) for at in placed]
    hot = [each for each in hot_spots(Counter(cells), near, seed=SEED) if each.q <= LEVEL]
    found: list[Cluster] = []
    if len(placed) <= SCAN_MAX and len(rows.days) >= WEEK:
        length = 1 if len(rows.days) <= 10 * WEEK else WEEK
        period = ((rows.day[placed] - rows.days[0].day) // length).astype(int)
        found = [
            each
            for each in clusters(
                cells, period, int(period.max()) + 1 if len(period) else 1, near, longest=4 if length == WEEK else WEEK,
                seed=SEED, shuffles=CLUSTER_SHUFFLES,
            )
            if each.p <= LEVEL
        ]  # fmt: skip
    return (
        tuple(Spot(ring=ring_of(each.cell), hot=each) for each in hot[:SHOWN]),
        tuple(Spot(ring=ring_of(each.cell), cluster=each) for each in found[:SHOWN]),
    )


def near(cell: str, rings: int) -> Sequence[str]:
    """The hexagons within so many rings of one."""
    return [str(each) for each in grid_disk(cell, rings)]


def ring_of(cell: str) -> tuple[tuple[float, float], ...]:
    """The corners of a hexagon, the first one again at the end."""
    corners = [(round(lon, 6), round(lat, 6)) for lat, lon in cell_to_boundary(cell)]
    return (*corners, corners[0])
