"""Where and why: what comes back, what wanders, what the weather was; and whether a measure did anything."""

from datetime import date

import pytest

from cityloop.journal import erase, vault_ids
from cityloop.stages.evaluate.model.measure import MeasureUnknown
from cityloop.stages.evaluate.service.why import tell_weather
from cityloop.stages.evaluate.service.why.measuring import effect_of_measure, measures_in

WHOLE = {"from": "2026-02-01", "to": "2026-04-30"}


def why(world, *, by: str = "assessor", **asked):
    return world.get("/v1/why", by=by, **(asked or WHOLE))


def test_what_is_fixed_and_back_is_told_with_its_cases(world):
    """The same rubbish at one place, cleared in time, is there again two days later: five of six were back within a week."""
    for n in range(6):
        world.report(f"r{n}", kind="rubbish", beside="r0" if n else None, east_m=2)
        world.handle(f"r{n}")
        world.inspect(f"r{n}")
        world.later(days=2)
    world.later(days=8)
    found = why(world)["why"]

    (place,) = found["places"]
    assert (place["back"]["part"], place["back"]["whole"], place["days"]) == (5, 6, 7)
    assert place["fixed_and_back"] == place["back"]
    assert place["cases"] == [world.case(f"r{n}").id for n in range(5)]
    assert place["back"]["low"] < 5 / 6 < place["back"]["high"]


def test_the_words_of_what_is_told_come_with_it(world):
    """Codes are named at the edge, in the languages of the pack."""
    world.report("r1", kind="rubbish", cell="a1")
    world.handle("r1")
    told = why(world)

    assert told["why"]["cases"] == 1
    assert told["why"]["found"] == []
    assert told["why"]["weather_days"] == 0


def test_nobody_sees_causes_of_areas_that_are_not_theirs(world):
    """Who reads figures reads causes, as far as their seat reaches; a collector does not, nor does a stranger."""
    world.report("r1", kind="rubbish", cell="a1")
    world.report("r2", kind="rubbish", cell="b1")
    assert why(world)["why"]["cases"] == 2
    with world.refuses("needs_sign_in"):
        why(world, by="")
    with world.refuses("not_allowed"):
        why(world, by="collector-a1")


def test_causes_are_looked_for_in_four_hundred_days_at_most(world):
    """More is refused in words, before anything is read."""
    with world.refuses("evaluate.period_wrong"):
        why(world, **{"from": "2024-01-01", "to": "2026-04-30"})


def area_of(world, cell: str) -> str:
    world.report("where", kind="rubbish", cell=cell)
    return world.case("where").street


def test_a_measure_is_noted_and_its_effect_told_only_if_it_can_be(world):
    """Three weeks of one case say nothing, and that is what is said."""
    area = area_of(world, "a1")
    said = {"kind": "patrol", "area": area, "since": "2026-03-03"}
    id = world.post("/v1/measures", by="assessor", json=said)["id"]
    world.later(days=15)

    (row,) = world.get("/v1/measures", by="assessor")
    assert (row["id"], row["kind"], row["area"], row["since"]) == (id, "patrol", area, "2026-03-03")
    told = world.get(f"/v1/measures/{id}/effect", by="assessor")
    assert told["effect"] is None
    assert "few_before" in told["doubts"]


def test_a_measure_of_other_areas_is_not_told_of(world):
    """Whose seats reach one street sees what was done there, and nothing of the next; nor its effect."""
    area, other = area_of(world, "a1"), area_of(world, "d1")
    ids = [world.post("/v1/measures", by="assessor", json={"kind": "patrol", "area": each, "since": "2026-03-03"})["id"] for each in (area, other)]
    with world.database.reading() as tx:
        assert {row.id for row, _ in measures_in(tx, None)} == set(ids)
        assert [row.id for row, _ in measures_in(tx, (area,))] == ids[:1]
        effect_of_measure(tx, ids[0], scope=(area,), policy=world.policy, now=tx.now)
        with pytest.raises(MeasureUnknown):
            effect_of_measure(tx, ids[1], scope=(area,), policy=world.policy, now=tx.now)


def test_the_words_of_a_measure_lie_in_the_vault_and_name_nobody(world):
    """What somebody types is kept as all words of people are: apart from the facts, masked where it is read, gone once erased."""
    area = area_of(world, "a1")
    said = {"kind": "patrol", "area": area, "since": "2026-03-03", "words": "夜间巡查，找老周 13812345678"}
    id = world.post("/v1/measures", by="assessor", json=said)["id"]
    (row,) = world.get("/v1/measures", by="assessor")

    assert "夜间巡查" in row["words"]
    assert "13812345678" not in row["words"]
    assert world.get(f"/v1/measures/{id}/effect", by="assessor")["measure"]["words"] == row["words"]
    with world.database.reading() as tx:
        assert not any("夜间巡查".encode() in bytes(each.body) for each in tx.all("SELECT body FROM fact WHERE city = :city"))
    with world.refuses("case.note_too_long"):
        world.post("/v1/measures", by="assessor", json=said | {"words": "长" * 5_000})
    assert world.replayed() == []
    world.writer.change(lambda tx: erase(tx, vault_ids(tx, f"measure/{id}"), reason="term"))
    assert world.get("/v1/measures", by="assessor")[0]["words"] is None


def test_a_measure_that_cannot_be_is_refused_in_words(world):
    """An unknown kind, area, class or unit, a day that cannot be; the dispatcher does not take measures."""
    area = area_of(world, "a1")
    good = {"kind": "patrol", "area": area, "since": "2026-03-03"}
    for wrong in ({"kind": "magic"}, {"area": "123"}, {"class_key": "x/event/9999"}, {"unit": "nobody"}, {"since": "2031-01-01"}):
        with world.refuses("evaluate.measure_wrong"):
            world.post("/v1/measures", by="assessor", json=good | wrong)
    with world.refuses("not_allowed"):
        world.post("/v1/measures", by="dispatcher", json=good)
    with world.refuses("evaluate.measure_unknown"):
        world.get("/v1/measures/none/effect", by="assessor")


def test_the_weather_of_a_day_is_told_and_told_again(world):
    """The last word counts, and a replay gives the same."""
    for code in ("rain", "dry"):
        world.writer.change(lambda tx, code=code: tell_weather(tx, date(2026, 3, 2), code, now=tx.now))
    world.report("r1", kind="rubbish", cell="a1")
    world.later(days=1)
    assert why(world)["why"]["weather_days"] == 1
    assert world.replayed() == []
