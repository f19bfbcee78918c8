"""How the machine does where it joins reports and gives cases to units: by what people did with what it proposed. Pure."""

from collections.abc import Sequence
from datetime import datetime

from cityloop.cases import Joined
from cityloop.domain.facts import AlgorithmWatched
from cityloop.teaching.model import Outcome
from cityloop.teaching.rules.watch import differences

OVERRULED = frozenset({"misdispatched", "reassigned"})  # how a unit's task ends that was another's


def joining_outcome(joined: Joined, *, channel: str, area: str | None, is_first: bool, is_accepted: bool, is_over: bool) -> Outcome:
    """What a report shows that may have been part of another case. `is_first`: a case stands on it; that case was accepted, or is
    over.

    A person who accepts it as a problem of its own says that it was none of the case that was found. What the machine joined has
    stood once its case is over.
    """
    if joined in (Joined.alone, Joined.parted):
        is_parted = joined is Joined.parted
        stood = is_over or is_parted
        return Outcome(channel=channel, area=area, alone=True, right=not is_parted if stood else None)
    if joined is Joined.asked:
        return Outcome(channel=channel, area=area, right=False if is_first and is_accepted else None)
    return Outcome(channel=channel, area=area, right=joined is Joined.same, proposed=joined is not Joined.missed)


def dispatch_outcome(proposed: str, unit: str | None, *, channel: str, area: str | None, is_alone: bool, outcome: str | None) -> Outcome:
    """What a task shows for which the machine had a unit. What it gave alone has stood once it is finished."""
    if not is_alone:
        return Outcome(channel=channel, area=area, right=proposed == unit)
    right = None if outcome not in (*OVERRULED, "finished") else outcome == "finished"
    return Outcome(channel=channel, area=area, alone=True, right=right)


def outcomes_told(algorithm: str, outcomes: Sequence[Outcome], now: datetime) -> AlgorithmWatched:
    """The figures of these."""
    people = [each for each in outcomes if not each.alone and each.right is not None]
    alone = [each for each in outcomes if each.alone]
    over = [each for each in alone if each.right is not None]
    judged = [each for each in outcomes if each.right is not None and each.proposed]
    return AlgorithmWatched(
        algorithm=algorithm, model=f"{algorithm}/1", reports=len(outcomes), alone=len(alone), cases=len(people),
        right=sum(bool(each.right) for each in people), overridden=sum(not each.right for each in people if each.proposed),
        checked=0, checked_wrong=0, tested=len(over), undone=sum(not each.right for each in over),
        groups=differences([({"area": each.area, "channel": each.channel}, bool(each.right)) for each in judged]), at=now,
    )  # fmt: skip
