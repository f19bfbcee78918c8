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
