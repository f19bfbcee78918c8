"""The console: one case with every deed and its form, and a queue that is already sorted."""


import pytest
from tests.spots import CELLS

from cityloop.domain.policy import RequestKind
from cityloop.pages.console.queue import WAITS


def deed(page, name):
    return next(each for each in page["deeds"] if each["name"] == name)


def test_a_case_comes_in_one_request_in_the_readers_words(world):
    """What it is, where, how long, what was proposed and why, what happened, in Chinese or English, with codes beside."""
    world.report("r1", kind="noise")
    page = world.screen("r1", by="dispatcher", lang="en")

    assert page["words"]["state"] == "waiting to be dispatched"
    assert page["case"]["state"] == "to_dispatch"
    assert page["words"]["left"].endswith("left")
    assert page["proposal"]["about"] == "unit"
    assert [each["value"] for each in page["proposal"]["options"]] == ["street-1", "cleaning"]
    assert page["proposal"]["options"][0]["taken"]
    assert page["proposal"]["options"][0]["reasons"]
    assert page["proposal"]["rule"]["kept"]
    assert [step["title"] for step in page["story"]][:2] == ["Report received", "Report understood"]
    assert world.screen("r1", by="dispatcher")["words"]["state"] == "待派遣"


def test_the_class_is_proposed_with_reasons_and_confidence(world):
    """As long as somebody decides what it is, the proposal is a class: how sure, why, and why not alone."""
    world.report("r1", kind="greenery")
    page = world.screen("r1", by="acceptor")
    assert page["proposal"]["about"] == "class"
    assert page["proposal"]["options"][0]["taken"]
    assert page["proposal"]["options"][0]["confidence"].endswith("%")
    assert page["proposal"]["not_alone"]


def test_every_deed_says_its_request_and_its_form(world):
    """A forbidden deed says why in words; an allowed one what it asks for, and which one matters now."""
    world.report("r1", kind="greenery")
    page = world.screen("r1", by="acceptor")
    accept, refuse = deed(page, "accept"), deed(page, "refuse")

    assert page["deeds"][0]["name"] == "accept"
    assert accept["loud"]
    assert (accept["method"], accept["path"]) == ("POST", f"/v1/cases/{world.case('r1').id}/accept")
    assert [(each["name"], each["takes"], each["needed"]) for each in accept["fields"]] == [("class_key", "class", False)]
    assert (refuse["why_not"], refuse["fields"]) == ("您的岗位无此权限", [])


def test_a_form_can_be_sent_as_it_stands(world):
    """The loud deed of each desk, sent with what its form holds at first, is done: one key."""
    world.report("r1", kind="greenery")
    for by, name in (("acceptor", "accept"), ("leader-on-duty", "file")):
        page = world.screen("r1", by=by)
        loud = page["deeds"][0]
        assert (loud["name"], loud["loud"]) == (name, True)
        body = {each["name"]: each["value"] for each in loud["fields"] if each["value"] is not None}
        answer = world.client.post(
            loud["path"], json=body | loud["always"], headers={"x-post": by, "if-match": f'"{page["case"]["no"]}"'}
        )
        assert answer.status_code == 201, answer.text
        world.drain()
    assert world.case("r1").number


def test_an_approval_is_asked_for_by_its_reason(world):
    """The reason that is chosen says what is asked for."""
    world.adopt("mini_approvals")
    world.report("r1", kind="rubbish")
    world.sign("r1")
    form = deed(world.screen("r1", by="handler-cleaning"), "ask_approval")
    kinds = {each["sets"]["kind"] for each in form["fields"][0]["choices"]}
    assert "extension" in kinds
    assert form["media"] == "multipart/form-data"


@pytest.fixture
def town(world):
    """Cases in several states and places."""
    world.report("waits", kind="greenery", cell="d1", at="2026-03-02 10:00")
    world.report("looks", kind="building", cell="a2", channel="app", at="2026-03-02 10:05")
    world.report("hole", kind="pothole", cell="d1", at="2026-03-02 10:10")
    world.report("noise", kind="noise", cell="c1", at="2026-03-02 10:15")
    world.report("done", kind="rubbish", cell="b1", at="2026-03-02 10:20")
    world.handle("done")
    return world


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["noise", "looks", "done", "waits", "hole"]),
        ({"order": "newest"}, ["done", "noise", "hole", "looks", "waits"]),
        ({"waits": "dispatch"}, ["noise"]),
        ({"waits": "sign"}, ["hole"]),
        ({"waits": "verify", "state": "to_sign"}, []),
        ({"channel": "app"}, ["looks"]),
        ({"area": "990202"}, ["waits", "hole"]),
        ({"mark": "urged"}, []),
        ({"view": "over"}, []),
        ({"lamp": "red"}, ["noise"]),
        ({"lamp": "grey"}, []),
    ],
)
def test_the_queue_holds_what_was_asked_for(town, asked, names):
    """By state, by whose deed it waits for, by lamp, channel, mark, place; what is due first comes first."""
    town.at("2026-03-02 10:31")
    assert town.desk_queue(by="leader", **asked) == names


def test_lamps_part_the_queue(town):
    """Each case that has a clock shows one lamp; pages of a lamp follow one another and hold each once."""
    town.at("2026-03-02 10:29")
    whole = town.desk_queue(by="leader")
    parts = [town.desk_queue(by="leader", lamp=lamp) for lamp in ("red", "yellow", "green")]
    assert sorted(name for part in parts for name in part) == sorted(whole)
    found, mark = [], None
    while True:
        page = town.get("/v1/screens/queue", by="leader", lamp="green", limit=1, **({"after": mark} if mark else {}))
        found += page["items"]
        if (mark := page["next"]) is None:
            break
    assert found == town.get("/v1/screens/queue", by="leader", lamp="green")["items"]


def test_marks_and_approvals_have_lists_of_their_own(town):
    """What was urged, and what waits for somebody's word."""
    town.adopt("mini_approvals")
    town.urge("hole")
    assert town.desk_queue(by="leader", mark="urged") == ["hole"]
    town.sign("hole")
    town.ask("hole", "extension", "weather", length="2 work_hour")
    assert town.desk_queue(by="leader", waits="approve") == ["hole"]


def test_what_waits_for_me_is_what_my_desk_must_do(town):
    """An acceptor sees what waits to be accepted, a dispatcher what waits at their own level."""
    assert town.desk_queue(by="acceptor", view="mine") == ["waits"]
    assert town.desk_queue(by="dispatcher", view="mine") == ["noise"]
    assert town.desk_queue(by="dispatcher-north", view="mine") == []


def test_each_desk_is_told_how_many_wait(town):
    """For me, in all, late, and for each deed that the desk may do."""
    counts = town.get("/v1/screens/queue/counts", by="dispatcher")
    assert counts["mine"] == {"count": 1, "more": False}
    assert counts["open"]["count"] == 5
    assert counts["dispatch"]["count"] == 1
    assert "accept" not in counts
    assert set(counts) <= {"mine", "open", "late", *WAITS}


def test_a_line_is_said_in_the_readers_words(town):
    """Class, place, state, what is left, and the point for the map."""
    line = town.get("/v1/screens/queue", by="leader", lang="en", waits="dispatch")["items"][0]
    assert line["state"] == "waiting to be dispatched"
    assert line["left"]
    assert line["lamp"]
    assert line["lon"]
    assert line["channel"] == "collector"


def test_the_queue_is_narrowed_to_a_kind_of_request(world):
    """诉求类型: what is asked for stands with the report, and lists of both kinds hold those of one kind; a kept view carries it."""
    world.report("r1", kind="rubbish", cell="a1", says="请问几点收垃圾", asks=RequestKind.consult)
    world.report("r2", kind="rubbish", cell="b1", says="我要投诉", asks=RequestKind.complain)
    world.report("r3", kind="rubbish", cell="d1")  # nobody can tell

    for wanted, names in (("consult", ["r1"]), ("complain", ["r2"]), ("suggest", [])):
        assert world.queue(by="leader", request_kind=wanted) == names
        assert world.desk_queue(by="leader-on-duty", request_kind=wanted) == names
    assert world.queue(by="leader", request_kind="consult", order="clock", open=True) == ["r1"]
    offered = world.get("/v1/screens/lists", by="acceptor", lang="zh")["requests"]
    assert [each["words"] for each in offered][:5] == ["咨询", "求助", "投诉", "举报", "建议"]
    with world.refuses("invalid"):
        world.queue(by="leader", request_kind="wish")
    world.save_view("咨询", "view=open&request_kind=consult", by="acceptor")
    assert world.views("acceptor") == [("咨询", "view=open&request_kind=consult", None)]


def test_a_place_that_words_name_is_proposed_and_taken_with_the_case(world):
    """A report without a place: what its words name is shown while a person decides, and is the case's own once it is chosen."""
    world.report("r1", kind="greenery", cell=None, names="d1", says="一街丁社区有人毁绿")
    screen = world.screen("r1", by="acceptor")

    (place,) = screen["places"]
    assert (place["name"], screen["case"]["where"]["cell"]) == (CELLS["d1"], None)
    offered = next(field for field in deed(screen, "accept")["fields"] if field["takes"] == "choice")["choices"]
    assert [each["value"] for each in offered] == [f"{place['lon']},{place['lat']}"]
    world.accept("r1", place={"lon": place["lon"], "lat": place["lat"]})
    assert world.case("r1").cell == CELLS["d1"]
    world.file("r1")
    assert world.screen("r1", by="acceptor")["places"] == []  # nobody decides any more where it is


def test_a_proposed_place_is_left_where_the_reporter_knows_better(world):
    """Without a choice the case keeps its own place; the proposal moved nothing."""
    world.report("r1", kind="greenery", cell="a1", names="d1", sure=False)
    before = world.case("r1").cell
    world.accept("r1")
    assert (world.case("r1").cell, before) == (CELLS["a1"], CELLS["a1"])
