"""Making void 作废: what should not have been filed ends, at any step, by the word of a second person."""

import pytest

from cityloop.domain import facts as f


@pytest.fixture
def town(world):
    """The town has an approval matrix; r1 is dispatched."""
    world.adopt("mini_approvals")
    world.report("r1", kind="rubbish", at="2026-03-06 14:00")
    return world


def test_a_case_is_made_void(town):
    """The acceptor asks, the duty leader agrees; who had to do the work need not go on, and owes nothing."""
    town.sign("r1")
    town.ask("r1", "void", "never_there", by="acceptor", note="the photo was of another town")
    assert (town.state("r1"), town.case("r1").approval_kind) == ("handling", "void")
    town.agree("r1", by="leader-on-duty")

    assert town.story("r1")[-3:] == ["ApprovalAsked", "ApprovalGranted", "CaseVoided"]
    case, task = town.case("r1"), town.tasks("r1")[0]
    assert (case.state, case.is_open, task.outcome, task.overdue) == ("void", False, "called_off", False)
    assert town.case("r1").clock_due is None
    with town.refuses("lifecycle.move_forbidden"):
        town.finish("r1", by="handler-cleaning")


def test_command_does_not_make_void(town):
    """监督与指挥分离: the file is the supervision centre's; a unit, its head and the desk cannot get rid of a case so."""
    with town.refuses("people.out_of_scope"):
        town.ask("r1", "void", "never_there", by="handler-cleaning", note="nothing is there")
    with town.refuses("not_allowed"):
        town.ask("r1", "void", "never_there", by="dispatcher", note="nothing is there")
    town.ask("r1", "void", "never_there", by="acceptor", note="nothing is there")
    for post in ("dispatcher", "manager-cleaning", "leader"):
        with town.refuses("approval.not_your_step"):
            town.agree("r1", by=post)


def test_a_second_person_agrees(town):
    """A duty leader may ask, and then another duty leader decides."""
    town.ask("r1", "void", "filed_twice", by="leader-on-duty", note="see the other number")
    with town.refuses("approval.own_request"):
        town.agree("r1", by="leader-on-duty")
    town.agree("r1", by="leader-on-duty-2")
    assert town.state("r1") == "void"


def test_the_work_goes_on_while_it_is_asked(town):
    """A request about the file stops nobody's clock, and finishing does not take it back."""
    town.ask("r1", "void", "never_there", by="acceptor", note="nothing is there")
    town.handle("r1")
    assert (town.state("r1"), town.case("r1").approval_kind) == ("inspecting", "void")
    town.agree("r1", by="leader-on-duty")
    assert [(task.kind, task.outcome) for task in town.tasks("r1")] == [("handle", "finished"), ("inspect", "called_off")]


def test_a_suspended_case_is_made_void(town):
    """It leaves the problem store, and its date does nothing any more."""
    town.sign("r1")
    town.ask("r1", "suspension", "owner_unclear", length="10 natural_day")
    town.agree("r1", by="dispatcher")
    town.ask("r1", "void", "filed_wrongly", by="acceptor", note="it is a private yard")
    town.agree("r1", by="leader-on-duty")

    assert (town.state("r1"), town.holds("r1")[0].outcome) == ("void", "void")
    town.at("2026-03-20 09:00")
    town.drain()
    assert town.story("r1")[-1] == "CaseVoided"
    assert town.replayed() == []


def test_what_is_over_is_not_made_void(town):
    """A closed case was done; a refused one was never filed."""
    town.handle("r1")
    town.inspect("r1")
    with town.refuses("lifecycle.move_forbidden"):
        town.ask("r1", "void", "never_there", by="acceptor", note="nothing is there")


def test_refusing_a_case_ends_the_request(town):
    """It waits to be filed, somebody asks to make it void, and the duty leader refuses it the usual way."""
    town.report("r2", kind="greenery")
    town.accept("r2")
    town.ask("r2", "void", "never_there", by="acceptor", note="nothing is there")
    town.refuse("r2", "not_found")
    assert (town.fact("r2", f.ApprovalWithdrawn).why, town.state("r2")) == ("CaseRefused", "not_accepted")


def test_a_report_does_not_join_what_is_void(town):
    """The same rubbish seen again is a new case."""
    town.ask("r1", "void", "never_there", by="acceptor", note="nothing is there")
    town.agree("r1", by="leader-on-duty")
    town.report("r2", kind="rubbish", joins="r1", beside="r1")
    assert town.case("r2").id != town.case("r1").id


def test_nothing_hangs_on_what_is_void(town):
    """Neither help, nor a supervision's answer, nor departments that were called are waited for; and no date is missed."""
    town.report("r3", kind="rubbish", cell="a2", at="2026-03-06 14:00")
    town.sign("r3")
    town.ask_assist("r3", "covers")
    town.urge("r3")
    town.supervise("r3", level="urgent")
    town.whistle("r3", "roads-north")
    town.ask("r3", "void", "never_there", by="acceptor", note="nothing is there")
    town.agree("r3", by="leader-on-duty")

    assert town.story("r3")[-3:] == ["ApprovalGranted", "AssistCancelled", "CaseVoided"]
    assert town.fact("r3", f.AssistCancelled).reason == "voided"
    assert (town.load("covers"), town.view("r3", by="leader-on-duty")["marks"]) == (0, [])
    assert (town.timers_set("supervision"), town.timers_set("whistle"), town.timers_set("hold_end")) == (0, 0, 0)
    with town.refuses("handle.not_asked"):
        town.answer("r3")
    with town.refuses("handle.whistle_over"):
        town.end_whistle("r3")
    with town.refuses("case.unknown"):
        town.report_in("r3", by="handler-roads-north")
    town.at("2026-03-12 09:00")
    town.drain()

    assert town.story("r3")[-1] == "CaseVoided"
    assert town.replayed() == []


def test_an_answer_that_was_judged_stays_judged(town):
    """What was settled before the case was made void was settled by the supervisor."""
    town.supervise("r1")
    town.answer("r1")
    town.accept_answer("r1")
    town.ask("r1", "void", "never_there", by="acceptor", note="nothing is there")
    town.agree("r1", by="leader-on-duty")

    assert town.fact("r1", f.CaseVoided).supervision_id is None
