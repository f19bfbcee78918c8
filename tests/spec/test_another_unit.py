"""Reassigning 改派: another unit is answerable before the work is finished, and its clock begins anew."""

import pytest

from cityloop.domain import facts as f
from cityloop.pages.telling import Teller, step_of


def given(world) -> None:
    """Four working hours from Friday 14:00, with the cleaners."""
    world.report("r1", kind="rubbish", at="2026-03-06 14:00")


def test_the_dispatcher_gives_a_case_to_another_unit(world):
    """The old unit's task ends as reassigned, and the new one has the whole limit."""
    given(world)
    world.sign("r1")
    world.at("2026-03-06 17:00")
    world.reassign("r1", "covers", "overloaded", note="the cleaners have no lorry left")

    assert (world.state("r1"), world.task("r1")) == ("to_sign", ("covers", "2026-03-09 11:00"))
    old, new = world.tasks("r1")
    assert (old.unit, old.outcome, old.overdue) == ("cleaning", "reassigned", False)
    assert (new.unit, world.local(new.sign_due)) == ("covers", "2026-03-09 09:00")
    told = world.fact("r1", f.CaseReassigned)
    assert (told.from_unit, told.reason, told.duty.why[0]) == ("cleaning", "overloaded", "by_hand")


def test_the_old_unit_no_longer_sees_it(world):
    """Who is not answerable any more has nothing to look at; the new unit has."""
    given(world)
    world.reassign("r1", "covers")
    with world.refuses("case.unknown"):
        world.sign("r1", by="handler-cleaning")
    world.sign("r1", by="handler-covers")

    assert world.state("r1") == "handling"
    assert world.queue(by="handler-cleaning") == []
    assert world.queue(by="handler-covers") == ["r1"]


def test_the_same_unit_cannot_get_its_own_case(world):
    """That would be a new deadline for nothing: it is urged instead."""
    given(world)
    with world.refuses("dispatch.same_unit"):
        world.reassign("r1", "cleaning")


@pytest.mark.parametrize("reason", ["", "tired", "not_ours"])
def test_a_reason_is_one_of_the_list(world, reason):
    """Why a case changes hands is counted, so it is a code."""
    given(world)
    with world.refuses("dispatch.reason_unknown"):
        world.reassign("r1", "covers", reason)


def test_an_unknown_unit_is_refused(world):
    """A unit is one of the pack."""
    given(world)
    with world.refuses("dispatch.unit_unknown"):
        world.reassign("r1", "nobody")


def test_only_the_desk_that_holds_it_may(world):
    """Neither the unit itself nor another desk."""
    given(world)
    with world.refuses("not_allowed"):
        world.reassign("r1", "covers", by="handler-cleaning")
    with world.refuses("people.out_of_scope"):
        world.reassign("r1", "covers", by="dispatcher-north")


def test_finished_work_stays_with_who_did_it(world):
    """After the work is done there is nothing to give away; before anybody has it, it is dispatched."""
    given(world)
    world.handle("r1")
    with world.refuses("lifecycle.move_forbidden"):
        world.reassign("r1", "covers")
    world.report("r2", kind="noise")
    with world.refuses("lifecycle.move_forbidden"):
        world.reassign("r2", "covers")


def test_loads_follow(world):
    """What one unit loses the other has."""
    given(world)
    world.reassign("r1", "covers")
    world.give_back("r1", "no_means")
    world.dispatch("r1", "covers")

    assert world.load("cleaning") == 0
    assert world.load("covers") == 1
    assert world.fact("r1", f.CaseDispatched).resumes.task_id == world.tasks("r1")[1].id  # its own clock goes on


def test_reassigning_is_told_in_words_and_replayed(world):
    """The page says who has it now and why, and the journal makes the same tables again."""
    given(world)
    world.reassign("r1", "covers", "duty_changed")
    told = next(each for each in world.told("r1") if isinstance(each.fact, f.CaseReassigned))
    said = dict(step_of(told, Teller(policy=world.policy, language="en")).lines)

    assert said["unit"].startswith("Covers")
    assert "another unit answers for it now" in said["because"]
    assert world.replayed() == []


def test_what_the_old_unit_has_asked_for_is_taken_back(world):
    """More time for a task that it no longer has; nobody can agree to it any more, and the new unit may ask for itself."""
    world.adopt("mini_approvals")
    given(world)
    world.sign("r1")
    world.ask("r1", "extension", "weather", length="2 work_hour")
    world.reassign("r1", "covers")
    assert (world.fact("r1", f.ApprovalWithdrawn).why, world.case("r1").approval_kind) == ("CaseReassigned", None)
    with world.refuses("approval.over"):
        world.agree("r1", by="dispatcher")
    assert world.timers_set("approval_lapse") == 0
    world.sign("r1")
    world.ask("r1", "extension", "weather", length="2 work_hour")

    assert world.approvals("r1")[0].outcome == "withdrawn"
    assert world.case("r1").approval_kind == "extension"
    assert world.replayed() == []


def test_what_is_asked_about_the_file_stays_asked(world):
    """Whether the case should have been filed does not hang on the unit."""
    world.adopt("mini_approvals")
    given(world)
    world.ask("r1", "void", "never_there", by="acceptor", note="nothing is there")
    world.reassign("r1", "covers")
    assert world.case("r1").approval_kind == "void"
    world.agree("r1", by="leader-on-duty")

    assert (world.state("r1"), world.load("covers")) == ("void", 0)
