"""Lead and assist 主办与协办: units that help have tasks and clocks of their own, and the lead waits for them."""

import pytest

from cityloop.domain import facts as f


def helped(world, unit: str = "covers") -> None:
    """The cleaners are answerable, and another unit is asked to help, on Friday at 14:00."""
    world.report("r1", kind="rubbish", at="2026-03-06 14:00")
    world.sign("r1")
    world.ask_assist("r1", unit)


def test_a_unit_that_helps_has_a_task_of_its_own(world):
    """With the lead's limit, from the moment it was asked; it counts among what the unit has to do."""
    helped(world)
    help = world.tasks("r1")[-1]

    assert world.story("r1")[-1] == "AssistAsked"
    assert (help.kind, help.unit, world.local(help.due_at)) == ("assist", "covers", "2026-03-06 18:00")
    assert (world.state("r1"), world.case("r1").unit) == ("handling", "cleaning")
    assert (world.load("cleaning"), world.load("covers")) == (1, 1)


def test_a_unit_that_helps_sees_the_case_and_a_stranger_does_not(world):
    """The case stands in its list, beside its own work; to others it is not there."""
    helped(world)
    world.report("r2", kind="cover")

    assert sorted(world.queue(by="handler-covers")) == ["r1", "r2"]
    assert world.queue(by="handler-covers", open=True, order="clock") == ["r2", "r1"]
    assert world.view("r1", by="handler-covers")["unit"] == "cleaning"
    with world.refuses("case.unknown"):
        world.view("r1", by="handler-street-1")
    assert world.queue(by="handler-street-1") == []


def test_the_lead_waits_for_help(world):
    """While a unit helps, the lead cannot say that all is done."""
    helped(world)
    with world.refuses("handle.assist_still_open"):
        world.finish("r1")
    world.sign_assist("r1", by="handler-covers")
    with world.refuses("handle.assist_still_open"):
        world.finish("r1")
    world.finish_assist("r1", by="handler-covers")
    world.finish("r1")

    assert world.state("r1") == "inspecting"
    help = world.tasks("r1")[1]
    assert (help.outcome, help.ended_by, help.overdue) == ("finished", "account:handler-covers", False)
    assert world.load("covers") == 0


def test_the_lead_may_finish_without_help_and_says_why(world):
    """The reason is a code; the help is called off, and is no longer owed."""
    helped(world)
    with world.refuses("handle.reason_unknown"):
        world.finish("r1", without_assist="bored")
    world.finish("r1", without_assist="too_slow")

    assert world.fact("r1", f.AssistCancelled).reason == "too_slow"
    assert [task.outcome for task in world.tasks("r1")][:2] == ["finished", "called_off"]
    with world.refuses("lifecycle.move_forbidden"):
        world.finish_assist("r1", by="handler-covers")


def test_help_needs_proof_and_comes_from_the_unit_that_was_asked(world):
    """As for the lead: a photo, or a note that says something."""
    helped(world)
    with world.refuses("handle.proof_missing"):
        world.finish_assist("r1", by="handler-covers", note="ok")
    with world.refuses("people.out_of_scope"):
        world.sign_assist("r1", by="handler-cleaning")
    with world.refuses("case.unknown"):
        world.sign_assist("r1", by="handler-roads-north")


def test_help_is_signed_for_once(world):
    """Signing says that it was seen, so once is enough."""
    helped(world)
    world.sign_assist("r1", by="handler-covers")
    assert world.fact("r1", f.AssistSigned).by == "handler-covers"
    with world.refuses("handle.already_signed"):
        world.sign_assist("r1", by="handler-covers")
    world.finish_assist("r1", by="handler-covers")
    with world.refuses("handle.no_assist"):
        world.sign_assist("r1", by="handler-covers")


def test_nobody_helps_themselves_or_twice(world):
    """The lead is no helper, and a unit has one helping task at a time."""
    helped(world)
    for unit in ("cleaning", "covers"):
        with world.refuses("dispatch.same_unit"):
            world.ask_assist("r1", unit)
    with world.refuses("dispatch.unit_unknown"):
        world.ask_assist("r1", "nobody")


def test_help_that_comes_late_is_late(world):
    """Its own deadline counts, not the lead's."""
    helped(world)
    world.at("2026-03-09 08:30")
    world.finish_assist("r1", by="handler-covers")

    assert world.fact("r1", f.AssistFinished).overdue is True


@pytest.mark.parametrize("how", ["give_back", "reassign"])
def test_with_the_lead_goes_the_help(world, how):
    """Where the case leaves the unit that was helped, nobody is waited for."""
    helped(world)
    world.later(minutes=5)
    if how == "give_back":
        world.give_back("r1", "no_means")
    else:
        world.reassign("r1", "street-1")

    assert world.fact("r1", f.AssistCancelled).reason in ("lead_returned", "lead_changed")
    assert world.load("covers") == 0
    with world.refuses("lifecycle.move_forbidden" if how == "give_back" else "handle.no_assist"):
        world.finish_assist("r1", by="handler-covers")


def test_who_helped_does_not_inspect_and_helps_again_with_the_rework(world):
    """A failed inspection sends lead and help back to work."""
    helped(world)
    world.finish_assist("r1", by="handler-covers")
    world.finish("r1")
    world.inspect("r1", passed=False)

    assert [(task.kind, task.unit) for task in world.tasks("r1")][-2:] == [("handle", "cleaning"), ("assist", "covers")]
    assert world.tasks("r1")[-1].why == '["rework"]'


def test_whom_the_duty_table_names_is_asked_when_the_lead_signs(world):
    """Only where the pack says so; else a dispatcher asks."""
    world.report("r1", kind="materials", cell="a1")
    world.sign("r1")
    assert [task.kind for task in world.tasks("r1")] == ["handle"]
    world.adopt("mini_assist")
    world.report("r2", kind="materials", cell="b1")
    world.sign("r2")

    assert [(task.kind, task.unit) for task in world.tasks("r2")] == [("handle", "street-1"), ("assist", "cleaning")]
    assert world.tasks("r2")[-1].why == '["with_lead"]'


def test_a_corrected_calendar_moves_help_too(world):
    """Monday turns out to be a day off: what was due that day is due on Tuesday."""
    world.report("r1", kind="rubbish", at="2026-03-06 17:00")
    world.sign("r1")
    world.ask_assist("r1", "covers")
    world.adopt("mini_holiday")

    lead, help = world.tasks("r1")
    assert (world.local(lead.due_at), world.local(help.due_at)) == ("2026-03-10 11:00", "2026-03-10 11:00")
    assert world.local(help.sign_due) == "2026-03-10 09:00"
    assert world.case("r1").clock_due == lead.due_at


def test_what_a_helping_unit_may_do_is_offered(world):
    """Its page shows signing and finishing the help, and nothing of the lead's."""
    helped(world)
    assert world.moves("r1", by="handler-covers")["sign_assist"] is None
    world.sign_assist("r1", by="handler-covers")
    moves = world.moves("r1", by="handler-covers")

    assert "sign_assist" not in moves
    assert (moves["finish_assist"], moves["finish"]) == (None, "why_not.not_yours")
    assert "finish_assist" not in world.moves("r1", by="handler-cleaning")


def test_helping_is_replayed(world):
    """Tasks, loads and guests are made again from the facts alone."""
    helped(world)
    world.finish_assist("r1", by="handler-covers")
    world.finish("r1")

    assert world.replayed() == []


def test_help_is_for_work_that_a_unit_has(world):
    """Before a unit is answerable there is nobody to help, and after the work is done nothing to help with."""
    world.report("r1", kind="noise")
    with world.refuses("lifecycle.move_forbidden"):
        world.ask_assist("r1", "covers")
    helped(world)
    world.finish("r1", without_assist="not_needed")
    with world.refuses("lifecycle.move_forbidden"):
        world.ask_assist("r1", "covers")
    with world.refuses("lifecycle.move_forbidden"):
        world.sign_assist("r1", by="handler-covers")


def test_help_ends_with_a_return_that_was_agreed_to(world):
    """The unit asks, head and desk agree; nobody helps a unit that no longer has it."""
    world.adopt("mini_approvals")
    helped(world)
    world.ask("r1", "return", "no_means")
    world.later(minutes=5)
    world.agree("r1", by="manager-cleaning")
    assert "AssistCancelled" not in world.story("r1")
    world.agree("r1", by="dispatcher")

    assert world.fact("r1", f.AssistCancelled).reason == "lead_returned"
    assert world.load("covers") == 0


@pytest.mark.parametrize("kind", ["suspension", "deferral"])
def test_help_ends_with_work_that_is_put_off(world, kind):
    """What stands needs no help, and nobody's clock runs on alone; when it goes on, help is asked for anew."""
    world.adopt("mini_approvals")
    helped(world)
    if kind == "suspension":
        world.ask("r1", kind, "no_permit", length="10 natural_day")
    else:
        world.ask("r1", kind, "event", until="2026-03-16 08:00")
        world.agree("r1", by="manager-cleaning")
    world.agree("r1", by="dispatcher" if kind == "suspension" else "leader")

    assert world.fact("r1", f.AssistCancelled).reason == "lead_put_off"
    assert (world.load("cleaning"), world.load("covers")) == (1, 0)
    with world.refuses("lifecycle.move_forbidden"):
        world.finish_assist("r1", by="handler-covers")
    with world.refuses("lifecycle.move_forbidden"):
        world.ask_assist("r1", "covers")
    world.settle("r1")
    world.ask_assist("r1", "covers")
    assert world.load("covers") == 1
    assert world.replayed() == []
