"""Clocks: when something is due, when it is late, and what a corrected calendar moves."""

import pytest
from tests.world import CELLS

from cityloop.domain import facts as f
from cityloop.stages.handle import rules


@pytest.mark.parametrize(
    ("kind", "at", "due"),
    [
        ("rubbish", "2026-03-06 16:00", "2026-03-09 10:00"),  # 4 working hours over a weekend
        ("pothole", "2026-03-06 16:00", "2026-03-09 16:00"),  # 1 working day of 8 working hours
        ("cover", "2026-03-07 23:00", "2026-03-08 01:00"),  # 2 hours round the clock
        ("vagrant", "2026-02-17 12:00", "2026-02-17 16:00"),  # round the clock at the Spring Festival too
        ("rubbish", "2026-02-13 17:00", "2026-02-14 11:00"),  # a Saturday worked for the Spring Festival
    ],
)
def test_the_limit_of_the_rule_runs_on_the_calendar_of_the_city(world, kind, at, due):
    """Working hours stand still by night, over weekends and on holidays, and run on a Saturday that is worked; round-the-clock limits never stop."""
    world.report("r1", kind=kind, at=at)
    assert world.local(world.case("r1").due_at) == due


def test_the_due_moment_itself_is_in_time(world):
    """Work that is finished at the very moment at which it is due is not late."""
    world.report("r1", kind="rubbish", at="2026-03-06 16:00")
    world.sign("r1")
    world.at("2026-03-09 10:00")
    world.finish("r1")
    world.inspect("r1")

    assert (world.tasks("r1")[0].overdue, world.case("r1").on_time) == (False, True)


def test_what_is_finished_later_is_late_for_ever(world):
    """Closed, and late: the figures will say so."""
    world.report("r1", kind="rubbish", at="2026-03-06 16:00")
    world.sign("r1")
    world.at("2026-03-09 10:01")
    world.finish("r1")
    world.inspect("r1")

    assert world.fact("r1", f.TaskFinished).overdue is True
    assert (world.state("r1"), world.case("r1").on_time) == ("closed", False)


def test_the_lamp_turns_yellow_and_red(world):
    """Green to 80 % of the limit, yellow to the whole, then red; with what is left, in working time."""
    world.report("r1", kind="rubbish", at="2026-03-06 14:00")
    seen = []
    for at in ("14:30", "17:11", "17:13", "18:00"):
        world.at(f"2026-03-06 {at}")
        clock = world.view("r1", by="handler-cleaning")["clock"]
        seen.append((clock["lamp"], clock["left_s"] // 60))
    world.at("2026-03-09 08:01")
    clock = world.view("r1", by="handler-cleaning")["clock"]

    assert seen == [("green", 210), ("green", 49), ("yellow", 47), ("yellow", 0)]
    assert (clock["lamp"], clock["left_s"]) == ("red", -60)


def test_a_corrected_calendar_moves_what_runs(world):
    """Monday turns out to be a day off: the running task is due a day later, and a fact says why."""
    world.report("r1", kind="rubbish", at="2026-03-06 16:00")
    world.report("r2", kind="cover", at="2026-03-06 16:00")
    world.adopt("mini_holiday")

    moved = world.fact("r1", f.DueMoved)
    assert (world.local(moved.due_at), moved.why) == ("2026-03-10 10:00", "calendar")
    assert world.task("r1") == ("cleaning", "2026-03-10 10:00")
    assert "DueMoved" not in world.story("r2")  # hours round the clock know no holiday


def test_what_was_moved_is_late_by_the_new_moment(world):
    """Work finished after the old moment and before the new one is in time."""
    world.report("r1", kind="rubbish", at="2026-03-06 16:00")
    world.adopt("mini_holiday")
    world.at("2026-03-10 09:00")
    world.handle("r1")

    assert world.fact("r1", f.TaskFinished).overdue is False


def test_tasks_of_verifying_and_inspecting_move_too(world):
    """A collector who is asked to look gets the day off too: every running clock moves, not only that of the work."""
    world.report("r1", kind="building", channel="app", at="2026-03-06 17:50")
    world.report("r2", kind="rubbish", at="2026-03-06 17:50")
    world.handle("r2")
    world.adopt("mini_holiday")

    assert world.task("r1") == ("collector-a1", "2026-03-10 08:20")
    assert world.task("r2") == ("collector-a1", "2026-03-10 08:20")


def test_limits_of_the_desks_move_too(world):
    """To accept, to dispatch and to sign for: whatever runs over the weekend is due a day later."""
    world.report("r1", kind="greenery", at="2026-03-06 17:30")
    world.report("r2", kind="noise", at="2026-03-06 17:50")
    world.report("r3", kind="rubbish", at="2026-03-06 17:00")
    before = [world.local(due) for due in (world.case("r1").accept_due, world.case("r2").dispatch_due, world.tasks("r3")[0].sign_due)]
    world.adopt("mini_holiday")

    assert before == ["2026-03-09 08:30", "2026-03-09 08:05", "2026-03-09 09:00"]
    assert world.local(world.case("r1").accept_due) == world.task("r1")[1] == "2026-03-10 08:30"
    assert world.local(world.case("r2").dispatch_due) == world.task("r2")[1] == "2026-03-10 08:05"
    assert world.local(world.tasks("r3")[0].sign_due) == "2026-03-10 09:00"
    assert [told.fact.measures for told in world.told("r3") if isinstance(told.fact, f.DueMoved)] == ["sign", "handle"]
    assert world.fact("r1", f.DueMoved).task_id is None
    assert world.replayed() == []


def test_while_somebody_verifies_both_limits_move(world):
    """The look on site has its own limit; that of accepting runs on behind it."""
    world.report("r1", kind="building", channel="app", at="2026-03-06 17:50")
    world.adopt("mini_holiday")

    assert [told.fact.measures for told in world.told("r1") if isinstance(told.fact, f.DueMoved)] == ["accept", "verify"]
    assert world.task("r1")[1] == "2026-03-10 08:20"
    assert world.local(world.case("r1").accept_due) == "2026-03-10 08:50"
    world.verify("r1")
    assert world.task("r1")[1] == "2026-03-10 08:50"


def test_the_dispatchers_limit_after_a_return_moves(world):
    """The time in which a returned case must be dispatched again moves with the calendar too."""
    world.report("r1", kind="rubbish", at="2026-03-06 16:00")
    world.at("2026-03-06 17:55")
    world.give_back("r1")
    world.adopt("mini_holiday")

    assert world.task("r1") == (None, "2026-03-10 08:10")


def test_the_limit_that_was_given_counts_not_the_packs_new_one(world):
    """The clock that the page shows is of the limit in the fact."""
    world.report("r1", kind="greenery", at="2026-03-06 17:30")
    shown = world.view("r1", by="acceptor")["clock"]

    assert shown["limit"] == {"value": 1, "unit": "work_hour"}
    assert world.fact("r1", f.CaseOpened).accept_limit.value == 1


def test_what_is_over_does_not_move(world):
    """A closed case and a task that was sent back keep the moments that they had."""
    world.report("r1", kind="rubbish", at="2026-03-06 16:00")
    world.handle("r1")
    world.inspect("r1")
    world.report("r2", kind="rubbish")
    world.give_back("r2")
    world.adopt("mini_holiday")

    assert "DueMoved" not in world.story("r1") + world.story("r2")


def test_many_deadlines_move_part_by_part(world, monkeypatch):
    """However many run, one transaction moves a part; the last of a part brings the next."""
    monkeypatch.setattr(rules, "PART_MAX", 2)
    for name in "abcde":
        world.report(name, kind="rubbish", at="2026-03-06 16:00")
    world.adopt("mini_holiday")

    assert {world.task(name)[1] for name in "abcde"} == {"2026-03-10 10:00"}
    told = [world.fact(name, f.DueMoved).why for name in "abcde"]
    assert sorted(told) == ["calendar"] * 3 + ["calendar_more"] * 2


def test_a_new_version_of_the_pack_leaves_the_kept_limit(world):
    """A case keeps the rule row and the limit that it was filed under; only the calendar counts anew."""
    world.report("r1", kind="rubbish", at="2026-03-06 16:00")
    before = world.case("r1").rule_kept
    world.adopt("mini_holiday")
    assert world.case("r1").rule_kept == before
    assert world.case("r1").cell == CELLS["a1"]
