"""What strangers see: by Open311 anybody may ask what is wrong in the streets and what became of it, never who said so.

A case is a service request, its class a service; `answer` is what the town gives to somebody whom it does not know.
"""

LIST = "/open311/v2/requests.json"
POTHOLE = "gbt30428_2_2013-event-0113"


def test_a_filed_case_is_a_request_that_is_open(world):
    """A stranger sees what it is, where it is, who acts and by when, and no word of the reporter."""
    world.report("r1", kind="pothole", cell="a1", at="2026-03-02 09:00")

    (told,) = world.get(LIST, by=None)
    assert (told["service_request_id"], told["status"], told["service_code"]) == (world.case("r1").id, "open", POTHOLE)
    assert (told["requested_datetime"], told["expected_datetime"]) == ("2026-03-02T09:00:00+08:00", "2026-03-03T09:00:00+08:00")
    assert (told["agency_responsible"], told["address"]) == ("北区市政所", "甲社区, 一街, 北区")
    assert (told["description"], told["media_url"]) == (None, None)


def test_when_it_is_closed_the_request_is_closed(world):
    """Handled, inspected and closed: the stranger's answer says so, and when it last changed."""
    world.report("r1", kind="pothole", at="2026-03-02 09:00")
    world.sign("r1")
    world.at("2026-03-02 11:00")
    world.finish("r1")
    world.inspect("r1")

    assert world.state("r1") == "closed"
    (told,) = world.get(LIST, by=None, status="closed")
    assert (told["status"], told["updated_datetime"]) == ("closed", "2026-03-02T11:00:00+08:00")
    assert world.get(LIST, by=None, status="open") == []


def test_what_waits_for_the_acceptor_is_not_listed(world):
    """What nobody has filed may be untrue, so it is told only to who holds its id, and without its place."""
    world.report("r1", kind="pothole", sure=False, at="2026-03-02 09:00")

    assert world.get(LIST, by=None) == []
    (told,) = world.get(LIST, by=None, service_request_id=world.case("r1").id)
    assert (told["status"], told["lat"], told["address"]) == ("open", None, None)

    world.refuse("r1", "below_condition")
    (told,) = world.get(LIST, by=None, service_request_id=world.case("r1").id)
    assert (told["status"], told["status_notes"]) == ("closed", "不予立案: 未达到立案条件")


def test_a_private_place_is_told_as_the_middle_of_its_cell(world):
    """Where somebody sleeps rough nobody shall find them by our answers; where a hole is, anybody may."""
    world.report("r1", kind="vagrant", cell="a1", at="2026-03-02 09:00")
    world.report("r2", kind="pothole", cell="a1", at="2026-03-02 09:01")

    hole, person = world.get(LIST, by=None)
    assert (person["long"], person["lat"]) == (100.005, 30.015)
    assert (hole["long"], hole["lat"]) == (world.case("r2").lon, world.case("r2").lat)
