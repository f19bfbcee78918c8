"""Classes and rules: one default in a class, words that tell its rules apart, one name for a major class."""

from collections import defaultdict
from collections.abc import Iterator

from cityloop.domain.codes import minor_of
from cityloop.packs.columns import CLASSES, RULES, STAGES
from cityloop.packs.problems import Problem
from cityloop.packs.reading import Pack
from cityloop.packs.tables import Row
from cityloop.packs.values import major_of


def catalogue_problems(pack: Pack) -> Iterator[Problem]:
    """What would leave a report without one clear rule."""
    rules: dict[str, list[Row]] = defaultdict(list)
    for row in pack.rows(RULES):
        rules[row.values["class"]].append(row)
    for key, rows in rules.items():
        yield from _class_problems(pack, key, rows)
    yield from _major_problems(pack)
    yield from _stage_problems(pack)
    yield from _fine_problems(pack)


def _fine_problems(pack: Pack) -> Iterator[Problem]:
    """Fine classes of no minor class."""
    for row in pack.rows(CLASSES):
        key = row.values["class"]
        minor = minor_of(key)
        if not pack.has(CLASSES, minor):
            what = f"fine class {key} lies in {minor}, which is not in classes.csv"
            yield pack.problem(CLASSES, row, "class", what, "add the minor class, or correct the code")


def _stage_problems(pack: Pack) -> Iterator[Problem]:
    """Stages of no rule, with a step left out or twice, or whose last limit is not the rule's."""
    stages: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in pack.rows(STAGES):
        stages[row.values["class"], row.values["no"]].append(row)
    rules = {(row.values["class"], row.values["no"]): row.values for row in pack.rows(RULES)}
    for (key, no), rows in stages.items():
        rows.sort(key=lambda row: row.values["stage"])
        rule, last = rules.get((key, no)), rows[-1]
        codes = [row.values["code"] for row in rows]
        if rule is None:
            if not pack.may_have(RULES, key):
                yield pack.problem(STAGES, rows[0], "no", f"class {key} has no rule {no}", "correct it, or add the rule")
            continue
        if [row.values["stage"] for row in rows] != list(range(1, len(rows) + 1)) or len(rows) < 2:
            what = f"the stages of rule {key}/{no} do not count from 1 to at least 2"
            yield pack.problem(STAGES, rows[0], "stage", what, "number them 1, 2, 3 without a gap")
        if len(set(codes)) < len(codes):
            yield pack.problem(STAGES, last, "code", f"rule {key}/{no} has two stages of one code", "name each its own")
        limits = [(each["limit_value"], each["limit_unit"]) for each in (last.values, rule)]
        if limits[0] != limits[1]:
            what = f"the last stage of rule {key}/{no} has another limit than the rule, {limits[1][0]} {limits[1][1]}"
            yield pack.problem(STAGES, last, "limit_value", what, "make them the same")


def _class_problems(pack: Pack, key: str, rows: list[Row]) -> Iterator[Problem]:
    defaults = [row for row in rows if row.values.get("is_default")]
    if not defaults and not pack.may_have(RULES, key):
        what = f"no rule of class {key} is the default"
        yield pack.problem(RULES, rows[0], "is_default", what, "write true in one of them")
    for row in defaults[1:]:
        what = f"class {key} has a second default"
        yield pack.problem(RULES, row, "is_default", what, f"leave it to rule {defaults[0].values['no']}")
    for row in rows:
        if len(rows) > 1 and not row.values.get("is_default") and not row.values.get("words"):
            what = f"rule {row.values['no']} of class {key} has sisters and no words: it would never be taken"
            yield pack.problem(RULES, row, "words", what, "give the words that tell it apart")


def _major_problems(pack: Pack) -> Iterator[Problem]:
    names: dict[str, Row] = {}
    for row in pack.rows(CLASSES):
        major = major_of(row.values["class"])
        first = names.setdefault(major, row)
        if first.values["major_name"] != row.values["major_name"]:
            said = "; ".join(row.values["major_name"].values())
            what = f"major class {major} is called otherwise ({said}) than on line {first.line} of {first.layer}"
            yield pack.problem(CLASSES, row, f"major_name_{pack.head.languages[0]}", what, "use one name")
