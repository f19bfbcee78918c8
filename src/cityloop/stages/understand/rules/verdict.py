"""Whether a person must look at a report, and why."""

from cityloop.domain.deciders import Algorithm, Deciders
from cityloop.domain.facts import Join, Proposal, SaidPlace, Where
from cityloop.domain.policy import Settings
from cityloop.learning.risk import Alone
from cityloop.stages.understand.model import Verdict


def verdict_of(
    proposals: tuple[Proposal, ...], where: Where, join: Join | None, settings: Settings, places: tuple[SaidPlace, ...] = (),
    unread: tuple[str, ...] = (), shown: Alone | None = None,
) -> Verdict:  # fmt: skip
    """The machine decides alone where class, place and relation are certain enough for the pack; else it says what
    is missing, as codes; `unread` says what of the text was not read.

    `shown` is what the lessons show of such a proposal (`learning.risk.alone_of`): where they show something, it takes
    the place of the pack's level of confidence.
    """
    why = [*unread]
    if not proposals:
        why.append("class_unknown")
    elif shown is not None:
        why += () if shown.alone else shown.why
    elif (ppm := proposals[0].confidence_ppm) < settings.level_understand_ppm:
        why.append(f"confidence:{ppm}<{settings.level_understand_ppm}")
    if where.cell is None:
        if where.lon is not None:
            why.append("place_outside_grid")
        elif where.district is not None:
            why.append("place_coarse")
        else:
            why.append("place_unknown")
    if places and places[0].apart_m is not None:
        why.append(f"place_differs:{places[0].apart_m}>{settings.words_off_m}")
    if join is not None and join.confidence_ppm < settings.join_auto_ppm:
        why.append(f"join_possible:{join.confidence_ppm}<{settings.join_auto_ppm}")
    return Verdict(alone=not why, why=tuple(why))


def why_paused(deciders: Deciders) -> tuple[str, ...]:
    """Why words that would decide may not: somebody has paused them, and no model decides in their place.

    >>> why_paused(Deciders()), why_paused(Deciders(paused=frozenset({Algorithm.words})))
    ((), ('paused:words',))
    """
    return ("paused:words",) if Algorithm.words in deciders.paused and deciders.learned is None else ()
