"""Calling departments 吹哨报到: a street calls, they report in within a limit, end it together, and are rated."""

import pytest

from cityloop.domain import facts as f


def called(world) -> None:
    """The first street calls the road menders and the cover office to a case of the cleaners, at nine on a Monday."""
    world.report("r1", kind="rubbish", cell="a1", at="2026-03-02 09:00")
    world.sign("r1")
    world.whistle("r1", "roads-north", "covers", note="the heap hides a broken cover")


def test_who_is_called_reads_the_case_as_long_as_it_lasts(world):
    """The case stands in the lists of the departments until the joint handling ends."""
    called(world)
    assert world.story("r1")[-1] == "WhistleSounded"
    assert world.queue(by="handler-covers") == ["r1"]
    assert world.view("r1", by="handler-roads-north")["marks"] == ["whistled"]
    with world.refuses("case.unknown"):
        world.view("r1", by="handler-roads-south")
    world.report_in("r1", by="handler-covers")
    world.end_whistle("r1")

    assert world.story("r1")[-1] == "WhistleEnded"
    assert world.queue(by="handler-covers") == []
    with world.refuses("case.unknown"):
        world.view("r1", by="handler-roads-north")


def test_departments_report_in_with_time_and_person(world):
    """In time within thirty working minutes, late after them."""
    called(world)
    world.later(minutes=20)
    world.report_in("r1", by="handler-covers")
    world.later(minutes=20)
    world.report_in("r1", by="handler-roads-north")

    told = [each.fact for each in world.told("r1") if isinstance(each.fact, f.ArrivalReported)]
    assert [(each.unit, each.by, each.overdue) for each in told] == [
        ("covers", "handler-covers", False), ("roads-north", "handler-roads-north", True),
    ]  # fmt: skip


def test_who_does_not_come_is_told_once(world):
    """By a timer, at the limit, and only of those who are missing."""
    called(world)
    world.report_in("r1", by="handler-covers")
    world.later(minutes=29)
    world.drain()
    assert "ArrivalMissed" not in world.story("r1")
    for minutes in (1, 60):
        world.later(minutes=minutes)
        world.drain()

    assert world.story("r1").count("ArrivalMissed") == 1
    assert world.fact("r1", f.ArrivalMissed).units == ("roads-north",)


def test_nobody_is_missed_where_all_came_or_it_is_over(world):
    """The limit passes in silence."""
    called(world)
    for post in ("handler-covers", "handler-roads-north"):
        world.report_in("r1", by=post)
    world.report("r2", kind="rubbish", cell="a2")
    world.whistle("r2", "covers")
    world.end_whistle("r2")
    world.later(hours=3)
    world.drain()

    assert "ArrivalMissed" not in world.story("r1") + world.story("r2")


def test_the_street_rates_each_department(world):
    """One to five with a reason, once each, when it is over; then the mark goes."""
    called(world)
    with world.refuses("handle.whistle_not_over"):
        world.rate("r1", "covers", 5)
    world.report_in("r1", by="handler-covers")
    world.end_whistle("r1", "the cover office came and fenced it")
    assert world.view("r1", by="street-desk-1")["marks"] == ["to_rate"]
    world.rate("r1", "covers", 5, "effective")
    with world.refuses("handle.not_called"):
        world.rate("r1", "covers", 1)
    world.rate("r1", "roads-north", 1, "absent")

    assert world.view("r1", by="street-desk-1")["marks"] == []
    assert [each.fact.score for each in world.told("r1") if isinstance(each.fact, f.UnitRated)] == [5, 1]


@pytest.mark.parametrize("score", [0, 6])
def test_a_score_is_one_of_five(world, score):
    """And has a reason of the list."""
    called(world)
    world.end_whistle("r1")
    with world.refuses("handle.score_wrong"):
        world.rate("r1", "covers", score)
    with world.refuses("handle.reason_unknown"):
        world.rate("r1", "covers", 3, "bored")


def test_the_call_is_the_streets_own(world):
    """Another street, the unit that is answerable and a dispatcher do not call; another street does not even see it."""
    called(world)
    for post in ("handler-cleaning", "dispatcher"):
        with world.refuses("not_allowed"):
            world.end_whistle("r1", by=post)
    with world.refuses("case.unknown"):
        world.end_whistle("r1", by="street-desk-2")


def test_only_who_is_called_reports_in_and_once(world):
    """The unit that is answerable has nothing to report in to."""
    called(world)
    with world.refuses("people.out_of_scope"):
        world.report_in("r1", by="handler-cleaning")
    world.report_in("r1", by="handler-covers")
    with world.refuses("handle.not_called"):
        world.report_in("r1", by="handler-covers")
    world.end_whistle("r1")
    with world.refuses("case.unknown"):
        world.report_in("r1", by="handler-roads-north")


def test_whom_a_street_may_call(world):
    """At least one unit of the pack, and not itself; one call at a time, with a reason, and a record at its end."""
    world.report("r1", kind="rubbish", cell="a1")
    for units in ((), ("nobody",), ("street-1",)):
        with world.refuses("handle.called_wrongly"):
            world.whistle("r1", *units)
    with world.refuses("handle.reason_unknown"):
        world.whistle("r1", "covers", reason="bored")
    with world.refuses("handle.whistle_over"):
        world.end_whistle("r1")
    world.whistle("r1", "covers")
    with world.refuses("handle.whistle_running"):
        world.whistle("r1", "roads-north")
    with world.refuses("handle.answer_missing"):
        world.end_whistle("r1", " ")


def test_a_case_that_is_not_filed_or_is_done_calls_nobody(world):
    """There is nothing to handle together."""
    world.report("r1", kind="greenery", cell="a1")
    with world.refuses("lifecycle.move_forbidden"):
        world.whistle("r1", "covers")
    world.report("r2", kind="rubbish", cell="a2")
    world.handle("r2")
    with world.refuses("lifecycle.move_forbidden"):
        world.whistle("r2", "covers")


def test_a_unit_that_helps_and_was_called_stays_while_it_helps(world):
    """Two reasons to see a case are two: the end of one leaves the other."""
    called(world)
    world.ask_assist("r1", "covers")
    world.end_whistle("r1")

    assert world.queue(by="handler-covers") == ["r1"]


def test_the_page_shows_the_call_and_offers_what_is_next(world):
    """Words and record for those who may read them."""
    called(world)
    assert world.moves("r1", by="handler-covers")["report_in"] is None
    assert world.moves("r1", by="street-desk-1")["end_whistle"] is None
    world.end_whistle("r1", "both came, the cover is new")
    shown = world.view("r1", by="street-desk-1")["orders"]

    assert [(each["kind"], each["unit"], each["text"], each["answer"]) for each in shown] == [
        ("whistle", "street-1", "the heap hides a broken cover", "both came, the cover is new")
    ]
    assert world.moves("r1", by="street-desk-1")["rate"] is None


def test_calls_are_replayed(world):
    """Who came, who did not and how they are rated is made again from the facts alone."""
    called(world)
    world.later(hours=1)
    world.drain()
    world.report_in("r1", by="handler-covers")
    world.end_whistle("r1")
    world.rate("r1", "covers", 2, "late")

    assert world.replayed() == []
