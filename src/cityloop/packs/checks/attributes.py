"""Attributes: a code that a form can carry, values where values are chosen, one order in a class."""

import re
from collections.abc import Iterator

from cityloop.domain.policy import Answers
from cityloop.packs.columns import ATTRIBUTE_VALUES, ATTRIBUTES
from cityloop.packs.problems import Problem
from cityloop.packs.reading import Pack

CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")
LISTS = (Answers.singlevaluelist, Answers.multivaluelist)


def attribute_problems(pack: Pack) -> Iterator[Problem]:
    """What would make a form that nobody can fill in."""
    attributes = pack.tables[ATTRIBUTES.file]
    chosen = {key[:2] for key in pack.tables[ATTRIBUTE_VALUES.file]}
    orders: dict[tuple[str, int], int] = {}
    for key, row in attributes.items():
        v = row.values
        if not CODE.fullmatch(v["code"]):
            what = f"code {v['code']!r} cannot stand in a form"
            yield pack.problem(ATTRIBUTES, row, "code", what, "use 1 to 40 letters, digits, _ and -")
        if v.get("required") and v.get("hint"):
            yield pack.problem(ATTRIBUTES, row, "hint", "a hint cannot be required", "write true in one of the two")
        if v["datatype"] in LISTS and key not in chosen and not pack.may_have(ATTRIBUTE_VALUES, v["class"]):
            what = f"{v['datatype']} {v['code']} has no values"
            yield pack.problem(ATTRIBUTES, row, "datatype", what, f"add them to {ATTRIBUTE_VALUES.file}")
        first = orders.setdefault((v["class"], v["order"]), row.line)
        if first != row.line:
            what = f"order {v['order']} of class {v['class']} is that of line {first}, too"
            yield pack.problem(ATTRIBUTES, row, "order", what, "give each attribute of a class its own")
    for key, row in pack.tables[ATTRIBUTE_VALUES.file].items():
        attribute = attributes.get(key[:2])
        if attribute is None and not pack.may_have(ATTRIBUTES, key[0]):
            what = f"class {key[0]} has no attribute {key[1]!r}"
            yield pack.problem(ATTRIBUTE_VALUES, row, "attribute", what, f"add it to {ATTRIBUTES.file}, or correct it")
        if attribute is not None and attribute.values["datatype"] not in LISTS:
            what = f"attribute {key[1]} is a {attribute.values['datatype']}: nothing is chosen"
            yield pack.problem(ATTRIBUTE_VALUES, row, "attribute", what, "make it a list, or take the value out")
