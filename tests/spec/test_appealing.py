"""Appealing 申诉: a unit against what was counted against it; decided by supervision, never by who inspected."""

import pytest

from cityloop.domain import facts as f


def late(world) -> None:
    """The cleaners finish on Monday what was due on Friday at 18:00."""
    world.report("r1", kind="rubbish", at="2026-03-06 14:00")
    world.sign("r1")
    world.at("2026-03-09 09:00")
    world.finish("r1")


def test_what_is_upheld_is_not_counted(world):
    """The appeal is marked as excluded for figures; what the case and its task say stays."""
    late(world)
    world.appeal("r1", "overdue", by="handler-cleaning")
    assert world.appeals("r1") == [("cleaning", "overdue", "open", False)]
    assert "appealed" in world.view("r1", by="acceptor")["marks"]
    world.uphold("r1")

    assert world.story("r1")[-2:] == ["AppealLodged", "AppealGranted"]
    assert world.appeals("r1") == [("cleaning", "overdue", "upheld", True)]
    assert world.tasks("r1")[0].overdue is True
    assert world.fact("r1", f.TaskFinished).overdue is True
    assert "appealed" not in world.view("r1", by="acceptor")["marks"]


def test_what_is_dismissed_stays_counted(world):
    """With a reason that is a code; an assessor may decide, too."""
    late(world)
    world.appeal("r1", "overdue", by="handler-cleaning")
    with world.refuses("inspect.reason_unknown"):
        world.dismiss("r1", "bored")
    world.dismiss("r1", "unproved", by="assessor")

    assert world.story("r1")[-2:] == ["AppealLodged", "AppealDismissed"]
    assert world.appeals("r1") == [("cleaning", "overdue", "dismissed", False)]
    with world.refuses("inspect.appeal_unknown"):
        world.uphold("r1")


def test_only_what_was_counted_can_be_appealed_against(world):
    """Nothing else happened to this task."""
    late(world)
    for about in ("returned", "rework", "failed_inspection"):
        with world.refuses("inspect.nothing_counted"):
            world.appeal("r1", about, by="handler-cleaning")
    world.report("r2", kind="rubbish")
    with world.refuses("inspect.nothing_counted"):
        world.appeal("r2", "overdue", by="handler-cleaning")


def test_a_failed_inspection_and_the_rework_are_two_things(world):
    """The first task failed, the second is the rework; each may be appealed against by itself."""
    late(world)
    world.inspect("r1", passed=False)
    world.appeal("r1", "failed_inspection", by="handler-cleaning")
    world.appeal("r1", "rework", by="handler-cleaning", task=2)
    world.appeal("r1", "overdue", by="handler-cleaning")
    with world.refuses("inspect.nothing_counted"):
        world.appeal("r1", "failed_inspection", by="handler-cleaning", task=2)
    world.uphold("r1", place=1)

    assert [each[1:] for each in world.appeals("r1")] == [
        ("failed_inspection", "open", False), ("rework", "upheld", True), ("overdue", "open", False),
    ]  # fmt: skip
    assert "appealed" in world.view("r1", by="acceptor")["marks"]  # two still wait


def test_a_unit_appeals_though_the_case_is_anothers_now(world):
    """It sees its own task, and no more of the case."""
    world.report("r1", kind="rubbish", at="2026-03-06 14:00")
    world.give_back("r1", "no_means")
    world.dispatch("r1", "covers")
    with world.refuses("case.unknown"):
        world.view("r1", by="handler-cleaning")
    task = world.get(f"/v1/tasks/{world.tasks('r1')[0].id}", by="handler-cleaning")
    assert (task["outcome"], task["appeals"]) == ("returned", [])
    world.appeal("r1", "returned", by="handler-cleaning")

    assert world.appeals("r1") == [("cleaning", "returned", "open", False)]


def test_a_task_is_its_units_own(world):
    """To another unit it is not there; who has no such right is told so."""
    late(world)
    with world.refuses("inspect.task_unknown"):
        world.appeal("r1", "overdue", by="handler-covers")
    with world.refuses("not_allowed"):
        world.appeal("r1", "overdue", by="dispatcher")
    with world.refuses("inspect.task_unknown"):
        world.appeal("r1", "overdue", by="handler-cleaning", task=1)  # the inspection


def test_it_comes_in_time_once_and_in_words(world):
    """Seven days after it was counted, and no more than one for each thing."""
    late(world)
    with world.refuses("inspect.appeal_words_missing"):
        world.appeal("r1", "overdue", " ", by="handler-cleaning")
    world.at("2026-03-16 09:00")
    world.appeal("r1", "overdue", by="handler-cleaning")
    with world.refuses("inspect.lodged_already"):
        world.appeal("r1", "overdue", by="handler-cleaning")
    world.report("r2", kind="rubbish", cell="b1")
    world.give_back("r2", "no_means")
    world.at("2026-03-24 09:00")
    with world.refuses("inspect.too_late"):
        world.appeal("r2", "returned", by="handler-cleaning")


@pytest.mark.parametrize("post", ["handler-cleaning", "dispatcher", "collector-a1"])
def test_supervision_decides(world, post):
    """Neither the unit, nor the command centre, nor a collector."""
    late(world)
    world.appeal("r1", "overdue", by="handler-cleaning")
    with world.refuses("not_allowed"):
        world.uphold("r1", by=post)


def test_who_inspected_does_not_decide(world):
    """Also where they hold a post that may."""
    late(world)
    world.inspect("r1", passed=False, by="leader-on-duty+collector-a1")
    world.appeal("r1", "failed_inspection", by="handler-cleaning")
    with world.refuses("inspect.own_inspection"):
        world.uphold("r1", by="leader-on-duty")
    world.uphold("r1", by="assessor")


def test_deciding_is_offered_where_an_appeal_waits(world):
    """And not before."""
    late(world)
    assert "uphold" not in world.moves("r1", by="leader-on-duty")
    world.appeal("r1", "overdue", by="handler-cleaning")
    assert world.moves("r1", by="leader-on-duty")["uphold"] is None


def test_appeals_are_replayed(world):
    """What figures leave out is made again from the facts alone."""
    late(world)
    world.inspect("r1", passed=False)
    world.appeal("r1", "failed_inspection", by="handler-cleaning")
    world.appeal("r1", "overdue", by="handler-cleaning")
    world.uphold("r1")
    world.dismiss("r1", place=1)

    assert world.replayed() == []
