"""What is wrong with the advice."""

from collections.abc import Iterator

from cityloop.domain.advice import BLANKS, blanks_in
from cityloop.packs.columns import ADVICE, RULES
from cityloop.packs.problems import Problem
from cityloop.packs.reading import Pack


def advice_problems(pack: Pack) -> Iterator[Problem]:
    """Blanks that nothing fills, and steps of a rule that is not there."""
    rules = {(row.values["class"], row.values["no"]) for row in pack.rows(RULES)}
    for row in pack.rows(ADVICE):
        key, no = row.values["class"], row.values["no"]
        for language, says in row.values["says"].items():
            for blank in sorted(blanks_in(says) - set(BLANKS)):
                what = f"{blank!r} stands in braces, and nothing fills it"
                remedy = f"write one of {', '.join(f'{{{each}}}' for each in BLANKS)}"
                yield pack.problem(ADVICE, row, f"says_{language}", what, remedy)
        if no and (key, no) not in rules and not pack.may_have(RULES, key):
            yield pack.problem(ADVICE, row, "no", f"class {key} has no rule {no}", "correct it, or write 0")
