"""Who is late is told once for each deadline, on the day after: whatever moved, whenever the server was awake."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.engines import Clock, Places
from tests.world import World, the_app

from cityloop.app import timers_of
from cityloop.domain import facts as f
from cityloop.domain.calendar import calendar_in
from cityloop.journal import Timers
from cityloop.stages import dispatch
from cityloop.stages.dispatch.service import ordering

NAMES = ("r1", "r2", "r3")
STEPS = ("sign", "finish", "give_back", "dispatch", "reassign", "adopt", "report")


def deadlines(told: list[f.Told]) -> Iterator[tuple[str, datetime, datetime, datetime | None]]:
    """The slow, plain truth: each task, each deadline that it had, since when, and until when (None: still)."""
    now: dict[str, tuple[datetime, datetime]] = {}
    lead = None
    for fact in (each.fact for each in told):
        ended = lead if isinstance(fact, f.TaskReturned | f.TaskFinished | f.CaseReassigned) else None
        moved = fact.task_id if isinstance(fact, f.DueMoved) and fact.measures is f.Measure.handle else None
        for task in filter(None, (ended, moved)):
            since, due = now.pop(task)
            yield task, due, since, fact.at
        if isinstance(fact, f.CaseDispatched | f.CaseReassigned | f.CaseReworked) or moved:
            lead = fact.task_id
            now[lead] = (fact.at, fact.due_at)
    for task, (since, due) in now.items():
        yield task, due, since, None


def step(town: World, name: str, deed: str) -> None:
    """Do what can be done; what is refused is no matter here."""
    state = town.state(name) if name in town.reports else None
    if deed == "report" and state is None:
        town.report(name, kind="rubbish", cell={"r1": "a1", "r2": "b1", "r3": "d1"}[name])
    elif state == "to_sign" and deed == "sign":
        town.sign(name)
    elif state == "handling" and deed == "finish":
        town.finish(name)
    elif state in ("to_sign", "handling") and deed == "give_back":
        town.give_back(name, "no_means")
    elif state == "to_dispatch" and deed == "dispatch":
        town.dispatch(name, "cleaning")
    elif state in ("to_sign", "handling") and deed == "reassign":
        town.reassign(name, "covers" if town.case(name).unit == "cleaning" else "cleaning")
    elif deed == "adopt":
        town.adopt("mini_holiday" if len(town.policy.layers) == 2 else "mini")


Look = tuple[datetime, bool]  # a moment at which the city looks; whether after what was done then


def check(town: World, looks: list[Look]) -> None:
    """Every deadline that stood when the city looked on a later day was told once; no other was."""
    zone = calendar_in(town.policy).zone
    for name in town.reports:
        told = [each for each in town.told(name) if each.subject.startswith("case/")]
        said = [(each.fact.task_id, each.fact.due_at) for each in told if isinstance(each.fact, f.OverdueNoticed)]
        assert len(said) == len(set(said)), "told twice"
        wanted = set()
        for task, due, since, until in deadlines(told):
            for at, after in looks:
                stood = since <= at if after else since < at
                stands = until is None or (until > at if after else until >= at)
                if stood and stands and due.astimezone(zone).date() < at.astimezone(zone).date():
                    wanted.add((task, due))
        assert set(said) == wanted


def walked(town: World, clock: Clock, walk: list[tuple[str, str, int]]) -> None:
    """The server is awake at each step, and down in between."""
    zone = calendar_in(town.policy).zone
    looks: list[Look] = [(clock.now, True)]
    for name, deed, minutes in walk:
        town.later(minutes=minutes)
        town.drain()
        if clock.now.astimezone(zone).date() > looks[-1][0].astimezone(zone).date():
            looks.append((clock.now, False))
        step(town, name, deed)
        if deed == "adopt":
            looks.append((clock.now, True))
    check(town, looks)


WALKS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(STEPS), st.sampled_from([1, 61, 245, 600, 1441, 2881])), max_size=14
)
COUNT = count()


@contextmanager
def town_in(places: Places, folder: Path) -> Iterator[tuple[World, Clock]]:
    clock = Clock()
    clock.set("2026-03-05 09:00")
    with the_app() as client:
        number = next(COUNT)
        town = World(places.open(clock=clock, name=f"notices{number}"), clock, folder / f"{number}", client)
        yield town, clock
        town.close()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(WALKS)
@example([("r1", "report", 1800), ("r1", "sign", 5760), ("r1", "adopt", 1), ("r1", "sign", 2881)])  # told, then it moved
@example([("r1", "report", 1), ("r1", "give_back", 2881), ("r1", "dispatch", 1), ("r1", "sign", 1441)])  # late, and goes on
def test_each_missed_deadline_is_told_once(places, tmp_path, walk):
    """Whoever has the case, whatever the calendar says, however long nobody was awake."""
    with town_in(places, tmp_path) as (town, clock):
        walked(town, clock, walk)
        assert town.replayed() == []


def test_many_are_told_in_parts(places, tmp_path, monkeypatch):
    """A morning after a bad day: more are late than one transaction tells, and all are told once."""
    monkeypatch.setattr(ordering, "NOTICES_PART", 3)
    with town_in(places, tmp_path) as (town, clock):
        for place in range(10):
            town.report(f"r{place}", kind="rubbish", cell="a1")
        clock.forward(days=2)
        town.drain()
        town.drain()
        assert [town.story(f"r{place}").count("OverdueNoticed") for place in range(10)] == [1] * 10


def test_what_was_imported_is_not_told(places, tmp_path):
    """Another system's lateness is told by it, or is long past."""
    with town_in(places, tmp_path) as (town, clock):
        town.bring("8001", kind="pothole", cell="a1", unit="roads-north", came_in="2026-02-02 09:00",
                   deadline="2026-02-06 18:00")  # fmt: skip
        town.report("r1", kind="pothole")
        clock.forward(days=5)
        town.drain()
        assert town.story("8001") == ["ReportImported", "CaseImported"]
        assert "OverdueNoticed" in town.story("r1")  # one of our own is


def test_two_processes_tell_it_once(places, tmp_path):
    """Both find the same timer due."""
    with town_in(places, tmp_path) as (town, clock):
        town.report("r1", kind="rubbish")
        clock.forward(days=2)
        other = Timers(town.writer, timers_of(town.book, (dispatch,)))
        with town.database.reading() as tx:
            seen = other._due(tx)
        town.drain()
        town.writer.whole(lambda tx: other._do(tx, seen))
        assert town.story("r1").count("OverdueNoticed") == 1
