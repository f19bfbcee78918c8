"""Making void 作废: what should not have been filed ends, at any step, by the word of a second person."""

import pytest

from cityloop.domain import facts as f


@pytest.fixture
def asking(world):
    """The town has an approval matrix; r1 is dispatched."""
    world.adopt("mini_approvals")
    world.report("r1", kind="rubbish", at="2026-03-06 14:00")
    return world


def test_a_case_is_made_void(asking):
    """The acceptor asks, the duty leader agrees; who had to do the work need not go on, and owes nothing."""
    world = asking
    world.sign("r1")
    world.ask("r1", "void", "never_there", by="acceptor", note="the photo was of another town")
    assert (world.state("r1"), world.case("r1").approval_kind) == ("handling", "void")
    world.agree("r1", by="leader-on-duty")

    assert world.story("r1")[-3:] == ["ApprovalAsked", "ApprovalGranted", "CaseVoided"]
    case, task = world.case("r1"), world.tasks("r1")[0]
    assert (case.state, case.is_open, task.outcome, task.overdue) == ("void", False, "called_off", False)
    assert world.case("r1").clock_due is None
    with world.refuses("lifecycle.move_forbidden"):
        world.finish("r1", by="handler-cleaning")


def test_command_does_not_make_void(asking):
    """监督与指挥分离: the file is the supervision centre's; a unit, its head and the desk cannot get rid of a case so."""
    world = asking
    with world.refuses("people.out_of_scope"):
        world.ask("r1", "void", "never_there", by="handler-cleaning", note="nothing is there")
    with world.refuses("not_allowed"):
        world.ask("r1", "void", "never_there", by="dispatcher", note="nothing is there")
    world.ask("r1", "void", "never_there", by="acceptor", note="nothing is there")
    for post in ("dispatcher", "manager-cleaning", "leader"):
        with world.refuses("approval.not_your_step"):
            world.agree("r1", by=post)


def test_a_second_person_agrees(asking):
    """A duty leader may ask, and then another duty leader decides."""
    world = asking
    world.ask("r1", "void", "filed_twice", by="leader-on-duty", note="see the other number")
    with world.refuses("approval.own_request"):
        world.agree("r1", by="leader-on-duty")
    world.agree("r1", by="leader-on-duty-2")
    assert world.state("r1") == "void"


def test_the_work_goes_on_while_it_is_asked(asking):
    """A request about the file stops nobody's clock, and finishing does not take it back."""
    world = asking
    world.ask("r1", "void", "never_there", by="acceptor", note="nothing is there")
    world.handle("r1")
    assert (world.state("r1"), world.case("r1").approval_kind) == ("inspecting", "void")
    world.agree("r1", by="leader-on-duty")
    assert [(task.kind, task.outcome) for task in world.tasks("r1")] == [("handle", "finished"), ("inspect", "called_off")]


def test_a_suspended_case_is_made_void(asking):
    """It leaves the problem store, and its date does nothing any more."""
    world = asking
    world.sign("r1")
    world.ask("r1", "suspension", "owner_unclear", length="10 natural_day")
    world.agree("r1", by="dispatcher")
    world.ask("r1", "void", "filed_wrongly", by="acceptor", note="it is a private yard")
    world.agree("r1", by="leader-on-duty")

    assert (world.state("r1"), world.holds("r1")[0].outcome) == ("void", "void")
    world.at("2026-03-20 09:00")
    world.drain()
    assert world.story("r1")[-1] == "CaseVoided"
    assert world.replayed() == []


def test_what_is_over_is_not_made_void(asking):
    """A closed case was done; a refused one was never filed."""
    world = asking
    world.handle("r1")
    world.inspect("r1")
    with world.refuses("lifecycle.move_forbidden"):
        world.ask("r1", "void", "never_there", by="acceptor", note="nothing is there")


def test_refusing_a_case_ends_the_request(asking):
    """It waits to be filed, somebody asks to make it void, and the duty leader refuses it the usual way."""
    world = asking
    world.report("r2", kind="greenery")
    world.accept("r2")
    world.ask("r2", "void", "never_there", by="acceptor", note="nothing is there")
    world.refuse("r2", "not_found")
    assert (world.fact("r2", f.ApprovalWithdrawn).why, world.state("r2")) == ("CaseRefused", "not_accepted")


def test_a_report_does_not_join_what_is_void(asking):
    """The same rubbish seen again is a new case."""
    world = asking
    world.ask("r1", "void", "never_there", by="acceptor", note="nothing is there")
    world.agree("r1", by="leader-on-duty")
    world.report("r2", kind="rubbish", joins="r1", beside="r1")
    assert world.case("r2").id != world.case("r1").id
