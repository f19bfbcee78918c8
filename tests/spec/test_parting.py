"""Parting 拆分: a report that was joined wrongly leaves the case, and goes its own way."""

from cityloop.domain import facts as f

CODE = "7G2KD9QW4X1M"
OTHER = "5HPT3V0NQ8ZR"


def joined(world, **more) -> None:
    """Two reports of what the machine took for one problem."""
    world.report("r1", kind="rubbish", code=OTHER, at="2026-03-02 09:00", says="bags by the bin")
    world.report("r2", kind="rubbish", joins="r1", code=CODE, says="a sofa at the gate", **more)
    assert world.case("r2").id == world.case("r1").id


def test_a_report_that_was_joined_wrongly_begins_a_case(world):
    """It is filed as it would have been, and the old case goes on with one report less."""
    joined(world)
    world.part("r2", "other_problem", note="a sofa is no bag")

    assert world.case("r1").reports == 1
    assert (world.case("r2").report_id, world.state("r2")) == (world.reports["r2"], "to_sign")
    parted = world.fact("r1", f.ReportParted)
    assert (parted.reason, parted.into, parted.report_id) == ("other_problem", None, world.reports["r2"])
    assert world.fact("r2", f.CaseFiled).why[-1] == "parted"
    assert world.replayed() == []


def test_what_the_machine_is_not_sure_of_waits_for_the_acceptor(world):
    """Its clock to accept counts from the report, not from the parting; where the rule asks for it somebody looks first."""
    joined(world, sure=False)
    received = world.local(world.case("r1").opened_at)
    world.later(minutes=30)
    world.part("r2")

    case = world.case("r2")
    assert (world.state("r2"), case.near_case) == ("reported", None)
    assert "parted" in world.fact("r2", f.CaseOpened).why
    assert world.local(case.clock_since) == received


def test_it_may_join_the_case_that_was_meant(world):
    """Named by the acceptor; both cases tell of it."""
    joined(world)
    world.report("r3", kind="rubbish")
    world.part("r2", "slip", into="r3")

    assert world.case("r2").id == world.case("r3").id
    assert (world.case("r1").reports, world.case("r3").reports) == (1, 2)
    assert world.fact("r1", f.ReportParted).into == world.case("r3").id
    assert world.fact("r3", f.ReportJoined).why == ("by_hand", "parted")
    assert world.replayed() == []


def test_what_was_merged_by_hand_can_be_taken_out_again(world):
    """The waiting case stays merged away; the report begins another one."""
    world.report("r1", kind="rubbish")
    world.report("r2", kind="rubbish", joins="r1", joins_ppm=600_000)
    world.call_case("r2", "gone")
    world.join("r2", "r1")
    world.part("r2", "slip")

    assert world.case("r2").id not in (world.case("r1").id, world.case("gone").id)
    assert world.state("gone") == "merged"


def test_the_dispatcher_may_part_too_and_who_sees_neither_may_not(world):
    """Whoever finds it at their desk: the acceptor before filing, the dispatcher after it; a handler sends it back."""
    joined(world)
    with world.refuses("not_allowed"):
        world.part("r2", by="handler-cleaning")
    with world.refuses("case.unknown"):
        world.part("r2", by="acceptor-south")
    world.part("r2", by="dispatcher")

    assert world.case("r1").reports == 1


def test_only_a_joined_report_of_an_open_case_leaves_it(world):
    """The one on which the case stands stays; a reason of the list is given; what is over stays as it was."""
    joined(world)
    with world.refuses("filing.part_wrong"):
        world.part("r1")
    with world.refuses("filing.reason_unknown"):
        world.part("r2", "bored")
    world.report("r3", kind="greenery")
    with world.refuses("filing.part_wrong"):
        world.part("r2", of="r3")
    with world.refuses("filing.join_wrong"):
        world.part("r2", into="r1")
    world.reports["nowhere"] = "019c0000-0000-7000-8000-000000000000"
    with world.refuses("report.unknown"):
        world.part("nowhere", of="r1")
    world.complete_all("r1")
    with world.refuses("lifecycle.move_forbidden"):
        world.part("r2")


def test_it_is_offered_where_a_report_can_leave(world):
    """The form names the reports that joined, each by its words; the first is not among them."""
    world.report("r1", kind="rubbish")
    assert "part" not in world.moves("r1", by="acceptor")
    world.report("r2", kind="rubbish", joins="r1", says="a sofa at the gate")
    deeds = {each["name"]: each for each in world.screen("r1", by="acceptor")["deeds"]}

    which, reason, into, _ = deeds["part"]["fields"]
    assert [each["value"] for each in which["choices"]] == [world.reports["r2"]]
    assert "a sofa" in which["choices"][0]["words"]
    assert (reason["needed"], into["needed"]) == (True, False)
    assert "part" not in world.moves("r1", by="handler-cleaning")


def test_the_resident_follows_their_own_report(world):
    """With the same code: the trail is that of the case where the report is now."""
    joined(world)
    assert world.track(CODE)["number"] == world.case("r1").number
    world.part("r2")

    assert world.track(CODE)["number"] == world.case("r2").number != world.case("r1").number
    assert world.track(OTHER)["number"] == world.case("r1").number


def test_the_old_case_is_found_no_more_by_its_words(world):
    """The search finds them with the case that holds them now."""
    joined(world)
    assert world.cases_found("sofa at the gate") == ["r1"]
    world.part("r2")

    assert world.cases_found("sofa at the gate") == ["r2"]
    assert world.cases_found("bags by the bin") == ["r1"]


def test_after_its_case_was_done_again_it_is_asked_about_the_new_one_alone(world):
    """What its sender says to the one does not stand for the other, though both were closed by facts of the same number."""
    world.report("r1", kind="rubbish", channel="app", code=OTHER)
    world.report("r2", kind="rubbish", channel="app", joins="r1", code=CODE)
    world.complete_all("r1")
    world.judge(CODE, "not", "not", words="that was not mine")
    if world.state("r1") == "closed":
        world.redo("r1")
    world.part("r2", "reporter_says")
    assert world.track(CODE)["judging"] is None
    world.report("r3", kind="rubbish", joins="r2")
    world.complete_all("r2")
    closings = [each.fact.closing for each in world.told("r2") if isinstance(each.fact, f.CallbackAsked)]
    assert closings[0] == closings[-1]

    assert world.track(CODE)["judging"]["solved"] is None
    world.judge(CODE, "solved", "satisfied")
    assert world.track(CODE)["judging"]["solved"] == "solved"
    world.complete_all("r1")
    assert world.fact("r2", f.CallbackAsked).case_id == world.case("r2").id
    assert world.callback("r1").case_id == world.case("r1").id
    assert world.replayed() == []


def test_an_order_of_the_hotline_keeps_its_own_and_goes_along(town):
    """Number, limits and reply are the order's; its draft tells of the case where its report is now."""
    town.report("r1", kind="rubbish", beside=None)
    town.order("H1", kind="rubbish", joins="r1", city_dispatch_time="2026-03-02T08:30:00+08:00")
    assert town.case("H1").id == town.case("r1").id
    before = town.seen("H1")
    town.part("H1", of="r1")
    after = town.seen("H1")

    assert (after.number, after.sign_due, after.reply_due, after.state) == (
        before.number,
        before.sign_due,
        before.reply_due,
        before.state,
    )
    town.complete_all("r1")
    assert "WorkOrderReplyDrafted" not in town.order_story("H1")
    town.complete_all("H1")
    assert "WorkOrderReplyDrafted" in town.order_story("H1")


def test_a_case_that_only_withdrawn_orders_are_left_of_says_so(town):
    """The one report that nobody took back has left: somebody is told who decides what becomes of the rest."""
    town.order("H1", kind="rubbish", city_dispatch_time="2026-03-02T08:30:00+08:00")
    town.report("r2", kind="rubbish", joins="H1")
    town.hotline("H1", "withdrawal", reason="taken back")
    assert "source_withdrawn" not in (town.case("H1").marks or "")
    town.part("r2", of="H1")

    assert "source_withdrawn" in town.case("H1").marks
    assert "source_withdrawn" not in (town.case("r2").marks or "")
