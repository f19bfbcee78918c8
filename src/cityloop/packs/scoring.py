"""The tables of scoring: schemes, their indicators, functions and groups of objects, and the rules of the budget."""

from cityloop.domain.policy.scoring import Better, BudgetDeed, Objects, Role, Shape
from cityloop.packs.declared import Table, Takes, column

_NUMBER = {"takes": Takes.decimal, "needed": False}
_POINTS = {"takes": Takes.decimal, "needed": False, "least": 0, "most": 10_000}

SCORE_SCHEMES = Table(
    file="score_schemes.csv",
    says="Scoring schemes 评分方案: whose score it is, its bounds and grades. A city without these rows scores nobody.",
    key=("scheme",),
    cites=True,
    columns=(
        column("scheme", "short name, never used again for another"),
        column("objects", "whose score it is; all is the city", Takes.choice, choices=tuple(Objects)),
        column("name", "what people call it", Takes.words),
        column("says", "how it is put together, and what of it is a choice of ours", Takes.words),
        column("full", "full marks; the weights add up to them", default="100", **_POINTS),
        column("floor", "no score is less", default="0", **_POINTS),
        column("cap", "no score is more", default="100", **_POINTS),
        column("bonus_max", "bonus points count up to this", default="0", **_POINTS),
        column("deduction_max", "points taken away count up to this", default="0", **_POINTS),
        column("known_least_ppm", "share of the weights that must have points, else there is no score", Takes.whole,
               needed=False, default="500000", least=0, most=1_000_000),
        column("grades", "function of shape bracket whose options are the grades", needed=False, refers="score_functions.csv"),
    ),
)  # fmt: skip
SCORE_INDICATORS = Table(
    file="score_indicators.csv",
    says="Lines of a scheme: score = sum of weight x points / full, plus bonus, less deduction. Rows of one `since` are a version "
    "of the scheme; a period is scored by the version in force on its first day. A row for a group of objects, or for a kind "
    "of city, goes before one for all; the weights of each such reading add up to the scheme's full marks, or are all 0: not "
    "weighted yet. A metric is one of figures.md; `a/b` of two counts (b may be `cells`, the unit cells of an area); "
    "`spread:rate`, the best district less the worst; `scheme:code`, another score of the same object; `survey:code`, a number "
    "that an evaluation task brought.",
    key=("scheme", "since", "group", "city_kind", "indicator"),
    cites=True,
    columns=(
        column("scheme", "the scheme", refers="score_schemes.csv"),
        column("since", "from this day on", Takes.day, needed=False, default="1970-01-01"),
        column("group", "only for objects of this group; empty: all", needed=False),
        column("city_kind", "only where pack.toml names this `city_kind`; empty: everywhere", needed=False),
        column("indicator", "short name inside the scheme"),
        column("dimension", "what it belongs to", needed=False),
        column("role", "what it does to the score", Takes.choice, needed=False, default=Role.score, choices=tuple(Role)),
        column("metric", "what is measured"),
        column("function", "how it becomes points", refers="score_functions.csv"),
        column("weight", "points of the scheme that it can bring; of a bonus or deduction the most that it can bring", default="0",
               **_POINTS),
        column("full", "the function's full marks", default="100", **_POINTS),
        column("least", "with fewer below the line there are no points", Takes.whole, needed=False, default="0", least=0,
               most=1_000_000),
        column("baseline", "双轨: where the way to the target begins; rates from 0 to 1", **_NUMBER),
        column("target", "双轨: where it ends; empty: there is none", **_NUMBER),
        column("unit", "unit of the value: ppm, min, count, points"),
        column("name", "what people call it", Takes.words),
        column("says", "its definition", Takes.words),
    ),
)  # fmt: skip
SCORE_FUNCTIONS = Table(
    file="score_functions.csv",
    says="How a value becomes points. rate and rest (1 - rate): one row; bracket: a row for each range, from the lowest, without a "
    "gap; step: `lower` is the threshold, each `step` short of it costs `deduct`, down to `floor`; linear and piecewise: points of "
    "the line; veto: past `lower` the whole score is at most `points`; survey: each occurrence costs `deduct`, down to `floor`; "
    "questionnaire: a row for each `option`.",
    key=("function", "no"),
    cites=True,
    columns=(
        column("function", "short name"),
        column("no", "place of the row, from 1", Takes.whole, least=1, most=99),
        column("shape", "what it does; the same in all rows", Takes.choice, choices=tuple(Shape)),
        column("better", "which way is good", Takes.choice, needed=False, default=Better.more, choices=tuple(Better)),
        column("lower", "where the row begins; empty: no end", **_NUMBER),
        column("upper", "of a bracket, where it ends; empty: no end", **_NUMBER),
        column("upper_inside", "true: the end belongs to it", Takes.flag, needed=False),
        column("points", "points there", **_NUMBER),
        column("step", "of step: how far one step is", **_POINTS),
        column("deduct", "what one step or occurrence costs", **_POINTS),
        column("floor", "no fewer points than these", default="0", **_POINTS),
        column("option", "of a questionnaire the answer, of grades the letter", needed=False),
    ),
)  # fmt: skip
SCORE_GROUPS = Table(
    file="score_groups.csv",
    says="Groups of objects that are ranked apart: 部门分组, 一类、二类区域. An object without a row stands in group \"\".",
    key=("scheme", "object"),
    cites=True,
    columns=(
        column("scheme", "the scheme", refers="score_schemes.csv"),
        column("object", "a unit, area, duty grid or account"),
        column("group", "its group"),
    ),
)
BUDGET_RULES = Table(
    file="budget_rules.csv",
    says="以效定资: what is proposed for the next quarter from a score. Both ends are outside: exactly `above` is not above.",
    key=("rule",),
    cites=True,
    columns=(
        column("rule", "short name, never used again for another"),
        column("scheme", "whose score it looks at", refers="score_schemes.csv"),
        column("above", "for scores above this", **_NUMBER),
        column("below", "for scores below this", **_NUMBER),
        column("deed", "what is proposed", Takes.choice, choices=tuple(BudgetDeed)),
        column("change_ppm", "of what the object has now, parts per million; 0: no money", Takes.whole, needed=False, default="0",
               least=-1_000_000, most=1_000_000),
        column("least", "with fewer cases behind the score nothing is proposed", Takes.whole, needed=False, default="0", least=0,
               most=1_000_000),
        column("name", "what people call it", Takes.words),
    ),
)  # fmt: skip
UNIT_SUCCESSORS = Table(
    file="unit_successors.csv",
    says="Units that were merged into another or go under another id. In scores of a period that reaches the day, the numbers of "
    "the whole period stand with the successor, before it too. A unit that only has another name keeps its id and needs no row.",
    key=("unit",),
    cites=True,
    columns=(
        column("unit", "the id that is no more"),
        column("into", "the unit that took over", refers="units.csv"),
        column("since", "from this day on", Takes.day),
    ),
)
SCORE_TABLES = (SCORE_FUNCTIONS, SCORE_SCHEMES, SCORE_INDICATORS, SCORE_GROUPS, BUDGET_RULES, UNIT_SUCCESSORS)
