"""Pure decisions of filing."""

from collections.abc import Collection
from datetime import date

from cityloop.domain.codes import class_key_of, class_parts
from cityloop.domain.facts import Channel, Join, Problem, Proposal, ReportUnderstood, RuleKept, StageKept, Where
from cityloop.domain.facts.intake import PUBLIC
from cityloop.domain.ids import AreaCode, ClassKey, RuleCode
from cityloop.domain.policy import Kind, Policy, Rule
from cityloop.stages.filing.model import (
    CompletionReason,
    PartReason,
    ProblemUnknown,
    ReasonUnknown,
    RefusalReason,
    RuleUnknown,
)

JOINING_PAUSED = "paused:joining"
MAY_JOIN = "may_join"
PARTED = "parted"  # a person took the report out of another case
SEEN_AT_FILING = "seen_at_filing"  # the case was opened after the report was understood
RULE_ASKS = ("rule_asks_person", "rule_asks_verify")
KIND_LETTER = {Kind.component: "C", Kind.event: "E"}


def proposed_problem(fact: ReportUnderstood, best: Proposal) -> Problem:
    """What the machine takes the report to be about."""
    return Problem(class_key=best.class_key, rule=best.rule, where=fact.where, urgency=fact.urgency)


def asks_verify(rule: Rule, channel: Channel) -> bool:
    """Whether somebody must look on site before filing: only what the public says needs it."""
    return rule.verify and channel in PUBLIC


def why_not_alone(fact: ReportUnderstood, rule: Rule | None) -> tuple[str, ...]:
    """What keeps the machine from filing by itself, as codes; nothing if it may."""
    found = list(fact.why)
    if not fact.alone and not found:
        found.append("not_sure")
    if rule is None:
        found.append("rule_unknown" if fact.proposals else "nothing_proposed")
        return tuple(dict.fromkeys(found))
    return tuple(dict.fromkeys((*found, *rule_asks(rule, fact.channel))))


def rule_asks(rule: Rule, channel: Channel) -> tuple[str, ...]:
    """Why a rule keeps the machine from filing by itself, however sure it is."""
    person, verify = RULE_ASKS
    return (*(() if rule.auto_file else (person,)), *((verify,) if asks_verify(rule, channel) else ()))


def joins_alone(join: Join, join_auto_ppm: int) -> bool:
    """Whether the report is surely another sight of the case that was found."""
    return join.confidence_ppm >= join_auto_ppm


def joins_by_certainty(*joins: Join | None) -> list[Join]:
    """What the report may join, the surest first, each case once."""
    found = {join.case_id: join for join in reversed(joins) if join}
    return sorted(found.values(), key=lambda join: (-join.confidence_ppm, join.distance_m, join.case_id))


def why_joined(join: Join, fact: ReportUnderstood) -> tuple[str, ...]:
    """Why a report became part of a case, as codes."""
    why = (*join.reasons, f"sure:{join.confidence_ppm}")
    return why if join == fact.join else (*why, SEEN_AT_FILING)


def why_may_join(join: Join, fact: ReportUnderstood, join_auto_ppm: int) -> tuple[str, ...]:
    """Why a person must look whether a report is part of a case; of what understand saw, it has said how sure it is."""
    if join == fact.join:
        return (MAY_JOIN,)
    return (f"join_possible:{join.confidence_ppm}<{join_auto_ppm}", SEEN_AT_FILING, MAY_JOIN)


def class_and_rule(
    policy: Policy, known: Problem | None, class_given: str | None, rule_given: RuleCode | None
) -> tuple[ClassKey, Rule]:
    """The class and rule that a person means: given, or else as known, or else the default of the class.

    Refuses with `ProblemUnknown`, `RuleUnknown`, `ClassUnknown` or `ClassAmbiguous`.
    """
    if class_given is None and rule_given is not None and rule_given in policy.rule_by_code:
        class_given = policy.rule_by_code[rule_given].class_key
    if class_given is None and known is None:
        raise ProblemUnknown("Nothing was proposed for this report; choose a class, e.g. gbt30428_2_2013/event/0102.")
    key = class_key_of(class_given, policy.class_by_key) if class_given else known.class_key
    rules = policy.rules_of_class.get(key, ())
    if rule_given is None and known is not None and known.class_key == key:
        rule_given = known.rule
    if rule_given is None:
        chosen = next((rule for rule in rules if rule.is_default), rules[0] if len(rules) == 1 else None)
    else:
        chosen = next((rule for rule in rules if rule.code == rule_given), None)
    if chosen is None:
        able = ", ".join(rule.code for rule in rules) or "none: add one to rules.csv"
        raise RuleUnknown(f"Class {key} has no rule {rule_given or 'that is its default'}; choose one of: {able}.")
    return key, chosen


def rule_kept(rule: Rule) -> RuleKept:
    """What a case keeps of the rule that it is filed under."""
    stages = tuple(StageKept(code=stage.code, limit=stage.limit) for stage in rule.stages)
    return RuleKept(code=rule.code, limit=rule.limit, source=rule.source, stages=stages)


def case_number(form: str, class_key: ClassKey, district: AreaCode | None, day: date, seq: int) -> str:
    """The number of a case in the city's own format. Source: standards.md 1.1.

    >>> case_number("{kind}{class}{date}{seq:04d}", "gbt30428_2_2013/event/0102", None, date(2026, 5, 20), 7)
    'E0102202605200007'
    """
    parts = class_parts(class_key)
    words = {"kind": KIND_LETTER[parts.kind], "class": parts.code, "date": f"{day:%Y%m%d}", "seq": seq}
    return form.format(**words, district=district or "")


def reason_known(reason: str, reasons: Collection[str] = tuple(RefusalReason)) -> RefusalReason:
    """The reason, if it is one that a reporter can be told.

    Refuses with `ReasonUnknown`.
    """
    if reason not in reasons:
        raise ReasonUnknown(f"{reason[:40]!r} is no reason of ours; choose one of: {', '.join(reasons)}.")
    return RefusalReason(reason)


def part_reason(reason: str) -> PartReason:
    """The reason, if a report can be taken out of a case for it.

    Refuses with `ReasonUnknown`.
    """
    if reason not in tuple(PartReason):
        raise ReasonUnknown(f"{reason[:40]!r} is no reason of ours; choose one of: {', '.join(PartReason)}.")
    return PartReason(reason)


def completion_reason(reason: str) -> CompletionReason:
    """The reason, if a case can be given back to the acceptor for it.

    Refuses with `ReasonUnknown`.
    """
    if reason not in tuple(CompletionReason):
        raise ReasonUnknown(f"{reason[:40]!r} is no reason of ours; choose one of: {', '.join(CompletionReason)}.")
    return CompletionReason(reason)


def is_other(known: Problem | None, chosen: Problem) -> bool:
    """Whether a person chose otherwise than was proposed: it teaches."""
    return known is None or (known.class_key, known.rule, _spot(known.where)) != (
        chosen.class_key,
        chosen.rule,
        _spot(chosen.where),
    )


def _spot(where: Where) -> tuple:
    return where.cell, where.lon, where.lat
