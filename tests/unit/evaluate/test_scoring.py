"""Scoring by hand: each shipped scheme on numbers that can be worked out on paper, and the edges of every function."""

import doctest
from datetime import date

import pytest
from msgspec.structs import replace

from cityloop.domain.policy import Source
from cityloop.domain.policy.scoring import (
    FIGURES,
    Better,
    Function,
    Indicator,
    Objects,
    Piece,
    Role,
    Scheme,
    Shape,
    in_force,
    metric_fault,
    read_for,
)
from cityloop.packs import load
from cityloop.stages.evaluate.model.metrics import METRIC_OF
from cityloop.stages.evaluate.model.scoring import Number
from cityloop.stages.evaluate.rules.scoring import Entry, adding, budget, functions, score_all, use

DAY = date(2026, 3, 1)
SOURCE = Source(document="d", clause="1", date="2026")
SCORING = load("demo").scoring


def rate(above: float, below: float) -> Number:
    return Number(float(above), float(below))


def scored(scheme: str, numbers: dict[str, Number], *, object: str = "a", group: str = "", entry: Entry = Entry()):
    """The score of one object from a shipped scheme, by hand-made numbers."""
    known = SCORING.schemes[scheme]
    if group:
        known = replace(known, groups={object: group})
    made = {(object, metric): number for metric, number in numbers.items()}
    return score_all(known, SCORING.functions, made, [object], day=DAY, entries={object: entry})[0]


@pytest.mark.parametrize("module", [functions, adding, use, budget], ids=lambda each: each.__name__)
def test_doctests(module):
    assert doctest.testmod(module).failed == 0


def test_the_metrics_of_schemes_are_those_of_figures():
    assert set(METRIC_OF) == FIGURES


# the six roles of standards.md 1.11, each worked out by hand


def test_a_collector():
    """45/50 = 0.9 -> 36; 1 - 2/20 = 0.9 -> 18; 19/20 -> 19; 8/10 -> 16: together 89, a B."""
    numbers = {"valid_reports": rate(45, 50), "missed": rate(2, 20), "verified_on_time": rate(19, 20), "inspected_on_time": rate(8, 10)}
    score = scored("collector_grid", numbers)
    assert (score.points, score.grade, score.cases) == (89.0, "B", 50)
    assert [line.points for line in score.lines] == [90.0, 90.0, 95.0, 80.0]


def test_of_a_person_the_other_lines_stand_for_what_was_missed():
    """(36 + 19 + 16) of 80 known points: 71 x 100/80 = 88.75."""
    numbers = {"valid_reports": rate(45, 50), "verified_on_time": rate(19, 20), "inspected_on_time": rate(8, 10)}
    score = scored("collector", numbers)
    assert score.points == 88.75
    assert [line.why for line in score.lines] == ["rate", "no_number", "rate", "rate"]


def test_an_acceptor():
    """501 cases begun: 75 points x 0.25 = 18.75; 9/10 x 40 = 36; no inspections sent: 54.75 of 65 known = 84.230769."""
    score = scored("acceptor", {"opened": Number(501.0), "verify_sent_on_time": rate(9, 10)})
    assert (score.points, score.lines[0].points, score.lines[0].why) == (84.230769, 75.0, "bracket:4")
    with_inspections = {"opened": Number(501.0), "verify_sent_on_time": rate(9, 10), "survey:inspect_sent_on_time": rate(4, 5)}
    assert scored("acceptor", with_inspections).points == 82.75  # and 0.8 x 35 = 28


def test_a_duty_leader():
    """0.8 x 25 + 0.95 x 40 + 0.9 x 35 = 20 + 38 + 31.5."""
    numbers = {"filed_on_time": rate(8, 10), "filed_accurately": rate(19, 20), "closed_on_time": rate(9, 10)}
    assert (scored("duty_leader", numbers).points, scored("duty_leader", numbers).grade) == (89.5, "B")


def test_a_dispatcher():
    """2001 dispatches: 100 x 0.2; 0.9 x 40; 0.75 x 40: 20 + 36 + 30."""
    numbers = {"dispatched": Number(2001.0), "dispatched_on_time": rate(9, 10), "dispatched_accurately": rate(3, 4)}
    assert scored("dispatcher", numbers).points == 86.0


def test_a_department_at_exactly_90():
    """51 filed: 90 x 0.1 = 9; 0.9 x 30 three times = 81: exactly 90, an A."""
    numbers = {"filed": Number(51.0), "closing_rate": rate(9, 10), "handled_on_time": rate(9, 10), "rework_rate": rate(1, 10)}
    score = scored("department", numbers)
    assert (score.points, score.grade) == (90.0, "A")


def test_an_area_by_its_class():
    """3.5 filed a cell are 75 in class 1 and 90 in class 2; the rest: 0.2 x 10 + 0.8 x 30 + 0.7 x 40 = 54."""
    numbers = {"filed_from_collectors": rate(1, 5), "filed/cells": rate(35, 10), "closing_rate": rate(4, 5), "closed_on_time": rate(7, 10)}
    assert scored("area", numbers).points == 69.0
    assert scored("area", numbers, group="class_2").points == 72.0


# edges


@pytest.mark.parametrize(
    ("count", "points"),
    [(0, 0), (100, 0), (101, 40), (300, 40), (301, 60), (500, 60), (501, 75), (1200, 75), (1201, 90), (2000, 90), (2001, 100)],
)
def test_the_ends_of_brackets_of_counts(count, points):
    assert functions.points_of(SCORING.functions["count_to_2001"], float(count), 100.0)[0] == points


@pytest.mark.parametrize(("value", "points"), [(0, 100), (0.01, 90), (2.99, 90), (3, 75), (5, 60), (7, 40), (9, 0)])
def test_the_ends_of_brackets_of_shares(value, points):
    assert functions.points_of(SCORING.functions["area_class_1"], value, 100.0)[0] == points


@pytest.mark.parametrize(("points", "grade"), [(100, "A"), (90, "A"), (89.999999, "B"), (75, "B"), (60, "C"), (40, "D"), (39.9, "E"), (0, "E")])
def test_grades_at_their_ends(points, grade):
    assert adding.grade_of(SCORING.functions["grades_a_to_e"], points) == grade


def test_no_cases_is_no_score_and_not_nought():
    nothing = {"filed": Number(0.0), "closing_rate": rate(0, 0), "handled_on_time": rate(0, 0), "rework_rate": rate(0, 0)}
    score = scored("department", nothing)
    assert (score.points, score.grade, score.rank) == (None, None, None)  # 10 of 100 known points are too few
    assert [line.why for line in score.lines] == ["bracket:1", "nothing_below", "nothing_below", "nothing_below"]


def test_ties_share_a_rank_within_their_group():
    scheme = scheme_of(line(), groups={"d": "far", "e": "far"})
    numbers = {("a", "closing_rate"): rate(9, 10), ("b", "closing_rate"): rate(18, 20), ("c", "closing_rate"): rate(1, 2),
               ("d", "closing_rate"): rate(1, 10), ("e", "closing_rate"): rate(0, 0)}  # fmt: skip
    scores = score_all(scheme, SCORING.functions, numbers, "abcde", day=DAY)
    assert [(each.object, each.group, each.rank) for each in scores] == [
        ("a", "", 1), ("b", "", 1), ("c", "", 3), ("d", "far", 1), ("e", "far", None)
    ]  # fmt: skip


def line(code: str = "closing", **more) -> Indicator:
    said = {
        "role": Role.score, "metric": "closing_rate", "function": "rate", "weight": 100.0, "full": 100.0, "least": 0, "baseline": None,
        "target": None, "unit": "ppm", "dimension": "", "name": {}, "says": {}, "source": SOURCE, "since": date(1970, 1, 1),
    }  # fmt: skip
    return Indicator(code=code, **(said | more))


def scheme_of(*lines: Indicator, **more) -> Scheme:
    said = {
        "code": "s", "objects": Objects.unit, "name": {}, "says": {}, "full": 100.0, "floor": 0.0, "cap": 100.0, "bonus_max": 5.0,
        "deduction_max": 10.0, "known_least_ppm": 500_000, "grades": "grades_a_to_e", "source": SOURCE, "indicators": lines,
    }  # fmt: skip
    return Scheme(**(said | more))


def one(scheme: Scheme, numbers: dict[str, Number], *, functions_more=None, entry: Entry = Entry(), kind: str = ""):
    made = {("a", metric): number for metric, number in numbers.items()}
    known = SCORING.functions | (functions_more or {})
    return score_all(scheme, known, made, ["a"], day=DAY, city_kind=kind, entries={"a": entry})[0]


def function(shape: Shape, *pieces: Piece, better: Better = Better.more) -> Function:
    return Function(code="f", shape=shape, better=better, pieces=pieces, source=SOURCE)


def test_too_few_cases_give_no_points_and_say_so():
    scheme = scheme_of(line(weight=60.0, least=10), line("handled", metric="handled_on_time", weight=40.0), known_least_ppm=400_000)
    score = one(scheme, {"closing_rate": rate(9, 9), "handled_on_time": rate(1, 2)})
    assert (score.lines[0].points, score.lines[0].why, score.lines[0].value, score.points) == (None, "too_few", 1.0, 50.0)
    assert one(scheme, {"closing_rate": rate(10, 10), "handled_on_time": rate(1, 2)}).points == 80.0


@pytest.mark.parametrize(("above", "points", "vetoed"), [(0, 90.0, False), (1, 59.0, True)])
def test_a_veto_holds_the_whole_score_down(above, points, vetoed):
    """Nought falsified is the threshold itself: no veto. One is past it."""
    veto = line("falsified", role=Role.veto, metric="survey:falsified", function="f", weight=0.0)
    known = {"f": function(Shape.veto, Piece(lower=0.0, points=59.0), better=Better.less)}
    score = one(scheme_of(line(), veto), {"closing_rate": rate(9, 10), "survey:falsified": Number(float(above))}, functions_more=known)
    assert (score.points, score.vetoed) == (points, vetoed)


def test_bonus_and_deduction_count_up_to_their_ends():
    known = {"f": function(Shape.linear, Piece(lower=0.0, points=0.0), Piece(lower=10.0, points=10.0))}
    deducted = line("late", role=Role.deduction, metric="overdue_open", function="f", weight=10.0, full=10.0)
    scheme = scheme_of(line(), deducted)
    numbers = {"closing_rate": rate(1, 2), "overdue_open": Number(4.0)}
    score = one(scheme, numbers, functions_more=known, entry=Entry(bonus=8.0, deduction=3.0))
    assert (score.bonus, score.deduction, score.points) == (5.0, 7.0, 48.0)
    assert one(scheme, numbers | {"overdue_open": Number(40.0)}, functions_more=known).points == 40.0


def test_the_cap_and_the_floor():
    assert one(scheme_of(line()), {"closing_rate": rate(1, 1)}, entry=Entry(bonus=5.0)).points == 100.0
    assert one(scheme_of(line()), {"closing_rate": rate(0, 1)}, entry=Entry(deduction=5.0)).points == 0.0


@pytest.mark.parametrize(
    ("value", "points"), [(0.95, 1.0), (1.0, 1.0), (0.9499, 0.8), (0.90, 0.8), (0.899, 0.6), (0.70, 0.0), (0.0, 0.0)]
)
def test_steps_of_the_road_that_is_swept(value, points):
    """≥95 % is 1 point; each 5 % short of it costs 0.2, and nothing is below 0; a step begun counts whole."""
    steps = function(Shape.step, Piece(lower=0.95, step=0.05, deduct=0.2))
    assert functions.points_of(steps, value, 1.0)[0] == pytest.approx(points, abs=1e-12)


def test_steps_the_other_way():
    steps = function(Shape.step, Piece(lower=10.0, step=5.0, deduct=10.0, floor=20.0), better=Better.less)
    assert [functions.points_of(steps, value, 100.0)[0] for value in (10.0, 10.1, 15.0, 15.1, 900.0)] == [100.0, 90.0, 90.0, 80.0, 20.0]


def test_lines_between_points():
    line = function(Shape.piecewise, Piece(lower=60.0, points=100.0), Piece(lower=120.0, points=50.0), Piece(lower=240.0, points=0.0))
    assert [functions.points_of(line, value, 100.0)[0] for value in (0.0, 60.0, 90.0, 120.0, 180.0, 240.0, 999.0)] == [100, 100, 75, 50, 25, 0, 0]


def test_a_site_survey_costs_by_occurrence():
    survey = {"f": function(Shape.survey, Piece(deduct=0.5, floor=1.0))}
    scheme = scheme_of(line(metric="survey:rubbish", function="f", full=5.0))
    assert one(scheme, {"survey:rubbish": rate(3, 12)}, functions_more=survey).lines[0].points == 3.5
    assert one(scheme, {"survey:rubbish": rate(30, 12)}, functions_more=survey).lines[0].points == 1.0
    assert one(scheme, {"survey:rubbish": rate(0, 0)}, functions_more=survey).lines[0].why == "nothing_below"  # no point was visited


def test_a_questionnaire_weighs_its_answers():
    """6 satisfied, 2 mostly at 0.8, 2 not: 7.6 of 10."""
    asked = {"f": function(Shape.questionnaire, Piece(option="satisfied", points=100), Piece(option="mostly", points=80), Piece(option="not"))}
    scheme = scheme_of(line(metric="verdict_satisfied", function="f"))
    numbers = {"verdict_satisfied/satisfied": Number(6.0), "verdict_satisfied/mostly": Number(2.0), "verdict_satisfied/not": Number(2.0)}
    score = one(scheme, numbers, functions_more=asked)
    assert (score.points, score.lines[0].number) == (76.0, Number(7.6, 10.0))


def test_baseline_and_target_stand_side_by_side():
    """0.75 of the rate is 75 points, and halfway from the baseline 0.6 to the target 0.9."""
    score = one(scheme_of(line(baseline=0.6, target=0.9)), {"closing_rate": rate(3, 4)})
    assert (score.points, score.target_points) == (75.0, 50.0)
    assert one(scheme_of(line()), {"closing_rate": rate(3, 4)}).target_points is None


def test_versions_groups_and_kinds_of_city():
    later = line(metric="handled_on_time", since=date(2026, 3, 2))
    assert [each.metric for each in in_force((line(), later), DAY)] == ["closing_rate"]
    assert [each.metric for each in in_force((line(), later), date(2026, 3, 2))] == ["handled_on_time"]
    rows = (line(weight=1.0), line(weight=2.0, city_kind="port"), line(weight=3.0, group="g"), line(weight=4.0, group="g", city_kind="port"))
    assert [read_for(rows, *asked)[0].weight for asked in (("", ""), ("", "port"), ("g", ""), ("g", "port"), ("h", "hill"))] == [1, 2, 3, 4, 1]


@pytest.mark.parametrize(
    ("metric", "fault"),
    [
        ("closing_rate", None), ("closed_late/due_to_close", None), ("filed/cells", None), ("spread:handled_on_time", None),
        ("survey:x", None), ("closing", "'closing' is no metric"), ("closed/", "a division by nothing"), ("closed/0", "a division by nothing"),
        ("closed/closing_rate", "'closing_rate' is no count"), ("spread:filed", "'filed' is no rate"), ("survey:", "names nothing"),
    ],
)  # fmt: skip
def test_what_is_a_metric(metric, fault):
    found = metric_fault(metric)
    assert (found is None) if fault is None else (fault in found)


@pytest.mark.parametrize(
    ("points", "cases", "rules"),
    [(90.0, 50, []), (90.000001, 50, ["more_running_costs", "tuning_first"]), (70.0, 50, []), (69.999, 50, ["supervised", "retrained"]),
     (100.0, 9, []), (100.0, 10, ["more_running_costs", "tuning_first"]), (None, 50, [])],
)  # fmt: skip
def test_the_shipped_budget_rules_at_their_ends(points, cases, rules):
    """Exactly 90 and exactly 70 are neither; from fewer than ten cases nothing is proposed."""
    score = replace(one(scheme_of(line()), {"closing_rate": rate(1, 1)}), points=points, cases=cases)
    assert [each.rule for each in budget.budget_lines(SCORING.budget, [score])] == rules
