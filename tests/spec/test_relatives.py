"""Again the same: what a report may be part of, with reasons, and what was closed here before."""

from cityloop.domain import facts as f


def test_the_desk_sees_which_case_it_may_be_and_why(world):
    """The acceptor decides with the proposal beside the case: how sure it is, and what speaks for it."""
    world.report("r1", kind="rubbish")
    world.report("r2", kind="rubbish", joins="r1", joins_ppm=600_000)

    (join,) = world.screen("r2", by="acceptor", lang="en")["relatives"]["joins"]
    assert (join["case"], join["confidence"], join["surest"]) == (world.case("r1").id, "60 %", True)
    assert join["reasons"] == ["metres apart 12"]


def test_the_desk_sees_what_was_closed_here_before_and_how_long_it_held(world):
    """复发: how often, how long after, who did it and whether in time; the last closed first."""
    world.report("r1", kind="rubbish", at="2026-03-02 09:00")
    world.complete_all("r1")
    world.report("r2", kind="rubbish", beside="r1", recurs="r1", at="2026-03-12 09:00")
    world.complete_all("r2")
    world.report("r3", kind="rubbish", beside="r1", recurs="r2", at="2026-03-15 09:00")

    told = world.screen("r3", by="acceptor", lang="en")["relatives"]
    assert [each["case"] for each in told["before"]] == [world.case("r2").id, world.case("r1").id]
    assert [each["days"] for each in told["before"]] == [3, 10]
    assert not told["is_more"]
    assert all(each["says"][-1] == "in time" for each in told["before"])
    assert world.screen("r1", by="acceptor", lang="en")["relatives"] == {"joins": [], "before": [], "is_more": False}


def test_what_came_back_follows_the_class_that_a_person_chooses(world):
    """复发 is of the class as it was accepted, and of what had been closed before this was reported."""
    for name, kind in (("hole", "pothole"), ("waste", "rubbish")):
        world.report(name, kind=kind, beside=None if name == "hole" else "hole")
        world.complete_all(name)
    world.later(days=3)
    world.report("same", kind="rubbish", beside="hole", recurs="waste", sure=False)
    world.report("other", kind="rubbish", beside="hole", recurs="waste", sure=False)
    world.report("none", kind="rubbish", beside="hole", recurs="waste", sure=False)
    world.later(hours=1)
    world.report("late", kind="pothole", beside="hole")
    world.complete_all("late")

    world.accept("same")
    world.accept("other", kind="pothole")
    world.accept("none", kind="noise")
    assert world.case("same").recurs == world.case("waste").id
    assert world.case("other").recurs == world.case("hole").id
    assert world.case("none").recurs is None

    world.file("other")
    assert world.fact("other", f.CaseFiled).recurs == world.case("hole").id
    assert world.replayed() == []
