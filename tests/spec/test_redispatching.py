"""Dispatching again after a return 回退: the same unit gets what was left of its time, another one the whole limit."""

from datetime import timedelta

import pytest

from cityloop.domain import facts as f
from cityloop.pages.telling import Teller, step_of

H = 3600


def returned(world, at: str = "2026-03-06 15:00", reason: str = "no_means") -> None:
    """Four working hours from Friday 14:00; sent back at that moment."""
    world.report("r1", kind="rubbish", at="2026-03-06 14:00")
    world.sign("r1")
    world.at(at)
    world.give_back("r1", reason)


def test_the_same_unit_gets_the_time_that_was_left(world):
    """One of four hours was used on Friday; on Monday the clock goes on with three."""
    returned(world)
    world.at("2026-03-09 08:30")
    world.dispatch("r1", "cleaning")

    assert world.task("r1") == ("cleaning", "2026-03-09 11:30")
    told = world.fact("r1", f.CaseDispatched)
    first = world.tasks("r1")[0]
    assert (told.resumes.task_id, told.resumes.start, told.resumes.left_s) == (first.id, first.given_at, 3 * H)
    assert [(world.local(each.since), world.local(each.until)) for each in told.resumes.pauses] == [
        ("2026-03-06 15:00", "2026-03-09 08:30")
    ]
    assert told.duty.why[-1] == "clock_goes_on"
    assert world.local(told.sign_due) == "2026-03-09 10:30"  # to sign is asked anew


def test_another_unit_gets_the_whole_limit(world):
    """Who has not held the case before starts with a full clock."""
    returned(world)
    world.at("2026-03-09 08:30")
    world.dispatch("r1", "covers")

    assert world.task("r1") == ("covers", "2026-03-09 14:30")
    told = world.fact("r1", f.CaseDispatched)
    assert (told.resumes, told.duty.why[-1]) == (None, "clock_anew")


def test_a_limit_that_the_dispatcher_names_begins_anew(world):
    """A limit that a person sets for this task is a new one, also for the same unit."""
    returned(world)
    case = world.case("r1")
    asked = {"unit": "cleaning", "limit": {"value": 2, "unit": "work_hour"}}
    world.post(f"/v1/cases/{case.id}/task", by="dispatcher", match=case.no, json=asked)

    assert world.task("r1") == ("cleaning", "2026-03-06 17:00")
    assert world.fact("r1", f.CaseDispatched).duty.why[-1] == "clock_anew"


def test_what_was_late_stays_late(world):
    """A unit that sends a case back after its deadline gains nothing by it."""
    returned(world, at="2026-03-09 09:00")
    world.later(hours=1)
    world.dispatch("r1", "cleaning")

    assert world.task("r1") == ("cleaning", "2026-03-06 18:00")
    assert world.fact("r1", f.CaseDispatched).resumes.left_s == -H
    world.handle("r1")
    assert world.fact("r1", f.TaskFinished).overdue is True


def test_a_case_sent_back_twice_still_counts_from_its_beginning(world):
    """Each return takes only its own pause out of the time that was used."""
    returned(world)
    world.at("2026-03-09 08:30")
    world.dispatch("r1", "cleaning")
    world.at("2026-03-09 09:30")
    world.give_back("r1", "no_means")
    world.at("2026-03-09 16:30")
    world.dispatch("r1", "cleaning")

    assert world.task("r1") == ("cleaning", "2026-03-10 08:30")  # two hours: one and a half today
    assert world.fact("r1", f.CaseDispatched).resumes.left_s == 2 * H
    assert len(world.fact("r1", f.CaseDispatched).resumes.pauses) == 2


def test_only_the_unit_that_sent_it_back_last_goes_on(world):
    """Another unit's clock began in between, and ended the first one's."""
    returned(world)
    world.dispatch("r1", "covers")
    world.later(minutes=30)
    world.give_back("r1", "no_means")
    world.dispatch("r1", "cleaning")

    assert world.task("r1")[1] == "2026-03-09 09:30"  # 15:30 and four hours
    assert world.fact("r1", f.CaseDispatched).resumes is None


@pytest.mark.parametrize(("at", "left_s"), [("2026-03-06 15:00", H), ("2026-03-07 23:00", -31 * H)])
def test_round_the_clock_a_pause_is_plain_time(world, at, left_s):
    """Two hours without a break: one was used, and one is left after the weekend; or it was late on Friday."""
    world.report("r1", kind="cover", at="2026-03-06 14:00")
    world.sign("r1")
    world.at(at)
    world.give_back("r1", "no_means")
    world.at("2026-03-08 03:00")
    unit = world.tasks("r1")[0].unit
    world.dispatch("r1", unit)

    due = world.case("r1").due_at
    expected = world.clock() + timedelta(hours=1) if left_s > 0 else world.tasks("r1")[0].due_at
    assert due == expected


def test_the_lamp_counts_what_was_used_before(world):
    """The page and the list show the whole limit: three of four hours used is yellow soon, not green anew."""
    returned(world, at="2026-03-06 17:00")
    world.at("2026-03-09 08:30")
    world.dispatch("r1", "cleaning")
    clock = world.view("r1", by="handler-cleaning")["clock"]
    listed = world.get("/v1/cases", by="handler-cleaning")["items"][0]["clock"]

    assert (clock["lamp"], clock["left_s"], clock["used_ppm"]) == ("green", H, 750_000)
    assert listed == clock
    world.later(minutes=20)
    assert world.view("r1", by="handler-cleaning")["clock"]["lamp"] == "yellow"


def test_a_corrected_calendar_counts_the_pause_anew(world):
    """Monday turns out to be a day off after the unit has its case back: the three hours are due on Tuesday."""
    returned(world)
    world.at("2026-03-06 17:00")
    world.dispatch("r1", "cleaning")
    assert world.task("r1") == ("cleaning", "2026-03-09 10:00")
    world.adopt("mini_holiday")

    assert world.task("r1") == ("cleaning", "2026-03-10 10:00")


def test_why_is_told_to_a_person(world):
    """The page of the case says that the clock goes on, with how much is left, in both languages."""
    returned(world)
    world.at("2026-03-09 08:30")
    world.dispatch("r1", "cleaning")
    told = next(each for each in reversed(world.told("r1")) if isinstance(each.fact, f.CaseDispatched))
    said = {language: dict(step_of(told, Teller(policy=world.policy, language=language)).lines) for language in ("zh", "en")}

    assert said["en"]["goes on with"] == "3 h left"
    assert said["zh"]["续计"] == "剩余3小时"
    assert "the unit gets its own case back, so its clock goes on" in said["en"]["because"]


def test_replayed_it_is_the_same(world):
    """Pauses and the clocks that go on are made again from the facts alone."""
    returned(world)
    world.dispatch("r1", "cleaning")
    world.handle("r1")
    world.inspect("r1", passed=False)  # rework is a new clock of the whole limit

    assert world.task("r1")[0] == "cleaning"
    assert world.tasks("r1")[-1].pauses is None
    assert world.replayed() == []
