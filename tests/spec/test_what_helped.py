"""What helped: for a case, how such cases are usually handled, which ended well, and what the city answers."""

from typing import Any

from tests.world import caller_in

from cityloop.db import Tx
from cityloop.pages.helped.screen import helped as read
from cityloop.pages.telling import Teller

CODE = "7G2KD9QW4X1M"
OTHER = "5HPT3V0NQ8ZR"
BAGS = "楼下垃圾袋堆在树坑边没人收"


def helped(world: Any, name: str, *, by: str = "leader-on-duty", lang: str = "en") -> dict[str, Any]:
    """What the page shows beside a case."""
    return world.get(f"/v1/cases/{world.case(name).id}/helped", by=by, lang=lang)


def shown(world: Any, name: str, **how: Any) -> list[str]:
    """The names of the reports of the cases that are shown, what ended best first."""
    names = {world.case(each).id: each for each in world.reports}
    return [names[each["id"]] for each in helped(world, name, **how)["cases"]]


def test_the_advice_stands_with_its_legal_basis_filled_in(world):
    """The pack's steps name this case's place and limit, and each step the law that it rests on."""
    world.report("r1", kind="rubbish")
    advice = helped(world, "r1")["advice"]

    assert "within 4 working hours" in advice["steps"][-1]["says"]
    assert "{" not in "".join(each["says"] for each in advice["steps"])
    assert all("第" in each["basis"] for each in advice["steps"])
    assert len(advice["bases"]) == 3


def test_the_advice_can_be_read_aloud(world):
    """A voice says numbers as words, and no brackets."""
    world.report("r1", kind="rubbish")
    advice = helped(world, "r1", lang="zh")["advice"]

    assert advice["language"] == "zh"
    assert "四工作时内办结" in advice["aloud"]
    assert not set("《》（）0123456789") & set(advice["aloud"])


def test_a_fine_class_has_the_advice_of_its_minor_class(world):
    """Where nobody wrote steps for the fine class, those of the minor class in which it lies hold."""
    world.adopt("mini_fine")
    world.report("r1", kind="kitchen waste")
    world.report("r2", kind="rubbish")
    assert helped(world, "r1")["advice"]["bases"] == helped(world, "r2")["advice"]["bases"] != []


def test_a_class_without_advice_says_none(world):
    """Nothing is made up."""
    world.report("r1", kind="vagrant")
    assert helped(world, "r1")["advice"] is None
    world.report("r2", kind=None)
    assert helped(world, "r2") | {"summary": None} == {"advice": None, "summary": None, "cases": [], "entries": []}


def test_what_ended_well_comes_first(world):
    """Of two cases of the same words the one that was not sent back is shown before the other."""
    world.report("bad", kind="rubbish", says=BAGS, at="2026-03-02 09:00")
    world.handle("bad")
    world.inspect("bad", passed=False)
    world.complete_all("bad")
    world.report("good", kind="rubbish", says=BAGS)
    world.complete_all("good")
    world.report("now", kind="rubbish", says=BAGS)

    assert shown(world, "now") == ["good", "bad"]
    found = helped(world, "now")
    assert found["cases"][0]["outcome"] == ["on time", "passed the first inspection", "did not come back"]
    assert found["cases"][1]["points"] < found["cases"][0]["points"]
    assert found["cases"][0]["done"] == "cleared away, the place is as before"
    assert (found["summary"]["cases"], found["summary"]["passed_first"]) == (2, 1)


def test_whoever_reported_it_counts(world):
    """A case whose reporter is not content stands after one whose reporter is."""
    world.report("unhappy", kind="rubbish", says=BAGS, channel="app", code=CODE)
    world.complete_all("unhappy")
    world.judge(CODE, "partly", "not")
    world.report("happy", kind="rubbish", says=BAGS, channel="app", code=OTHER)
    world.complete_all("happy")
    world.judge(OTHER, "solved", "satisfied")
    world.report("now", kind="rubbish", says=BAGS)

    assert shown(world, "now") == ["happy", "unhappy"]
    assert "the reporter is satisfied" in helped(world, "now")["cases"][0]["outcome"]
    assert helped(world, "now")["summary"] | {"cases": 2} == helped(world, "now")["summary"]
    assert (helped(world, "now")["summary"]["asked"], helped(world, "now")["summary"]["satisfied"]) == (2, 1)


def test_what_came_back_did_not_help(world):
    """A closed case that is reported again later tells so, and stands last."""
    world.report("back", kind="rubbish", says=BAGS)
    world.complete_all("back")
    world.report("stays", kind="rubbish", says=BAGS)
    world.complete_all("stays")
    world.report("now", kind="rubbish", says=BAGS, beside="back", recurs="back")

    assert shown(world, "now") == ["stays", "back"]
    assert "came back later" in helped(world, "now")["cases"][1]["outcome"]


def test_what_is_near_counts_without_words(world):
    """A closed case of the class next door is shown, with how far it is, although nothing was said."""
    world.report("near", kind="rubbish")
    world.complete_all("near")
    world.report("now", kind="rubbish", beside="near", east_m=80)

    [only] = helped(world, "now")["cases"]
    assert 75 <= only["metres"] <= 85


def test_nobody_sees_more_than_their_cases(world):
    """A handler is shown the cases of their own unit, and words only who may read reports."""
    world.report("r1", kind="rubbish", says=BAGS)
    world.complete_all("r1")
    world.report("r2", kind="rubbish", says=BAGS)

    assert shown(world, "r2", by="handler-cleaning") == ["r1"]
    with world.refuses("case.unknown"):
        helped(world, "r2", by="handler-street-2")


def test_entries_of_the_class_are_beside_it(town):
    """What the city answers about this class, as long as it holds."""
    key = "gbt30428_2_2013/event/0110"
    town.draft("lamps", title="垃圾多久收一次", text="每天两次。", classes=[key])
    town.publish("lamps")
    town.report("r1", kind="rubbish")

    assert [each["title"] for each in helped(town, "r1")["entries"]] == ["垃圾多久收一次"]
    town.retire("lamps", "no_longer_true")
    assert helped(town, "r1")["entries"] == []


def test_the_same_number_of_statements_however_many_cases(world, monkeypatch):
    """Twelve closed cases cost as many statements as two."""
    asked: list[str] = []
    for kind in ("all", "one", "value", "get"):
        plain = getattr(Tx, kind)
        monkeypatch.setattr(
            Tx,
            kind,
            lambda tx, what, *more, plain=plain, **given: (asked.append(what), plain(tx, what, *more, **given))[1],
        )

    def statements() -> int:
        tell, caller = Teller(policy=world.policy, language="en"), caller_in(world.policy, "leader-on-duty")
        case = world.case("now").id
        asked.clear()
        with world.database.reading() as tx:
            read(tx, caller, case, tell, now=tx.now)
        return len(asked)

    close_some(world, "a", 2)
    world.report("now", kind="rubbish", says=BAGS)
    few = statements()
    close_some(world, "b", 10)
    assert statements() == few <= 14


def close_some(world: Any, name: str, many: int) -> None:
    """Closed cases that say the same."""
    for each in range(many):
        world.report(f"{name}{each}", kind="rubbish", says=BAGS)
        world.complete_all(f"{name}{each}")
