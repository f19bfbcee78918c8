"""Joining: one problem is one case, however many tell of it."""

from cityloop.domain import facts as f


def test_a_surely_known_problem_gets_another_report(world):
    """并案 by rule: near, of the class, and sure enough for the pack."""
    world.report("r1", kind="rubbish")
    world.report("r2", kind="rubbish", joins="r1", joins_ppm=950_000)

    assert world.case("r2").id == world.case("r1").id
    assert world.case("r1").reports == 2
    assert world.fact("r1", f.ReportJoined).why == ("distance_m:12", "sure:950000")


def test_a_perhaps_known_problem_waits_for_the_acceptor(world):
    """Not sure enough: the machine proposes, a person decides."""
    world.report("r1", kind="rubbish")
    world.report("r2", kind="rubbish", joins="r1", joins_ppm=600_000)

    assert world.state("r2") == "reported"
    assert world.case("r2").near_case == world.case("r1").id
    assert world.fact("r2", f.CaseOpened).why == ("may_join",)


def test_the_acceptor_joins_it_and_the_waiting_case_ends(world):
    """The waiting case names the one that it went into, and its clock stands."""
    world.report("r1", kind="rubbish")
    world.report("r2", kind="rubbish", joins="r1", joins_ppm=600_000)
    waiting = world.case("r2")
    world.join("r2", "r1")

    assert world.case("r2").id == world.case("r1").id
    assert world.case("r1").reports == 2
    old = world.get(f"/v1/cases/{waiting.id}", by="acceptor")
    assert (old["state"], old["merged_into"]) == ("merged", world.case("r1").id)
    assert old["clock"] is None


def test_a_waiting_case_takes_all_its_reports_along(world):
    """Two reports wait as one case; joined to another, all of them are its reports."""
    world.report("r1", kind="greenery")
    world.report("r2", kind="greenery", joins="r1")
    world.report("r3", kind="greenery", joins="r1", joins_ppm=1)
    world.join("r1", "r3")

    assert world.case("r2").id == world.case("r3").id
    assert world.case("r3").reports == 3


def test_nothing_joins_a_case_that_is_over(world):
    """A report that would have joined is a case of its own by then."""
    world.report("r1", kind="greenery")
    world.report("r2", kind="rubbish")
    world.refuse("r1")
    with world.refuses("lifecycle.move_forbidden"):
        world.join("r2", "r1")  # what is dispatched is not waiting any more

    world.report("r3", kind="rubbish", joins="r1")
    assert world.state("r3") == "to_sign"
    world.report("r4", kind="greenery")
    with world.refuses("filing.join_wrong"):
        world.join("r4", "r1")
    with world.refuses("filing.join_wrong"):
        world.join("r4", "r4")


def test_a_report_follows_the_case_that_was_merged_away(world):
    """The case that it would have joined was merged meanwhile: it joins where that one went."""
    world.report("r1", kind="rubbish")
    world.report("r2", kind="greenery")
    world.call_case("r2", "gone")
    world.join("r2", "r1")
    world.report("r3", kind="rubbish", joins="gone")

    assert world.case("r3").id == world.case("r1").id


def test_an_acceptor_joins_only_what_they_see(world):
    """Both cases must be in their area; what lies elsewhere is not there for them."""
    world.report("r1", kind="rubbish", cell="a1")
    world.report("r2", kind="greenery", cell="d1")
    with world.refuses("case.unknown"):
        world.join("r2", "r1", by="acceptor-south")
