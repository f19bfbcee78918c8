"""Transferring 转办: another system has the case, under a number of its own, until it answers."""

import pytest

from cityloop.domain import facts as f


def given_away(world) -> None:
    """A case for which no unit answers goes to the next town, on a Monday at nine."""
    world.report("r1", kind="river", at="2026-03-02 09:00")
    world.transfer("r1", their_number="N-2026/17")


def test_the_dispatcher_gives_a_case_to_another_system(world):
    """It answers within five working days; the case waits, open, and shows its clock."""
    given_away(world)
    case = world.case("r1")

    assert (case.state, case.unit, world.local(case.clock_due)) == ("transferred", None, "2026-03-09 09:00")
    assert world.view("r1", by="dispatcher")["clock"]["measures"] == "transfer"
    assert world.get("/v1/cases", by="dispatcher")["items"][0]["marks"] == ["transferred"]
    told = world.fact("r1", f.CaseTransferred)
    assert (told.system, told.their_number, told.reason) == ("neighbour", "N-2026/17", "other_city")


def test_what_is_done_there_is_inspected_here(world):
    """Their word is a word: somebody looks, and then it is closed, in time."""
    given_away(world)
    world.later(hours=2)
    world.finish_transfer("r1")
    assert world.state("r1") == "inspecting"
    world.inspect("r1")

    assert (world.state("r1"), world.case("r1").on_time) == ("closed", True)


def test_what_is_not_done_there_goes_to_a_dispatcher(world):
    """A failed inspection finds no unit of the city to send back to: somebody must be made answerable."""
    given_away(world)
    world.finish_transfer("r1")
    world.inspect("r1", passed=False)

    assert world.state("r1") == "to_dispatch"
    assert "ResultRejected" in world.story("r1")
    world.dispatch("r1", "street-1")
    assert world.case("r1").unit == "street-1"


def test_what_is_sent_back_goes_to_a_dispatcher(world):
    """With the reason, and a clock of the desk's own; the machine does not send it on by itself."""
    given_away(world)
    world.later(hours=1)
    world.return_transfer("r1", "incomplete")

    assert (world.state("r1"), world.local(world.case("r1").dispatch_due)) == ("to_dispatch", "2026-03-02 10:15")
    assert world.story("r1")[-2:] == ["TransferReturned", "DispatchProposed"]
    assert world.fact("r1", f.DispatchProposed).why[0] == "returned_by:neighbour"


def test_a_date_that_passes_without_an_answer_is_told_once(world):
    """By a timer; an answer afterwards is late."""
    given_away(world)
    world.at("2026-03-09 08:59")
    world.drain()
    assert "TransferMissed" not in world.story("r1")
    for moment in ("2026-03-09 09:00", "2026-03-10 09:00"):
        world.at(moment)
        world.drain()
    world.finish_transfer("r1")

    assert world.story("r1").count("TransferMissed") == 1
    assert world.fact("r1", f.TransferFinished).overdue is True


def test_a_date_that_moved_is_waited_for(world):
    """The ninth turns out to be a day off: the answer is due on the tenth, and missed only then."""
    given_away(world)
    world.at("2026-03-06 09:00")
    world.adopt("mini_holiday")
    world.at("2026-03-09 12:00")
    world.drain()
    assert (world.local(world.case("r1").clock_due), "TransferMissed" in world.story("r1")) == ("2026-03-10 09:00", False)
    world.at("2026-03-10 09:00")
    world.drain()

    assert world.story("r1").count("TransferMissed") == 1


def test_only_what_waits_for_the_dispatcher_can_be_given_away(world):
    """What a unit has is taken from it first; what is over is over."""
    world.report("r1", kind="rubbish")
    with world.refuses("lifecycle.move_forbidden"):
        world.transfer("r1")
    with world.refuses("lifecycle.move_forbidden"):
        world.finish_transfer("r1")
    with world.refuses("lifecycle.move_forbidden"):
        world.return_transfer("r1")
    world.give_back("r1", "no_means")
    world.transfer("r1")
    with world.refuses("lifecycle.move_forbidden"):
        world.dispatch("r1", "covers")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"system": "nobody"}, "dispatch.system_unknown"),
        ({"reason": "bored"}, "dispatch.reason_unknown"),
        ({"their_number": "call Mr Li"}, "dispatch.number_wrong"),
        ({"by": "dispatcher-north"}, "people.out_of_scope"),
        ({"by": "leader"}, "not_allowed"),
    ],
)
def test_what_is_wrong_is_refused(world, wrong, code):
    """System and reason are of the lists, a number holds no words, and the desk that holds the case decides."""
    world.report("r1", kind="river")
    with world.refuses(code):
        world.transfer("r1", **wrong)


def test_transferring_is_replayed(world):
    """Away, back, away again and done: made again from the facts alone."""
    given_away(world)
    world.return_transfer("r1")
    world.transfer("r1")
    world.finish_transfer("r1")
    world.inspect("r1", passed=False)

    assert world.replayed() == []


def test_what_another_system_has_is_made_void(world):
    """What was asked before it was given away is decided all the same; then no answer is waited for or missed."""
    world.adopt("mini_approvals")
    world.report("r1", kind="river", at="2026-03-02 09:00")
    world.ask("r1", "void", "never_there", by="acceptor", note="nothing is there")
    world.transfer("r1")
    world.agree("r1", by="leader-on-duty")
    assert (world.state("r1"), world.tasks("r1")[0].outcome) == ("void", "called_off")
    assert world.timers_set("transfer") == 0
    world.at("2026-03-10 09:00")
    world.drain()

    assert "TransferMissed" not in world.story("r1")
    with world.refuses("lifecycle.move_forbidden"):
        world.finish_transfer("r1")
    assert world.replayed() == []
