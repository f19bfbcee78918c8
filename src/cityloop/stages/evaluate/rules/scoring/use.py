"""Our own use metered: which functions of the product lie idle. A function is a chapter of the facts, or what people call."""

from collections.abc import Iterable, Mapping

from cityloop.domain.facts import FACTS, UseCounted
from cityloop.stages.evaluate.model.scoring import Called, UseOfDay

CHAPTERS: dict[str, str] = {name: each.__module__.rpartition(".")[2] for name, each in FACTS.items() if each is not UseCounted}


def use_of(counts: Mapping[str, int]) -> dict[str, int]:
    """How often each function was used: the facts of its chapter; 0 where it lies idle.

    >>> use_of({"CaseFiled": 2, "VerifyAsked": 1})["filing"], use_of({})["hotline"]
    (3, 0)
    """
    found = dict.fromkeys(CHAPTERS.values(), 0)
    for name, count in counts.items():
        if name in CHAPTERS:
            found[CHAPTERS[name]] += count
    return found


def called_of(days: Iterable[UseOfDay]) -> list[Called]:
    """Every function that the days tell of, the one most called first; what lies idle last."""
    found: dict[str, list[UseOfDay]] = {}
    for each in days:
        found.setdefault(each.function, []).append(each)
    told = [
        Called(
            function=function, calls=sum(each.calls for each in some), days=sum(1 for each in some if each.calls),
            last_day=max((each.day for each in some if each.calls), default=None),
        )
        for function, some in found.items()
    ]  # fmt: skip
    return sorted(told, key=lambda each: (-each.calls, each.function))
