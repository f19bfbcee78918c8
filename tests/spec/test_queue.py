"""Lists: what waits, for whom, in which order, a page at a time."""

import pytest


@pytest.fixture
def town(world):
    """Six cases in several states and places."""
    world.report("old", kind="rubbish", cell="a1", at="2026-03-02 09:00")
    world.handle("old")
    world.inspect("old")
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
        ({}, ["done", "noise", "hole", "looks", "waits", "old"]),
        ({"open": True}, ["done", "noise", "hole", "looks", "waits"]),
        ({"open": False}, ["old"]),
        ({"state": "reported"}, ["waits"]),
        ({"state": ["reported", "closed"]}, ["waits", "old"]),
        ({"state": "closed", "open": True}, []),
        ({"unit": "cleaning"}, ["done", "old"]),
        ({"unit": "cleaning", "open": True}, ["done"]),
        ({"unit": "roads-south", "state": "to_sign"}, ["hole"]),
        ({"area": "990202"}, ["hole", "waits"]),
        ({"area": "990201001"}, ["done", "looks", "old"]),
        ({"class_key": "gbt30428_2_2013/event/0110"}, ["done", "old"]),
        ({"class_key": "gbt30428_2_2013/event/0110", "open": True}, ["done"]),
        ({"post": "collector-a2"}, ["looks"]),
        ({"level": "district"}, ["hole"]),
        ({"due_before": "2026-03-02T02:45:00Z"}, ["noise", "looks"]),
        ({"due_before": "2026-03-02T02:45:00Z", "order": "newest"}, ["noise", "looks"]),
        ({"due_before": "2026-03-02T03:00:00Z"}, ["noise", "looks", "done"]),
        ({"number": "E0110202603020001"}, ["old"]),
        ({"number": "none"}, []),
        ({"order": "clock"}, ["noise", "looks", "done", "waits", "hole"]),
        ({"order": "clock", "unit": "cleaning"}, ["done"]),
        ({"order": "clock", "state": "to_sign"}, ["hole"]),
    ],
)
def test_a_list_holds_what_was_asked_for(town, asked, names):
    """The newest first; by the clock, what is due first."""
    assert town.queue(by="leader", **asked) == names


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("acceptor", ["done", "noise", "hole", "looks", "waits", "old"]),
        ("acceptor-south", ["hole", "waits"]),
        ("handler-cleaning", ["done", "old"]),
        ("handler-street-1", []),
        ("collector-a1", ["looks", "old"]),
        ("collector-d1+acceptor-south", ["hole", "waits"]),
        ("handler-cleaning+handler-roads-south", ["done", "hole", "old"]),
    ],
)
def test_each_sees_what_their_seats_reach(town, by, names):
    """The list is the same as asking for each case by itself."""
    assert town.queue(by=by) == names
    assert town.queue(by=by, order="clock") == [
        name for name in ("noise", "looks", "done", "waits", "hole") if name in names
    ]


@pytest.mark.parametrize("order", ["newest", "clock"])
@pytest.mark.parametrize("by", ["leader", "handler-cleaning"])
def test_pages_follow_one_another(town, order, by):
    """Every case once, whatever the size of a page."""
    whole = town.get("/v1/cases", by=by, order=order)["items"]
    found, mark = [], None
    while True:
        page = town.get("/v1/cases", by=by, order=order, limit=1, **({"after": mark} if mark else {}))
        found += page["items"]
        mark = page["next"]
        if mark is None:
            break
    assert found == whole


def test_a_list_says_no_to_what_it_cannot_be_asked(town):
    """An order, mark, size, state or moment that makes no sense is refused by its own code, never guessed at."""
    for asked, code in (
        ({"order": "colour"}, "queue.order_unknown"),
        ({"after": "nonsense"}, "list.bad_mark"),
        ({"limit": 1000}, "invalid"),
        ({"state": "lost"}, "invalid"),
        ({"due_before": "2026-03-02T02:45:00"}, "time.unreadable"),
    ):
        with town.refuses(code):
            town.get("/v1/cases", by="leader", **asked)
    with town.refuses("needs_sign_in"):
        town.get("/v1/cases", by=None)


def test_a_line_shows_the_clock_with_its_lamp(town):
    """Each line says what is being timed, how much is left, in which colour, and why the case waits."""
    town.at("2026-03-02 10:29")
    line = town.get("/v1/cases", by="leader", state="to_dispatch")["items"][0]
    assert (line["clock"]["measures"], line["clock"]["lamp"], line["clock"]["left_s"]) == ("dispatch", "yellow", 60)
    assert line["why"] == ["confidence:495000<900000"]
