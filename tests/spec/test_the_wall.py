"""The wall: the city now in one answer, each figure with the cases behind it."""

import pytest

from cityloop.pages.now import keeper_of


def look(city, *, by: str = "leader") -> dict:
    """The wall as a post sees it."""
    keeper_of(city.client.app).forget()
    return city.get("/v1/screens/board", by=by)


def cases_of(city, key: str, *, by: str = "leader") -> list[str]:
    """The reports whose cases a figure counts; the number says the same."""
    told = city.get("/v1/screens/board/cases", by=by, key=key)
    names = {city.case(name).id: name for name in city.reports}
    assert told["count"] == len(told["items"])
    return [names[each["id"]] for each in told["items"]]


def step(wall: dict, name: str) -> dict:
    return next(each for each in wall["flow"] if each["step"] == name)


@pytest.fixture
def town(world):
    """Yesterday's late case, and some of today in each step."""
    world.report("late", kind="rubbish", cell="a1", at="2026-03-02 09:00")
    world.report("done", kind="rubbish", cell="b1", at="2026-03-03 08:30")
    world.handle("done")
    world.inspect("done")
    world.report("hole", kind="pothole", cell="d1", at="2026-03-03 08:40")
    world.report("waits", kind="greenery", cell="d1", channel="app", at="2026-03-03 08:50")
    return world


def test_the_flow_says_what_passed_today_and_what_waits(town):
    """Seven steps in their order, and behind each number its cases."""
    wall = look(town)
    assert [each["step"] for each in wall["flow"]] == ["sense", "understand", "foresee", "handle", "inspect", "evaluate", "reward"]
    assert (wall["open"], step(wall, "sense")["passed"]) == (3, 3)
    assert (step(wall, "understand")["passed"], step(wall, "understand")["waiting"]) == (2, 1)
    assert (step(wall, "handle")["waiting"], step(wall, "handle")["late"]) == (2, 1)
    assert (step(wall, "inspect")["passed"], step(wall, "evaluate")["passed"]) == (1, 1)
    assert [step(wall, name)["late"] for name in ("understand", "inspect")] == [0, 0]
    assert step(wall, "reward")["passed"] is None
    for each in wall["flow"]:
        for count in ("passed", "waiting", "late"):
            if each[f"{count}_key"]:
                assert len(cases_of(town, each[f"{count}_key"])) == each[count], (each["step"], count)
    assert cases_of(town, "late.handle") == ["late"]
    assert cases_of(town, "waiting.understand") == ["waits"]


def test_what_runs_out_next_stands_first(town):
    """Clocks in the order in which they run out; what is late already is counted by its lamp."""
    wall = look(town)
    names = {town.case(name).id: name for name in town.reports}
    assert [names[each["id"]] for each in wall["clocks"]] == ["waits", "hole"]
    assert wall["lamps"]["red"] == 1
    assert sum(wall["lamps"].values()) == wall["open"]
    assert cases_of(town, "lamp.red") == ["late"]


def test_units_and_channels_have_their_cases_behind_them(town):
    """The unit with most that is late stands first."""
    wall = look(town)
    first = wall["units"][0]
    assert (first["unit"], first["open"], first["red"]) == ("cleaning", 1, 1)
    assert {each["channel"]: each["reports"] for each in wall["channels"]} == {"collector": 2, "app": 1}
    assert cases_of(town, "channel.app") == ["waits"]
    assert cases_of(town, "unit.cleaning") == ["late"]
    with town.refuses("board.figure_unknown"):
        cases_of(town, "nothing.at.all")


def test_a_desk_sees_its_own_part_of_the_city(town):
    """The wall of a district counts nothing of another."""
    with town.refuses("not_allowed"):
        look(town, by="handler-cleaning")
    assert look(town, by="dispatcher-north")["open"] < look(town)["open"]


def test_a_day_unlike_its_like_is_called_unusual(world):
    """Five Mondays with one pothole each, and then a Monday with nine of them before ten o'clock."""
    for monday in ("2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30"):
        world.report(f"on {monday}", kind="pothole", cell="a1", at=f"{monday} 09:00")
    for number in range(9):
        world.report(f"now{number}", kind="pothole", cell="a1", at=f"2026-04-13 09:0{number}")
    world.at("2026-04-13 10:00")
    wall = look(world)
    unusual = {each["by"]: each for each in wall["unusual"]}
    assert (unusual["class"]["today"], unusual["class"]["usual"], wall["usual_days"]) == (9, 1.0, 5)
    assert unusual["class"]["high"] < 9
    assert len(cases_of(world, unusual["street"]["key"])) == 9
    assert look(world, by="dispatcher-north")["unusual"] == []  # a part of the city is not compared with the whole
