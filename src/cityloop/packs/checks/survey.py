"""What is wrong with the forms of evaluation."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from cityloop.domain.policy import LandmarkKind
from cityloop.packs.columns import CLASSES
from cityloop.packs.problems import Problem
from cityloop.packs.reading import Pack
from cityloop.packs.survey import (
    SURVEY_FIELDS,
    SURVEY_FORMS,
    SURVEY_INDICATORS,
    SURVEY_ITEMS,
    SURVEY_OPTIONS,
    SURVEY_POINTS,
    SURVEY_QUESTIONS,
)
from cityloop.packs.tables import Row
from cityloop.packs.values import nearest

CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
WHOLE = 1_000_000
NEEDS = {"table": (SURVEY_FIELDS,), "visit": (SURVEY_POINTS, SURVEY_ITEMS), "questionnaire": (SURVEY_QUESTIONS,)}
FROM = ("road", *LandmarkKind)


def survey_problems(pack: Pack) -> Iterator[Problem]:
    """Forms that could not be filled in, and numbers that nobody could defend."""
    for table in (SURVEY_INDICATORS, SURVEY_FORMS):
        for row in pack.rows(table):
            if not CODE.fullmatch(row.values["code"]):
                what = f"code {row.values['code']!r} cannot be named elsewhere"
                yield pack.problem(table, row, "code", what, "use small letters, digits and _, at most 60")
    for row in pack.rows(SURVEY_FORMS):
        yield from _form_problems(pack, row)
    yield from _shared_indicators(pack)
    yield from _field_problems(pack)
    yield from _visit_problems(pack)
    yield from _question_problems(pack)


def _form_problems(pack: Pack, form: Row) -> Iterator[Problem]:
    """A form whose rows are absent, or are another tool's."""
    code, tool = form.values["code"], form.values["tool"]
    for kind, tables in NEEDS.items():
        for table in tables:
            of = [row for row in pack.rows(table) if row.values["form"] == code]
            if kind == tool and not of and not pack.may_have(table, code):
                what = f"form {code} is a {tool} and has no row in {table.file}"
                yield pack.problem(SURVEY_FORMS, form, "tool", what, "add its rows, or take the form out")
            if kind != tool and of:
                what = f"form {code} is a {tool}; rows of {table.file} are for a {kind}"
                yield pack.problem(table, of[0], "form", what, "name another form, or correct its tool")


def _shared_indicators(pack: Pack) -> Iterator[Problem]:
    """An indicator that two forms would give two values; counts of items and totals of forms have names of their own."""
    first: dict[str, str] = {}
    named = {row.values["code"] for row in pack.rows(SURVEY_INDICATORS)}
    for table in (SURVEY_ITEMS, SURVEY_FORMS):
        for row in pack.rows(table):
            code, form = row.values["code"], row.values.get("form", "")
            if code in named or first.setdefault(code, form) != form:
                what = f"{code!r} is the name of another number"
                yield pack.problem(table, row, "code", what, "give it a name of its own: what is found is counted by it")
    first.clear()
    for table in (SURVEY_FIELDS, SURVEY_ITEMS, SURVEY_QUESTIONS):
        for row in pack.rows(table):
            indicator, form = row.values.get("indicator"), row.values["form"]
            if indicator and first.setdefault(indicator, form) != form:
                what = f"indicator {indicator!r} is gathered by the form {first[indicator]} already"
                yield pack.problem(table, row, "indicator", what, "give each form indicators of its own")


def _in_form(form: str, keys: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The codes that a form has, of all forms' keys."""
    return tuple(sorted(code for of, code in keys if of == form))


def _field_problems(pack: Pack) -> Iterator[Problem]:
    parts: Counter[tuple[str, str, str]] = Counter()
    codes = {(row.values["form"], row.values["code"]) for row in pack.rows(SURVEY_FIELDS)}
    for row in pack.rows(SURVEY_FIELDS):
        v = row.values
        part, indicator, other = v.get("part", "none"), v.get("indicator"), v.get("not_above")
        if bool(indicator) != (part != "none"):
            what = f"field {v['code']} has {'an indicator and no place in it' if indicator else 'a place in no indicator'}"
            yield pack.problem(SURVEY_FIELDS, row, "part", what, "name an indicator and write above or below, or neither")
        if part != "none" and v["takes"] == "text":
            yield pack.problem(SURVEY_FIELDS, row, "takes", f"field {v['code']} counts and is no number", "write whole or decimal")
        if other and (v["form"], other) not in codes:
            what = f"not_above {other!r} is no field of the form {v['form']}"
            yield pack.problem(SURVEY_FIELDS, row, "not_above", what, nearest(other, _in_form(v["form"], codes)))
        if v.get("least") is not None and v.get("most") is not None and v["least"] > v["most"]:
            yield pack.problem(SURVEY_FIELDS, row, "least", f"least {v['least']:g} is above most {v['most']:g}", "exchange them")
        parts[v["form"], indicator or "", part] += 1
    for row in pack.rows(SURVEY_FIELDS):
        form, indicator, part = row.values["form"], row.values.get("indicator") or "", row.values.get("part", "none")
        if part == "below" and not parts[form, indicator, "above"]:
            what = f"indicator {indicator!r} has nothing above the line in the form {form}"
            yield pack.problem(SURVEY_FIELDS, row, "part", what, "add a field with the part above")
        elif part != "none" and parts[form, indicator, part] > 1:
            what = f"indicator {indicator!r} has {parts[form, indicator, part]} fields {part} the line"
            yield pack.problem(SURVEY_FIELDS, row, "part", what, "leave one")


def _visit_problems(pack: Pack) -> Iterator[Problem]:
    kinds = {(row.values["form"], row.values["code"]) for row in pack.rows(SURVEY_POINTS)}
    classes = {row.values["class"] for row in pack.rows(CLASSES)}
    for row in pack.rows(SURVEY_POINTS):
        v = row.values
        if v["drawn_from"] not in FROM and v["drawn_from"] not in classes:
            what = f"points cannot be drawn from {v['drawn_from']!r}"
            yield pack.problem(SURVEY_POINTS, row, "drawn_from", what, f"{nearest(v['drawn_from'], FROM)}; or a class of classes.csv")
        looked = [each for each in pack.rows(SURVEY_ITEMS) if each.values["form"] == v["form"]]
        if looked and not any(not each.values.get("points") or v["code"] in each.values["points"] for each in looked):
            what = f"nothing is looked for at points of the kind {v['code']!r}"
            yield pack.problem(SURVEY_POINTS, row, "code", what, "name it in survey_items.csv, or take it out")
    for row in pack.rows(SURVEY_ITEMS):
        v = row.values
        for code in v.get("points") or ():
            if (v["form"], code) not in kinds:
                what = f"points {code!r} is no kind of the form {v['form']}"
                yield pack.problem(SURVEY_ITEMS, row, "points", what, nearest(code, _in_form(v["form"], kinds)))
        if v["most"] < v["deduct"]:
            what = f"one occurrence costs {v['deduct']:g}, and {v['most']:g} at most"
            yield pack.problem(SURVEY_ITEMS, row, "most", what, "raise the most, or lower what one costs")


def _question_problems(pack: Pack) -> Iterator[Problem]:
    options: dict[tuple[str, str], list[Row]] = {}
    questions = {(row.values["form"], row.values["code"]): row for row in pack.rows(SURVEY_QUESTIONS)}
    for row in pack.rows(SURVEY_OPTIONS):
        key = row.values["form"], row.values["question"]
        options.setdefault(key, []).append(row)
        if key not in questions and not pack.may_have(SURVEY_QUESTIONS, key[0]):
            what = f"question {key[1]!r} is not in the form {key[0]}"
            yield pack.problem(SURVEY_OPTIONS, row, "question", what, nearest(key[1], _in_form(key[0], questions)))
    weights: Counter[tuple[str, str]] = Counter()
    strata: Counter[str] = Counter()
    for key, row in questions.items():
        v = row.values
        weights[v["form"], v.get("indicator") or ""] += v.get("weight_ppm", 0)
        strata[v["form"]] += v.get("stratum", False)
        yield from _asked_problems(pack, row, options.get(key, []))
        if v.get("stratum") and strata[v["form"]] > 1:
            yield pack.problem(SURVEY_QUESTIONS, row, "stratum", f"form {v['form']} has two strata", "leave one")
    for (form, indicator), weight in weights.items():
        if indicator and weight != WHOLE:
            row = [each for each in questions.values() if (each.values["form"], each.values.get("indicator")) == (form, indicator)][-1]
            what = f"the weights of {indicator!r} in the form {form} add up to {weight}"
            yield pack.problem(SURVEY_QUESTIONS, row, "weight_ppm", what, f"make them add up to {WHOLE}")


def _asked_problems(pack: Pack, row: Row, options: list[Row]) -> Iterator[Problem]:
    """A question that cannot be answered, or whose answers cannot be counted."""
    v = row.values
    code = v["code"]
    if (v["takes"] == "words") == bool(options) or len(options) == 1:
        what = f"question {code} is answered by {v['takes']} and has {len(options)} options"
        yield pack.problem(SURVEY_QUESTIONS, row, "takes", what, "words have none, one and many two or more")
    if v.get("indicator") and v["takes"] != "one":
        what = f"question {code} counts and is answered by {v['takes']}"
        yield pack.problem(SURVEY_QUESTIONS, row, "takes", what, "only one of several has a score")
    if not v.get("stratum"):
        return
    if v["takes"] != "one" or not v.get("required"):
        what = f"question {code} is a stratum that some would not answer"
        yield pack.problem(SURVEY_QUESTIONS, row, "stratum", what, "let it take one, and be required")
    share = sum(each.values.get("share_ppm", 0) for each in options)
    if share != WHOLE:
        what = f"the shares of {code} add up to {share}"
        yield pack.problem(SURVEY_QUESTIONS, row, "stratum", what, f"make share_ppm of its options add up to {WHOLE}")
