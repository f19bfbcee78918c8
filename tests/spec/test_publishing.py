"""Publishing scores 公示: frozen with their numbers, appealed against, put right by new versions, settled; counted again."""

import pytest

MARCH = {"first_day": "2026-03-01", "last_day": "2026-03-31"}
DAYS = {"from": "2026-03-01", "to": "2026-03-31"}


def march(world) -> None:
    """The cleaners did one thing in time and one late; then it is the first of April."""
    world.report("r1", kind="rubbish", at="2026-03-05 09:00")
    world.complete_all("r1")
    world.report("r2", kind="rubbish", at="2026-03-06 14:00")
    world.at("2026-03-09 11:00")
    world.complete_all("r2")
    world.at("2026-04-01 09:00")


def publish(world, *, by: str = "assessor", days: int = 7, **more):
    asked = {"scheme": "department", "notice_days": days, **MARCH, **more}
    return world.post("/v1/scores/published", by=by, json=asked)


def score_of(view: dict, unit: str = "cleaning") -> dict:
    return next(each for each in view["scores"] if each["object"] == unit)


def on_time(score: dict) -> tuple[float, float]:
    line = next(each for each in score["lines"] if each["metric"] == "handled_on_time")
    return line["numerator"], line["denominator"]


def appeal(world, sheet: str, *, by: str = "handler-cleaning", object: str = "cleaning", words: str = "it snowed", **more):
    asked = {"object": object, "words": words, **more}
    return world.post(f"/v1/scores/published/{sheet}/appeals", by=by, json=asked)


def decide(world, sheet: str, appeal: str, *, by: str = "assessor", upheld: bool = True, reason: str = "right"):
    asked = {"upheld": upheld, "reason": reason}
    return world.post(f"/v1/scores/published/{sheet}/appeals/{appeal}/decision", by=by, json=asked)


def settle(world, sheet: str, *, by: str = "assessor", match: int = 1):
    return world.post(f"/v1/scores/published/{sheet}/final", by=by, match=match, json={})


def test_scores_are_frozen_with_their_numbers(world):
    """An appeal against one case that is upheld later changes the figures, and nothing of what was published."""
    world.report("r2", kind="rubbish", at="2026-03-24 14:00")
    world.at("2026-03-25 17:00")
    world.complete_all("r2")
    world.appeal("r2", "overdue", by="handler-cleaning")
    world.at("2026-04-01 09:00")
    published = publish(world)
    assert (published["sheet"]["version"], published["sheet"]["state"]) == (1, "notice")
    assert on_time(score_of(published)) == (0, 1)
    world.uphold("r2")
    draft = world.get("/v1/scores/draft", by="assessor", scheme="department", **DAYS)["draft"]
    assert on_time(score_of({"scores": [each["score"] for each in draft["scores"]]})) == (0, 0)

    assert world.get(f"/v1/scores/published/{published['sheet']['id']}", by="leader-on-duty")["scores"] == published["scores"]
    assert world.get("/v1/scores/published", by="leader-on-duty")["items"][0]["id"] == published["sheet"]["id"]


def test_two_cases_give_no_place(world):
    """Small numbers are told as uncertain: between which points the score lies, and no rank at all."""
    march(world)
    score = score_of(publish(world))
    assert score["cases"] < 20
    assert (score["best"], score["worst"]) == (None, None)
    assert score["low"] < score["points"] < score["high"]
    assert "rank" not in score


def test_what_is_excluded_is_counted_no_more_in_the_next_version(world):
    """The version before it stays as it was, with the numbers that it had."""
    march(world)
    first = publish(world)
    asked = {"case": world.case("r2").id, "reason": "weather", "words": "snow"}
    request = world.post("/v1/exclusions", by="handler-cleaning", json=asked)
    world.post(f"/v1/exclusions/{request['id']}/granted", by="assessor", match=1, json={})
    draft = world.get("/v1/scores/draft", by="assessor", scheme="department", **DAYS)
    assert draft["draft"]["excluded"] == [world.case("r2").id]
    with world.refuses("evaluate.published_already"):
        publish(world)
    with world.refuses("evaluate.reason_unknown"):
        publish(world, reason="bored")
    second = publish(world, reason="exclusion")

    assert (second["sheet"]["version"], on_time(score_of(second))) == (2, (1, 1))
    old = world.get(f"/v1/scores/published/{first['sheet']['id']}", by="leader-on-duty")
    assert (old["sheet"]["state"], old["sheet"]["replaced_by"]) == ("replaced", second["sheet"]["id"])
    assert on_time(score_of(old)) == (1, 2)
    assert second["sheet"]["excluded"] == [world.case("r2").id]


def test_a_unit_whose_every_case_is_excluded_has_no_score(world):
    """It stays on the sheet without points, range or place, and where nobody has a score nothing is published."""
    march(world)
    for name in ("r1", "r2"):
        asked = {"case": world.case(name).id, "reason": "works", "words": "the street was closed"}
        request = world.post("/v1/exclusions", by="handler-cleaning", json=asked)
        world.post(f"/v1/exclusions/{request['id']}/granted", by="assessor", match=1, json={})
    draft = world.get("/v1/scores/draft", by="assessor", scheme="department", **DAYS)["draft"]
    (score,) = (each["score"] for each in draft["scores"] if each["score"]["object"] == "cleaning")

    assert on_time({"lines": score["lines"]}) == (0, 0)
    assert [score[name] for name in ("points", "low", "high", "best", "grade")] == [None] * 5
    with world.refuses("evaluate.nothing_to_publish"):
        publish(world)


def test_a_unit_sees_its_own_score_and_appeals(world):
    """While the notice runs, against its own score or a line of it, in words; supervision decides."""
    march(world)
    sheet = publish(world)["sheet"]["id"]
    (mine,) = world.get("/v1/scores/mine", by="handler-cleaning")
    assert [each["object"] for each in mine["scores"]] == ["cleaning"]
    with world.refuses("evaluate.score_not_yours"):
        appeal(world, sheet, object="covers")
    with world.refuses("evaluate.score_not_yours"):
        appeal(world, sheet, indicator="happiness")
    with world.refuses("evaluate.words_missing"):
        appeal(world, sheet, words=" ")
    (lodged,) = appeal(world, sheet, indicator="handled_on_time")
    with world.refuses("not_allowed"):
        decide(world, sheet, lodged["id"], by="handler-cleaning")
    with world.refuses("not_allowed"):
        decide(world, sheet, lodged["id"], by="dispatcher")
    (decided,) = decide(world, sheet, lodged["id"])

    assert (decided["upheld"], decided["reason"], decided["note"]) == (True, "right", "it snowed")
    with world.refuses("evaluate.score_appeal_unknown"):
        decide(world, sheet, lodged["id"])
    assert world.get("/v1/scores/mine", by="handler-cleaning")[0]["appeals"][0]["upheld"] is True
    assert world.get("/v1/scores/mine", by="handler-covers") == []


def test_scores_are_final_once_the_notice_is_over_and_every_appeal_decided(world):
    """Nothing is appealed against after the notice, and what is final is settled once."""
    march(world)
    sheet = publish(world)["sheet"]["id"]
    (lodged,) = appeal(world, sheet)
    with world.refuses("evaluate.notice_runs"):
        settle(world, sheet, match=2)
    world.at("2026-04-08 09:01")
    with world.refuses("evaluate.notice_over"):
        appeal(world, sheet)
    with world.refuses("evaluate.notice_runs"):
        settle(world, sheet, match=2)
    decide(world, sheet, lodged["id"], upheld=False, reason="unproved")
    with world.refuses("stale"):
        settle(world, sheet, match=2)
    settled = settle(world, sheet, match=3)

    assert settled["sheet"]["state"] == "final"
    with world.refuses("evaluate.notice_over"):
        settle(world, sheet, match=4)


def test_only_a_period_that_is_over_is_published(world):
    """In words: the running month, days without any score, a notice of no length, an unknown scheme."""
    march(world)
    april = {"first_day": "2026-04-01", "last_day": "2026-04-30"}
    with world.refuses("evaluate.nothing_to_publish"):
        publish(world, **april)
    with world.refuses("evaluate.nothing_to_publish"):
        publish(world, first_day="2026-02-01", last_day="2026-02-28")
    with world.refuses("evaluate.notice_days_wrong"):
        publish(world, days=0)
    with world.refuses("evaluate.scheme_unknown"):
        publish(world, scheme="happiness")


@pytest.mark.parametrize("post", ["handler-cleaning", "dispatcher", "leader-on-duty", "acceptor"])
def test_only_the_assessor_publishes(world, post):
    """监督与指挥分离: who is scored does not publish, nor who commands."""
    march(world)
    with world.refuses("not_allowed"):
        publish(world, by=post)
    with world.refuses("not_allowed"):
        world.get("/v1/scores/draft", by=post, scheme="department", **DAYS)


def test_what_was_published_comes_again_from_the_facts(world):
    """Sheets, appeals and their decisions follow from the journal alone."""
    march(world)
    sheet = publish(world)["sheet"]["id"]
    (lodged,) = appeal(world, sheet)
    decide(world, sheet, lodged["id"])
    publish(world, reason="appeal")
    assert world.replayed() == []
