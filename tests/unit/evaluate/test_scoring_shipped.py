"""The shipped schemes beside the six roles, each on a small city that can be worked out on paper."""

import pytest
from tests.unit.evaluate.test_scoring import SCORING, rate, scored

from cityloop.domain.policy.scoring import SCHEME, Role
from cityloop.stages.evaluate.model.scoring import Number

ANSWERS = {
    "solved": {"solved": Number(6.0), "partly": Number(2.0), "not": Number(2.0)},  # (6 + 1) of 10
    "satisfied": {"satisfied": Number(5.0), "mostly": Number(5.0)},  # (5 + 4) of 10
}


def answers(door: str) -> dict[str, Number]:
    return {f"{door}_{what}/{option}": number for what, options in ANSWERS.items() for option, number in options.items()}


def test_the_three_rates():
    """0.9 x 30 + 0.7 x 35 + 0.9 x 35 = 27 + 24.5 + 31.5; against the targets: 0 + 0.7387… + 1 of them."""
    score = scored("hotline", {"hotline_contact": rate(9, 10), **answers("hotline")})
    assert score.points == 83.0
    assert [line.number for line in score.lines] == [rate(9, 10), Number(7.0, 10.0), Number(9.0, 10.0)]
    towards = (0.7 - 0.5309) / (0.7436 - 0.5309)
    assert score.target_points == pytest.approx(35 * towards + 35, abs=1e-5)


def test_the_three_rates_with_other_weights():
    """0.9 x 10 + 0.7 x 40 + 0.9 x 50."""
    assert scored("hotline_10_40_50", {"hotline_contact": rate(9, 10), **answers("hotline")}).points == 82.0


def test_a_hotline_whose_callers_were_not_asked_has_no_score():
    assert scored("hotline", {"hotline_contact": rate(9, 10)}).points is None


def test_departments_as_residents_rate_them():
    """0.9 x 50 + 0.7 x 30 + 8/10 x 20."""
    assert scored("departments_rated", {"verdict_given": rate(8, 10), **answers("verdict")}).points == 82.0


SYSTEM = {"closed_on_time": rate(80, 100), "closed_late/due_to_close": rate(10, 100), "extended": rate(10, 100), "rework_rate": rate(20, 100)}


def test_the_sample_on_time_80():
    """(0.8 x 100 + 0.1 x 40) x 80 % + 0.9 x 10 + 0.8 x 10 = 67.2 + 9 + 8."""
    score = scored("sample_on_time_80", SYSTEM)
    assert (score.points, score.bonus) == (84.2, 3.2)
    best = {"closed_on_time": rate(1, 1), "closed_late/due_to_close": rate(0, 1), "extended": rate(0, 1), "rework_rate": rate(0, 1)}
    assert scored("sample_on_time_80", best).points == 100.0


@pytest.mark.parametrize(
    ("group", "points"),
    [
        ("", 80.0),
        ("enforcement", 80 * 0.7 + 90 * 0.15 + 70 * 0.15),
        ("sanitation", 80 * 0.3 + (100 - 500 * 0.01) * 0.3 + 60 * 0.4),
        ("greening", 80 * 0.7 + 60 * 0.3),
    ],
)
def test_the_sample_final_by_group(group, points):
    numbers = {
        "scheme:sample_on_time_80": rate(80, 100), "survey:team": Number(90.0), "survey:street": Number(70.0), "filed": Number(500.0),
        "survey:centre": Number(60.0),
    }  # fmt: skip
    assert scored("sample_final", numbers, group=group).points == pytest.approx(points, abs=1e-6)


@pytest.mark.parametrize(
    ("on_time", "closing", "reworks", "points"),
    [(70, 90, 0, 85.0), (69, 90, 0, 84.0), (69.5, 90, 0, 84.0), (65, 89, 5, 59.0), (20, 90, 0, 35.0), (19, 90, 0, 35.0)],
)
def test_the_sample_from_70(on_time, closing, reworks, points):
    """≥70 % on time 50, each point short of it one less; ≥90 % closed 20; urgent 10; organisation 5; each rework 0.2 less."""
    numbers = {
        "closed_on_time": rate(on_time, 100), "closing_rate": rate(closing, 100), "survey:urgent_met": Number(1.0),
        "survey:organisation": Number(5.0), "reworked": Number(float(reworks)),
    }  # fmt: skip
    assert scored("sample_from_70", numbers).points == points


def test_the_sample_library_has_points_and_no_score_until_a_city_weighs_it():
    """Sorting 65 % is 0.8 of 1; swept 95 % is 1; three stalls cost 0.3; (5 + 0.8 x 5)/10 satisfied."""
    numbers = {
        "survey:sorting": rate(65, 100), "survey:sweeping": rate(95, 100), "survey:stalls": rate(3, 20), **answers("verdict"),
    }  # fmt: skip
    score = scored("city_management", numbers, object="all")
    lines = {line.indicator: line.points for line in score.lines if line.points is not None}
    assert lines == {"sorting": 0.8, "sweeping": 1.0, "stalls": 0.7, "complaints_satisfied": 90.0}
    assert score.points is None


GOVERNANCE = {
    "accepting_working_min": rate(2550, 10), "filed_on_time": rate(9, 10), "dispatched_on_time": rate(8, 10),  # 255 min: halfway, 50
    "handled_on_time": rate(9, 10), "closed_on_time": rate(3, 4), "handling_working_min": rate(9600, 10),  # 960 min: 75
    "hotline_contact": rate(9, 10), "redone": rate(1, 10), **answers("hotline"), **answers("verdict"),
    "overdue_open/due_to_handle": rate(1, 10), "recurring": rate(1, 5), "rework_rate": rate(1, 10), "suspension_rate": rate(1, 20),
    "filed_accurately": rate(19, 20), "filed_from_public": rate(1, 2), "verdict_given": rate(3, 5), "survey:questionnaire_participation": rate(1, 3),
    "cells_in_grids": rate(10, 10), "dispatched_accurately": rate(9, 10), "component_tied": rate(1, 2), "functions_used": rate(15, 30),
    "spread:handled_on_time": rate(1, 10), "spread:closing_rate": rate(1, 5), "spread:rework_rate": rate(1, 20),
    "upheld_appeals": rate(1, 4),
}  # fmt: skip
EFFICIENCY = 0.5 * 3 + 0.9 * 3 + 0.8 * 3 + 0.9 * 4 + 0.75 * 4 + 0.75 * 3
SERVICE = 0.9 * 4 + 0.7 * 4 + 0.9 * 4 + 0.9 * 4 + 0.9 * 4
RISK = 0.9 * 4 + 0.8 * 4 + 0.9 * 4 + 0.95 * 4 + 0.95 * 4
PARTICIPATION = 0.5 * 4 + 0.6 * 4 + 0.7 * 4 + 1 / 3 * 3
RESOURCES = 1.0 * 3 + 0.9 * 3 + 0.5 * 2 + 0.5 * 2
FAIRNESS = 0.9 * 4 + 0.8 * 4 + 0.95 * 4 + 0.75 * 3


def test_the_governance_index():
    """Six dimensions and 28 indicators, each worked out above."""
    score = scored("governance_index", GOVERNANCE, object="all")
    assert score.points == pytest.approx(EFFICIENCY + SERVICE + RISK + PARTICIPATION + RESOURCES + FAIRNESS, abs=1e-6)
    indicators = SCORING.schemes["governance_index"].indicators
    weights = {each.dimension: 0.0 for each in indicators}
    for each in indicators:
        weights[each.dimension] += each.weight
    assert (len(score.lines), weights) == (
        28, {"efficiency": 20, "service": 20, "risk": 20, "participation": 15, "resources": 10, "fairness": 15}
    )  # fmt: skip
    assert all(line.points is not None for line in score.lines)


def test_the_self_assessment_takes_the_governance_index_in():
    """10 + 0.8 x 10, 0.95 x 10 + 0.5 x 10, 0.5 x 5 + 0.8 x 5 + 0.9 x 10, 71.5 % of 20, 0.9 x 10 + 0.7 x 10."""
    numbers = {
        "cells_in_grids": rate(10, 10), "survey:infrastructure": rate(4, 5), "placed": rate(19, 20), "component_tied": rate(1, 2),
        "functions_used": rate(15, 30), "functions_called": rate(40, 50), "dispatched_accurately": rate(9, 10), "scheme:governance_index": rate(71.5, 100),
        **answers("hotline"), **answers("verdict"),
    }  # fmt: skip
    assert scored("self_assessment", numbers, object="all").points == pytest.approx(18 + 14.5 + 15.5 + 14.3 + 16)


def test_our_own_use():
    """Half of 50 and four fifths of 50; before a day of calls was told the facts alone say it, and days that tell of none say nothing."""
    assert scored("own_use", {"functions_used": rate(15, 30), "functions_called": rate(40, 50)}, object="all").points == 65.0
    assert scored("own_use", {"functions_used": rate(15, 30)}, object="all").points == 50.0
    assert scored("own_use", {"functions_used": rate(15, 30), "functions_called": rate(0, 0)}, object="all").points == 50.0


def test_every_indicator_says_what_it_is_and_where_it_is_from():
    for scheme in SCORING.schemes.values():
        assert scheme.source.document
        assert scheme.says["zh"]
        assert scheme.says["en"]
        for each in scheme.indicators:
            assert each.name["zh"]
            assert each.says["zh"]
            assert each.name["en"]
            assert each.says["en"]
            assert each.source.document
            assert each.unit
            if each.role is Role.score and not each.metric.startswith(SCHEME):
                assert each.function in SCORING.functions
