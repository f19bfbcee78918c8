"""Putting off: more time 延期, the problem store 挂账, a later date 缓办; and what the clock makes of them."""

import pytest
from tests.spec.test_handling import photo

from cityloop.domain import facts as f

H = 3600


@pytest.fixture
def town(world):
    """The town has an approval matrix and heads of units; r1 is signed for at 14:00, with four working hours."""
    world.adopt("mini_approvals")
    world.report("r1", kind="rubbish", at="2026-03-06 14:00")
    world.sign("r1")
    return world


def test_more_time_is_given(town):
    """A small extension is the desk's to give; the new deadline counts from the old one, and the lamp with it."""
    town.at("2026-03-06 17:30")
    assert town.view("r1", by="handler-cleaning")["clock"]["lamp"] == "yellow"
    town.ask("r1", "extension", "weather", length="2 work_hour")
    town.agree("r1", by="dispatcher")

    told = town.fact("r1", f.TaskExtended)
    assert (told.length.value, town.local(told.due_at)) == (2, "2026-03-09 10:00")
    assert (town.state("r1"), town.task("r1")) == ("handling", ("cleaning", "2026-03-09 10:00"))
    clock = town.view("r1", by="handler-cleaning")["clock"]
    assert (clock["lamp"], clock["left_s"]) == ("green", 2.5 * H)
    town.at("2026-03-09 10:00")
    town.finish("r1")
    assert town.fact("r1", f.TaskFinished).overdue is False


def test_more_time_is_given_once(town):
    """延期 once: the matrix has no row for a second time."""
    town.ask("r1", "extension", "weather", length="2 work_hour")
    town.agree("r1", by="dispatcher")
    with town.refuses("approval.too_often"):
        town.ask("r1", "extension", "materials", length="1 work_hour")


def test_a_longer_time_needs_more_people(town):
    """Length decides who agrees; beyond the longest row nobody can."""
    with town.refuses("approval.form_missing"):
        town.ask("r1", "extension", "larger", length="3 work_hour")
    with town.refuses("approval.too_long"):
        town.ask("r1", "extension", "larger", length="4 work_day", note="the whole yard is full")
    town.ask("r1", "extension", "larger", length="24 work_hour", note="the whole yard is full")
    assert town.fact("r1", f.ApprovalAsked).steps == ("unit_manager", "dispatcher", "leader")


@pytest.mark.parametrize(("length", "until"), [("", ""), ("0 work_hour", ""), ("", "2026-03-09 10:00"), ("2 work_hour", "2026-03-09 10:00")])
def test_an_extension_has_a_length(town, length, until):
    """It counts from the deadline, so it is a span and no moment."""
    with town.refuses("approval.length_wrong"):
        town.ask("r1", "extension", "weather", length=length, until=until)


def test_more_time_is_asked_for_before_the_task_is_due(town):
    """After the due moment it is too late to ask; the moment itself is in time."""
    town.at("2026-03-06 18:00")
    town.later(microseconds=1)
    with town.refuses("approval.asked_too_late"):
        town.ask("r1", "extension", "weather", length="2 work_hour")


def test_more_time_is_given_before_the_task_is_due(town):
    """An approval after the due moment is none: what is late by then stays late."""
    town.at("2026-03-06 17:00")
    town.ask("r1", "extension", "weather", length="2 work_hour")
    assert town.local(town.approvals("r1")[0].decide_due) == "2026-03-06 18:00"
    town.at("2026-03-06 18:00")
    town.later(seconds=1)
    with town.refuses("approval.too_late"):
        town.agree("r1", by="dispatcher")
    town.drain()
    assert (town.fact("r1", f.ApprovalLapsed).lapse, town.task("r1")[1]) == ("refused", "2026-03-06 18:00")


def test_a_case_whose_conditions_are_absent_is_suspended(town):
    """挂账: it stands in the problem store with its reason, and its clock stands since it was asked."""
    town.at("2026-03-06 15:00")
    town.ask("r1", "suspension", "no_permit", length="10 natural_day", plan="the permit comes on Thursday")
    assert town.view("r1", by="handler-cleaning")["clock"]["lamp"] == "grey"
    town.later(hours=1)
    town.agree("r1", by="dispatcher")

    assert town.story("r1")[-3:] == ["ApprovalAsked", "ApprovalGranted", "CaseSuspended"]
    held = town.fact("r1", f.CaseSuspended)
    assert (town.state("r1"), town.local(held.since), held.counts_as_due) == ("suspended", "2026-03-06 15:00", False)
    stored = town.get("/v1/problems", by="dispatcher")["items"][0]
    assert (stored["case"]["unit"], stored["reason"], stored["has_plan"]) == ("cleaning", "no_permit", True)
    assert town.view("r1", by="handler-cleaning")["clock"]["lamp"] == "grey"
    assert "Thursday" not in str(town.told("r1"))


def test_a_suspended_case_is_late_for_nobody(town):
    """Months go by; it stands in no list of what is due."""
    town.ask("r1", "suspension", "no_permit", length="30 natural_day")
    town.agree("r1", by="dispatcher")
    town.at("2026-03-20 09:00")
    assert town.queue(by="dispatcher", due_before="2026-03-20T09:00:00+08:00") == []
    assert town.queue(by="dispatcher", order="clock") == []
    assert town.queue(by="dispatcher", state="suspended") == ["r1"]


def test_a_settled_case_goes_on_with_the_time_that_was_left(town):
    """销账: one of four hours was used before it was asked; three are left."""
    town.at("2026-03-06 15:00")
    town.ask("r1", "suspension", "no_permit", length="10 natural_day")
    town.at("2026-03-06 17:00")
    town.agree("r1", by="dispatcher")
    town.at("2026-03-12 09:00")
    town.settle("r1", note="the permit is here")

    assert (town.state("r1"), town.task("r1")) == ("handling", ("cleaning", "2026-03-12 12:00"))
    assert (town.holds("r1")[0].outcome, town.get("/v1/problems", by="dispatcher")["items"]) == ("settled", [])
    town.finish("r1")
    assert town.fact("r1", f.TaskFinished).overdue is False


def test_who_may_settle(town):
    """The unit says that it can go on, or who commands it; nobody else, and not twice."""
    town.ask("r1", "suspension", "no_permit", length="10 natural_day")
    town.agree("r1", by="dispatcher")
    with town.refuses("not_allowed"):
        town.settle("r1", by="leader-on-duty")
    with town.refuses("people.out_of_scope"):
        town.settle("r1", by="dispatcher-north")
    town.settle("r1", by="dispatcher")
    with town.refuses("lifecycle.move_forbidden"):
        town.settle("r1", by="dispatcher")


def test_a_suspended_case_is_not_worked_on(town):
    """It is neither finished nor sent back nor given more time before it is settled."""
    town.ask("r1", "suspension", "no_permit", length="10 natural_day")
    town.agree("r1", by="dispatcher")
    with town.refuses("lifecycle.move_forbidden"):
        town.finish("r1")
    with town.refuses("lifecycle.move_forbidden"):
        town.give_back("r1", "not_ours")
    with town.refuses("lifecycle.move_forbidden"):
        town.ask("r1", "extension", "weather", length="2 work_hour")


def test_a_suspension_that_expires_is_looked_at_again(town):
    """Never silently: it stands before who granted it, marked, and its clock goes on standing."""
    town.ask("r1", "suspension", "no_permit", length="10 natural_day")
    town.agree("r1", by="dispatcher")
    town.at("2026-03-17 00:01")
    town.drain()

    expired = town.fact("r1", f.HoldExpired)
    assert (expired.role, town.state("r1")) == ("dispatcher", "suspended")
    assert town.get("/v1/problems", by="leader")["items"][0]["role"] == "dispatcher"
    town.settle("r1", by="dispatcher")
    assert town.state("r1") == "handling"


def test_a_suspension_is_prolonged(town):
    """The second time needs a leader, the form and a photo of it; the problem stays the same in the store."""
    town.ask("r1", "suspension", "no_permit", length="10 natural_day")
    town.agree("r1", by="dispatcher")
    town.at("2026-03-17 09:00")
    town.drain()
    town.ask("r1", "suspension", "in_court", length="60 natural_day", note="the court sits in May", photos=(photo(),))
    town.agree("r1", by="dispatcher")
    town.agree("r1", by="leader")

    kept = town.get("/v1/problems", by="leader")["items"][0]
    assert (kept["times"], kept["reason"], kept["role"], kept["counts_as_due"]) == (2, "in_court", None, True)
    assert town.local(town.holds("r1")[0].since) == "2026-03-06 14:00"
    assert town.story("r1").count("CaseSuspended") == 2
    town.at("2026-05-11 09:00")
    town.settle("r1")
    assert town.task("r1")[1] == "2026-05-11 15:00"  # four hours, none of them used


def test_settling_ends_what_is_asked(town):
    """While a longer suspension is asked for, the conditions come about."""
    town.ask("r1", "suspension", "no_permit", length="10 natural_day")
    town.agree("r1", by="dispatcher")
    town.ask("r1", "suspension", "in_court", length="60 natural_day", note="the court sits in May", photos=(photo(),))
    town.settle("r1")
    assert (town.fact("r1", f.ApprovalWithdrawn).why, town.state("r1")) == ("CaseResumed", "handling")


@pytest.mark.parametrize(("length", "until"), [("", ""), ("1 work_day", "2026-03-12 10:00"), ("", "2026-03-06 13:59")])
def test_a_hold_has_an_end(town, length, until):
    """Until a moment to come, or for a span: one of the two."""
    with town.refuses("approval.length_wrong"):
        town.ask("r1", "suspension", "no_permit", length=length, until=until)


def test_a_clock_that_stood_while_it_was_asked_goes_on_when_it_is_refused(town):
    """The matrix lets it stand for a suspension: the hour of the asking is nobody's fault."""
    town.at("2026-03-06 15:00")
    town.ask("r1", "suspension", "no_permit", length="10 natural_day")
    town.at("2026-03-06 16:00")
    town.deny("r1", "can_be_done", by="dispatcher")

    assert town.task("r1") == ("cleaning", "2026-03-09 09:00")
    assert town.view("r1", by="handler-cleaning")["clock"]["lamp"] == "green"


def test_a_clock_that_stood_goes_on_when_nobody_decides(town):
    """Four hours were the desk's; they are not the unit's."""
    town.at("2026-03-06 15:00")
    town.ask("r1", "suspension", "no_permit", length="10 natural_day")
    town.at("2026-03-09 09:00")
    town.drain()
    assert town.fact("r1", f.ApprovalLapsed).lapse == "refused"
    assert town.task("r1")[1] == "2026-03-09 12:00"


def test_asking_and_taking_it_back_gives_no_time(town):
    """Else a unit could stop its clock whenever it likes."""
    town.at("2026-03-06 15:00")
    town.ask("r1", "suspension", "no_permit", length="10 natural_day")
    town.at("2026-03-06 17:59")
    town.withdraw("r1")
    assert town.task("r1")[1] == "2026-03-06 18:00"
    town.later(minutes=2)
    town.finish("r1")
    assert town.fact("r1", f.TaskFinished).overdue is True


def test_a_case_is_put_off_to_a_date(town):
    """缓办: on the day, the work goes on by itself with the time that was left."""
    town.at("2026-03-06 15:00")
    town.ask("r1", "deferral", "event", until="2026-03-16 08:00")
    town.agree("r1", by="manager-cleaning")
    town.agree("r1", by="leader")
    assert (town.state("r1"), town.story("r1")[-1]) == ("deferred", "CaseDeferred")
    assert town.get("/v1/problems", by="leader", deferred=True)["items"][0]["reason"] == "event"

    town.at("2026-03-16 08:00")
    town.drain()
    assert (town.state("r1"), town.task("r1")) == ("handling", ("cleaning", "2026-03-16 11:00"))
    assert (town.fact("r1", f.CaseResumed).by, town.holds("r1")[0].outcome) == (None, "over")


def test_a_deferral_ends_early(town):
    """The fair is called off; the unit says that it goes on, and the date does nothing any more."""
    town.ask("r1", "deferral", "event", until="2026-03-16 08:00")
    town.agree("r1", by="manager-cleaning")
    town.agree("r1", by="leader")
    town.at("2026-03-09 09:00")
    town.settle("r1")
    town.at("2026-03-16 08:00")
    town.drain()
    assert town.story("r1").count("CaseResumed") == 1


def test_a_date_that_came_while_the_server_slept(town):
    """It goes on when somebody is awake, once, and the unit's clock from there."""
    town.ask("r1", "deferral", "event", until="2026-03-16 08:00")
    town.agree("r1", by="manager-cleaning")
    town.agree("r1", by="leader")
    town.at("2026-03-17 09:00")
    town.drain()
    town.tell_again()
    assert (town.story("r1").count("CaseResumed"), town.task("r1")[1]) == (1, "2026-03-17 15:00")


def test_a_returned_case_keeps_its_extension(town):
    """Extended by two hours, sent back, and given to the same unit: five of six hours are left."""
    town.ask("r1", "extension", "weather", length="2 work_hour")
    town.agree("r1", by="dispatcher")
    town.at("2026-03-06 15:00")
    town.give_back("r1", "not_ours")
    town.at("2026-03-09 08:00")
    town.dispatch("r1", "cleaning")

    told = town.fact("r1", f.CaseDispatched)
    assert (told.resumes.left_s, [each.value for each in told.resumes.extensions]) == (5 * H, [2])
    assert town.task("r1") == ("cleaning", "2026-03-09 15:00")


def test_a_corrected_calendar_counts_the_extension_anew(town):
    """Monday turns out to be a day off: the extended deadline moves to Tuesday."""
    town.ask("r1", "extension", "weather", length="2 work_hour")
    town.agree("r1", by="dispatcher")
    town.adopt("mini_approvals_holiday")
    assert town.fact("r1", f.DueMoved).why == "calendar"
    assert town.task("r1") == ("cleaning", "2026-03-10 10:00")


def test_replaying_gives_the_same_holds(town):
    """The store, the clocks and the marks are made from the facts alone."""
    town.ask("r1", "extension", "weather", length="2 work_hour")
    town.agree("r1", by="dispatcher")
    town.ask("r1", "suspension", "no_permit", length="10 natural_day", plan="next week")
    town.agree("r1", by="dispatcher")
    town.at("2026-03-17 09:00")
    town.drain()
    town.settle("r1")
    assert town.replayed() == []


def test_more_time_belongs_to_the_step_that_runs(world):
    """A step's limit is extended by two hours; the next step has its own limit, and what was asked about the last is over."""
    world.adopt("mini_stages_approvals")
    world.report("r1", kind="building", at="2026-03-06 16:00")
    world.sign("r1")
    world.ask("r1", "extension", "weather", length="2 work_hour")
    world.agree("r1", by="dispatcher")
    assert world.task("r1")[1] == "2026-03-09 12:00"  # 10:00 and two working hours
    world.ask("r1", "suspension", "no_permit", length="10 natural_day")
    world.at("2026-03-06 17:00")
    world.reach("r1", "stop_work")

    assert world.fact("r1", f.ApprovalWithdrawn).why == "TaskStageReached"
    assert (world.state("r1"), world.task("r1")[1]) == ("handling", "2026-03-17 17:00")
    assert world.replayed() == []
