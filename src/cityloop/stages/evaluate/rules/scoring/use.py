"""Our own use metered: which functions of the product lie idle. A function is a chapter of the facts."""

from collections.abc import Mapping

from cityloop.domain.facts import FACTS

CHAPTERS: dict[str, str] = {name: each.__module__.rpartition(".")[2] for name, each in FACTS.items()}


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
