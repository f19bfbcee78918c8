"""Dispatching: one unit is answerable, at the level whose desk decided."""

from cityloop.domain import facts as f


def test_the_unit_of_the_place_answers(world):
    """Two units mend potholes; the one whose area holds the place must act."""
    world.report("r1", kind="pothole", cell="d1", at="2026-03-06 16:00")
    world.report("r2", kind="pothole", cell="b1")

    assert world.task("r1") == ("roads-south", "2026-03-09 16:00")  # one working day is eight working hours
    assert world.case("r2").unit == "roads-north"


def test_nothing_is_dispatched_before_it_is_filed(world):
    """The law of both centres: first a case, then somebody who must act."""
    world.report("r1", kind="greenery")
    with world.refuses("lifecycle.move_forbidden"):
        world.dispatch("r1", "cleaning")
    world.accept("r1")
    with world.refuses("lifecycle.move_forbidden"):
        world.dispatch("r1", "cleaning")


def test_two_units_that_answer_are_put_before_a_dispatcher(world):
    """The table names two: the machine proposes both, with its reasons."""
    world.report("r1", kind="noise")

    assert world.state("r1") == "to_dispatch"
    proposed = world.fact("r1", f.DispatchProposed)
    assert [duty.unit for duty in proposed.duties] == ["street-1", "cleaning"]
    assert proposed.why == ("confidence:495000<900000",)

    world.dispatch("r1", "cleaning")
    assert (world.state("r1"), world.case("r1").unit) == ("to_sign", "cleaning")
    assert world.fact("r1", f.CaseDispatched).automatic is False


def test_where_no_unit_answers_the_dispatcher_sees_why(world):
    """The duty table names nobody for rivers: the case waits with that reason, and a dispatcher chooses a unit that exists."""
    world.report("r1", kind="river")

    assert world.fact("r1", f.DispatchProposed).why == ("no_unit_answers",)
    with world.refuses("dispatch.no_unit_answers"):
        world.dispatch("r1")
    with world.refuses("dispatch.unit_unknown"):
        world.dispatch("r1", "nobody")
    world.dispatch("r1", "street-1")
    assert world.case("r1").unit == "street-1"


def test_a_case_is_passed_down_to_the_street(world):
    """City to district to street, each desk with a clock of its own; the street's dispatcher decides."""
    world.report("r1", kind="noise", cell="a1", at="2026-03-06 16:00")
    world.move("r1", "down")
    assert world.case("r1").level_area == "990201"
    world.later(minutes=10)
    world.move("r1", "down", by="dispatcher-north")

    case = world.case("r1")
    assert (case.level, case.level_area) == ("street", "990201001")
    assert world.local(case.clock_due) == "2026-03-06 16:25"
    with world.refuses("people.out_of_scope"):
        world.dispatch("r1", "street-1", by="dispatcher")
    world.dispatch("r1", "street-1", by="dispatcher-street-1")
    assert world.state("r1") == "to_sign"


def test_a_street_sends_a_case_up(world):
    """What a street cannot do goes up one level, with a reason, and the district's dispatcher decides."""
    world.report("r1", kind="noise", cell="a1")
    world.move("r1", "down")
    world.move("r1", "down", by="dispatcher-north")
    world.move("r1", "up", by="dispatcher-street-1", reason="beyond_means")

    assert world.case("r1").level == "district"
    world.dispatch("r1", "cleaning", by="dispatcher-north")


def test_a_desk_sends_a_case_back_whence_it_came(world):
    """A district that finds the case is not its matter gives it back to the city's desk."""
    world.report("r1", kind="noise", cell="a1")
    world.move("r1", "down")
    world.move("r1", "back", by="dispatcher-north", reason="not_ours")

    assert (world.case("r1").level, world.case("r1").level_area) == ("city", None)


def test_why_a_case_goes_to_another_desk_is_a_code(world):
    """What somebody types never stands in the journal, which keeps it for ever: the reason is chosen."""
    world.report("r1", kind="noise", cell="a1")
    with world.refuses("dispatch.reason_unknown"):
        world.move("r1", "down", reason="Mrs Li of flat 12 said so")


def test_there_is_no_desk_above_the_city_and_none_below_the_street(world):
    """A case cannot be passed beyond the first or the last level."""
    world.report("r1", kind="noise", cell="a1")
    for way in ("up", "back"):
        with world.refuses("dispatch.level_wrong"):
            world.move("r1", way)
    world.move("r1", "down")
    world.move("r1", "down", by="dispatcher-north")
    with world.refuses("dispatch.level_wrong"):
        world.move("r1", "down", by="dispatcher-street-1")


def test_what_is_dispatched_does_not_change_its_desk(world):
    """Once a unit must act, the case is neither passed down nor dispatched again."""
    world.report("r1", kind="rubbish")
    with world.refuses("lifecycle.move_forbidden"):
        world.move("r1", "down")
    with world.refuses("lifecycle.move_forbidden"):
        world.dispatch("r1", "street-1")
