"""Buck-passing 推诿: cases that wander between units."""

from collections import Counter, defaultdict
from itertools import pairwise

from cityloop.stages.evaluate.model.why import CaseRows, Wandering

CASES_SHOWN = 200
TOLD_MIN = 5  # moves between two units; fewer happen


def wanderings(rows: CaseRows) -> list[Wandering]:
    """Pairs of units between which cases went at least five times, those first that sent most of them there and back.

    Counted, not tested: whether more cases wander under some condition than elsewhere is tested by `goes_together`.
    """
    moved: Counter[tuple[str, str]] = Counter()
    returned: Counter[tuple[str, str]] = Counter()
    cases: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for at, walk in enumerate(rows.walks):
        steps = [unit for place, unit in enumerate(walk) if unit and (place == 0 or unit != walk[place - 1])]
        for one, other in pairwise(steps):
            pair = (min(one, other), max(one, other))
            moved[pair] += 1
            cases[pair][str(rows.id[at])] = str(rows.class_key[at])
        for pair in {(min(a, b), max(a, b)) for a, b, c in zip(steps, steps[1:], steps[2:], strict=False) if a == c}:
            returned[pair] += 1
    found = [
        Wandering(
            a=pair[0], b=pair[1], moves=many, there_and_back=returned[pair], cases=tuple(cases[pair])[:CASES_SHOWN],
            classes=tuple(Counter(cases[pair].values()).most_common(3)),
        )
        for pair, many in moved.items()
        if many >= TOLD_MIN
    ]  # fmt: skip
    return sorted(found, key=lambda each: (-each.there_and_back, -each.moves, each.a, each.b))
