"""A fact as a step that a person can read: what happened, who decided, by which rule of which document."""

from collections.abc import Iterator

from msgspec import Struct

from cityloop.domain import facts as f
from cityloop.domain.clock import WORKING
from cityloop.domain.facts import Told
from cityloop.domain.policy import LimitUnit
from cityloop.domain.telling import Telling, confidence, duties_of, history_of, in_time, reasons_of, ruled


class Teller(Telling, frozen=True, kw_only=True):
    """For who operates the city: keys and codes stand beside the words."""

    def kind(self, key: str | None) -> str:
        name = super().kind(key)
        return name if name == key else f"{name} ({key})"

    def rule(self, kept: f.RuleKept) -> str:
        return f"{kept.code}, {self.word('says.limit')} {self.limit(kept.limit)}"

    def span(self, left_s: int, unit: LimitUnit) -> str:
        """What is left of a limit, in hours and minutes of its own measure."""
        hours, minutes = divmod(abs(left_s) // 60, 60)
        kind = "work_hour" if unit in WORKING else "urgent_hour"
        late = f" ({self.word('says.overdue')})" if left_s < 0 else ""
        return f"{hours}:{minutes:02d} {self.word(f'limit.{kind}')}{late}"

    def reason(self, why: str) -> str:
        """A reason code with what stands behind its colon, in words where there are some."""
        head, colon, rest = why.partition(":")
        code = self.reason_code(head)
        return why if code is None else self.word(code) + (f": {rest}" if colon else "")


class Step(Struct, frozen=True, kw_only=True):
    """What happened, and what explains it: name and value."""

    title: str
    lines: tuple[tuple[str, str], ...]


def step_of(told: Told, tell: Teller) -> Step:
    """The step that a fact is to a reader."""
    name = type(told.fact).__name__
    lines = [(tell.word("says.who"), who(told, tell)), *explained(told.fact, tell)]
    if told.pack and (tell.policy.digest != told.pack):
        lines.append((tell.word("says.pack"), told.pack[:12]))
    return Step(title=f"{tell.word(f'fact.{name}')} · {name}", lines=tuple(lines))


def who(told: Told, tell: Teller) -> str:
    """Person or machine, and how sure the machine was."""
    kind, _, rest = told.actor.partition(":")
    if kind == "account":
        return f"{tell.word('who.person')} {tell.name_of(rest)}"
    if kind != "machine":
        return f"{tell.word(f'who.{kind}')} {rest}".strip()
    said = f"{tell.word('who.machine')} {rest}".strip()
    sure = confidence(told.fact)
    if sure is not None:
        said += f", {tell.word('says.confidence')} {sure / 10_000:.1f} %"
    if model := getattr(told.fact, "model", None):
        said += f", {tell.word('says.model')} {model}"
    return said


def explained(fact: f.Fact, tell: Teller) -> Iterator[tuple[str, str]]:
    """Rule, source, limit, unit, reasons: whatever the fact says of them."""
    yield from _understood(fact, tell)
    yield from history_of(fact, tell)
    yield from ruled(fact, tell)
    yield from _answerable(fact, tell)
    if reasons := reasons_of(fact):
        yield tell.word("says.why"), "; ".join(tell.reason(each) for each in reasons)
    if measures := getattr(fact, "measures", None):
        yield tell.word("says.limit"), tell.word(f"page.measures.{measures}")
    for name in ("accept_due", "dispatch_due", "sign_due", "due_at"):
        if moment := getattr(fact, name, None):
            yield tell.word("says.due"), f"{tell.when(moment)} ({name})"
    if (timely := in_time(fact)) is not None:
        yield tell.word("says.state"), tell.word("says.in_time" if timely else "says.overdue")


def _understood(fact: f.Fact, tell: Teller) -> Iterator[tuple[str, str]]:
    if isinstance(fact, f.ReportReceived):
        yield tell.word("says.why"), tell.word(f"channel.{fact.channel}")
    for proposal in getattr(fact, "proposals", ()):
        reasons = ", ".join(proposal.reasons)
        yield (
            tell.word("says.class"),
            f"{tell.kind(proposal.class_key)} {proposal.confidence_ppm / 10_000:.1f} % ← {reasons}",
        )
        if rule := tell.policy.rule_by_code.get(proposal.rule):
            yield tell.word("says.rule"), f"{rule.code}: {tell.of(rule.file_condition)}"
            yield tell.word("says.source"), tell.source(rule.source)


def _answerable(fact: f.Fact, tell: Teller) -> Iterator[tuple[str, str]]:
    for duty in duties_of(fact):
        assist = f"; {tell.word('says.assist')} {', '.join(map(tell.unit, duty.assist))}" if duty.assist else ""
        level = tell.word(f"level.{duty.level}")
        yield tell.word("says.unit"), f"{tell.unit(duty.unit)} ({level}{assist}), {tell.limit(duty.limit)}"
        yield tell.word("says.why"), "; ".join(tell.reason(each) for each in duty.why)
    if isinstance(fact, f.CaseDispatched) and fact.resumes:
        yield tell.word("says.resumes"), tell.span(fact.resumes.left_s, fact.duty.limit.unit)
    if post := getattr(fact, "post", None):
        yield tell.word("says.post"), str(post)
