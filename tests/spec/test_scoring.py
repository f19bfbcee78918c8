"""Scoring 评分: a sheet by the pack's schemes, points beside its lines, and what follows for the next quarter's money."""

from datetime import date

import pytest

from cityloop.domain import facts as f

TEN = [f"r{n}" for n in range(1, 11)]
MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
TIMELY = {"scheme": "sample_on_time_80", "object": "cleaning", "day": "2026-03-02", "points": 3, "reason": "praised"}


def closed_in_time(world, *names: str) -> None:
    """The cleaners clear what was reported, and it is closed."""
    for name in names:
        world.report(name, kind="rubbish")
        world.sign(name)
        world.finish(name)
        world.inspect(name)


def sheet(world, scheme: str, by: str = "assessor") -> dict:
    """The scores of March, by object."""
    found = world.get("/v1/scores", by=by, scheme=scheme, **MARCH)
    return {each["object"]: each for each in found["sheet"]["scores"]}


def test_a_unit_that_did_all_in_time_has_full_marks(world):
    """Few cases 10, all closed 30, all in time 30, none sent back 30: an A, the first of its group."""
    closed_in_time(world, "r1", "r2")
    score = sheet(world, "department")["cleaning"]

    assert (score["points"], score["grade"], score["rank"], score["cases"]) == (100.0, "A", 1, 2)
    assert [each["number"] for each in score["lines"]][1] == {"numerator": 2.0, "denominator": 2.0}


def test_a_unit_with_nothing_due_has_no_score(world):
    """Filed on the evening of the last day, due after it: it is told that nothing stands below the line."""
    world.report("r1", kind="rubbish", at="2026-03-31 17:30")
    score = sheet(world, "department")["cleaning"]

    assert (score["points"], score["rank"]) == (None, None)
    assert [each["why"] for each in score["lines"]][1:] == ["nothing_below"] * 3


def test_every_scheme_of_the_pack_is_told_with_its_source(world):
    """Definition, unit, direction and where it is from stand beside each line."""
    found = {each["scheme"]: each for each in world.get("/v1/scores/schemes", by="assessor", **MARCH)}

    assert len(found["governance_index"]["indicators"]) == 28
    assert all(each["source"] and each["says"]["zh"] for each in found["governance_index"]["indicators"])


def test_who_may_not_read_figures_sees_no_scores(world):
    """Scores are figures: who reads the one reads the other."""
    with world.refuses("not_allowed"):
        world.get("/v1/scores", by="collector-a1", scheme="department", **MARCH)


def test_no_scheme_of_that_name(world):
    """The refusal names those there are."""
    with world.refuses("evaluate.scheme_unknown"):
        world.get("/v1/scores", by="assessor", scheme="nothing", **MARCH)


def test_points_beside_the_lines_count_in_their_period(world):
    """The assessor gives three for praise; taken back, they count no more."""
    closed_in_time(world, "r1")
    entry = world.post("/v1/scores/entries", by="assessor", json=TIMELY)
    assert sheet(world, "sample_on_time_80")["cleaning"]["bonus"] == 3.0

    world.post(f"/v1/scores/entries/{entry['id']}/withdrawal", by="assessor")
    assert sheet(world, "sample_on_time_80")["cleaning"]["bonus"] == 0.0
    with world.refuses("evaluate.entry_gone"):
        world.post(f"/v1/scores/entries/{entry['id']}/withdrawal", by="assessor")
    assert world.replayed() == []


@pytest.mark.parametrize("wrong", [{"points": 0}, {"points": 900}, {"reason": "because"}, {"scheme": "department"}])
def test_points_that_cannot_be_are_refused(world, wrong):
    """None, too many, without a reason, or in a scheme that counts none."""
    with world.refuses("evaluate.entry_wrong"):
        world.post("/v1/scores/entries", by="assessor", json=TIMELY | wrong)


def test_the_side_that_is_scored_gives_no_points(world):
    """Supervision gives and takes points; the command side does not."""
    with world.refuses("not_allowed"):
        world.post("/v1/scores/entries", by="dispatcher", json=TIMELY)


def test_a_budget_is_simulated_then_proposed_then_decided_by_people(world):
    """Ten cases, all in time: above 90 the rules propose more running costs and models tuned first; the leader takes the one."""
    closed_in_time(world, *TEN)
    asked = {"scheme": "department", "period": "month", "on": "2026-03-02"}
    simulated = world.get("/v1/budgets/simulation", by="assessor", **asked)
    assert [each["rule"] for each in simulated[0]["lines"]] == ["more_running_costs", "tuning_first"]
    assert [each["lines"] for each in simulated[1:]] == [[], [], []]

    proposed = world.post("/v1/budgets", by="assessor", json=asked)
    assert (proposed["quarter"], proposed["lines"][0]["change_ppm"], proposed["taken"]) == ("2026-Q2", 100_000, None)
    with world.refuses("evaluate.budget_waits"):
        world.post("/v1/budgets", by="assessor", json=asked)
    decided = world.post(f"/v1/budgets/{proposed['id']}/decision", by="leader", json={"taken": [0]})
    assert decided["taken"] == [0]
    with world.refuses("evaluate.budget_done"):
        world.post(f"/v1/budgets/{proposed['id']}/decision", by="leader", json={"taken": []})
    assert world.replayed() == []


def test_exactly_the_end_of_a_rule_proposes_nothing(world):
    """With the end moved to exactly 100, full marks are not above it; nor do nine cases propose anything."""
    closed_in_time(world, *TEN[1:])
    assert world.get("/v1/budgets/simulation", by="assessor", scheme="department", **MARCH)[0]["lines"] == []
    closed_in_time(world, TEN[0])
    found = world.get("/v1/budgets/simulation", by="assessor", scheme="department", above=100, **MARCH)
    assert found[0]["lines"] == []


def test_only_a_leader_decides(world):
    """Who assesses proposes, who leads decides."""
    with world.refuses("not_allowed"):
        world.post("/v1/budgets/x/decision", by="assessor", json={"taken": []})
    with world.refuses("evaluate.budget_unknown"):
        world.post("/v1/budgets/x/decision", by="leader", json={"taken": []})


def test_our_own_use_tells_which_functions_lie_idle(world):
    """Of functions, never of persons."""
    world.report("r1", kind="rubbish")
    used = {each["function"]: each["facts"] for each in world.get("/v1/scores/use", by="assessor", **MARCH)["functions"]}
    assert (used["intake"], used["hotline"]) == (1, 0)


def test_a_day_of_use_is_told_and_replayed(world):
    """How often each function was called: two tellings of one day are added, and the journal alone gives the same."""
    told = [(f.FunctionCalls(function="figures", calls=3), f.FunctionCalls(function="map", calls=0)), (f.FunctionCalls(function="map", calls=2),)]
    for functions in told:
        world.writer.change(lambda tx, functions=functions: tx.emit(f.UseCounted(day=date(2026, 3, 1), functions=functions, at=tx.now)))
    seen = world.get("/v1/scores/use", by="assessor", **MARCH)
    assert [(each["function"], each["calls"], each["days"]) for each in seen["called"]] == [("figures", 3, 1), ("map", 2, 1)]
    assert seen["days"] == [{"day": "2026-03-01", "calls": 5, "functions": 2}]
    assert "operate" in {each["function"] for each in seen["functions"] if each["facts"] == 0}  # to be counted is no use
    assert not world.replayed()
