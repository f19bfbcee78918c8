"""By what a device is seen to be ill: rules that follow from its kind, and what an alarm of one does to its life."""

from collections.abc import Iterable, Iterator

from cityloop.domain.facts import Fact, ThingStateChanged
from cityloop.domain.sensing import Colour, DeviceKind, KindStream, LifeState, RuleKind, SenseRule, Why
from cityloop.domain.words import WORDS

SOURCE = "device_streams.csv"
BATTERY_BACK = 10  # a battery is no longer low when it has risen by so many points
OVERDUE = "overdue"  # kind of the alarm of a calibration that has run out: no rule over observations
ILL: dict[str, tuple[LifeState, Why]] = {  # by the kind of the alarm
    RuleKind.missing: (LifeState.faulty, Why.silent),
    RuleKind.frozen: (LifeState.faulty, Why.frozen),
    RuleKind.beyond: (LifeState.faulty, Why.beyond),
    RuleKind.disagree: (LifeState.suspect, Why.drifting),
    RuleKind.unusual: (LifeState.suspect, Why.unusual),
    RuleKind.below: (LifeState.suspect, Why.battery_low),
    OVERDUE: (LifeState.suspect, Why.calibration_overdue),
}


def health_rules_of(kinds: Iterable[DeviceKind]) -> list[SenseRule]:
    """The rules by which devices of these kinds are seen to be ill; their codes begin with `health.`."""
    return [rule for kind in kinds for stream in kind.streams for rule in _rules(kind, stream)]


def _rules(kind: DeviceKind, stream: KindStream) -> Iterator[SenseRule]:
    def rule(look: RuleKind, colour: Colour, why: Why, **more: float | None) -> SenseRule:
        return SenseRule(
            code=f"health.{why}.{kind.kind}.{stream.key}", kind=look, colour=colour, property=stream.property,
            device_kind=kind.kind, class_key=kind.class_key, is_health=True, ends="rule",
            words=dict(WORDS[f"sense.why.{why}"]), source=SOURCE, **more,
        )  # fmt: skip

    if stream.silent_s:
        yield rule(RuleKind.missing, Colour.yellow, Why.silent, window_s=stream.silent_s)
    if stream.freeze_s:
        yield rule(RuleKind.frozen, Colour.blue, Why.frozen, window_s=stream.freeze_s, release=stream.freeze_within)
    if stream.least is not None or stream.most is not None:
        yield rule(RuleKind.beyond, Colour.blue, Why.beyond)
    if stream.drift:
        yield rule(
            RuleKind.disagree, Colour.blue, Why.drifting, limit=stream.drift, radius_m=stream.drift_radius_m, for_s=stream.drift_s
        )
    if stream.low is not None:
        yield rule(RuleKind.below, Colour.blue, Why.battery_low, limit=stream.low, release=stream.low + BATTERY_BACK)


def becomes(state: LifeState, rule: str) -> tuple[LifeState, Why] | None:
    """Where the life of a device in this state goes when a rule of health finds it ill; None: it stays.

    >>> becomes(LifeState.live, RuleKind.missing)
    (<LifeState.faulty: 'faulty'>, <Why.silent: 'silent'>)
    >>> becomes(LifeState.faulty, RuleKind.disagree) is None
    True
    """
    found = ILL.get(rule)
    if found is None or state in (LifeState.planned, LifeState.retired, LifeState.faulty):
        return None
    return found if found[0] is not state else None


def well_again(state: LifeState, rule: str) -> tuple[LifeState, Why] | None:
    """Where it goes when the last of its alarms of health has ended; None: it stays."""
    if state not in (LifeState.suspect, LifeState.faulty):
        return None
    return LifeState.live, {RuleKind.missing.value: Why.speaks_again, OVERDUE: Why.calibrated}.get(str(rule), Why.agrees_again)


def outweighs(asked: LifeState, meanwhile: Fact) -> bool:
    """Whether a person's word, that a device is broken or gone, stands though this was told since they looked: that a rule
    doubted it, or doubts it no more, takes nothing from what a person saw."""
    return asked in (LifeState.faulty, LifeState.retired) and isinstance(meanwhile, ThingStateChanged) and meanwhile.alarm is not None
