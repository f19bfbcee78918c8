"""At work: the phone shows what is next and near, with every deed that may be done and its form; one answer is enough for a day without a network."""

from tests.spots import POINTS


def test_a_handler_sees_what_their_unit_owes(field):
    """What is due first stands first; what others owe is not there, nor what is over."""
    field.report("r1", kind="pothole", cell="a1")
    field.report("r2", kind="rubbish", cell="a1")
    field.report("r3", kind="pothole", cell="d1")
    field.later(minutes=10)
    field.report("r4", kind="pothole", cell="a2")

    assert field.next_of(by="handler-roads-north") == ["r1", "r4"]
    assert field.next_of(by="handler-cleaning") == ["r2"]
    field.handle("r1")
    assert field.next_of(by="handler-roads-north") == ["r4"]


def test_every_deed_comes_with_its_form(field):
    """The phone asks without a network for whatever the route will ask for: where it goes, what it carries, what is needed."""
    field.report("r1", kind="pothole", cell="a1")
    assert field.loud("r1", by="handler-roads-north") == "sign"
    then = field.phone(by="handler-roads-north")["items"][0]["then"]
    assert [each["name"] for each in then] == ["finish"]  # without a network one signs for it, and finishes it
    field.sign("r1")
    finish = field.offered("r1", by="handler-roads-north")["finish"]

    assert (finish["loud"], finish["media"], finish["path"]) == (
        True, "multipart/form-data", f"/v1/cases/{field.case('r1').id}/completion",
    )  # fmt: skip
    assert [each["name"] for each in finish["fields"]] == ["note", "photos"]
    assert "dispatch" not in field.offered("r1", by="handler-roads-north")


def test_a_collector_sees_what_their_post_is_asked_to_look_at(field):
    """核实 before filing, 核查 before closing; asked of another post, it is not theirs."""
    field.report("r1", kind="pothole", cell="a1")
    field.handle("r1")
    field.report("r2", kind="building", cell="a1", sure=True)

    asked = field.case("r1").post
    assert field.loud("r1", by=asked) == "inspect"
    assert "r1" not in field.next_of(by="collector-d1")
    field.inspect("r1")
    assert "r1" not in field.next_of(by=asked)


def test_who_was_whistled_sees_the_case(field):
    """吹哨报到: two units are called; each sees it, with the arrival as what it may do, until the case is over."""
    field.report("r1", kind="pothole", cell="a1")
    field.whistle("r1", "cleaning", "covers", by="street-desk-1")

    assert field.next_of(by="handler-cleaning") == ["r1"]
    assert list(field.offered("r1", by="handler-covers")) == ["report_in"]
    field.report_in("r1", by="handler-covers")
    assert list(field.offered("r1", by="handler-covers")) == []


def test_what_a_phone_sends_twice_is_done_once(field):
    """A phone that heard no answer sends its form again, with a boundary drawn anew: the same key is the same deed; another form is another."""
    field.report("r1", kind="pothole", cell="a1")
    field.sign("r1")
    seen = field.case("r1").no
    by = "handler-roads-north"

    assert field.finish_with("r1", "k-1", by=by, seen=seen, boundary="one") == 201
    assert field.finish_with("r1", "k-1", by=by, seen=seen, boundary="two") == 201
    assert field.finish_with("r1", "k-1", by=by, seen=seen, boundary="two", note="something else") == 409
    assert field.story("r1").count("TaskFinished") == 1


def test_the_phone_says_how_far_it_is(field):
    """From the place that it gives; a place outside the city is no reason to show nothing."""
    field.report("r1", kind="pothole", cell="a1")
    lon, lat = POINTS["a2"]
    far = field.phone(by="handler-roads-north", near=f"{lon},{lat}")["items"][0]["metres"]

    assert 800 < far < 1100
    assert field.phone(by="handler-roads-north")["items"][0]["metres"] is None
    assert field.phone(by="handler-roads-north", near="0,0")["items"][0]["metres"] is None
    assert field.phone(by="handler-roads-north", near="here")["items"][0]["metres"] is None


def test_the_phone_knows_who_works_and_whether_they_are_on_duty(field):
    """Posts in words, what they may do, the shift, and what they may clear on the spot."""
    field.sign_on("s1", by="collector-a1")
    seen = field.phone(by="collector-a1")

    assert ([each["id"] for each in seen["me"]["posts"]], seen["shift"]["grid"]) == (["collector-a1"], "a1")
    assert [each["key"][-4:] for each in seen["self_handle"]] == ["0110", "0117"]
    assert field.phone(by="handler-cleaning")["self_handle"] == []


def test_what_is_put_off_comes_last(field):
    """挂账: its clock stands, so it is in nobody's way; and yet it is the unit's."""
    field.adopt("mini_approvals")
    field.report("r1", kind="pothole", cell="a1")
    field.report("r2", kind="pothole", cell="a2")
    field.sign("r1")
    field.ask("r1", "suspension", "no_permit", length="10 natural_day", plan="the permit comes on Thursday")
    field.agree("r1", by="dispatcher")

    assert field.state("r1") == "suspended"
    assert field.next_of(by="handler-roads-north") == ["r2", "r1"]


def test_everybody_sees_their_own_figures_and_nobody_else_s(field):
    """The numbers of one's role in which one counts oneself, each with exactly its rows."""
    field.report("r1", kind="pothole", cell="a1")
    field.report("r2", kind="pothole", cell="a2")
    field.handle("r1")

    assert field.mine(by="handler-roads-north")["handled"] == "1"
    assert field.mine_behind("handled", by="handler-roads-north") == 1
    assert field.mine(by="handler-cleaning")["handled"] == "0"
    assert field.mine_behind("handled", by="handler-cleaning") == 0
    with field.refuses("not_allowed"):
        field.mine(by="acceptor")


def test_a_leader_s_morning_is_yesterday_in_numbers(field):
    """Each number with the address of its cases and what it was the day before; and the cases that wait for a word."""
    field.report("r1", kind="pothole", cell="a1")
    field.handle("r1")
    field.report("r2", kind="pothole", cell="a2")
    field.supervise("r2", by="leader")
    field.at("2026-03-03 08:00")
    seen = field.brief(by="leader")
    numbers = {each["figure"]["metric"]: (each["figure"]["shown"], each["before"]) for each in seen["figures"]}

    assert (seen["day"], numbers["reported"], numbers["handled"]) == ("2026-03-02", ("2", None), ("1", None))
    handled = next(each for each in seen["figures"] if each["figure"]["metric"] == "handled")
    behind = field.get(handled["cases"], by="leader")["items"]
    assert [each["case_id"] for each in behind] == [field.case("r1").id]
    supervised = next(each for each in seen["lists"] if each["name"] == "supervised")
    assert [each["id"] for each in supervised["items"]] == [field.case("r2").id]
    assert "instruct" in [each["name"] for each in supervised["items"][0]["deeds"]]
    with field.refuses("not_allowed"):
        field.brief(by="collector-a1")


def test_what_is_late_stands_in_the_leader_s_morning(field):
    """Red lamps, what is most overdue first."""
    field.report("r1", kind="pothole", cell="a1")
    field.sign("r1")
    field.at("2026-03-06 09:00")
    late = next(each for each in field.brief(by="leader")["lists"] if each["name"] == "late")

    assert [(each["id"], each["lamp"]) for each in late["items"]] == [(field.case("r1").id, "red")]
