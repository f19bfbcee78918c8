"""Urging 催办: a reminder by hand, and the notice of itself on the day after a deadline passed, once for each deadline."""

import pytest

from cityloop.domain import facts as f


def given(world) -> None:
    """Four working hours from Friday 14:00: due at 18:00."""
    world.report("r1", kind="rubbish", at="2026-03-06 14:00")


@pytest.mark.parametrize("by", ["dispatcher", "leader-on-duty", "leader"])
def test_a_unit_is_reminded_by_hand(world, by):
    """The command centre, the supervision centre and a leader may; the case shows it in every list."""
    given(world)
    world.urge("r1", "resident_waits", by=by, note="she called twice today")

    told = world.fact("r1", f.CaseUrged)
    assert (told.unit, told.reason) == ("cleaning", "resident_waits")
    assert world.get("/v1/cases", by="handler-cleaning")["items"][0]["marks"] == ["urged"]
    assert world.state("r1") == "to_sign"


def test_a_reminder_is_for_work_that_runs_and_has_a_reason(world):
    """Nobody is reminded of what is done; units do not remind themselves."""
    given(world)
    with world.refuses("dispatch.reason_unknown"):
        world.urge("r1", "bored")
    with world.refuses("not_allowed"):
        world.urge("r1", by="handler-cleaning")
    world.handle("r1")
    with world.refuses("lifecycle.move_forbidden"):
        world.urge("r1")


def test_the_mark_goes_when_the_work_is_done(world):
    """What was urged and is finished need not be looked at any more; the reminder stays on the page."""
    given(world)
    world.urge("r1", note="today, please")
    world.handle("r1")
    view = world.view("r1", by="acceptor")

    assert view["marks"] == []
    assert [(each["kind"], each["says"], each["text"]) for each in view["orders"]] == [
        ("urge", ["urge.reason.due_soon"], "today, please")
    ]


def test_the_day_after_a_deadline_the_notice_comes_by_itself(world):
    """Late since Friday evening, told when Saturday begins, and told once."""
    given(world)
    world.at("2026-03-06 23:59")
    world.drain()
    assert "OverdueNoticed" not in world.story("r1")
    world.at("2026-03-07 00:00")
    world.drain()
    world.at("2026-03-09 12:00")
    world.drain()

    assert world.story("r1").count("OverdueNoticed") == 1
    told = world.fact("r1", f.OverdueNoticed)
    assert (told.unit, world.local(told.due_at), world.local(told.at)) == (
        "cleaning", "2026-03-06 18:00", "2026-03-07 00:00",
    )  # fmt: skip
    assert world.get("/v1/cases", by="dispatcher")["items"][0]["marks"] == ["urged"]


def test_what_is_done_in_time_is_never_told(world):
    """Work that ends before the day after brings no notice."""
    given(world)
    world.at("2026-03-06 19:00")
    world.handle("r1")
    world.at("2026-03-09 12:00")
    world.drain()

    assert "OverdueNoticed" not in world.story("r1")


def test_another_deadline_is_told_anew(world):
    """Another unit has its own clock; when that is late too, it is told too."""
    given(world)
    world.at("2026-03-07 00:00")
    world.drain()
    world.at("2026-03-09 08:00")
    world.reassign("r1", "covers")
    for day in ("2026-03-09 23:00", "2026-03-10 00:00", "2026-03-11 00:00"):
        world.at(day)
        world.drain()

    told = [each.fact for each in world.told("r1") if isinstance(each.fact, f.OverdueNoticed)]
    assert [(each.unit, world.local(each.due_at)) for each in told] == [
        ("cleaning", "2026-03-06 18:00"), ("covers", "2026-03-09 12:00"),
    ]  # fmt: skip


def test_a_deadline_that_moved_is_told_when_it_passes(world):
    """The calendar was put right: Monday's deadline is Tuesday's now, so the notice comes on Wednesday."""
    world.report("r1", kind="pothole", at="2026-03-06 14:00")  # one working day: due on Monday at 14:00
    world.at("2026-03-09 10:00")
    world.adopt("mini_holiday")
    assert world.local(world.case("r1").clock_due) == "2026-03-10 12:00"
    world.at("2026-03-10 00:00")
    world.drain()
    assert "OverdueNoticed" not in world.story("r1")
    world.at("2026-03-11 00:00")
    world.drain()

    assert world.story("r1").count("OverdueNoticed") == 1


def test_what_waits_for_the_dispatcher_is_no_units_lateness(world):
    """Nobody is answerable yet, so there is nobody to tell."""
    world.report("r1", kind="noise", at="2026-03-06 14:00")
    world.at("2026-03-09 12:00")
    world.drain()

    assert world.story("r1") == ["ReportReceived", "CaseFiled", "DispatchProposed"]


def test_notices_are_replayed(world):
    """Who was told of what is made again from the facts alone."""
    given(world)
    world.at("2026-03-09 12:00")
    world.drain()
    world.urge("r1", "late")

    assert world.replayed() == []


def test_what_is_put_off_is_not_urged(world):
    """Its clock stands: no notice comes of itself, nobody reminds by hand, and later only the time that was left counts."""
    world.adopt("mini_approvals")
    given(world)
    world.sign("r1")
    world.ask("r1", "suspension", "no_permit", length="10 natural_day")
    world.agree("r1", by="dispatcher")
    for day in ("2026-03-07 00:00", "2026-03-10 00:00"):
        world.at(day)
        world.drain()
    with world.refuses("lifecycle.move_forbidden"):
        world.urge("r1")
    assert "OverdueNoticed" not in world.story("r1")
    world.at("2026-03-12 09:00")
    world.settle("r1")
    for day in ("2026-03-13 00:00", "2026-03-14 00:00"):
        world.at(day)
        world.drain()

    assert world.story("r1").count("OverdueNoticed") == 1
    assert world.local(world.fact("r1", f.OverdueNoticed).due_at) == "2026-03-12 15:00"


def test_what_is_deferred_is_not_urged(world):
    """Until its date nothing is due."""
    world.adopt("mini_approvals")
    given(world)
    world.sign("r1")
    world.ask("r1", "deferral", "event", until="2026-03-16 08:00")
    world.agree("r1", by="manager-cleaning")
    world.agree("r1", by="leader")
    world.at("2026-03-10 00:00")
    world.drain()
    with world.refuses("lifecycle.move_forbidden"):
        world.urge("r1")

    assert "OverdueNoticed" not in world.story("r1")


def test_nobody_is_late_while_a_clock_stands_for_the_asking(world):
    """Asked on Friday and not decided by midnight there is no notice; refused on Monday, its new deadline counts."""
    world.adopt("mini_approvals")
    given(world)
    world.sign("r1")
    world.at("2026-03-06 15:00")
    world.ask("r1", "suspension", "no_permit", length="10 natural_day")
    world.at("2026-03-07 00:00")
    world.drain()
    assert "OverdueNoticed" not in world.story("r1")
    world.at("2026-03-09 08:30")
    world.deny("r1", "can_be_done", by="dispatcher")
    world.at("2026-03-10 00:00")
    world.drain()

    assert world.local(world.fact("r1", f.OverdueNoticed).due_at) == "2026-03-09 11:30"
