"""Limits by step: whatever happens on the way, each step's deadline follows from the journal alone."""

from collections.abc import Iterator
from datetime import datetime

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engines import Clock, Places
from tests.world import DONE, PACKS, World, the_app

from cityloop.cases import stages_in
from cityloop.domain import facts as f
from cityloop.domain.calendar import calendar_in
from cityloop.domain.clock import Pause, due_of
from cityloop.domain.policy import Limit
from cityloop.stages.handle.service import working

STEPS = ("stop_work", "penalty", "take_down")  # by hand, from the pack of the story
LIMITS = ((4, "work_hour"), (7, "work_day"), (20, "work_day"))
# what is tried, and how many minutes later; what cannot be done from there is left out
ways = st.lists(
    st.tuples(st.sampled_from(["reach", "reach", "back", "back_other", "holiday", "workday"]), st.integers(0, 4000)),
    max_size=12,
)


@pytest.fixture
def town(places: Places, tmp_path) -> Iterator[World]:
    """A town in which an illegal building is stopped, fined and taken down."""
    clock = Clock()
    clock.set("2026-03-06 16:00")
    with the_app() as client:
        world = World(places.open(clock=clock), clock, tmp_path, client)
        world.book.adopt(PACKS / "mini_stages", actor="account:system")
        yield world
        world.close()


def walk(town: World, steps: list[tuple[str, int]]) -> int:
    """Let it happen; gives how many steps were reached."""
    reached = 0
    town.at("2026-03-06 16:00")
    town.book.adopt(PACKS / "mini_stages", actor="account:system")
    town.drain()
    town.report("b", kind="building")
    town.sign("b")
    for name, minutes in steps:
        town.later(minutes=minutes)
        if name == "reach" and reached < len(STEPS) - 1:
            town.reach("b", STEPS[reached])
            reached += 1
        elif name in ("back", "back_other"):
            unit = town.case("b").unit
            town.give_back("b", "wrong_place")
            town.later(minutes=minutes // 2)
            others = [each for each in ("street-1", "cleaning") if each != unit]
            town.dispatch("b", unit if name == "back" else others[0])
            town.sign("b")
        elif name in ("holiday", "workday"):
            town.book.adopt(PACKS / {"holiday": "mini_stages_holiday"}.get(name, "mini_stages"), actor="account:system")
            town.drain()
    return reached


def check(town: World, reached: int) -> None:
    """Step, start, pauses and limit from the facts alone; the due moment by the calendar of the pack in force."""
    running, start, pauses, unit, task, away = 0, None, (), "", "", None
    late: list[bool] = []
    due: datetime | None = None
    for told in town.told("b"):
        fact, calendar = told.fact, calendar_in(town.book.of(told.pack))
        if isinstance(fact, f.CaseDispatched):
            if away and unit == fact.duty.unit:
                pauses = (*pauses, Pause(since=away, until=fact.at))
            else:
                start, pauses = fact.at, ()
            unit, task, away = fact.duty.unit, fact.task_id, None
            assert (fact.stage, [each.code for each in fact.stages]) == (running, list(STEPS))
        elif isinstance(fact, f.TaskReturned):
            away = fact.at
            continue
        elif isinstance(fact, f.TaskStageReached):
            assert due is not None
            assert (fact.stage, fact.overdue, fact.task_id) == (STEPS[running], fact.at > due, task)
            late.append(fact.overdue)
            running, start, pauses = running + 1, fact.at, ()
        elif not (isinstance(fact, f.DueMoved) and fact.measures is f.Measure.handle):
            continue
        assert start is not None
        limit = msgspec.convert(dict(zip(("value", "unit"), LIMITS[running], strict=True)), Limit)
        due = due_of(start, limit, pauses, (), calendar)
        assert fact.due_at == due
    assert running == reached
    row, last = town.case("b"), town.tasks("b")[-1]
    assert (row.clock_due, row.due_at, last.due_at, last.stage) == (due, due, due, running)
    flags = [stage.overdue for each in town.tasks("b") for stage in stages_in(each.stages) if stage.overdue is not None]
    assert sorted(flags) == sorted(late)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(ways)
def test_each_step_is_due_as_the_journal_alone_says(town, steps):
    check(town, walk(town, steps))


def test_the_journal_gives_the_same_steps_again(town):
    """Replayed into empty tables, every step stands where it stood."""
    walk(town, [("reach", 90), ("back", 3000), ("holiday", 0), ("reach", 20), ("back_other", 4000)])
    town.finish("b", note=DONE)
    assert town.replayed() == []


def test_a_step_whose_clock_did_not_begin_anew_is_seen(town, monkeypatch):
    """Planted: the next step goes on under the old one's start. The law must notice."""

    monkeypatch.setattr(
        working, "due_at", lambda now, limit, calendar: due_of(town.case("b").clock_since, limit, (), (), calendar)
    )
    with pytest.raises(AssertionError):
        check(town, walk(town, [("reach", 300)]))
