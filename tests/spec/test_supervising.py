"""Supervising 督办: formal and numbered, with a date for the answer; the supervisor accepts it or asks again."""

import pytest

from cityloop.domain import facts as f


def supervised(world, level: str = "ordinary") -> None:
    """The cleaners have a case since Monday at nine, and a leader supervises it."""
    world.report("r1", kind="pothole", at="2026-03-02 09:00")
    world.sign("r1")
    world.supervise("r1", "recurs", level=level, note="the third time this winter")


@pytest.mark.parametrize(
    ("level", "due"),
    [("ordinary", "2026-03-09 09:00"), ("important", "2026-03-05 09:00"), ("urgent", "2026-03-03 09:00")],
)
def test_the_date_for_the_answer_follows_the_level(world, level, due):
    """Five, three or one working day, as the pack has it."""
    supervised(world, level)
    told = world.fact("r1", f.SupervisionIssued)

    assert (told.level, world.local(told.answer_due), told.unit) == (level, due, "roads-north")
    assert world.view("r1", by="handler-roads-north")["marks"] == ["supervised"]


def test_each_has_a_number_in_the_packs_format(world):
    """Counted by year, never twice."""
    supervised(world)
    world.report("r2", kind="rubbish")
    world.supervise("r2", by="leader-on-duty")

    assert world.fact("r1", f.SupervisionIssued).number == "督办〔2026〕1号"
    assert world.fact("r2", f.SupervisionIssued).number == "督办〔2026〕2号"


def test_the_unit_answers_and_the_supervisor_is_content(world):
    """With that it is settled, and the mark goes; the page keeps number, words and answer."""
    supervised(world)
    world.answer("r1", "the whole stretch is laid anew by Thursday")
    world.accept_answer("r1")
    view = world.view("r1", by="leader-on-duty")

    assert world.story("r1")[-3:] == ["SupervisionIssued", "SupervisionAnswered", "SupervisionAccepted"]
    assert view["marks"] == []
    assert [(each["number"], each["text"], each["answer"]) for each in view["orders"]] == [
        ("督办〔2026〕1号", "the third time this winter", "the whole stretch is laid anew by Thursday")
    ]


def test_an_answer_that_does_not_do_is_asked_for_again(world):
    """With a reason and a new date; the second answer is judged like the first."""
    supervised(world)
    world.answer("r1", "we will see")
    world.at("2026-03-04 09:00")
    world.ask_answer_again("r1", "answer_empty")
    assert world.local(world.fact("r1", f.SupervisionRejected).answer_due) == "2026-03-11 09:00"
    world.answer("r1", "laid anew today")
    world.accept_answer("r1")

    assert world.story("r1").count("SupervisionAnswered") == 2


def test_a_date_that_passes_without_an_answer_is_told_once(world):
    """By a timer, at the date itself; an answer afterwards is late."""
    supervised(world, "urgent")
    world.at("2026-03-03 08:59")
    world.drain()
    assert "SupervisionMissed" not in world.story("r1")
    for moment in ("2026-03-03 09:00", "2026-03-04 09:00"):
        world.at(moment)
        world.drain()
    assert world.story("r1").count("SupervisionMissed") == 1
    world.answer("r1")

    assert world.fact("r1", f.SupervisionAnswered).overdue is True


def test_an_answer_in_time_is_not_missed(world):
    """Answered and not yet judged is answered."""
    supervised(world, "urgent")
    world.answer("r1")
    world.at("2026-03-05 09:00")
    world.drain()

    assert world.fact("r1", f.SupervisionAnswered).overdue is False
    assert "SupervisionMissed" not in world.story("r1")


def test_one_at_a_time_and_only_where_a_unit_is_answerable(world):
    """A second one waits for the first; what nobody has cannot be supervised."""
    supervised(world)
    with world.refuses("dispatch.supervision_running"):
        world.supervise("r1", by="leader-on-duty")
    world.report("r2", kind="noise")
    with world.refuses("lifecycle.move_forbidden"):
        world.supervise("r2")


def test_what_is_not_asked_cannot_be_answered_or_judged(world):
    """Order is kept: asked, answered, judged."""
    world.report("r1", kind="rubbish")
    with world.refuses("handle.not_asked"):
        world.answer("r1")
    with world.refuses("dispatch.not_answered"):
        world.accept_answer("r1")
    world.supervise("r1")
    for deed in (world.accept_answer, world.ask_answer_again):
        with world.refuses("dispatch.not_answered"):
            deed("r1")
    with world.refuses("handle.answer_missing"):
        world.answer("r1", "  ")
    with world.refuses("dispatch.reason_unknown"):
        world.supervise("r1", "bored")


def test_who_may_supervise_and_who_may_answer(world):
    """Leaders and the supervision centre ask, the unit that is answerable answers; nobody does both."""
    supervised(world)
    for post in ("dispatcher", "handler-roads-north"):
        with world.refuses("not_allowed"):
            world.accept_answer("r1", by=post)
    with world.refuses("not_allowed"):
        world.answer("r1", by="leader")
    with world.refuses("case.unknown"):
        world.answer("r1", by="handler-cleaning")


def test_what_is_offered_follows_the_supervision(world):
    """The unit is offered to answer, the supervisor to judge."""
    supervised(world)
    assert world.moves("r1", by="handler-roads-north")["answer"] is None
    assert world.moves("r1", by="leader")["accept_answer"] is None
    world.answer("r1")
    world.accept_answer("r1")
    assert "answer" not in world.moves("r1", by="handler-roads-north")


def test_supervising_is_replayed(world):
    """Numbers, states and rounds are made again from the facts alone."""
    supervised(world, "urgent")
    world.at("2026-03-04 09:00")
    world.answer("r1")
    world.ask_answer_again("r1")

    assert world.replayed() == []
