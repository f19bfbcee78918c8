"""Bad schemes: each is refused in words, at the cell where it is to be mended."""

import csv
import io

import pytest
from tests.unit.packs.conftest import FILES

from cityloop.packs import load
from cityloop.packs.columns import Takes
from cityloop.packs.scoring import BUDGET_RULES, SCORE_FUNCTIONS, SCORE_INDICATORS, SCORE_SCHEMES, UNIT_SUCCESSORS
from cityloop.packs.tables import columns_of

SOURCE = {"source_document": "a notice", "source_clause": "1", "source_date": "2026"}
SCHEME = {"scheme": "mine", "objects": "unit", "name_zh": "方案", "name_en": "Scheme", "says_zh": "算法", "says_en": "How"}
LINE = {
    "scheme": "mine", "indicator": "closing", "metric": "closing_rate", "function": "rate", "weight": "100", "unit": "ppm",
    "name_zh": "结案率", "name_en": "Closing", "says_zh": "结案", "says_en": "closed",
}  # fmt: skip


def table(what, *rows: dict[str, str]) -> str:
    """A file of these rows."""
    names = [
        name
        for column in columns_of(what)
        for name in ((f"{column.name}_zh", f"{column.name}_en") if column.takes is Takes.words else (column.name,))
    ]
    out = io.StringIO()
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: (SOURCE | row).get(name, "") for name in names} for row in rows)
    return out.getvalue()


def write(city, *, schemes=({},), lines=({},), functions=()):
    city.write("score_schemes.csv", table(SCORE_SCHEMES, *(SCHEME | each for each in schemes)))
    city.write("score_indicators.csv", table(SCORE_INDICATORS, *(LINE | each for each in lines)))
    if functions:
        city.write("score_functions.csv", table(SCORE_FUNCTIONS, *functions))


def bracket(*ranges: tuple[str, str, str], code: str = "f") -> list[dict[str, str]]:
    return [
        {"function": code, "no": str(no), "shape": "bracket", "lower": lower, "upper": upper, "points": points}
        for no, (lower, upper, points) in enumerate(ranges, start=1)
    ]  # fmt: skip


def test_a_sound_scheme_is_read(city):
    write(city, lines=({"weight": "60"}, {"indicator": "handled", "metric": "handled_late/due_to_handle", "weight": "40", "least": "5"}))
    assert [problem.what for problem in city.problems()] == []
    mine = load(city.folder).scoring.schemes["mine"]
    assert [(each.code, each.weight, each.least) for each in mine.indicators] == [("closing", 60.0, 0), ("handled", 40.0, 5)]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([{"weight": "90"}], "the weights of mine add up to 90, not 100"),
        ([{}, {"since": "2026-04-01", "weight": "70"}], "the weights of mine, since 2026-04-01 add up to 70, not 100"),
        ([{}, {"group": "far", "weight": "80"}], "the weights of mine, for group 'far' add up to 80, not 100"),
        ([{}, {"city_kind": "port", "weight": "80"}], "the weights of mine, in a city of kind 'port' add up to 80, not 100"),
        ([{"metric": "closing"}], "metric 'closing': 'closing' is no metric"),
        ([{"metric": "closed/0"}], "metric 'closed/0': nothing stands below the line: a division by nothing"),
        ([{"metric": "scheme:nobody"}], "scheme 'nobody' is not in score_schemes.csv"),
        ([{"metric": "scheme:mine"}], "a circle: mine <- mine"),
        ([{"full": "0"}], "full marks of nothing: a division by nothing"),
        ([{"baseline": "0.9", "target": "0.9"}], "target and baseline are the same: a division by nothing"),
        ([{"function": "nothing"}], "function 'nothing' is not in score_functions.csv"),
        ([{"role": "veto"}], "role veto with a function of shape rate"),
    ],
)
def test_a_bad_line_is_refused_in_words(city, lines, said):
    write(city, lines=lines)
    found = [problem for problem in city.problems() if problem.what == said]
    assert found
    assert found[0].file == "tiny/score_indicators.csv"
    assert found[0].remedy


def test_a_circle_over_three_schemes(city):
    schemes = [{"scheme": each} for each in ("mine", "yours", "theirs")]
    uses = (("mine", "yours"), ("yours", "theirs"), ("theirs", "mine"))
    write(city, schemes=schemes, lines=[{"scheme": scheme, "metric": f"scheme:{used}"} for scheme, used in uses])
    assert "a circle: mine <- yours <- theirs <- mine" in [problem.what for problem in city.problems()]


def test_a_scheme_without_lines(city):
    write(city, schemes=({}, {"scheme": "empty"}))
    assert [problem.what for problem in city.problems()] == ["empty has no indicators"]


@pytest.mark.parametrize(
    ("functions", "said"),
    [
        (bracket(("", "50", "100"), ("60", "", "0")), "f: a gap: nothing is said from 50 to 60"),
        (bracket(("", "50", "100"), ("40", "", "0")), "f: two ranges hold what lies from 40 to 50"),
        (bracket(("", "", "100"), ("40", "", "0")), "f: a range in the middle has no end"),
        (bracket(("50", "40", "100")), "f: the range ends before it begins"),
        ([{"function": "f", "no": "1", "shape": "step", "lower": "0.9", "deduct": "1"}], "f: a step of nothing: a division by nothing"),
        ([{"function": "f", "no": "1", "shape": "linear", "lower": "0"}], "f: linear has 1 points"),
        (
            [{"function": "f", "no": str(no), "shape": "linear", "lower": "5"} for no in (1, 2)],
            "f: the line goes back or stands: a division by nothing",
        ),
        ([{"function": "f", "no": "1", "shape": "questionnaire", "points": "1"}], "f: an answer has no name"),
        ([{"function": "f", "no": "1", "shape": "rate"}, {"function": "f", "no": "2", "shape": "rest"}], "f is rate in its first row and rest here"),
    ],
)  # fmt: skip
def test_a_bad_function_is_refused_in_words(city, functions, said):
    write(city, functions=functions)
    assert said in [problem.what for problem in city.problems()]


def test_a_budget_rule_says_where_it_begins(city):
    rule = {"rule": "r", "scheme": "department", "deed": "supervision", "name_zh": "督导", "name_en": "Supervision"}
    city.write("budget_rules.csv", table(BUDGET_RULES, rule))
    assert [problem.what for problem in city.problems()] == ["neither above nor below is given"]


def test_a_city_may_take_the_schemes_out(city):
    assert "department" in load(city.folder).scoring.schemes


def test_a_unit_that_takes_itself_over_is_refused(city):
    first, second = [row.split(",")[0] for row in FILES["units.csv"].splitlines()[1:3]]
    rows = [{"unit": first, "into": second, "since": "2026-03-01"}, {"unit": second, "into": first, "since": "2026-03-01"}]
    city.write("unit_successors.csv", table(UNIT_SUCCESSORS, *rows))
    assert [problem.what for problem in city.problems()] == [f"a circle: {unit} is taken over by itself in the end" for unit in (first, second)]
