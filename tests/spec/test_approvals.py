"""Approvals: who agrees, step by step, by when; and what is refused."""

import pytest
from tests.spec.test_handling import photo

from cityloop.domain import facts as f


@pytest.fixture
def asking(world):
    """The town has an approval matrix, and heads of its units; r1 is signed for, at 14:00 with four working hours."""
    world.adopt("mini_approvals")
    world.report("r1", kind="rubbish", at="2026-03-06 14:00")
    world.sign("r1")
    return world


def test_more_time_is_asked_for_and_given(asking):
    """A small extension is the dispatcher's to give; the new deadline counts from the old one."""
    world = asking
    world.ask("r1", "extension", "weather", length="2 work_hour")
    assert (world.state("r1"), world.case("r1").approval_kind) == ("handling", "extension")

    world.later(hours=1)
    world.agree("r1", by="dispatcher")
    assert world.story("r1")[-3:] == ["ApprovalAsked", "ApprovalGranted", "TaskExtended"]
    assert world.task("r1") == ("cleaning", "2026-03-09 10:00")  # 18:00 on Friday and two working hours
    assert (world.state("r1"), world.case("r1").approval_kind) == ("handling", None)
