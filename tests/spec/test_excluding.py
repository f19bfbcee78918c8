"""Leaving a case out of numbers 剔除: the unit asks with what shows it, supervision decides, and nobody their own."""

import pytest


def late(world, name: str = "r1") -> str:
    """The cleaners finish on Monday what was due on Friday at 18:00; gives the case."""
    world.at("2026-03-06 14:00")
    world.report(name, kind="rubbish")
    world.sign(name)
    world.at("2026-03-09 09:00")
    world.finish(name)
    return world.case(name).id


def ask(world, case: str, *, by: str = "handler-cleaning", reason: str = "weather", words: str = "snow, see the report", **more):
    return world.post("/v1/exclusions", by=by, json={"case": case, "reason": reason, "words": words, **more})


def decide(world, request: dict, how: str, *, by: str = "assessor", match: int = 1, **said):
    return world.post(f"/v1/exclusions/{request['id']}/{how}", by=by, match=match, json=said)


def test_a_unit_asks_and_supervision_grants(world):
    """The words lie with the request; the story of the case stays as it was."""
    case = late(world)
    told = world.story("r1")
    request = ask(world, case, metrics=["handled_on_time", "overdue_open"])
    assert (request["state"], request["metrics"], request["note"]) == (
        "open", ["handled_on_time", "overdue_open"], "snow, see the report",
    )  # fmt: skip
    granted = decide(world, request, "granted", words="so it was")

    assert (granted["state"], granted["answer"]) == ("granted", "so it was")
    assert [each["state"] for each in world.get("/v1/exclusions/mine", by="handler-cleaning")["items"]] == ["granted"]
    assert world.story("r1") == told
    assert world.tasks("r1")[0].overdue is True


def test_supervision_refuses_with_a_reason(world):
    """A code says why, and what is decided is decided."""
    request = ask(world, late(world))
    with world.refuses("evaluate.reason_unknown"):
        decide(world, request, "refused", reason="bored")
    refused = decide(world, request, "refused", reason="unproved")

    assert (refused["state"], refused["refused_for"]) == ("refused", "unproved")
    with world.refuses("evaluate.decided_already"):
        decide(world, request, "granted", match=2)


def test_a_request_is_withdrawn_as_long_as_it_waits(world):
    """By the unit that made it; then it may ask again."""
    request = ask(world, late(world))
    with world.refuses("evaluate.exclusion_unknown"):
        world.post(f"/v1/exclusions/{request['id']}/withdrawn", by="handler-covers", match=1, json={})
    world.post(f"/v1/exclusions/{request['id']}/withdrawn", by="handler-cleaning", match=1, json={})
    again = ask(world, request["case"], reason="works")

    assert [each["state"] for each in world.get("/v1/exclusions/mine", by="handler-cleaning")["items"]] == ["open", "withdrawn"]
    assert again["id"] != request["id"]


def test_one_asks_once_in_words_and_for_ones_own(world):
    """Of a case in which one's unit had a task, about numbers that there are, with something that shows it."""
    case = late(world)
    with world.refuses("evaluate.case_not_yours"):
        ask(world, case, by="handler-covers")
    with world.refuses("evaluate.case_not_yours"):
        ask(world, "none")
    with world.refuses("evaluate.words_missing"):
        ask(world, case, words=" ")
    with world.refuses("evaluate.reason_unknown"):
        ask(world, case, reason="bored")
    with world.refuses("evaluate.metric_unknown"):
        ask(world, case, metrics=["happiness"])
    ask(world, case)
    with world.refuses("evaluate.asked_already"):
        ask(world, case)


@pytest.mark.parametrize("post", ["handler-cleaning", "dispatcher", "collector-a1"])
def test_neither_the_unit_nor_the_command_centre_decides(world, post):
    """监督与指挥分离: supervision decides what counts."""
    request = ask(world, late(world))
    with world.refuses("not_allowed"):
        decide(world, request, "granted", by=post)
    with world.refuses("needs_sign_in"):
        decide(world, request, "granted", by="")


def test_who_may_not_know_of_it_does_not_learn_of_it(world):
    """To another unit the request is not there; supervision sees it among those that wait."""
    request = ask(world, late(world))
    with world.refuses("evaluate.exclusion_unknown"):
        world.get(f"/v1/exclusions/{request['id']}", by="handler-covers")
    assert world.get("/v1/exclusions/mine", by="handler-covers")["items"] == []
    assert [each["id"] for each in world.get("/v1/exclusions", by="assessor", standing="open")["items"]] == [request["id"]]


def test_two_who_decide_at_once(world):
    """Both saw the same version; the second is told."""
    request = ask(world, late(world))
    decide(world, request, "granted")
    with world.refuses("stale"):
        decide(world, request, "refused", by="leader-on-duty", reason="unproved")


def test_requests_come_again_from_the_facts(world):
    """What was asked and decided follows from the journal alone."""
    request = ask(world, late(world))
    decide(world, request, "granted", words="so it was")
    assert world.replayed() == []


def test_figures_and_scores_leave_the_same_cases_out(world):
    """One rule: what was granted counts neither in figures, their rows and series, nor in scores; and it is told how many there are."""
    case, days = late(world), "from=2026-03-01&to=2026-03-31"
    world.report("r2", kind="rubbish")
    world.sign("r2")
    world.finish("r2")

    def told():
        answer = world.get(f"/v1/figures?by=unit&{days}", by="assessor")
        (group,) = (each for each in answer["groups"] if each["group"] == "cleaning")
        numbers = {each["metric"]: (each["numerator"], each["denominator"]) for each in group["figures"]}
        rows = world.get(f"/v1/figures/cases?by=unit&{days}&metric=handled_on_time&part=denominator&group=cleaning", by="assessor")["items"]
        series = world.get(f"/v1/figures/series?by=unit&every=month&{days}&metric=handled_on_time", by="assessor")["whole"]["whole"]
        sheet = world.get(f"/v1/scores?scheme=department&{days}", by="assessor")["sheet"]
        (score,) = (each for each in sheet["scores"] if each["object"] == "cleaning")
        (line,) = (each["number"] for each in score["lines"] if each["metric"] == "handled_on_time")
        assert (line["numerator"], line["denominator"]) == numbers["handled_on_time"]
        return answer["excluded"], numbers["handled_on_time"], numbers["handled"], len(rows), series["denominator"]

    assert told() == (0, (1, 2), (2, None), 2, 2)
    decide(world, ask(world, case, metrics=["handled_on_time"]), "granted")
    assert told() == (1, (1, 1), (2, None), 1, 1)
