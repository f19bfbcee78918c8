"""A rule that cries wolf: what share of its alarms was false, and what another limit would have spared."""

from collections.abc import Sequence

from msgspec import Struct

from cityloop.domain.sensing import RuleKind, SenseRule

JUDGED_MIN = 8  # fewer say nothing
UNTRUE_PPM = 300_000  # from this share of false alarms on a rule is proposed for change
RISING = frozenset({RuleKind.above, RuleKind.rise, RuleKind.fall, RuleKind.disagree, RuleKind.seen, RuleKind.count})
MILLION = 1_000_000


class WolfProposal(Struct, frozen=True, kw_only=True):
    """A rule, how it did, and the limit that would have spared most false alarms and no true one; None: none would have."""

    rule: str
    judged: int
    untrue: int
    untrue_ppm: int
    limit: float | None
    proposed: float | None = None
    spared: int = 0  # false alarms that would not have been raised
    lost: int = 0  # true ones that would not have been


def wolf_proposal(rule: SenseRule, judged: Sequence[tuple[float, bool]]) -> WolfProposal | None:
    """What to change about a rule, from the values of its alarms and whether each was true; None: it does well, or few were judged.

    >>> rule = SenseRule(code="n", kind=RuleKind.above, colour="red", limit=70)
    >>> found = wolf_proposal(rule, [(71, False), (72, False), (73, False), (74, False), (80, True), (81, True), (90, False), (95, True)])
    >>> found.untrue, found.proposed, found.spared, found.lost
    (5, 80.0, 4, 0)
    """
    untrue = sum(not is_true for _, is_true in judged)
    if len(judged) < JUDGED_MIN or untrue * MILLION < UNTRUE_PPM * len(judged):
        return None
    found = WolfProposal(
        rule=rule.code, judged=len(judged), untrue=untrue, untrue_ppm=untrue * MILLION // len(judged), limit=rule.limit
    )
    falls = rule.kind is RuleKind.below
    if rule.limit is None or not (falls or rule.kind in RISING):
        return found
    sign = -1.0 if falls else 1.0
    true = [sign * value for value, is_true in judged if is_true]
    false = sorted(sign * value for value, is_true in judged if not is_true)
    edge = min(true, default=_beyond(false[-1]))
    spared = sum(value < edge for value in false)
    if not spared or edge <= sign * rule.limit:
        return found
    return WolfProposal(
        rule=found.rule, judged=found.judged, untrue=untrue, untrue_ppm=found.untrue_ppm, limit=rule.limit, proposed=float(sign * edge),
        spared=spared, lost=0,
    )  # fmt: skip


def _beyond(value: float) -> float:
    """A limit a little beyond the last false alarm."""
    return value + max(abs(value) * 0.05, 1e-9)
