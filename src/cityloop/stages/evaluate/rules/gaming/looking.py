"""One way of looking for all that is counted: who has more of it than peers at the same work. A person judges."""

from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from cityloop.stages.evaluate.rules.gaming.excess import Excess, excess

LEVEL = 0.01  # the chance that a look over a period names anybody honest, all kinds and objects together
ODDS = 2.0  # honest ones may differ: the odds of one are up to so many times those of its peers, and nobody is named
LEAST = 20  # rows: of fewer nobody is looked at
ITEMS_MAX = 200


class Kind(StrEnum):
    """What numbers are made with."""

    reopened = "reopened"  # closed, and there again at once
    own_easy = "own_easy"  # easy cases that its own people brought
    one_source = "one_source"  # ratings that come from few hands
    just_before = "just_before"  # finished in the last moments before the deadline
    photo_reused = "photo_reused"  # one photo proves two cases


class Look(Struct, frozen=True, kw_only=True):
    """One row that is looked at for one kind: whose it is, at which kind of work, and whether it is a hit."""

    kind: Kind
    object: str
    work: str
    hit: bool
    item: str  # a case


class Finding(Struct, frozen=True, kw_only=True):
    """That one has more hits than honest differences and chance explain. `items`: the cases that are hits."""

    kind: Kind
    object: str
    observed: int
    of: int
    expected: float
    p: float  # put right for all that were looked at
    odds: float
    level: float
    items: tuple[str, ...]


def findings(looks: Iterable[Look], *, level: float = LEVEL, odds: float = ODDS) -> tuple[Finding, ...]:
    """Who is named. The chance that anybody is whose odds are at most `odds` times the peers' is at most `level`.

    Many are looked at for many things, so each chance is put right by Holm's way. A kind of work that nobody else did
    says nothing, and neither do fewer than twenty rows.
    """
    counts: dict[tuple[Kind, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    work: dict[tuple[Kind, str], list[int]] = defaultdict(lambda: [0, 0])
    items: dict[tuple[Kind, str], list[str]] = defaultdict(list)
    for each in looks:
        for some in (counts[each.kind, each.object][each.work], work[each.kind, each.work]):
            some[0] += each.hit
            some[1] += 1
        if each.hit:
            items[each.kind, each.object].append(each.item)
    tried: list[tuple[Excess, Kind, str]] = []
    for (kind, name), kinds in counts.items():
        against = [
            (hits, of, work[kind, each][0] - hits, work[kind, each][1] - of)
            for each, (hits, of) in kinds.items() if work[kind, each][1] > of
        ]  # fmt: skip
        if sum(of for _, of, _, _ in against) >= LEAST:
            tried.append((excess(against, odds), kind, name))
    named, rounds = [], len(tried)
    worst = 0.0
    for place, (found, kind, name) in enumerate(sorted(tried, key=lambda each: (each[0].p, each[1], each[2]))):
        worst = max(worst, min(1.0, found.p * (rounds - place)))
        if worst > level:
            break
        named.append(
            Finding(
                kind=kind, object=name, observed=found.observed, of=found.of, expected=found.expected, p=worst, odds=odds,
                level=level, items=tuple(items[kind, name][:ITEMS_MAX]),
            )
        )  # fmt: skip
    return tuple(named)
