"""Completing 退回补正: what waits to be filed and lacks something goes back to the acceptor."""

from cityloop.domain import facts as f


def waits(world) -> None:
    """A case that the acceptor took up at nine, for the duty leader."""
    world.report("r1", kind="greenery", channel="app", at="2026-03-02 09:00")
    world.accept("r1")


def test_the_duty_leader_gives_it_back(world):
    """With a reason; the acceptor completes it, and the clock to accept has gone on."""
    waits(world)
    due = world.case("r1").accept_due
    world.later(minutes=20)
    world.complete("r1", "class_doubtful", note="grass, or rubbish on the grass?")
    assert (world.state("r1"), world.case("r1").clock_due) == ("reported", due)
    world.accept("r1", kind="rubbish")
    world.file("r1")

    assert world.story("r1")[:5] == ["ReportReceived", "CaseOpened", "CaseAccepted", "CompletionDemanded", "CaseAccepted"]
    assert world.fact("r1", f.CaseAccepted).corrected is True


def test_it_has_a_reason_of_the_list_and_waits_to_be_filed(world):
    """What nobody took up yet is not given back; what is filed is filed."""
    waits(world)
    with world.refuses("filing.reason_unknown"):
        world.complete("r1", "bored")
    with world.refuses("not_allowed"):
        world.complete("r1", by="acceptor")
    world.file("r1")
    with world.refuses("lifecycle.move_forbidden"):
        world.complete("r1")
    world.report("r2", kind="greenery", cell="b1")
    with world.refuses("lifecycle.move_forbidden"):
        world.complete("r2")


def test_completing_is_offered_and_replayed(world):
    """To the duty leader alone."""
    waits(world)
    assert world.moves("r1", by="leader-on-duty")["complete"] is None
    assert "complete" not in world.moves("r1", by="acceptor")
    world.complete("r1")

    assert world.replayed() == []


def test_what_is_asked_about_it_is_taken_back(world):
    """A case that lacks something, or that somebody must look at first, is not made void meanwhile: it is asked again."""
    world.adopt("mini_approvals")
    waits(world)
    world.ask("r1", "void", "never_there", by="acceptor", note="nothing is there")
    world.complete("r1")
    assert (world.fact("r1", f.ApprovalWithdrawn).why, world.state("r1")) == ("CompletionDemanded", "reported")
    world.accept("r1")
    world.ask("r1", "void", "never_there", by="acceptor", note="nothing is there")
    world.ask_verify("r1")
    assert (world.fact("r1", f.ApprovalWithdrawn).why, world.state("r1")) == ("VerifyAsked", "verifying")
    with world.refuses("lifecycle.move_forbidden"):
        world.agree("r1", by="leader-on-duty")
    world.at("2026-03-05 09:00")  # the day by which it had to be decided has passed, and nothing stumbles
    world.drain()

    assert "ApprovalLapsed" not in world.story("r1")
