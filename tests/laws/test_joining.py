"""Two reports of one problem never become two cases: not in one batch, not in two, not in two processes at once."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import lru_cache
from itertools import combinations
from math import cos, radians
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.engines import Places
from tests.laws.journal_world import writer_of

from cityloop.db import Database, Tx
from cityloop.domain import facts as f
from cityloop.domain.near import places_held, relatives_of
from cityloop.domain.place import Point, distance_m
from cityloop.domain.policy import Policy
from cityloop.journal import Writer, vault_keep
from cityloop.packs import load
from cityloop.places import locate
from cityloop.stages.filing import look_ahead, take_up
from cityloop.stages.understand.store import here_of, near_of_each

EVENT = "gbt30428_2_2013/event"
KINDS = (f"{EVENT}/0110", f"{EVENT}/0113")
BEGIN = (100.005, 30.015)
STEP_DEG = 0.00006  # 5.8 m from west to east, 6.7 m from south to north
SURE_M = 7.0  # nearer than this a join is surer than the pack asks: 3.5 - 5 ln(1 + 7/20) / ln(1 + 50/20) > ln(0.9 / 0.1)

reports = st.tuples(st.integers(0, 7), st.integers(0, 7), st.sampled_from(KINDS))
batches = st.lists(st.lists(reports, min_size=1, max_size=8), min_size=1, max_size=5)
leads = st.integers(0, 5)  # how many batches understanding is ahead of filing


@lru_cache(1)
def town() -> Policy:
    return load(Path(__file__).parents[1] / "packs" / "mini")


def understood(tx: Tx, east: int, north: int, kind: str) -> f.ReportUnderstood:
    """A report that the machine is sure of, and the case that it sees there now."""
    id = tx.new_id()
    said = vault_keep(tx, "said", f"report/{id}", b"{}", keep_days=30)
    tx.emit(f.ReportReceived(report_id=id, channel=f.Channel.collector, said=said, at=tx.now), first=True)
    where = locate(town(), BEGIN[0] + east * STEP_DEG, BEGIN[1] + north * STEP_DEG)
    best = f.Proposal(class_key=kind, rule=f"{kind}/1", confidence_ppm=950_000, reasons=())
    of = town().class_by_key[kind]
    near = near_of_each(tx, {id: here_of(of, where, since=tx.now - timedelta(hours=of.join_hours))})[id]
    joins = relatives_of(near, where, of, at=tx.now, class_ppm=950_000).joins
    fact = f.ReportUnderstood(
        report_id=id, channel=f.Channel.collector, proposals=(best,), where=where, joins=joins, model="m", alone=True,
        at=tx.now,
    )  # fmt: skip
    tx.emit(fact)
    return fact


def take_all_up(tx: Tx, facts: list[f.ReportUnderstood]) -> None:
    """What filing does with a batch."""
    look_ahead(tx, facts, policy=town())
    for fact in facts:
        take_up(tx, fact, policy=town(), now=tx.now)


def twins(database: Database) -> list[tuple]:
    """Open cases of a class that lie so near to each other that they are one."""
    with database.reading() as tx:
        rows = tx.all("SELECT class_key, lon, lat FROM case_file WHERE city = :city AND is_open = 1")
    return [
        (a, b)
        for a, b in combinations(rows, 2)
        if a.class_key == b.class_key and distance_m(Point(lon=a.lon, lat=a.lat), Point(lon=b.lon, lat=b.lat)) < SURE_M
    ]


def without_case(database: Database) -> int:
    with database.reading() as tx:
        return tx.value("SELECT count(*) FROM report WHERE city = :city AND case_id IS NULL")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches, leads)
def test_however_reports_are_cut_into_batches_no_problem_has_two_cases(places, cut, lead):
    """Whether a report saw the other's case when it was understood, or was understood long before that was opened."""
    database = places.open(name=f"cut{id(cut)}")
    writer = writer_of(database)
    waiting: list[list[f.ReportUnderstood]] = []
    for batch in [*cut, *[[]] * lead]:
        waiting.append([writer.change(lambda tx, r=r: understood(tx, *r)) for r in batch])
        if len(waiting) > lead:
            now = waiting.pop(0)
            writer.whole(lambda tx, now=now: take_all_up(tx, now))
    writer.close()

    assert twins(database) == []
    assert without_case(database) == 0
    database.close()


@pytest.fixture
def processes(places: Places) -> Iterator[list[Writer]]:
    """Two processes of one city."""
    writers = [writer_of(places.open("twins" + places.engine)) for _ in range(2)]
    yield writers
    for writer in writers:
        writer.close()


def test_two_processes_that_file_at_once_open_one_case(processes):
    """Each has the other's reports' twins, in another order; they begin together, round for round."""
    database, start = processes[0].database, threading.Barrier(2)
    spots = [(east, 0) for east in range(0, 60, 6)]

    def file(writer: Writer, turn: int) -> None:
        for round in range(8):
            order = spots if turn else spots[::-1]
            asked = [(east, round * 6, KINDS[0]) for east, _ in order]
            facts = [writer.change(lambda tx, r=r: understood(tx, *r)) for r in asked]
            start.wait(30)
            writer.whole(lambda tx, facts=facts: take_all_up(tx, facts))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(file, processes, (0, 1)))

    assert twins(database) == []
    assert without_case(database) == 0
    with database.reading() as tx:
        assert tx.value("SELECT count(*) FROM case_file WHERE city = :city") == 80


RADII = st.floats(-1, 1)


@settings(max_examples=500, deadline=None)
@given(st.integers(-20, 20), st.integers(0, 20), st.integers(1, 5_000), RADII, RADII, RADII, RADII)
def test_two_places_within_the_radius_have_a_held_square_in_common(column, row, radius_m, x, y, east, north):
    """Whatever a rule could join is held by one name at least, also where it lies on both sides of an edge; and one
    report holds few names."""
    of = replace(town().class_by_key[KINDS[0]], join_radius_m=radius_m)
    side_deg = 8 * max(radius_m, 50) / 111_320
    edge_lat = row * side_deg
    edge_lon = column * side_deg / cos(radians(edge_lat))
    one_deg = radius_m / 111_320  # a radius, as degrees
    lon, lat = edge_lon + x * one_deg, edge_lat + y * one_deg
    there_lon, there_lat = lon + east * one_deg, lat + north * one_deg
    held = places_held(f.Where(lon=lon, lat=lat), of)

    assert 1 <= len(held) <= 4
    if distance_m(Point(lon=lon, lat=lat), Point(lon=there_lon, lat=there_lat)) <= radius_m:
        assert set(held) & set(places_held(f.Where(lon=there_lon, lat=there_lat), of))
