"""Importing 导入: old cases of another system come in as its file tells them, and nothing follows from that."""

import msgspec

from cityloop.domain import facts as f
from cityloop.domain.facts import IMPORTED, Untold

CAME = "2026-02-02 09:00"


def test_an_old_case_comes_in_as_its_file_tells_it(world):
    """What the file tells stands with its moment, and what it does not tell is said to be unknown."""
    world.bring("8001", kind="pothole", cell="a1", unit="roads-north", came_in=CAME, deadline="2026-02-06 18:00",
                closed="2026-02-05 17:00", state="closed", words="a hole", ended="filled")  # fmt: skip

    case = world.case("8001")
    assert (case.state, case.unit, case.on_time) == ("closed", "roads-north", True)
    assert world.local(case.closed_at) == "2026-02-05 17:00"
    assert (case.filed_at, case.dispatched_at, case.handled_at) == (None, None, None)
    history = world.fact("8001", f.CaseImported).history
    assert history.untold == (Untold.accepted, Untold.filed, Untold.dispatched, Untold.handled)
    assert history.deadline.source.document == "orders of the old system"
    assert world.story("8001") == ["ReportImported", "CaseImported"]


def test_nothing_follows_from_what_was_imported(world):
    """No handler but the search's index listens to imported facts, so nobody is asked, told or timed by them."""
    hear = {each.handler.name for each in world.delivery.followings if set(IMPORTED) & set(each.handler.on)}
    assert hear <= {"desk"}
    world.bring("8001", kind="pothole", cell="a1", unit="roads-north", came_in=CAME, deadline="2026-02-06 18:00")
    world.tell_again()

    assert world.story("8001") == ["ReportImported", "CaseImported"]


def test_a_case_that_was_late_is_late(world):
    """A case is in time without a deadline or closed by it, and what is still open is measured at the export."""
    world.bring("1", came_in=CAME, closed="2026-02-06 18:00", deadline="2026-02-06 18:00")
    world.bring("2", came_in=CAME, closed="2026-02-06 18:01", deadline="2026-02-06 18:00")
    world.bring("3", came_in=CAME, closed="2026-02-06 18:01")
    world.bring("4", kind="pothole", unit="roads-north", came_in=CAME, deadline="2026-02-06 18:00")
    world.bring("5", kind="pothole", unit="roads-north", came_in=CAME, deadline="2026-03-09 18:00")

    timely = [world.fact(no, f.CaseImported).history.on_time for no in ("1", "2", "3", "4", "5")]
    assert timely == [True, False, True, False, True]
    assert world.case("4").on_time is None  # here it is not over


def test_an_open_case_goes_on_with_its_unit(world):
    """The unit finds its work with the deadline that it was given, finishes it, and another looks, as with any case."""
    world.bring("8001", kind="pothole", cell="a1", unit="roads-north", came_in=CAME, deadline="2026-03-02 12:00")

    assert world.state("8001") == "handling"
    assert world.task("8001") == ("roads-north", "2026-03-02 12:00")
    assert world.queue(by="handler-roads-north") == ["8001"]
    world.at("2026-03-02 12:01")
    world.finish("8001")
    world.inspect("8001")

    assert (world.state("8001"), world.case("8001").on_time) == ("closed", False)
    assert world.tasks("8001")[0].overdue


def test_work_that_fails_is_done_again_within_the_limit_of_our_rule(world):
    """A given deadline has no limit that could begin anew, so the rule counts under which the case goes on here."""
    world.bring("8001", kind="pothole", cell="a1", unit="roads-north", came_in=CAME, deadline="2026-03-05 12:00")
    world.finish("8001")
    world.inspect("8001", passed=False)

    assert world.state("8001") == "to_sign"
    assert world.task("8001") == ("roads-north", "2026-03-03 09:00")  # one working day


def test_a_returned_import_is_dispatched_anew(world):
    """The unit may send it back, and whoever gets it then has the whole limit of the rule."""
    world.bring("8001", kind="pothole", cell="a1", unit="roads-north", came_in=CAME, deadline="2026-03-05 12:00")
    world.give_back("8001", "not_ours")
    assert world.state("8001") == "to_dispatch"

    world.dispatch("8001", "roads-north")
    assert world.task("8001") == ("roads-north", "2026-03-03 09:00")


def test_an_open_case_without_a_deadline_waits_for_the_dispatcher(world):
    """No deadline is made up: a dispatcher gives the case to a unit, and the rule's limit begins then."""
    world.bring("8001", kind="pothole", cell="a1", unit="roads-north", came_in=CAME)

    assert (world.state("8001"), world.case("8001").why) == ("to_dispatch", '["import_no_deadline"]')
    world.dispatch("8001")
    assert world.state("8001") == "to_sign"


def test_an_open_case_without_a_class_waits_for_the_acceptor(world):
    """Who accepts it says what it is, and from there it goes the usual way."""
    world.bring("8001", cell="a1", came_in=CAME, words="something is wrong here")

    assert (world.state("8001"), world.case("8001").why) == ("reported", '["import_no_class"]')
    world.accept("8001", kind="pothole")
    assert world.state("8001") == "to_file"


def test_a_refused_case_has_a_reason_or_says_that_none_is_told(world):
    """A reason that the file does not tell is not invented either."""
    world.bring("8001", came_in=CAME, state="refused", closed="2026-02-03 10:00")

    assert (world.state("8001"), world.case("8001").refused_for) == ("not_accepted", "untold")


def test_what_came_in_before_does_not_come_in_twice(world):
    """The same line of the same source is known already, also in another file."""
    world.bring("8001", kind="pothole", came_in=CAME, closed="2026-02-05 17:00")
    again = world.bring("8001", kind="pothole", came_in=CAME, closed="2026-02-05 17:00", words="words are no news")

    assert (again.added, again.same) == (0, 1)
    assert world.story("8001") == ["ReportImported", "CaseImported"]


def test_what_the_old_system_tells_otherwise_stands_as_long_as_nobody_here_has_gone_on(world):
    """In a parallel run a case moves there: the next export brings it up to date."""
    world.bring("8001", kind="pothole", cell="a1", unit="roads-north", came_in=CAME, deadline="2026-03-02 12:00")
    renewed = world.bring("8001", kind="pothole", cell="a1", unit="roads-north", came_in=CAME, deadline="2026-03-02 12:00",
                          done="2026-02-27 10:00", closed="2026-02-27 15:00")  # fmt: skip

    assert (renewed.added, renewed.renewed) == (0, 1)
    assert world.state("8001") == "closed"
    assert [task.outcome for task in world.tasks("8001")] == ["finished"]
    assert world.story("8001") == ["ReportImported", "CaseImported", "CaseReimported"]
    assert world.replayed() == []


def test_what_somebody_here_has_gone_on_with_is_left_alone(world):
    """Then the old system's word is counted as differing, and the difference report shows how."""
    world.bring("8001", kind="pothole", cell="a1", unit="roads-north", came_in=CAME, deadline="2026-03-02 12:00")
    world.finish("8001")
    later = world.bring("8001", kind="pothole", cell="a1", unit="roads-north", came_in=CAME, closed="2026-02-27 15:00")

    assert (later.renewed, later.differing) == (0, 1)
    assert world.state("8001") == "inspecting"


def test_a_given_deadline_does_not_move_with_the_calendar(world):
    """It is a fact of the other system: our holidays do not change it."""
    world.bring("8001", kind="pothole", cell="a1", unit="roads-north", came_in=CAME, deadline="2026-03-03 12:00")
    world.adopt("mini_holiday")

    assert world.task("8001") == ("roads-north", "2026-03-03 12:00")
    assert world.story("8001") == ["ReportImported", "CaseImported"]


def test_the_page_tells_the_story_of_an_imported_case(world):
    """Who may read facts sees where the case comes from and that nobody knows the rest."""
    world.bring("8001", kind="pothole", cell="a1", unit="roads-north", came_in=CAME, closed="2026-02-05 17:00", ended="filled")  # fmt: skip

    assert world.view("8001", by="leader-on-duty")["note"] == "filled"
    told = world.view("8001", by="auditor")["story"][-1]
    assert (told["fact"], told["actor"]) == ("CaseImported", "import:old-system")
    assert told["says"]["origin"]["line"] == 2
    assert "handled" in told["says"]["history"]["untold"]


def test_a_case_of_a_private_class_comes_in_with_its_cell_only(world):
    """A class that hides its place hides it also in what was imported."""
    world.bring("8001", kind="vagrant", cell="a1", came_in=CAME, closed="2026-02-05 17:00")

    where = world.fact("8001", f.CaseImported).history.where
    assert (where.cell, where.lon, where.spot) == ("990201001001001", None, None)
    assert b"100.005" not in msgspec.json.encode(world.fact("8001", f.CaseImported))


def test_a_deadline_of_another_system_is_neither_moved_nor_stopped(world):
    """It has no limit of ours that could be longer or stand; a unit that gets the case anew has one."""
    world.adopt("mini_approvals")
    world.bring("8001", kind="pothole", cell="a1", unit="roads-north", came_in=CAME, deadline="2026-03-05 12:00")
    asked = {"length": "2 work_hour", "by": "handler-roads-north"}
    with world.refuses("approval.given_deadline"):
        world.ask("8001", "extension", "weather", **asked)
    with world.refuses("approval.given_deadline"):
        world.ask("8001", "suspension", "no_permit", **asked)
    with world.refuses("approval.given_deadline"):
        world.ask("8001", "deferral", "event", **asked)
    world.reassign("8001", "cleaning")
    world.sign("8001")
    world.ask("8001", "extension", "weather", length="2 work_hour")
    world.agree("8001", by="dispatcher")

    assert "TaskExtended" in world.story("8001")
    assert world.replayed() == []


def test_an_imported_case_is_returned_with_approval_and_made_void(world):
    """Neither needs a limit; whoever helps with it has that of our rule."""
    world.adopt("mini_approvals")
    for no in ("8001", "8002"):
        world.bring(no, kind="pothole", cell="a1", unit="roads-north", came_in=CAME, deadline="2026-03-05 12:00")
    world.ask_assist("8001", "covers")
    assert world.local(world.tasks("8001")[-1].due_at) == "2026-03-03 09:00"
    world.ask("8001", "return", "no_means", by="handler-roads-north")
    world.later(minutes=5)
    for post in ("manager-roads-north", "dispatcher"):
        world.agree("8001", by=post)
    assert (world.state("8001"), world.load("covers")) == ("to_dispatch", 0)
    world.ask("8002", "void", "never_there", by="acceptor", note="nothing is there")
    world.agree("8002", by="leader-on-duty")

    assert world.state("8002") == "void"
    assert world.replayed() == []


def test_an_imported_case_that_is_given_out_here_is_late_here(world):
    """The old deadline brings no notice; the city's own does."""
    world.bring("8001", kind="pothole", cell="a1", unit="roads-north", came_in=CAME, deadline="2026-02-06 18:00")
    world.at("2026-03-03 00:00")
    world.drain()
    assert "OverdueNoticed" not in world.story("8001")
    world.at("2026-03-03 09:00")
    world.reassign("8001", "cleaning")
    world.at("2026-03-05 00:00")
    world.drain()

    assert world.local(world.fact("8001", f.OverdueNoticed).due_at) == "2026-03-04 09:00"
