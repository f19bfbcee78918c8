"""Past decisions again under another pack, by the very rules that made them; what people did is held as it was."""

from collections.abc import Callable
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from cityloop.cases import Report
from cityloop.domain import facts as f
from cityloop.domain.calendar import calendar_in
from cityloop.domain.facts import Channel, Duty, Fact, RuleKept, Told, Where
from cityloop.domain.ids import CaseId, ClassKey, ReportId, UnitId
from cityloop.domain.policy import Level, Limit, Policy
from cityloop.domain.time import due_at
from cityloop.revise.model import (
    DEADLINES,
    FOLLOWS,
    RULE_GONE,
    WAY,
    How,
    Line,
    Outcome,
    TrialKind,
    TrialPart,
    TrialScore,
)
from cityloop.stages.dispatch import rules as dispatching
from cityloop.stages.filing import rules as filing

SELF_HANDLED_PPM = 1_000_000  # a person had seen it
LOAD = "load:"
NO_POST = "no_post_covers"  # said beside a reason, not one itself
PARTS = {TrialPart.how: "how", TrialPart.unit: "unit", TrialPart.assist: "assist", TrialPart.level: "level", TrialPart.limit: "limit",
         TrialPart.accept_due: "accept_due", TrialPart.dispatch_due: "dispatch_due", TrialPart.sign_due: "sign_due", TrialPart.due: "due"}  # fmt: skip


class Known(Struct, kw_only=True):
    """What a case's facts have told so far, as far as decisions ask for it. `other`: the rule as the other pack has it."""

    class_key: ClassKey
    where: Where
    rule: RuleKept
    other: RuleKept | None
    level: Level
    confidence_ppm: int
    number: str | None
    parted: str | None = None  # why nobody knows how it would have gone on


class Ways(Struct, frozen=True, kw_only=True):
    """How what is no fact of the case is looked up."""

    policy: Policy  # the other pack
    was: Callable[[str | None], Policy | None]  # the pack that decided, by its digest
    load: Callable[[UnitId, datetime], int]  # the open tasks that a unit had
    report: Callable[[ReportId], Report | None]


class Again:
    """Sees facts in the order of the journal, and says of each decision what the other pack would have made of it."""

    def __init__(self, ways: Ways) -> None:
        self.ways = ways
        self.known: dict[CaseId, Known] = {}
        self.waits: dict[CaseId, str] = {}  # cases that would not have waited for a person, and why nobody knows more
        self.calendar = calendar_in(ways.policy)
        self._see = {
            f.CaseOpened: self._opened,
            f.CaseFiled: self._filed,
            f.CaseDispatched: self._dispatched,
            f.DispatchProposed: self._proposed,
        }

    def see(self, told: Told, *, asked: bool) -> Line | None:
        """What would have been; None for a fact that decides nothing, or that was told before the period that is asked for."""
        see = self._see.get(type(told.fact))
        line = see(told) if see and asked else None
        self._keep(told.fact, asked)
        return line

    # what a case was

    def _keep(self, fact: Fact, asked: bool) -> None:
        if isinstance(fact, f.CaseFiled | f.CaseSelfHandled):
            filed = isinstance(fact, f.CaseFiled)
            other = self._rule(fact.rule) if filed and asked else fact.rule
            self.known[fact.case_id] = Known(
                class_key=fact.problem.class_key, where=fact.problem.where, rule=fact.rule, other=other,
                level=fact.level, number=fact.number,
                confidence_ppm=fact.confidence_ppm if filed else SELF_HANDLED_PPM,
                parted=self.waits.pop(fact.case_id, None) or (None if other else RULE_GONE),
            )  # fmt: skip
        elif (known := self.known.get(getattr(fact, "case_id", ""))) is None:
            return
        elif isinstance(fact, f.CaseLevelMoved):
            known.level = fact.level
        elif isinstance(fact, f.CaseDispatched | f.CaseReassigned):
            known.level = fact.duty.level

    def _rule(self, kept: RuleKept) -> RuleKept | None:
        rule = self.ways.policy.rule_by_code.get(kept.code)
        return filing.rule_kept(rule) if rule else None

    # filing

    def _opened(self, told: Told[f.CaseOpened]) -> Line:
        """It waited for a person: would the machine have filed it, and by when was it to be accepted?"""
        fact, policy = told.fact, self.ways.policy
        report = self.ways.report(fact.report_id)
        before = Outcome(how=How.waits, accept_due=fact.accept_due, why=fact.why)
        rule = policy.rule_by_code.get(fact.problem.rule) if fact.problem else None
        if fact.problem and not rule:
            self.waits[fact.case_id] = RULE_GONE
            return _line(told, TrialKind.filing, None, before, None, RULE_GONE)
        due = self._accept_due(report) if report else fact.accept_due
        others = tuple(each for each in fact.why if each not in (*filing.RULE_ASKS, NO_POST))
        asks = filing.rule_asks(rule, Channel(report.channel)) if rule and report else ()
        waits = bool(others or asks) or not fact.problem
        after = Outcome(how=How.waits if waits else How.filed, accept_due=due if waits else None, why=(*others, *asks))
        if not waits:
            self.waits[fact.case_id] = FOLLOWS
        return _line(told, TrialKind.filing, None, before, after)

    def _filed(self, told: Told[f.CaseFiled]) -> Line:
        """Filed by the machine or by a person: the rule's limit and the dispatcher's deadline follow from the pack."""
        fact, policy = told.fact, self.ways.policy
        kind = TrialKind.filing if fact.automatic else TrialKind.deadline
        before = Outcome(
            how=How.filed if fact.automatic else How.by_person, limit=fact.rule.limit, dispatch_due=fact.dispatch_due,
            why=fact.why,
        )  # fmt: skip
        if fact.case_id in self.waits:
            return _line(told, kind, fact.number, before, None, self.waits[fact.case_id])
        other = self._rule(fact.rule)
        if other is None:
            return _line(told, kind, fact.number, before, None, RULE_GONE)
        due = due_at(told.fact.at, policy.settings.dispatch_limit, self.calendar)
        after = Outcome(how=before.how, limit=other.limit, dispatch_due=due, why=fact.why)
        report = self.ways.report(fact.report_id)
        if report and (asks := self._would_ask(fact, report)):
            after = Outcome(how=How.waits, accept_due=self._accept_due(report), why=asks)
            self.waits[fact.case_id] = FOLLOWS
        return _line(told, kind, fact.number, before, after)

    def _accept_due(self, report: Report) -> datetime:
        return due_at(report.received_at, self.ways.policy.settings.accept_limit, self.calendar)

    def _would_ask(self, fact: f.CaseFiled, report: Report) -> tuple[str, ...]:
        """Why the machine would not have filed it alone."""
        if not fact.automatic or "by_leader" in fact.why:
            return ()
        return filing.rule_asks(self.ways.policy.rule_by_code[fact.rule.code], Channel(report.channel))

    # dispatching

    def _dispatched(self, told: Told[f.CaseDispatched]) -> Line | None:
        fact, known = told.fact, self.known.get(told.fact.case_id)
        if known is None:
            return None  # imported: another system decided
        before = Outcome(
            how=How.dispatched if fact.automatic else How.by_person, sign_due=fact.sign_due, due=fact.due_at,
            **_duty(fact.duty),
        )  # fmt: skip
        kind = TrialKind.dispatch if fact.automatic else TrialKind.deadline
        if known.parted or known.other is None:
            return _line(told, kind, known.number, before, None, known.parted or RULE_GONE)
        after = self._decided(told, known, (fact.duty,)) if fact.automatic else self._held(told, known, before)
        return self._parting(_line(told, kind, known.number, before, after), known)

    def _proposed(self, told: Told[f.DispatchProposed]) -> Line | None:
        fact, known = told.fact, self.known.get(told.fact.case_id)
        if known is None:
            return None
        first = _duty(fact.duties[0]) if fact.duties else {}
        before = Outcome(how=How.proposed, **{**first, "why": (*fact.why, *first.get("why", ()))})
        if known.parted:
            return _line(told, TrialKind.dispatch, known.number, before, None, known.parted)
        returned = next((each for each in fact.why if each.startswith(dispatching.RETURNED_BY)), "")
        without = UnitId(returned.removeprefix(dispatching.RETURNED_BY)) if returned else None
        after = self._decided(told, known, fact.duties, without)
        return self._parting(_line(told, TrialKind.dispatch, known.number, before, after), known)

    def _parting(self, line: Line, known: Known) -> Line:
        if any(part in WAY for part in line.changed):
            known.parted = FOLLOWS
        return line

    def _decided(
        self, told: Told, known: Known, duties: tuple[Duty, ...], without: UnitId | None = None
    ) -> Outcome:  # fmt: skip
        """What the machine would have made of it."""
        policy, at = self.ways.policy, told.fact.at
        assert known.other
        asked = dispatching.asked_of(
            known.class_key, known.where, known.level, known.other.limit, policy=policy, now=at
        )  # fmt: skip
        found = dispatching.decision_for(
            asked, known.confidence_ppm, policy=policy, without=without,
            load_of=lambda unit: self._load(unit, told, known, duties),
        )  # fmt: skip
        first = found.duties[0] if found.duties else None
        if found.why_not or first is None:
            said = _duty(first) if first else {}
            return Outcome(how=How.proposed, **{**said, "why": (*found.why_not, *said.get("why", ()))})
        first = dispatching.stages_for(first, known.other, 0)[0]
        return self._due(How.dispatched, first, told)

    def _load(self, unit: UnitId, told: Told, known: Known, duties: tuple[Duty, ...]) -> int:
        """The load that the table saw, where it is the same unit's; else how many tasks the unit had open."""
        was = self.ways.was(told.pack)
        if was and duties:
            asked = dispatching.asked_of(
                known.class_key, known.where, known.level, known.rule.limit, policy=was, now=told.fact.at
            )  # fmt: skip
            free = dispatching.duties_for(asked, policy=was, load_of=lambda unit: 0)
            if free and free[0].unit == unit:
                return next((int(why.removeprefix(LOAD)) for why in duties[0].why if why.startswith(LOAD)), 0)
        return self.ways.load(unit, told.fact.at)

    def _held(self, told: Told[f.CaseDispatched], known: Known, before: Outcome) -> Outcome:
        """A person chose the unit: that holds. The limit is the other pack's, unless it was named by hand or a clock went on."""
        fact, policy = told.fact, self.ways.policy
        sign_due = due_at(fact.at, policy.settings.sign_limit, self.calendar)
        if fact.resumes:
            return replace(before, sign_due=sign_due)
        was = self.ways.was(told.pack)
        by_pack = was and self._limit(fact, known, known.rule, was) == fact.duty.limit
        assert known.other
        limit = self._limit(fact, known, known.other, policy) if by_pack else fact.duty.limit
        return replace(self._due(How.by_person, replace(fact.duty, limit=limit), told), why=fact.duty.why)

    def _limit(self, fact: f.CaseDispatched, known: Known, rule: RuleKept, policy: Policy) -> Limit:
        """The limit that a pack gives to the unit that a person chose."""
        asked = dispatching.asked_of(known.class_key, known.where, known.level, rule.limit, policy=policy, now=fact.at)
        duties = dispatching.duties_for(asked, policy=policy, load_of=lambda unit: self.ways.load(unit, fact.at))
        limit = next((duty.limit for duty in duties if duty.unit == fact.duty.unit), rule.limit)
        reached = min(fact.stage, max(len(rule.stages) - 1, 0))
        return dispatching.stages_for(replace(fact.duty, limit=limit), rule, reached)[0].limit

    def _due(self, how: How, duty: Duty, told: Told) -> Outcome:
        sign_limit = self.ways.policy.settings.sign_limit
        return Outcome(
            how=how, sign_due=due_at(told.fact.at, sign_limit, self.calendar),
            due=due_at(told.fact.at, duty.limit, self.calendar), **_duty(duty),
        )  # fmt: skip


def _duty(duty: Duty) -> dict:
    return {"unit": duty.unit, "assist": duty.assist, "level": duty.level, "limit": duty.limit, "why": duty.why}


def _line(
    told: Told, kind: TrialKind, number: str | None, before: Outcome, after: Outcome | None, note: str | None = None
) -> Line:  # fmt: skip
    changed = tuple(part for part, name in PARTS.items() if _differs(getattr(before, name), after, name)) if after else ()
    return Line(
        seq=told.seq, case_id=told.fact.case_id, number=number, at=told.fact.at, kind=kind, changed=changed,
        before=before, after=after, note=note,
    )  # fmt: skip


def _differs(was: object, after: Outcome, name: str) -> bool:
    now = getattr(after, name)
    if isinstance(was, datetime) and isinstance(now, datetime):
        return was.astimezone(UTC) != now.astimezone(UTC)
    return was != now


def counted(score: TrialScore, line: Line) -> None:
    """Count a line."""
    if line.after is None:
        score.unknown += 1
    parts = set(line.changed)
    sets_one = any(getattr(line.before, PARTS[part]) is not None for part in DEADLINES if part is not TrialPart.limit)
    if line.kind is TrialKind.filing:
        score.filings += 1
        score.filings_changed += TrialPart.how in parts
    elif line.kind is TrialKind.dispatch:
        score.dispatches += 1
        score.dispatches_changed += bool(parts & {*WAY, TrialPart.assist})
    if sets_one:
        score.deadlines += 1
        score.deadlines_changed += bool(parts & set(DEADLINES)) and TrialPart.how not in parts
