"""The straight way of a report, from its coming in to its closing."""

from tests.world import DONE


def test_a_report_goes_all_the_way(world):
    """Understood, filed, dispatched, signed for, done, inspected by another, closed: and every step is told."""
    world.report("r1", kind="rubbish", cell="a1", at="2026-03-06 16:00")

    assert world.task("r1") == ("cleaning", "2026-03-09 10:00")  # Friday 16:00 and four working hours
    world.sign("r1")
    world.finish("r1", note=DONE)
    assert world.task("r1")[0] == "collector-a1"
    world.inspect("r1", passed=True)

    assert world.state("r1") == "closed"
    assert world.story("r1") == [
        "ReportReceived", "CaseFiled", "CaseDispatched", "TaskSigned", "TaskFinished", "InspectionAsked",
        "CaseInspected", "CaseClosed",
    ]  # fmt: skip
    assert world.case("r1").on_time is True


def test_what_is_told_twice_happens_once(world):
    """A handler that hears everything again finds it done: the journal does not grow by a single fact."""
    world.report("closed", kind="rubbish", at="2026-03-06 16:00")
    world.handle("closed")
    world.inspect("closed")
    world.report("again", kind="rubbish")
    world.handle("again")
    world.inspect("again", passed=False)
    world.report("looked-at", kind="building", channel="app", cell="b1")
    world.report("waits", kind="greenery")
    world.report("joined", kind="rubbish", joins="again")
    world.report("inspected", kind="pothole")
    world.handle("inspected")
    world.adopt("mini_holiday")
    before = {name: world.story(name) for name in world.reports}

    world.tell_again()

    assert {name: world.story(name) for name in world.reports} == before


def test_the_machine_says_which_fact_moved_it(world):
    """Each fact of a handler names its cause; each of a person, the account."""
    world.report("r1", kind="rubbish")
    world.handle("r1")
    actors = [(type(told.fact).__name__, told.actor, told.cause) for told in world.told("r1")]
    report, case = f"report/{world.reports['r1']}", f"case/{world.case('r1').id}"

    assert actors[2:] == [
        ("CaseFiled", "machine:filing", f"{report}#2"),
        ("CaseDispatched", "machine:dispatch", f"{case}#1"),
        ("TaskSigned", "account:handler-cleaning", None),
        ("TaskFinished", "account:handler-cleaning", None),
        ("InspectionAsked", "machine:inspect", f"{case}#4"),
    ]


def test_the_tables_follow_from_the_journal(world):
    """Replayed into empty tables, the facts make the same cases, tasks and loads again."""
    world.report("r1", kind="rubbish")
    world.handle("r1")
    world.inspect("r1", passed=False)
    world.report("r2", kind="building", channel="app")
    world.verify("r2")
    world.report("r3", kind="noise")
    world.move("r3", "down")
    world.adopt("mini_holiday")

    assert world.replayed() == []
