"""Instructing 批示: a leader's word on a case, and reports that come from leaders, media, above, and units themselves."""

import pytest

from cityloop.domain import facts as f


def test_a_leaders_word_is_put_on_a_case(world):
    """It says for whom it is and how urgent; the words lie in the vault and stand on the page."""
    world.report("r1", kind="rubbish")
    world.instruct("r1", "clear this before the school opens", addressed="unit", urgency=2)
    told = world.fact("r1", f.CaseInstructed)

    assert (told.addressed, told.urgency, told.by) == ("unit", 2, "leader")
    view = world.view("r1", by="handler-cleaning")
    assert (view["marks"], view["urgency"]) == (["instructed"], 2)
    assert [(each["kind"], each["says"], each["text"]) for each in view["orders"]] == [
        ("instruction", ["addressed.unit"], "clear this before the school opens")
    ]


def test_an_instruction_raises_the_urgency_and_never_lowers_it(world):
    """What one leader calls a danger stays one, whatever another says."""
    world.report("r1", kind="cover")
    world.instruct("r1", "people fall in", urgency=2)
    world.instruct("r1", "look at it when there is time", urgency=0)

    assert world.case("r1").urgency == 2


def test_only_leaders_instruct_in_words_and_while_it_is_open(world):
    """An empty word is none; a case that is over is over."""
    world.report("r1", kind="rubbish")
    with world.refuses("dispatch.words_missing"):
        world.instruct("r1", "  ")
    for post in ("dispatcher", "leader-on-duty", "handler-cleaning"):
        with world.refuses("not_allowed"):
            world.instruct("r1", "do it", by=post)
    world.handle("r1")
    world.inspect("r1")
    with world.refuses("lifecycle.move_forbidden"):
        world.instruct("r1", "do it")


def test_what_a_leader_reports_is_a_case_at_once(world):
    """Also where the machine is not sure and the rule asks for a person: filed, marked, with the reason."""
    world.report("r1", kind="greenery", channel="leader", sure=False)

    assert world.story("r1")[:2] == ["ReportReceived", "CaseFiled"]
    assert world.view("r1", by="dispatcher")["marks"] == ["leader"]
    assert world.fact("r1", f.CaseFiled).why[-1] == "by_leader"


def test_it_is_a_case_of_its_own(world):
    """A leader's report does not vanish in another case; later reports may join it."""
    world.report("r1", kind="rubbish")
    world.report("r2", kind="rubbish", channel="leader", joins="r1", beside="r1")
    assert world.case("r2").id != world.case("r1").id
    world.report("r3", kind="rubbish", joins="r2", beside="r2")
    assert world.case("r3").id == world.case("r2").id


def test_where_nobody_can_say_what_it_is_the_acceptor_does(world):
    """Without a class there is no rule and no clock; the mark says whence it came."""
    world.report("r1", kind=None, channel="leader")

    assert (world.state("r1"), world.view("r1", by="acceptor")["marks"]) == ("reported", ["leader"])


@pytest.mark.parametrize("channel", ["media", "superior", "self_check"])
def test_other_sources_go_the_usual_way_with_their_mark(world, channel):
    """They are filed like others and stay marked through their life."""
    world.report("r1", kind="rubbish", channel=channel)
    world.report("r2", kind="greenery", channel=channel)
    world.accept("r2")
    world.file("r2")

    for name in ("r1", "r2"):
        assert world.view(name, by="dispatcher")["marks"] == [channel]
    assert world.state("r1") == "to_sign"


def test_instructing_is_replayed(world):
    """Words of leaders and marks of sources are made again from the facts alone."""
    world.report("r1", kind="rubbish", channel="leader")
    world.instruct("r1", "today")

    assert world.replayed() == []
