"""Self-handling 自行处置: a collector clears a trifle on the spot; it is filed and finished in one, and counted apart."""

from cityloop.domain import facts as f


def test_a_trifle_is_filed_and_finished_in_one(world):
    """The case has a number and a rule like others, and no unit was sent; not drawn for inspection, it is closed by rule."""
    world.report("r1", kind="rubbish", cell="a1", cleared_by="collector-a1")
    case = world.case("r1")

    assert world.story("r1") == [
        "ReportReceived", "SelfHandlingReported", "CaseSelfHandled", "SelfHandlingPassed", "CaseClosed",
    ]  # fmt: skip
    assert (case.state, case.unit, case.on_time, case.number) == ("closed", None, True, "E0110202603020001")
    assert world.fact("r1", f.SelfHandlingPassed).share_ppm == 0


def test_it_is_counted_apart(world):
    """Its task is of a kind of its own, so that no unit's work grows by it; lists mark it."""
    world.report("r1", kind="rubbish", cell="a1", cleared_by="collector-a1")
    task = world.tasks("r1")[0]

    assert (task.kind, task.unit, task.ended_by) == ("clear", None, "account:collector-a1")
    assert world.load("cleaning") == 0
    assert world.get("/v1/cases", by="acceptor")["items"][0]["marks"] == ["self_handled"]
    assert world.self_handled("r1") == ("account:collector-a1", False, False)


def test_a_share_is_inspected_by_another(world):
    """Where all are drawn, a collector other than the one who cleared it looks; passed closes it."""
    world.adopt("mini_inspected")
    world.sit("collector-a1", "collector-a1")
    world.report("r1", kind="rubbish", cell="a1", cleared_by="collector-a1")

    assert world.state("r1") == "inspecting"
    assert world.case("r1").post != "collector-a1"
    with world.refuses("inspect.own_work"):
        world.inspect("r1", by="collector-a1")
    with world.refuses("inspect.own_work"):
        world.name_inspector("r1", "collector-a1")
    world.name_inspector("r1", "collector-a2")
    world.inspect("r1", by="collector-a2")
    assert (world.state("r1"), world.self_handled("r1")) == ("closed", ("account:collector-a1", True, False))


def test_what_was_not_done_is_dispatched(world):
    """A failed inspection has no unit to send back to: the case goes to a unit like any other, with the whole limit."""
    world.adopt("mini_inspected")
    world.report("r1", kind="rubbish", cell="a1", cleared_by="collector-a1")
    world.name_inspector("r1", "collector-a2")
    world.inspect("r1", passed=False, by="collector-a2")

    assert world.story("r1")[-3:] == ["CaseInspected", "ResultRejected", "CaseDispatched"]
    assert world.task("r1") == ("cleaning", "2026-03-02 15:00")
    assert world.self_handled("r1")[2] is True


def test_a_class_that_is_not_of_the_list_is_a_report_like_others(world):
    """The pack says what is cleared on the spot; a pothole is not, whatever came with the report."""
    world.report("r1", kind="pothole", cell="a1", cleared_by="collector-a1")

    assert "CaseSelfHandled" not in world.story("r1")
    assert world.state("r1") == "to_sign"


def test_self_handling_is_replayed(world):
    """Who cleared what, and what came of it, is made again from the facts alone."""
    world.report("r1", kind="rubbish", cell="a1", cleared_by="collector-a1")
    world.adopt("mini_inspected")
    world.report("r2", kind="greenery", cell="b1", cleared_by="collector-b1")
    world.name_inspector("r2", "collector-a2")
    world.inspect("r2", passed=False, by="collector-a2")

    assert world.replayed() == []
