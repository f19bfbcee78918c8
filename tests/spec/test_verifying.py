"""Verification: what the public says is seen on site first, where the rule asks for it."""

from cityloop.domain import facts as f


def test_a_public_report_is_verified_where_the_rule_asks(world):
    """The collector whose duty grid holds the place is asked, with thirty working minutes."""
    world.report("r1", kind="building", cell="a2", channel="app", at="2026-03-06 17:50")

    assert world.state("r1") == "verifying"
    assert world.fact("r1", f.CaseOpened).why == ("rule_asks_person", "rule_asks_verify")
    assert world.task("r1") == ("collector-a2", "2026-03-09 08:20")


def test_a_report_of_a_collector_needs_no_verification(world):
    """The collector stood there, so that it is filed at once; what came by the hotline is looked at first."""
    world.report("r1", kind="laundry", channel="collector")
    world.report("r2", kind="laundry", channel="hotline", cell="b1")

    assert world.state("r1") == "to_sign"
    assert (world.state("r2"), world.case("r2").post) == ("verifying", "collector-b1")


def test_a_street_collector_goes_where_no_duty_grid_is_manned(world):
    """Where no collector holds the cell, the one who covers the whole street is asked."""
    world.report("r1", kind="building", cell="c1", channel="app")

    assert world.case("r1").post == "collector-c"


def test_where_no_collector_covers_the_place_the_acceptor_sees_why(world):
    """Never stuck silently: it waits for the acceptor, with the reason."""
    world.report("r1", kind="building", cell="e1", channel="app")

    assert world.state("r1") == "reported"
    assert world.fact("r1", f.CaseOpened).why[-1] == "no_post_covers"
    with world.refuses("filing.no_post_covers"):
        world.ask_verify("r1")
    with world.refuses("filing.post_unable"):
        world.ask_verify("r1", post="collector-a1")


def test_what_was_found_is_filed(world):
    """The collector saw it, the duty leader files it, and the unit has it in the same moment."""
    world.report("r1", kind="building", channel="app")
    world.verify("r1", found=True, note="two storeys up already")
    assert world.state("r1") == "to_file"

    world.file("r1")

    assert world.story("r1") == [
        "ReportReceived", "CaseOpened", "VerifyAsked", "CaseVerified", "CaseFiled", "CaseDispatched",
    ]  # fmt: skip
    assert world.tasks("r1")[0].outcome == "found"


def test_what_was_not_found_is_refused_or_filed_knowingly(world):
    """The duty leader may overrule the collector, and answers for it: the fact says so."""
    world.report("r1", kind="building", channel="app")
    world.verify("r1", found=False)
    with world.refuses("filing.verify_first"):
        world.file("r1")
    world.file("r1", unverified=True)
    assert "unverified" in world.fact("r1", f.CaseFiled).why

    world.report("r2", kind="building", channel="app", cell="b1")
    world.verify("r2", found=False)
    world.refuse("r2", "not_found")
    assert world.state("r2") == "not_accepted"


def test_a_rule_that_asks_for_verification_is_not_filed_without(world):
    """Nobody looked yet: the duty leader is told to have it verified first."""
    world.report("r1", kind="building", channel="app", cell="e1")
    with world.refuses("filing.verify_first"):
        world.file("r1")


def test_the_acceptor_may_put_it_right_and_then_ask_for_verification(world):
    """The machine took it for noise; the acceptor says what it is, and sends the collector of their choice."""
    world.report("r1", kind="noise", sure=False, channel="app")
    world.accept("r1", kind="building")
    world.ask_verify("r1", post="collector-a2")

    assert (world.state("r1"), world.case("r1").post) == ("verifying", "collector-a2")


def test_a_collector_of_another_place_may_not_verify(world):
    """They do not even know of it."""
    world.report("r1", kind="building", cell="a1", channel="app")
    with world.refuses("case.unknown"):
        world.verify("r1", by="collector-d1")
    world.verify("r1", by="collector-a2")  # a colleague of the same community may


def test_refusing_calls_the_collector_off(world):
    """A case that is refused while a collector is on the way ends that errand."""
    world.report("r1", kind="building", channel="app")
    world.refuse("r1", "not_ours")

    assert (world.tasks("r1")[0].outcome, world.case("r1").post) == ("called_off", None)
