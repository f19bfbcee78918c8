"""Hot issues: what many say of one place, how hot it is and why; and what comes back before anybody complains."""

from datetime import datetime, timedelta

from tests.world import the_app

from cityloop.journal import erase
from cityloop.journal.vault import vault_ids
from cityloop.pages.hot import keeper_of, store


def hot(world, *, by: str = "acceptor"):
    keeper_of(the_app().app).forget()
    return world.get("/v1/screens/hot", by=by, lang="en")


def grill(world, name: str, number: int, **more) -> None:
    world.report(name, kind="rubbish", says=f"幸福家园楼下烧烤摊第{number}次扰民，电话1380000{number:04d}", **more)


def test_what_many_say_of_one_place_is_one_issue_with_its_cases(world):
    """Found by counting words, named by them and by place and class; what they were masked for is in none of it."""
    for number in range(5):
        grill(world, f"g{number}", number, phone=f"1380000{number:04d}")
    for number, says in enumerate(("树倒了", "水管漏水", "墙上小广告", "井盖响")):
        world.report(f"o{number}", kind="rubbish", says=says)

    issue = hot(world)["issues"][0]
    assert issue["signs"][0].startswith("幸福家园楼下")
    assert (issue["messages"], issue["people"], issue["again"]) == (5, 5, 0)
    assert {each["id"] for each in issue["cases"]} == {world.case(f"g{number}").id for number in range(5)}
    heat = issue["heat"]
    assert round(heat["fresh"] * heat["together"] * heat["growth"] * heat["placed"], 6) == round(heat["heat"], 6)
    assert not any(char.isdigit() for sign in (*issue["signs"], *issue["telling"]) for char in sign)


def test_where_more_is_said_than_is_read_nothing_grows_by_that(world, monkeypatch):
    """What was read is compared by its halves, and the page says since when that is: as much as ever is not growing."""
    monkeypatch.setattr(store, "REPORTS_MAX", 8)
    for number in range(12):
        world.later(days=4)
        grill(world, f"g{number}", number)

    told = hot(world)
    (issue,) = told["issues"]
    assert (issue["heat"]["growth"], issue["is_growing"]) == (1.0, False)
    assert datetime.fromisoformat(told["since"]) == world.clock.now - timedelta(days=28)
    monkeypatch.undo()
    assert datetime.fromisoformat(hot(world)["since"]) == world.clock.now - timedelta(days=90)


def test_one_person_many_times_is_no_issue(world):
    """Who writes five letters is one person; the flag for that is another."""
    for number in range(5):
        grill(world, f"g{number}", number, phone="13800001111")

    told = hot(world)
    assert told["issues"] == []
    (same,) = told["copies"]
    assert (same["what"], same["reports"], same["people"]) == ("caller", 5, 1)


def test_one_text_from_two_people_is_shown_and_gone_when_one_is_erased(world):
    """A hint for a person; whatever is erased is in none of it after the next look."""
    for number, name in enumerate(("one", "two")):
        world.report(name, kind="rubbish", says="每天早上垃圾堆在楼道门口没有人清运", phone=f"1380000000{number}")

    (same,) = hot(world)["copies"]
    assert (same["what"], same["people"]) == ("text", 2)
    assert {each["id"] for each in same["cases"]} == {world.case("one").id, world.case("two").id}
    assert world.state("one") == world.state("two")  # nothing is decided by it

    world.writer.change(lambda tx: erase(tx, vault_ids(tx, f"report/{world.reports['one']}"), reason="asked_by_person"))
    assert hot(world)["copies"] == []


def test_complained_of_before_and_not_solved_is_counted(world):
    """Who says it after a case of it was closed."""
    for number in range(4):
        grill(world, f"g{number}", number)
    world.complete_all("g0")
    world.later(days=1)
    grill(world, "late", 9)

    (issue,) = hot(world)["issues"]
    assert (issue["again"], issue["open_cases"]) == (1, 4)


def test_what_comes_back_each_month_is_expected_before_anybody_complains(world):
    """未诉先办: look there by the day that its usual pause says."""
    world.report("m0", kind="rubbish", at="2026-01-05 09:00")
    world.complete_all("m0")
    began = world.clock.now
    for number in (1, 2):
        world.clock.now = began + timedelta(days=30 * number)
        world.report(f"m{number}", kind="rubbish", beside="m0")
        world.complete_all(f"m{number}")
    world.clock.now = began + timedelta(days=80)

    (expected,) = hot(world)["expected"]
    assert (expected["why"], expected["times"], expected["last"]) == ("pause", 3, world.case("m2").id)
    assert 28 <= expected["pause_days"] <= 31

    path, until = f"/v1/cases/{expected['last']}/look-ahead", {"by": expected["due"]}
    with world.refuses("not_allowed"):
        world.post(path, by="collector-a1", json=until)
    assert world.post(path, by="acceptor", json=until) == world.post(path, by="acceptor", json=until)  # asked twice, looked at once
    world.drain()
    assert hot(world)["expected"] == []

    world.report("m3", kind="rubbish", beside="m0", east_m=1)  # it came, and somebody said so
    assert hot(world)["expected"] == []


def test_where_something_is_never_done_hides_nothing_that_comes_back(world, monkeypatch):
    """Of many places those are read where something can be due, and not those where it came most often; what is left out is told."""
    monkeypatch.setattr(store, "PLACES_MAX", 1)
    world.report("m0", kind="rubbish", at="2026-01-05 09:00")
    world.complete_all("m0")
    began = world.clock.now
    for day in (30, 60):
        world.clock.now = began + timedelta(days=day)
        world.report(f"m{day}", kind="rubbish", beside="m0")
        world.complete_all(f"m{day}")
    for hours in range(5):  # never done: it comes back within hours
        world.later(hours=hours)
        world.report(f"n{hours}", kind="pothole", **({"beside": "n0"} if hours else {}))
        world.complete_all(f"n{hours}")
    world.clock.now = began + timedelta(days=80)

    told = hot(world)
    assert [each["last"] for each in told["expected"]] == [world.case("m60").id]
    assert not told["is_more"]
    monkeypatch.setattr(store, "PLACES_MAX", 0)
    assert hot(world)["is_more"]


def test_who_does_not_see_every_case_of_an_issue_does_not_see_the_issue(world):
    """Its words come from all of them."""
    for number, cell in enumerate(("a1", "a1", "a1", "b1")):
        grill(world, f"g{number}", number, cell=cell)

    assert len(hot(world, by="acceptor")["issues"]) == 1
    assert hot(world, by="collector-a1")["issues"] == []
