"""Fine classes: a city may tell a minor class apart more finely, with a rule and a limit for each, and loses nothing by it."""

import pytest


@pytest.fixture(autouse=True)
def fine(world):
    """In this town exposed rubbish may be kitchen waste or bulky waste, each with a limit of its own."""
    world.adopt("mini_fine")


def test_a_fine_class_has_its_own_limit(world):
    """Kitchen waste has two working hours, bulky waste three days, and other rubbish its four hours."""
    world.report("r1", kind="kitchen waste", cell="a1", at="2026-03-06 09:00")
    world.report("r2", kind="bulky waste", cell="a1")
    world.report("r3", kind="rubbish", cell="a1")

    assert world.task("r1") == ("cleaning", "2026-03-06 11:00")
    assert world.task("r2") == ("cleaning", "2026-03-11 09:00")
    assert world.task("r3") == ("cleaning", "2026-03-06 15:00")


def test_who_answers_for_the_minor_class_answers_for_the_fine_one(world):
    """A duty table that knows no fine classes sends them where their minor class goes."""
    world.report("r1", kind="rubbish")
    world.report("r2", kind="kitchen waste")

    assert world.case("r2").unit == world.case("r1").unit


def test_an_acceptor_may_choose_the_fine_class(world):
    """What was proposed as rubbish is corrected to kitchen waste, and the case is filed under its rule."""
    world.report("r1", kind="rubbish", sure=False)
    world.accept("r1", kind="kitchen waste")
    world.file("r1")

    assert world.case("r1").rule == "gbt30428_2_2013/event/011001/1"
    assert world.case("r1").corrected is True
    assert "011001" in world.case("r1").number
    assert world.replayed() == []


def test_a_case_whose_class_the_pack_has_no_more_is_dispatched_by_the_table(world):
    """Who answers for its minor class answers for it still."""
    world.report("r1", kind="kitchen waste", at="2026-03-06 09:00")
    world.give_back("r1")
    assert world.state("r1") == "to_dispatch"
    world.adopt("mini")
    world.dispatch("r1")

    assert (world.state("r1"), world.case("r1").unit) == ("to_sign", "cleaning")


def test_a_case_keeps_its_fine_class_when_the_pack_has_it_no_more(world):
    """A later version without fine classes leaves what was filed under one as it is."""
    world.report("r1", kind="kitchen waste", at="2026-03-06 09:00")
    world.adopt("mini")
    world.handle("r1")
    world.inspect("r1")

    assert (world.state("r1"), world.case("r1").class_key) == ("closed", "gbt30428_2_2013/event/011001")
