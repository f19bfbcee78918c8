"""Classes and rules: one default in a class, words that tell its rules apart, one name for a major class."""

from collections import defaultdict
from collections.abc import Iterator

from cityloop.packs.columns import CLASSES, RULES
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
    known = {row.values["class"] for row in pack.rows(CLASSES)}
    said = pack.head.settings.get("self_handle")
    for key in said.value if said and CLASSES.file not in pack.unread else ():
        if key not in known or key not in rules:
            what = f"self_handle names {key!r}, which is no class with a rule"
            yield said.problem(what, "take it out, or add the class and its rule")


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
