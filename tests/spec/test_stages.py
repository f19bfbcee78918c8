"""Limits by step: work whose steps are stopped, fined and taken down each has its own clock, which begins where the last ended.

Source: standards.md 1.8, City C: to stop an illegal building four working hours, to fine the builder seven working days,
to take it down twenty.
"""

import pytest
from tests.world import DONE

from cityloop.domain import facts as f


@pytest.fixture(autouse=True)
def steps(world):
    """In this town an illegal building is stopped, fined and taken down, each with a limit of its own."""
    world.adopt("mini_stages")


def test_each_step_has_its_own_clock(world):
    """The first runs from the dispatch, each other from the moment at which the one before was reached."""
    world.report("r1", kind="building", at="2026-03-06 16:00")
    assert world.task("r1") == ("street-1", "2026-03-09 10:00")  # Friday 16:00 and four working hours
    world.sign("r1")
    world.at("2026-03-06 17:00")
    world.reach("r1", "stop_work")
    assert world.task("r1") == ("street-1", "2026-03-17 17:00")  # and seven working days
    world.at("2026-03-16 11:00")
    world.reach("r1", "penalty")
    assert world.task("r1") == ("street-1", "2026-04-14 11:00")  # and twenty, over a holiday

    assert world.state("r1") == "handling"
    assert world.story("r1")[-3:] == ["TaskSigned", "TaskStageReached", "TaskStageReached"]


def test_the_whole_is_due_when_the_last_step_is(world):
    """A case is in time when its last step ended in time, however early the steps before were reached."""
    world.report("r1", kind="building", at="2026-03-06 16:00")
    world.sign("r1")
    world.reach("r1", "stop_work")
    world.reach("r1", "penalty")
    due = world.case("r1").due_at
    world.at("2026-04-03 09:00")
    world.finish("r1", note=DONE)
    world.inspect("r1")

    assert world.local(due) == "2026-04-03 16:00"
    assert (world.state("r1"), world.case("r1").on_time) == ("closed", True)


def test_a_late_step_is_recorded_and_the_next_has_its_whole_limit(world):
    """Each step says for itself whether it was late; being late takes nothing from the next one's time."""
    world.report("r1", kind="building", at="2026-03-06 16:00")
    world.sign("r1")
    world.at("2026-03-09 10:01")
    world.reach("r1", "stop_work")
    late = world.fact("r1", f.TaskStageReached)
    world.reach("r1", "penalty")

    assert (late.stage, late.overdue, world.fact("r1", f.TaskStageReached).overdue) == ("stop_work", True, False)
    assert world.task("r1") == ("street-1", "2026-04-07 10:01")
    steps = world.view("r1", by="handler-street-1")["tasks"][-1]["stages"]
    assert [(step["code"], step["overdue"], step["runs"]) for step in steps] == [
        ("stop_work", True, False), ("penalty", False, False), ("take_down", None, True),
    ]  # fmt: skip
    world.finish("r1", note=DONE)
    assert [step["overdue"] for step in world.view("r1", by="dispatcher")["tasks"][0]["stages"]] == [True, False, False]


def test_the_lamp_is_that_of_the_running_step(world):
    """Three of four hours used are yellow soon; once the step is reached, the next one's days are green."""
    world.report("r1", kind="building", at="2026-03-06 08:00")
    world.sign("r1")
    world.at("2026-03-06 11:30")
    before = world.view("r1", by="dispatcher")["clock"]
    world.reach("r1", "stop_work")
    after = world.view("r1", by="dispatcher")["clock"]

    assert (before["lamp"], before["limit"]) == ("yellow", {"value": 4, "unit": "work_hour"})
    assert (after["lamp"], after["limit"]) == ("green", {"value": 7, "unit": "work_day"})


def test_work_cannot_end_before_its_steps_are_reached(world):
    """The page says so, and so does the city."""
    world.report("r1", kind="building", at="2026-03-06 16:00")
    world.sign("r1")
    with world.refuses("handle.stage_left"):
        world.finish("r1", note=DONE)
    assert world.moves("r1", by="handler-street-1")["finish"] == "why_not.stage_left"
    world.reach("r1", "stop_work")
    world.reach("r1", "penalty")

    assert world.moves("r1", by="handler-street-1") == {"return": None, "finish": None}
    world.finish("r1", note=DONE)


def test_steps_are_reached_in_their_order(world):
    """Only the running step can be reached, and the last one ends with the work."""
    world.report("r1", kind="building", at="2026-03-06 16:00")
    with world.refuses("lifecycle.move_forbidden"):
        world.reach("r1", "stop_work")
    world.sign("r1")
    with world.refuses("handle.stage_wrong"):
        world.reach("r1", "take_down")
    world.reach("r1", "stop_work")
    with world.refuses("handle.stage_wrong"):
        world.reach("r1", "stop_work")
    world.reach("r1", "penalty")
    with world.refuses("handle.stage_wrong"):
        world.reach("r1", "take_down")


def test_work_of_one_limit_has_no_steps(world):
    """Nothing is offered, and nothing can be reached."""
    world.report("r1", kind="rubbish")
    world.sign("r1")
    assert "reach_stage" not in world.moves("r1", by="handler-cleaning")
    with world.refuses("handle.stage_wrong"):
        world.reach("r1", "stop_work")


def test_a_unit_that_gets_its_case_back_goes_on_in_the_step(world):
    """What was reached stays reached; the step's clock stood while the case was away."""
    world.report("r1", kind="building", at="2026-03-06 16:00")
    world.sign("r1")
    world.reach("r1", "stop_work")
    world.at("2026-03-10 16:00")
    world.give_back("r1", "wrong_place")
    world.at("2026-03-11 16:00")
    world.dispatch("r1", "street-1")

    assert world.task("r1") == ("street-1", "2026-03-18 16:00")  # a working day later than it was
    world.sign("r1")
    world.reach("r1", "penalty")
    assert world.replayed() == []


def test_another_unit_begins_with_the_step_that_is_left(world):
    """The building was stopped already; the new unit has the whole limit of the penalty."""
    world.report("r1", kind="building", at="2026-03-06 16:00")
    world.sign("r1")
    world.reach("r1", "stop_work")
    world.at("2026-03-10 16:00")
    world.give_back("r1")
    world.dispatch("r1", "cleaning")

    assert world.task("r1") == ("cleaning", "2026-03-19 16:00")
    world.sign("r1")
    with world.refuses("handle.stage_wrong"):
        world.reach("r1", "stop_work")
    world.reach("r1", "penalty")


def test_a_corrected_calendar_moves_the_running_step(world):
    """Monday turns out to be a day off: the running step is due a day later, and so is the next one when it begins."""
    world.report("r1", kind="building", at="2026-03-06 16:00")
    world.adopt("mini_stages_holiday")
    assert world.task("r1") == ("street-1", "2026-03-10 10:00")
    world.sign("r1")
    world.reach("r1", "stop_work")

    assert world.task("r1") == ("street-1", "2026-03-18 16:00")
    world.adopt("mini_stages")
    assert world.task("r1") == ("street-1", "2026-03-17 16:00")
    assert world.replayed() == []


def test_the_case_keeps_its_steps_when_the_pack_changes(world):
    """A new version without steps leaves those under which the case was filed."""
    world.report("r1", kind="building", at="2026-03-06 16:00")
    world.sign("r1")
    world.adopt("mini")
    world.reach("r1", "stop_work")

    assert world.task("r1") == ("street-1", "2026-03-17 16:00")
    steps = world.view("r1", by="dispatcher")["tasks"][0]["stages"]
    assert steps[0]["code"] == "stop_work"
    assert steps[0]["reached_at"]


def test_rework_has_the_limit_of_the_last_step(world):
    """What failed the inspection is the taking down; it is done again within its own limit."""
    world.report("r1", kind="building", at="2026-03-06 16:00")
    world.sign("r1")
    world.reach("r1", "stop_work")
    world.reach("r1", "penalty")
    world.finish("r1", note=DONE)
    world.inspect("r1", passed=False)

    assert world.task("r1") == ("street-1", "2026-04-03 16:00")
    world.handle("r1")
    assert world.state("r1") == "inspecting"


def test_told_twice_a_step_is_reached_once(world):
    """Handlers that hear everything again change nothing."""
    world.report("r1", kind="building", at="2026-03-06 16:00")
    world.sign("r1")
    world.reach("r1", "stop_work")
    before = world.story("r1")
    world.tell_again()

    assert world.story("r1") == before
