"""Desks: one deed for many cases, views that are kept, and who else looks at a case."""

from datetime import timedelta

import pytest

from cityloop.desk.presence import FRESH


@pytest.fixture
def town(world):
    """Three cases that wait for the acceptor."""
    for name in ("r1", "r2", "r3"):
        world.report(name, kind="greenery", cell="d1")
    return world


def test_many_are_accepted_and_each_answers_for_itself(town):
    """One that changed meanwhile is not done, and says so; the others are."""
    seen = town.case("r2").no
    town.accept("r2")
    assert town.do_many("accept", ["r1", "r2", "r3"], by="acceptor", seen=seen) == [None, "stale", None]
    assert [town.state(name) for name in ("r1", "r2", "r3")] == ["to_file", "to_file", "to_file"]


def test_what_is_not_allowed_one_by_one_is_not_allowed_for_many(town):
    """The south's acceptor does not reach the north; who has no such right does nothing at all."""
    town.report("north", kind="greenery", cell="a1")
    assert town.do_many("accept", ["r1", "north"], by="acceptor-south") == [None, "case.unknown"]
    with town.refuses("not_allowed"):
        town.do_many("accept", ["r2"], by="dispatcher")


def test_a_request_that_comes_twice_is_done_once(town):
    """With a key, the second time answers as the first, and nothing more happens."""
    seen = town.case("r1").no
    assert town.do_many("accept", ["r1", "r2"], by="acceptor", seen=seen, key="k1") == [None, None]
    before = town.story("r1")
    assert town.do_many("accept", ["r1", "r2"], by="acceptor", seen=seen, key="k1") == [None, None]
    assert town.story("r1") == before


def test_some_deeds_need_a_thought_for_each_case(town):
    """An inspection is nothing for a batch; neither is nothing, nor a thousand; a body that is none is refused."""
    with town.refuses("batch.deed_not_for_many"):
        town.do_many("inspect", ["r1"], by="acceptor")
    with town.refuses("batch.too_many_cases"):
        town.do_many("accept", [], by="acceptor")
    with town.refuses("invalid"):
        town.do_many("refuse", ["r1"], by="leader-on-duty", reason=7)


def test_each_desk_has_its_deeds_for_many_with_one_form_each(town):
    """What a role may not do is not offered; the form asks once, whatever the cases."""
    assert town.deeds_for_many(by="acceptor") == {"accept": [], "merge": ["into"], "ask_verify": []}
    at_command = town.deeds_for_many(by="dispatcher")
    assert at_command["dispatch"] == ["unit"]
    assert at_command["reassign"] == ["unit", "reason", "note"]
    assert town.deeds_for_many(by="handler-cleaning") == {"sign": [], "return": ["reason", "note"]}


def test_many_go_to_a_chosen_unit_and_come_back_with_a_reason(world):
    """One form for all: each case is answered by itself, and what does not fit says why and stays as it was."""
    for name in ("r1", "r2", "r3"):
        world.report(name, kind="materials", cell="a1")
    for name in ("r1", "r2"):
        world.give_back(name)
    assert world.do_many("dispatch", ["r1", "r2", "r3"], by="dispatcher", unit="covers") == [
        None,
        None,
        "lifecycle.move_forbidden",
    ]
    assert [world.case(name).unit for name in ("r1", "r2")] == ["covers", "covers"]

    gone = world.do_many("return", ["r1", "r2", "r3"], by="handler-covers", reason="not_ours", note="no cover of ours")
    assert gone == [None, None, "case.unknown"]
    assert [world.state(name) for name in ("r1", "r2")] == ["to_dispatch", "to_dispatch"]
    assert world.do_many("return", ["r1"], by="handler-covers", reason="bored") == ["case.unknown"]


def test_many_become_part_of_one(town):
    """What waits joins the case that is named; that one cannot join itself."""
    into = town.case("r3").id
    assert town.do_many("merge", ["r3", "r1", "r2"], by="acceptor", into=into) == ["filing.join_wrong", None, None]
    assert town.case("r3").reports == 3


def test_a_view_is_kept_for_oneself_or_for_a_post(world):
    """My own is mine alone; a post's is seen by all who sit in it; nobody else sees or changes either."""
    world.save_view("  我的  垃圾 ", "?q=垃圾&lamp=red", by="acceptor")
    world.save_view("班组", "waits=accept", by="acceptor", post="acceptor")
    assert world.views("acceptor") == [("我的 垃圾", "q=垃圾&lamp=red", None), ("班组", "waits=accept", "acceptor")]
    assert world.views("acceptor-south") == []
    with world.refuses("desk.view_unknown"):
        world.drop_view("我的 垃圾", by="dispatcher")
    with world.refuses("desk.view_unknown"):
        world.change_view("班组", "q=1", by="dispatcher")
    world.change_view("我的 垃圾", "lamp=yellow", by="acceptor")
    assert world.views("acceptor")[0] == ("我的 垃圾", "lamp=yellow", None)
    world.drop_view("我的 垃圾", by="acceptor")
    assert [name for name, _, _ in world.views("acceptor")] == ["班组"]


def test_a_view_says_no_to_what_is_no_view(world):
    """A view has a name, asks in one line, and is of a post of one's own."""
    for name, asked, post, code in (
        (" ", "q=1", None, "desk.view_unclear"),
        ("n" * 41, "q=1", None, "desk.view_unclear"),
        ("n", "q=\n", None, "desk.view_unclear"),
        ("n", "q=1", "dispatcher", "desk.view_unknown"),
    ):
        with world.refuses(code):
            world.save_view(name, asked, by="acceptor", post=post)


def test_who_else_looks_is_shown_for_a_while_and_is_no_fact(town):
    """Two look at once and learn of each other; who stops saying so is forgotten; the journal knows nothing of it."""
    before = town.story("r1")
    assert town.look("r1", by="acceptor") == []
    assert town.look("r1", by="acceptor-south", doing="accept") == [None]
    assert town.look("r1", by="acceptor") == ["accept"]
    assert town.look("r2", by="acceptor") == []
    town.look_away("r1", by="acceptor-south")
    assert town.look("r1", by="acceptor") == []
    town.look("r1", by="acceptor-south")
    town.later(seconds=(FRESH + timedelta(seconds=1)).seconds)
    assert town.look("r1", by="acceptor") == []
    assert town.story("r1") == before


def test_nobody_looks_at_what_they_may_not_see(town):
    """Presence tells a stranger nothing."""
    with town.refuses("case.unknown"):
        town.look("r1", by="handler-cleaning")
