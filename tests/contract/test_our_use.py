"""Our own use metered: what was called is counted by function and day, told when the day is over, and shown; nobody is named."""

from collections import Counter
from functools import partial

import pytest
from tests.pages_world import city_in

from cityloop import operate
from cityloop.domain.words import WORDS
from cityloop.http.who_may import needs_of
from cityloop.operate.use import FUNCTIONS, FURNITURE, function_of
from cityloop.stages.evaluate.rules.scoring.use import CHAPTERS

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")


@pytest.fixture
def city(places, tmp_path, monkeypatch, clock):
    clock.set("2026-03-06 09:00")
    with city_in(places, tmp_path / "home", monkeypatch, clock) as found:
        yield found


@pytest.fixture
def assessor(city):
    return city.signed_in("asses.sor", "supervisor")


def kept(city) -> dict[str, int]:
    """Write down what was called, as the server does each minute."""
    calls = city.parts.watch.use.fresh()
    city.parts.writer.change(lambda tx: operate.keep(tx, calls, city.parts.book.in_force()), actor=operate.USE_ACTOR)
    return calls


def told(city) -> int:
    """Tell the days that are over, as the server does; gives how many facts there were then."""
    city.parts.writer.change(partial(operate.tell_days, policy=city.parts.book.in_force()), actor=operate.USE_ACTOR)
    return city.value("SELECT count(*) FROM fact WHERE city = :city AND type = 'UseCounted'")


def test_a_day_is_told_when_it_is_over(city, assessor, clock):
    """By hand: the 6th, figures twice and the map's page never; the 7th, figures once and a portrait; what was refused is not used."""
    for _ in range(2):
        assert assessor.get("/v1/figures?by=unit").status_code == 200
    assert assessor.get("/v1/figures?by=unit&area=nowhere").status_code == 400
    assert city.nobody.get("/v1/figures?by=unit").status_code in (303, 401)
    assert kept(city)["figures"] == 2
    assert told(city) == 0  # the day runs
    clock.set("2026-03-07 09:00")
    assessor = city.signed_in("next.day", "supervisor")  # the session of yesterday is over
    assessor.get("/v1/figures?by=unit")
    assessor.get("/v1/portraits/unit?object=greening")
    assert {name: count for name, count in kept(city).items() if name in ("figures", "portraits")} == {"figures": 1, "portraits": 1}
    assert told(city) == 1
    assert told(city) == 1  # once
    clock.set("2026-03-08 00:01")
    assert told(city) == 2

    assessor = city.signed_in("third.day", "supervisor")
    seen = assessor.get("/v1/scores/use?from=2026-03-06&to=2026-03-08").json()
    called = {each["function"]: (each["calls"], each["days"], each["last_day"]) for each in seen["called"]}
    assert called["figures"] == (3, 2, "2026-03-07")
    assert called["portraits"] == (1, 1, "2026-03-07")
    assert called["map"] == (0, 0, None)
    assert seen["called"][-1]["calls"] == 0  # what lies idle stands last
    assert [each["day"] for each in seen["days"]] == ["2026-03-06", "2026-03-07"]
    assert set(called) == set(FUNCTIONS.values())


def test_it_stands_in_the_scores_of_our_own_use_and_of_the_self_assessment(city, assessor, clock):
    """Called on the day: figures and who opens the scores, 2 of all functions there are; the sheet counts the same."""
    assessor.get("/v1/figures?by=unit")
    assessor.get("/v1/scores/schemes")
    calls = kept(city)
    clock.set("2026-03-07 09:00")
    told(city)
    assessor = city.signed_in("next.day", "supervisor")
    for scheme in ("own_use", "self_assessment"):
        sheet = assessor.get(f"/v1/scores?scheme={scheme}&period=day&on=2026-03-06").json()["sheet"]
        (line,) = [each for each in sheet["scores"][0]["lines"] if each["indicator"] == "functions_called"]
        assert (line["number"]["numerator"], line["number"]["denominator"]) == (len(calls), len(set(FUNCTIONS.values())))
        assert line["points"] == pytest.approx(100 * len(calls) / len(set(FUNCTIONS.values())))
    (line,) = [each for each in assessor.get("/v1/scores?scheme=own_use&period=day&on=2026-03-07").json()["sheet"]["scores"][0]["lines"] if each["indicator"] == "functions_called"]
    assert line["points"] is None  # no day of it is over


def test_what_several_processes_count_is_added(city, clock):
    """Two that were asked the same, and a day that was told already and is told of once more, are one number."""
    policy = city.parts.book.in_force()
    for _ in range(2):
        city.parts.writer.change(lambda tx: operate.keep(tx, {"map": 5}, policy), actor=operate.USE_ACTOR)
    clock.set("2026-03-07 09:00")
    assert told(city) == 1
    assert city.value("SELECT calls FROM use_day WHERE city = :city AND function = 'map'") == 10
    assert city.value("SELECT count(*) FROM use_now WHERE city = :city") == 0


def test_every_endpoint_is_of_a_function_or_furniture(city):
    """A function without endpoints is none, and an endpoint that nobody counts would lie idle unseen."""
    rooms = {each.room for each in needs_of(city.app) if each.room.startswith("cityloop.")}
    found = Counter(function_of(each) for each in rooms)
    lost = [each for each in rooms if function_of(each) is None and not any(f"{each.removeprefix('cityloop.')}.".startswith(f"{one}.") for one in FURNITURE)]
    assert lost == []
    assert set(FUNCTIONS.values()) - set(found) == set()


def test_every_function_has_words():
    for name in sorted({*(f"use.function.{each}" for each in FUNCTIONS.values()), *(f"use.facts.{each}" for each in CHAPTERS.values())}):
        assert set(WORDS.get(name, {})) == {"zh", "en"}, name
