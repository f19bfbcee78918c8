"""Filing: accepted, filed with a number, or refused with a reason."""

from cityloop.domain import facts as f


def test_a_sure_report_is_filed_without_a_person(world):
    """The rule allows it, the machine is sure, a collector saw it: it has its number within a moment."""
    world.report("r1", kind="rubbish", at="2026-03-06 16:00")

    filed = world.fact("r1", f.CaseFiled)
    assert (filed.number, filed.automatic, filed.level) == ("E0110202603060001", True, "city")
    assert filed.rule.limit.unit == "work_hour"
    assert filed.rule.source.document == "a town that does not exist"
    assert filed.why == (f"rule:{filed.problem.rule}", "sure:950000", "model:test")
    assert world.told("r1")[2].actor == "machine:filing"


def test_numbers_count_by_the_day_of_the_city(world):
    """One counter a city and day, whatever the class; the day is the town's own."""
    world.report("r1", kind="rubbish", at="2026-03-06 16:00")
    world.report("r2", kind="cover", at="2026-03-06 23:59")
    world.report("r3", kind="rubbish", at="2026-03-07 00:01")

    numbers = [world.case(name).number for name in ("r1", "r2", "r3")]
    assert numbers == ["E0110202603060001", "C0101202603060002", "E0110202603070001"]


def test_what_the_machine_is_not_sure_of_waits_for_the_acceptor(world):
    """It stands in the queue with the reason, and its clock runs: one working hour."""
    world.report("r1", kind="rubbish", sure=False, at="2026-03-06 17:30")

    case = world.case("r1")
    assert (case.state, case.why) == ("reported", '["not_sure"]')
    assert world.local(case.clock_due) == "2026-03-09 08:30"
    assert world.queue(by="acceptor", state="reported") == ["r1"]


def test_a_rule_may_ask_for_a_person_even_when_the_machine_is_sure(world):
    """Some rules are never filed by machine: the case waits for the acceptor, with that reason."""
    world.report("r1", kind="greenery")

    assert world.state("r1") == "reported"
    assert world.fact("r1", f.CaseOpened).why == ("rule_asks_person",)


def test_a_report_that_nobody_understands_waits_too(world):
    """No class, no place: kept, and in a queue with its reasons."""
    world.report("r1", kind=None, cell=None)

    assert world.state("r1") == "reported"
    assert world.fact("r1", f.CaseOpened).why == ("not_sure", "nothing_proposed")
    assert world.queue(by="acceptor") == ["r1"]
    assert world.queue(by="acceptor-south") == []  # it lies nowhere, so it is the whole city's


def test_the_acceptor_accepts_and_the_duty_leader_files(world):
    """Two people on the supervision side: one takes it up, the other gives it number and clock."""
    world.report("r1", kind="greenery", at="2026-03-06 16:00")
    world.accept("r1")
    assert (world.state("r1"), world.case("r1").corrected) == ("to_file", False)

    world.file("r1")

    filed = world.fact("r1", f.CaseFiled)
    assert (filed.automatic, filed.opened, filed.number) == (False, True, "E0117202603060001")
    assert world.state("r1") == "to_sign"  # the duty table is clear, so it was dispatched at once


def test_the_duty_leader_may_file_without_an_acceptor(world):
    """待受理 to 立案 in one step, where the problem is clear."""
    world.report("r1", kind="greenery")
    world.file("r1")

    assert world.story("r1") == ["ReportReceived", "CaseOpened", "CaseFiled", "CaseDispatched"]


def test_a_corrected_class_takes_the_rule_of_that_class(world):
    """The machine said noise, the acceptor says rubbish: the fact says so, and it teaches."""
    world.report("r1", kind="noise", sure=False)
    world.accept("r1", kind="rubbish")
    world.file("r1")

    accepted = world.fact("r1", f.CaseAccepted)
    assert accepted.corrected
    assert world.fact("r1", f.CaseFiled).rule.limit.value == 4
    assert world.case("r1").unit == "cleaning"


def test_a_corrected_place_moves_the_case_to_another_grid(world):
    """A point inside the city is put into its cell; the unit of that place answers."""
    world.report("r1", kind="pothole", cell="a1", sure=False)
    world.accept("r1", place={"lon": 100.015, "lat": 30.005})
    world.file("r1")

    assert world.case("r1").cell == "990202001001001"
    assert world.case("r1").unit == "roads-south"
    assert world.case("r1").corrected


def test_a_place_outside_the_city_is_refused(world):
    """A place beyond the border, one with its two numbers swapped, and a cell that does not exist are each told apart."""
    world.report("r1", kind="pothole", sure=False)
    with world.refuses("place.outside"):
        world.accept("r1", place={"lon": 101.5, "lat": 30.005})
    with world.refuses("place.swapped"):
        world.accept("r1", place={"lon": 30.005, "lat": 100.015})
    with world.refuses("filing.cell_unknown"):
        world.accept("r1", place={"cell": "990299999999999"})


def test_a_class_of_another_catalogue_is_refused(world):
    """A bare code that two catalogues share is ambiguous; a class or a rule that the pack does not have is unknown."""
    world.report("r1", kind="pothole", sure=False)
    case = world.case("r1")
    for given, code in (("0113", "class.ambiguous_code"), ("cjt214_2007/event/0101", "class.unknown")):
        with world.refuses(code):
            world.post(f"/v1/cases/{case.id}/accept", by="acceptor", match=case.no, json={"class_key": given})
    with world.refuses("filing.rule_unknown"):
        world.post(f"/v1/cases/{case.id}/accept", by="acceptor", match=case.no, json={"rule": "no such rule"})


def test_what_nobody_has_named_cannot_be_filed(world):
    """Neither machine nor reporter named the problem: the acceptor must, and then it can be filed."""
    world.report("r1", kind=None)
    with world.refuses("filing.problem_unknown"):
        world.file("r1")
    with world.refuses("filing.problem_unknown"):
        world.accept("r1")
    world.accept("r1", kind="rubbish")
    world.file("r1")
    assert world.case("r1").corrected


def test_a_report_is_refused_with_a_reason_that_its_reporter_is_told(world):
    """不予立案: a code with words; what the leader noted lies in the vault."""
    world.report("r1", kind="greenery", channel="app")
    world.refuse("r1", "not_ours", note="belongs to the railway")

    assert world.state("r1") == "not_accepted"
    assert world.case("r1").refused_for == "not_ours"
    assert world.fact("r1", f.CaseRefused).note is not None
    assert "railway" not in str(world.fact("r1", f.CaseRefused))


def test_a_reason_that_has_no_words_is_no_reason(world):
    """Refusing takes a reason from the list, because its words are what the reporter is told."""
    world.report("r1", kind="greenery")
    with world.refuses("filing.reason_unknown"):
        world.refuse("r1", "because")


def test_a_private_place_is_known_by_its_cell_only(world):
    """A class marked private: no fact of the case tells the point, whoever touches it."""
    world.report("r1", kind="vagrant", cell="a1")

    where = world.fact("r1", f.CaseFiled).problem.where
    assert (where.cell, where.lon, where.lat, where.spot) == ("990201001001001", None, None, None)
    assert "100.005" not in str([told.fact for told in world.told("r1")])


def test_a_private_place_stays_private_when_a_person_corrects_it(world):
    """An acceptor who gives a point for a private class gives its cell only."""
    world.report("r1", kind="noise", cell="a1", sure=False)
    world.accept("r1", kind="vagrant", place={"lon": 100.015, "lat": 30.015})

    where = world.fact("r1", f.CaseAccepted).problem.where
    assert (where.cell, where.lon, where.spot) == ("990201001001002", None, None)


def test_a_component_is_found_near_a_corrected_place(world):
    """A manhole cover has an owner: the accepted place names the registered component."""
    world.report("r1", kind="noise", sure=False)
    world.accept("r1", kind="cover", place={"lon": 100.00501, "lat": 30.01501})

    assert world.case("r1").component == "9902010101000001"


def test_a_case_that_came_back_names_the_old_one(world):
    """复发: a new case, linked to the closed one."""
    world.report("r1", kind="rubbish")
    world.handle("r1")
    world.inspect("r1")
    world.report("r2", kind="rubbish", recurs="r1")

    assert world.case("r2").recurs == world.case("r1").id
    assert world.case("r2").id != world.case("r1").id
