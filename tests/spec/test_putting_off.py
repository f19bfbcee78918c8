"""Putting off: more time 延期, the problem store 挂账, a later date 缓办; and what the clock makes of them."""

import pytest
from tests.spec.test_handling import photo

from cityloop.domain import facts as f

H = 3600


@pytest.fixture
def asking(world):
    """The town has an approval matrix and heads of units; r1 is signed for at 14:00, with four working hours."""
    world.adopt("mini_approvals")
    world.report("r1", kind="rubbish", at="2026-03-06 14:00")
    world.sign("r1")
    return world


def test_more_time_is_given(asking):
    """A small extension is the desk's to give; the new deadline counts from the old one, and the lamp with it."""
    world = asking
    world.at("2026-03-06 17:30")
    assert world.view("r1", by="handler-cleaning")["clock"]["lamp"] == "yellow"
    world.ask("r1", "extension", "weather", length="2 work_hour")
    world.agree("r1", by="dispatcher")

    told = world.fact("r1", f.TaskExtended)
    assert (told.length.value, world.local(told.due_at)) == (2, "2026-03-09 10:00")
    assert (world.state("r1"), world.task("r1")) == ("handling", ("cleaning", "2026-03-09 10:00"))
    clock = world.view("r1", by="handler-cleaning")["clock"]
    assert (clock["lamp"], clock["left_s"]) == ("green", 2.5 * H)
    world.at("2026-03-09 10:00")
    world.finish("r1")
    assert world.fact("r1", f.TaskFinished).overdue is False


def test_more_time_is_given_once(asking):
    """延期 once: the matrix has no row for a second time."""
    world = asking
    world.ask("r1", "extension", "weather", length="2 work_hour")
    world.agree("r1", by="dispatcher")
    with world.refuses("approval.too_often"):
        world.ask("r1", "extension", "materials", length="1 work_hour")


def test_a_longer_time_needs_more_people(asking):
    """Length decides who agrees; beyond the longest row nobody can."""
    world = asking
    with world.refuses("approval.form_missing"):
        world.ask("r1", "extension", "larger", length="3 work_hour")
    with world.refuses("approval.too_long"):
        world.ask("r1", "extension", "larger", length="4 work_day", note="the whole yard is full")
    world.ask("r1", "extension", "larger", length="24 work_hour", note="the whole yard is full")
    assert world.fact("r1", f.ApprovalAsked).steps == ("unit_manager", "dispatcher", "leader")


@pytest.mark.parametrize(("length", "until"), [("", ""), ("0 work_hour", ""), ("", "2026-03-09 10:00"), ("2 work_hour", "2026-03-09 10:00")])
def test_an_extension_has_a_length(asking, length, until):
    """It counts from the deadline, so it is a span and no moment."""
    world = asking
    with world.refuses("approval.length_wrong"):
        world.ask("r1", "extension", "weather", length=length, until=until)


def test_more_time_is_asked_for_before_the_task_is_due(asking):
    """After the due moment it is too late to ask; the moment itself is in time."""
    world = asking
    world.at("2026-03-06 18:00")
    world.clock.forward(microseconds=1)
    with world.refuses("approval.asked_too_late"):
        world.ask("r1", "extension", "weather", length="2 work_hour")


def test_more_time_is_given_before_the_task_is_due(asking):
    """An approval after the due moment is none: what is late by then stays late."""
    world = asking
    world.at("2026-03-06 17:00")
    world.ask("r1", "extension", "weather", length="2 work_hour")
    assert world.local(world.approvals("r1")[0].decide_due) == "2026-03-06 18:00"
    world.at("2026-03-06 18:00")
    world.clock.forward(seconds=1)
    with world.refuses("approval.too_late"):
        world.agree("r1", by="dispatcher")
    world.drain()
    assert (world.fact("r1", f.ApprovalLapsed).lapse, world.task("r1")[1]) == ("refused", "2026-03-06 18:00")


def test_a_case_whose_conditions_are_absent_is_suspended(asking):
    """挂账: it stands in the problem store with its reason, and its clock stands since it was asked."""
    world = asking
    world.at("2026-03-06 15:00")
    world.ask("r1", "suspension", "no_permit", length="10 natural_day", plan="the permit comes on Thursday")
    assert world.view("r1", by="handler-cleaning")["clock"]["lamp"] == "grey"
    world.later(hours=1)
    world.agree("r1", by="dispatcher")

    assert world.story("r1")[-3:] == ["ApprovalAsked", "ApprovalGranted", "CaseSuspended"]
    held = world.fact("r1", f.CaseSuspended)
    assert (world.state("r1"), world.local(held.since), held.counts_as_due) == ("suspended", "2026-03-06 15:00", False)
    stored = world.get("/v1/problems", by="dispatcher")["items"][0]
    assert (stored["case"]["unit"], stored["reason"], stored["has_plan"]) == ("cleaning", "no_permit", True)
    assert world.view("r1", by="handler-cleaning")["clock"]["lamp"] == "grey"
    assert "Thursday" not in str(world.told("r1"))


def test_a_suspended_case_is_late_for_nobody(asking):
    """Months go by; it stands in no list of what is due."""
    world = asking
    world.ask("r1", "suspension", "no_permit", length="30 natural_day")
    world.agree("r1", by="dispatcher")
    world.at("2026-03-20 09:00")
    assert world.queue(by="dispatcher", due_before="2026-03-20T09:00:00+08:00") == []
    assert world.queue(by="dispatcher", order="clock") == []
    assert world.queue(by="dispatcher", state="suspended") == ["r1"]


def test_a_settled_case_goes_on_with_the_time_that_was_left(asking):
    """销账: one of four hours was used before it was asked; three are left."""
    world = asking
    world.at("2026-03-06 15:00")
    world.ask("r1", "suspension", "no_permit", length="10 natural_day")
    world.at("2026-03-06 17:00")
    world.agree("r1", by="dispatcher")
    world.at("2026-03-12 09:00")
    world.settle("r1", note="the permit is here")

    assert (world.state("r1"), world.task("r1")) == ("handling", ("cleaning", "2026-03-12 12:00"))
    assert (world.holds("r1")[0].outcome, world.get("/v1/problems", by="dispatcher")["items"]) == ("settled", [])
    world.finish("r1")
    assert world.fact("r1", f.TaskFinished).overdue is False


def test_who_may_settle(asking):
    """The unit says that it can go on, or who commands it; nobody else, and not twice."""
    world = asking
    world.ask("r1", "suspension", "no_permit", length="10 natural_day")
    world.agree("r1", by="dispatcher")
    with world.refuses("not_allowed"):
        world.settle("r1", by="leader-on-duty")
    with world.refuses("people.out_of_scope"):
        world.settle("r1", by="dispatcher-north")
    world.settle("r1", by="dispatcher")
    with world.refuses("lifecycle.move_forbidden"):
        world.settle("r1", by="dispatcher")


def test_a_suspended_case_is_not_worked_on(asking):
    """It is neither finished nor sent back nor given more time before it is settled."""
    world = asking
    world.ask("r1", "suspension", "no_permit", length="10 natural_day")
    world.agree("r1", by="dispatcher")
    with world.refuses("lifecycle.move_forbidden"):
        world.finish("r1")
    with world.refuses("lifecycle.move_forbidden"):
        world.give_back("r1", "not_ours")
    with world.refuses("lifecycle.move_forbidden"):
        world.ask("r1", "extension", "weather", length="2 work_hour")


def test_a_suspension_that_expires_is_looked_at_again(asking):
    """Never silently: it stands before who granted it, marked, and its clock goes on standing."""
    world = asking
    world.ask("r1", "suspension", "no_permit", length="10 natural_day")
    world.agree("r1", by="dispatcher")
    world.at("2026-03-17 00:01")
    world.drain()

    expired = world.fact("r1", f.HoldExpired)
    assert (expired.role, world.state("r1")) == ("dispatcher", "suspended")
    assert world.get("/v1/problems", by="leader")["items"][0]["role"] == "dispatcher"
    world.settle("r1", by="dispatcher")
    assert world.state("r1") == "handling"


def test_a_suspension_is_prolonged(asking):
    """The second time needs a leader, the form and a photo of it; the problem stays the same in the store."""
    world = asking
    world.ask("r1", "suspension", "no_permit", length="10 natural_day")
    world.agree("r1", by="dispatcher")
    world.at("2026-03-17 09:00")
    world.drain()
    world.ask("r1", "suspension", "in_court", length="60 natural_day", note="the court sits in May", photos=(photo(),))
    world.agree("r1", by="dispatcher")
    world.agree("r1", by="leader")

    kept = world.get("/v1/problems", by="leader")["items"][0]
    assert (kept["times"], kept["reason"], kept["role"], kept["counts_as_due"]) == (2, "in_court", None, True)
    assert world.local(world.holds("r1")[0].since) == "2026-03-06 14:00"
    assert world.story("r1").count("CaseSuspended") == 2
    world.at("2026-05-11 09:00")
    world.settle("r1")
    assert world.task("r1")[1] == "2026-05-11 15:00"  # four hours, none of them used


def test_settling_ends_what_is_asked(asking):
    """While a longer suspension is asked for, the conditions come about."""
    world = asking
    world.ask("r1", "suspension", "no_permit", length="10 natural_day")
    world.agree("r1", by="dispatcher")
    world.ask("r1", "suspension", "in_court", length="60 natural_day", note="the court sits in May", photos=(photo(),))
    world.settle("r1")
    assert (world.fact("r1", f.ApprovalWithdrawn).why, world.state("r1")) == ("CaseResumed", "handling")


@pytest.mark.parametrize(("length", "until"), [("", ""), ("1 work_day", "2026-03-12 10:00"), ("", "2026-03-06 13:59")])
def test_a_hold_has_an_end(asking, length, until):
    """Until a moment to come, or for a span: one of the two."""
    world = asking
    with world.refuses("approval.length_wrong"):
        world.ask("r1", "suspension", "no_permit", length=length, until=until)


def test_a_clock_that_stood_while_it_was_asked_goes_on_when_it_is_refused(asking):
    """The matrix lets it stand for a suspension: the hour of the asking is nobody's fault."""
    world = asking
    world.at("2026-03-06 15:00")
    world.ask("r1", "suspension", "no_permit", length="10 natural_day")
    world.at("2026-03-06 16:00")
    world.deny("r1", "can_be_done", by="dispatcher")

    assert world.task("r1") == ("cleaning", "2026-03-09 09:00")
    assert world.view("r1", by="handler-cleaning")["clock"]["lamp"] == "green"


def test_a_clock_that_stood_goes_on_when_nobody_decides(asking):
    """Four hours were the desk's; they are not the unit's."""
    world = asking
    world.at("2026-03-06 15:00")
    world.ask("r1", "suspension", "no_permit", length="10 natural_day")
    world.at("2026-03-09 09:00")
    world.drain()
    assert world.fact("r1", f.ApprovalLapsed).lapse == "refused"
    assert world.task("r1")[1] == "2026-03-09 12:00"


def test_asking_and_taking_it_back_gives_no_time(asking):
    """Else a unit could stop its clock whenever it likes."""
    world = asking
    world.at("2026-03-06 15:00")
    world.ask("r1", "suspension", "no_permit", length="10 natural_day")
    world.at("2026-03-06 17:59")
    world.withdraw("r1")
    assert world.task("r1")[1] == "2026-03-06 18:00"
    world.later(minutes=2)
    world.finish("r1")
    assert world.fact("r1", f.TaskFinished).overdue is True


def test_a_case_is_put_off_to_a_date(asking):
    """缓办: on the day, the work goes on by itself with the time that was left."""
    world = asking
    world.at("2026-03-06 15:00")
    world.ask("r1", "deferral", "event", until="2026-03-16 08:00")
    world.agree("r1", by="manager-cleaning")
    world.agree("r1", by="leader")
    assert (world.state("r1"), world.story("r1")[-1]) == ("deferred", "CaseDeferred")
    assert world.get("/v1/problems", by="leader", deferred=True)["items"][0]["reason"] == "event"

    world.at("2026-03-16 08:00")
    world.drain()
    assert (world.state("r1"), world.task("r1")) == ("handling", ("cleaning", "2026-03-16 11:00"))
    assert (world.fact("r1", f.CaseResumed).by, world.holds("r1")[0].outcome) == (None, "over")


def test_a_deferral_ends_early(asking):
    """The fair is called off; the unit says that it goes on, and the date does nothing any more."""
    world = asking
    world.ask("r1", "deferral", "event", until="2026-03-16 08:00")
    world.agree("r1", by="manager-cleaning")
    world.agree("r1", by="leader")
    world.at("2026-03-09 09:00")
    world.settle("r1")
    world.at("2026-03-16 08:00")
    world.drain()
    assert world.story("r1").count("CaseResumed") == 1


def test_a_date_that_came_while_the_server_slept(asking):
    """It goes on when somebody is awake, once, and the unit's clock from there."""
    world = asking
    world.ask("r1", "deferral", "event", until="2026-03-16 08:00")
    world.agree("r1", by="manager-cleaning")
    world.agree("r1", by="leader")
    world.at("2026-03-17 09:00")
    world.drain()
    world.tell_again()
    assert (world.story("r1").count("CaseResumed"), world.task("r1")[1]) == (1, "2026-03-17 15:00")


def test_a_returned_case_keeps_its_extension(asking):
    """Extended by two hours, sent back, and given to the same unit: five of six hours are left."""
    world = asking
    world.ask("r1", "extension", "weather", length="2 work_hour")
    world.agree("r1", by="dispatcher")
    world.at("2026-03-06 15:00")
    world.give_back("r1", "not_ours")
    world.at("2026-03-09 08:00")
    world.dispatch("r1", "cleaning")

    told = world.fact("r1", f.CaseDispatched)
    assert (told.resumes.left_s, [each.value for each in told.resumes.extensions]) == (5 * H, [2])
    assert world.task("r1") == ("cleaning", "2026-03-09 15:00")


def test_a_corrected_calendar_counts_the_extension_anew(asking):
    """Monday turns out to be a day off: the extended deadline moves to Tuesday."""
    world = asking
    world.ask("r1", "extension", "weather", length="2 work_hour")
    world.agree("r1", by="dispatcher")
    world.adopt("mini_approvals_holiday")
    assert world.fact("r1", f.DueMoved).why == "calendar"
    assert world.task("r1") == ("cleaning", "2026-03-10 10:00")


def test_replaying_gives_the_same_holds(asking):
    """The store, the clocks and the marks are made from the facts alone."""
    world = asking
    world.ask("r1", "extension", "weather", length="2 work_hour")
    world.agree("r1", by="dispatcher")
    world.ask("r1", "suspension", "no_permit", length="10 natural_day", plan="next week")
    world.agree("r1", by="dispatcher")
    world.at("2026-03-17 09:00")
    world.drain()
    world.settle("r1")
    assert world.replayed() == []
