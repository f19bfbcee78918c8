"""The policy sandbox: past decisions made again under another pack, people's acts held as they were."""

from tests.trial_world import POTHOLE, RUBBISH, duties, edited, tried

from cityloop.revise.model import FOLLOWS, RULE_GONE
from cityloop.revise.service.drafting import Edits, RowOut, changed

LAUNDRY = POTHOLE.replace("0113", "0107")


def busy(world) -> None:
    """A morning: two cases given out by the machine, one that comes back, one that a person gives out."""
    world.report("hole", kind="pothole", at="2026-03-02 09:00")
    world.report("bags", kind="rubbish", cell="b1", at="2026-03-02 09:30")
    world.report("odd", kind="greenery", sure=False, at="2026-03-02 10:00")
    world.sign("hole")
    world.give_back("hole", "wrong_place")
    world.later(minutes=20)
    world.dispatch("hole", "street-1")
    world.handle("hole")


def test_under_the_same_pack_nothing_differs(world):
    """The decisions follow from the facts and the pack alone."""
    busy(world)
    score, lines = tried(world, world.policy)
    assert lines == []
    assert (score.dispatches, score.deadlines, score.unknown) == (3, 6, 0)


def test_a_shorter_limit_moves_the_deadline(world):
    """Rubbish is to be gone in two working hours instead of four: its deadline differs, its unit does not."""
    busy(world)
    score, lines = tried(world, edited(world, ("rules", f"{RUBBISH}/1", {"limit_value": "2"})))
    assert (score.dispatches_changed, score.deadlines_changed) == (0, 2)
    filed, given = lines
    assert (filed.kind, given.kind, given.changed) == ("filing", "dispatch", ("limit", "due"))
    assert given.number == world.case("bags").number
    assert [world.local(each.due) for each in (given.before, given.after)] == ["2026-03-02 15:30", "2026-03-02 11:30"]


def test_another_unit_would_answer_and_what_people_then_did_is_unknown(world):
    """Potholes go to the street: the dispatch differs; what the dispatcher did when it came back says nothing any more."""
    busy(world)
    other = duties(world, pothole={"unit_kind": '"sanitation"', "level": '"city"'})
    score, lines = tried(world, edited(world, duties=other))
    given, proposed, chosen = lines
    assert (given.before.unit, given.after.unit) == ("roads-north", "cleaning")
    assert given.after.why[0] == "row:pothole"
    assert [(each.kind, each.after, each.note) for each in (proposed, chosen)] == [
        ("dispatch", None, FOLLOWS),
        ("deadline", None, FOLLOWS),
    ]
    assert (score.dispatches_changed, score.unknown) == (1, 2)


def test_a_rule_that_asks_for_a_person_would_have_waited(world):
    """Rubbish is no longer filed by the machine: whom the dispatcher would have chosen, nobody knows."""
    busy(world)
    _, lines = tried(world, edited(world, ("rules", f"{RUBBISH}/1", {"auto_file": ""})))
    filed, given = lines
    assert (filed.before.how, filed.after.how, filed.after.why) == ("filed", "waits", ("rule_asks_person",))
    assert (given.after, given.note) == (None, FOLLOWS)


def test_a_rule_that_files_alone_would_not_have_waited(world):
    """Laundry is looked at first where the public reports it; under the other pack the machine files at once."""
    world.report("shirts", kind="laundry", channel="app", at="2026-03-02 09:00")
    _, lines = tried(world, edited(world, ("rules", f"{LAUNDRY}/1", {"verify": ""})))
    assert [(each.before.how, each.after.how) for each in lines] == [("waits", "filed")]


def test_a_rule_that_is_gone_leaves_its_cases_unknown(world):
    """The class has another rule now: what the case would have been filed under, nobody can say."""
    world.report("hole", kind="pothole", rule=2, at="2026-03-02 09:00")
    raw = edited(world, ("rules", f"{POTHOLE}/1", {"limit_value": "1"}))
    found = changed(raw, Edits(no=1, out=[RowOut(table="rules", key=f"{POTHOLE}/2")]))
    score, lines = tried(world, found.raw)
    assert [each.note for each in lines] == [RULE_GONE, RULE_GONE]
    assert score.unknown == 2


def test_a_table_that_looks_at_the_load_sees_the_load_of_that_moment(world):
    """The third pothole of a busy unit goes elsewhere: the sandbox counts the tasks that were open then."""
    for place, name in enumerate(("one", "two", "three")):
        world.report(name, kind="pothole", cell="a1", at=f"2026-03-02 09:0{place}")
    world.handle("one")
    world.handle("two")
    other = duties(world, pothole={"load": "< 2"})
    score, lines = tried(world, edited(world, duties=other))
    assert [(each.number, each.after.how) for each in lines] == [(world.case("three").number, "proposed")]
    assert lines[0].after.why == ("no_unit_answers",)
    assert score.dispatches_changed == 1


def test_whom_a_person_chose_is_held_and_the_deadline_follows(world):
    """The dispatcher gave it to the street, which holds; its deadline is the rule's, so it moves."""
    world.report("odd", kind="greenery", sure=False, at="2026-03-02 09:00")
    world.accept("odd", kind="rubbish")
    world.file("odd")
    world.give_back("odd", "wrong_place")
    world.dispatch("odd", "street-1")
    score, lines = tried(world, edited(world, ("rules", f"{RUBBISH}/1", {"limit_value": "2"})))
    chosen = lines[-1]
    assert (chosen.kind, chosen.changed) == ("deadline", ("limit", "due"))
    assert (chosen.after.unit, world.local(chosen.after.due)) == ("street-1", "2026-03-02 11:00")
    assert score.unknown == 0


def test_decisions_of_a_version_that_is_no_longer_in_force_are_made_again_too(world):
    """A server that has just begun knows only the version in force; those before are read again by their digests."""
    busy(world)
    world.adopt("mini_holiday")
    world.report("late", kind="rubbish", cell="b1", at="2026-03-10 09:00")
    score, lines = tried(world, edited(world, ("rules", f"{RUBBISH}/1", {"limit_value": "2"})), fresh=True)
    assert score.dispatches == 4
    assert {line.number for line in lines} >= {world.case("bags").number, world.case("late").number}
