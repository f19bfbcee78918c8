"""Inspecting: seen by another than the one who did it; closed, or sent back."""

import pytest

from cityloop.domain import facts as f


def test_the_collector_of_the_duty_grid_inspects(world):
    """The collector who answers for the place is asked to look at the finished work, within thirty minutes."""
    world.report("r1", kind="rubbish", cell="a2", at="2026-03-06 16:00")
    world.handle("r1")

    asked = world.fact("r1", f.InspectionAsked)
    assert (asked.post, world.local(asked.due_at)) == ("collector-a2", "2026-03-06 16:30")
    assert asked.handled_task == world.fact("r1", f.TaskFinished).task_id


def test_failed_work_goes_back_to_the_same_unit(world):
    """返工: a new task, the clock of the kept limit from now, and counted."""
    world.report("r1", kind="building", cell="a1", at="2026-03-02 09:00")
    world.accept("r1")
    world.file("r1")
    first = world.tasks("r1")[0]
    world.handle("r1")
    world.at("2026-03-03 09:00")
    world.inspect("r1", passed=False, note="half of it still stands")

    case, again = world.case("r1"), world.tasks("r1")[-1]
    assert (case.state, case.unit, case.reworks) == ("to_sign", "street-1", 1)
    assert (again.unit, again.assist, again.time_limit) == (first.unit, first.assist, first.time_limit)
    assert world.local(case.due_at) == "2026-03-24 09:00"  # fifteen working days from the third


def test_work_may_fail_twice(world):
    """Every failed inspection is counted and brings a new task, until one passes and the case is closed."""
    world.report("r1", kind="rubbish")
    for _ in range(2):
        world.handle("r1")
        world.inspect("r1", passed=False)
    world.handle("r1")
    world.inspect("r1", passed=True)

    assert (world.state("r1"), world.case("r1").reworks) == ("closed", 2)
    assert world.story("r1").count("CaseReworked") == 2
    assert [task.outcome for task in world.tasks("r1") if task.post] == ["failed", "failed", "passed"]


def test_a_unit_never_inspects_its_own_work(world):
    """The post asked is of another unit; who sits in both is told no."""
    world.report("r1", kind="rubbish")
    world.handle("r1")
    with world.refuses("inspect.own_work"):
        world.inspect("r1", by="collector-a1+handler-cleaning")
    world.inspect("r1", by="collector-a1")


def test_the_one_who_did_it_is_not_asked(world):
    """The account that finished the work also sits in the collector's post: the next post is asked."""
    world.sit("handler-cleaning", "collector-a1")
    world.report("r1", kind="rubbish", cell="a1")
    world.handle("r1")

    assert world.fact("r1", f.InspectionAsked).post == "collector-a2"


def test_who_did_the_work_may_not_inspect_in_another_seat(world):
    """The same account, in another post on another day."""
    world.report("r1", kind="rubbish", cell="a1")
    world.sign("r1")
    world.finish("r1", by="handler-cleaning")
    with world.refuses("inspect.own_work"):
        world.inspect("r1", by="handler-cleaning+collector-a1")


def test_where_nobody_covers_the_place_the_queue_says_so(world):
    """It is asked all the same, of nobody by name: it stands in the queue of inspections, with the reason."""
    world.report("r1", kind="rubbish", cell="e1")
    world.handle("r1")

    asked = world.fact("r1", f.InspectionAsked)
    assert (asked.post, asked.why) == (None, ("no_post_covers",))
    assert world.queue(by="leader-on-duty", state="inspecting") == ["r1"]
    assert world.view("r1", by="leader-on-duty")["tasks"][-1]["why"] == ["no_post_covers"]


def test_the_duty_leader_names_another_post(world):
    """A post of any place, so that nothing is stuck: being asked, it sees the case."""
    world.report("r1", kind="rubbish", cell="e1")
    world.handle("r1")
    with world.refuses("case.unknown"):
        world.inspect("r1", by="collector-d1")
    world.name_inspector("r1", "collector-d1")
    world.inspect("r1")

    assert world.state("r1") == "closed"
    assert [task.outcome for task in world.tasks("r1")] == ["finished", "called_off", "passed"]


def test_a_post_that_does_not_inspect_cannot_be_named(world):
    """Only a post whose role inspects can be asked to."""
    world.report("r1", kind="rubbish")
    world.handle("r1")
    for post in ("acceptor", "nobody", "handler-street-1"):
        with world.refuses("inspect.post_unable"):
            world.name_inspector("r1", post)


def test_nothing_is_inspected_before_it_is_done(world):
    """A case whose work is under way offers nothing to inspect."""
    world.report("r1", kind="rubbish")
    with world.refuses("lifecycle.move_forbidden"):
        world.inspect("r1", by="collector-a1")


@pytest.mark.parametrize(
    ("deed", "by"),
    [
        ("sign", "handler-cleaning"),
        ("finish", "handler-cleaning"),
        ("give_back", "handler-cleaning"),
        ("accept", "acceptor"),
        ("file", "leader-on-duty"),
        ("refuse", "leader-on-duty"),
        ("ask_verify", "acceptor"),
    ],
)
def test_a_closed_case_stays_closed(world, deed, by):
    """When it is over it is over, for everybody and every deed; what comes back is a new case."""
    world.report("r1", kind="rubbish")
    world.handle("r1")
    world.inspect("r1")
    with world.refuses("lifecycle.move_forbidden"):
        getattr(world, deed)("r1", by=by)


def test_units_that_sent_it_back_may_inspect(world):
    """Only who did the work, or helped, is kept from judging it."""
    world.report("r1", kind="rubbish")
    world.give_back("r1")
    world.dispatch("r1", "street-1")
    world.handle("r1")

    assert world.fact("r1", f.InspectionAsked).post == "collector-a1"
