"""Codes, moments, clocks and places in the words of one reader; a fact as a step that a person can read."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from cityloop.domain import facts as f
from cityloop.domain.clock import WORKING, Lamp
from cityloop.domain.facts import Told
from cityloop.domain.policy import LimitUnit
from cityloop.domain.telling import Telling, confidence, duties_of, history_of, in_time, reasons_of, ruled
from cityloop.domain.words import WORDS
from cityloop.pages.clocks import ClockView
from cityloop.pages.telling_approval import told_approval
from cityloop.places import PlaceKind, address_of, locate, name_of

PPM_PERCENT = 10_000
GLYPHS = {Lamp.green: "●", Lamp.yellow: "▲", Lamp.red: "◆", Lamp.grey: "○"}
USUAL_RULE = "rule:default"
PPM_REASONS = frozenset(
    {"confidence", "join_possible", "sure", "words_alike", "photo_alike", "lessons", "checked", "text_unlike", "level_stale"}
)


class Teller(Telling, frozen=True, kw_only=True):
    """For who reads a screen: names, spans and percentages, no codes."""

    def post(self, id: str | None) -> str:
        post = self.policy.post_by_id.get(id) if id else None
        return self.of(post.name) if post else id or ""

    def role(self, id: str | None) -> str:
        role = self.policy.role_by_id.get(id) if id else None
        return self.of(role.name) if role else id or ""

    def asked_reason(self, reason: str) -> str:
        """Why something was asked for, or refused, or what overtook it."""
        known = self.reason_code(reason)
        return self.word(known) if known else reason

    def area(self, code: str | None) -> str:
        area = self.policy.area_by_code.get(code) if code else None
        return self.of(area.name) if area else code or ""

    def place(self, cell: str | None, street: str | None, district: str | None) -> str:
        """District, street and community, as far as they are known."""
        return self.in_each(lambda tell: tell._place(cell, street, district))

    def _place(self, cell: str | None, street: str | None, district: str | None) -> str:
        found = [code for code in (district, street, cell[:12] if cell else None) if code]
        names = [self.area(code) for code in found if code in self.policy.area_by_code]
        return " ".join(names[-2:]) if names else self.word("page.place_unknown")

    def said_place(self, place: f.SaidPlace) -> str:
        """What a place is called that words name."""
        return self.of(name_of(self.policy, PlaceKind(place.kind), place.code)) or place.code

    def around(self, place: f.SaidPlace) -> str:
        """The areas in which its point lies."""
        return self.of(address_of(self.policy, locate(self.policy, place.lon, place.lat)))

    def short(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.zone):%m-%d %H:%M}"

    def day(self, moment: datetime) -> str:
        """The last day of what is over at a moment: midnight ends the day before."""
        last = (moment - timedelta(microseconds=1)).astimezone(self.zone)
        return self.word("page.date", m=last.month, d=last.day, month=f"{last:%B}")

    def percent(self, ppm: int) -> str:
        return f"{ppm / PPM_PERCENT:.1f} %".replace(".0 %", " %")

    def left(self, clock: ClockView) -> str:
        """What is left of a limit, or by how much it is late, in its own measure.

        `剩余2小时`, `已超时1工作日3小时`: a working day has the working hours of the city's calendar.
        """
        return self.span(clock.left_s, clock.limit.unit, is_late=clock.lamp is Lamp.red)

    def span(self, left_s: int, unit: LimitUnit, *, is_late: bool) -> str:
        """The same of a number of seconds."""
        return self.in_each(lambda tell: tell._span(left_s, unit, is_late=is_late))

    def _span(self, left_s: int, unit: LimitUnit, *, is_late: bool) -> str:
        is_work = unit in WORKING
        day_min = self.policy.week.day_min if is_work else 24 * 60
        minutes = abs(left_s) // 60
        days, rest = divmod(minutes, day_min)
        hours, mins = divmod(rest, 60)
        work_days = "page.work_day" if days == 1 else "page.work_days"
        named = [(days, work_days if is_work else "page.days"), (hours, "page.hours"), (mins, "page.minutes")]
        said = [self.word(code, n=count) for count, code in named if count][:2]
        span = self.word("page.span", a=said[0], b=said[1]) if len(said) == 2 else "".join(said)
        if not span and is_late:  # late, and no time of its own measure has gone by since
            return self.word("page.late")
        span = span or self.word("page.under_a_minute")
        return self.word("page.late_by" if is_late else "page.left", span=span)

    def level(self, by: str) -> str:
        """Whose level decided, and from where on: `CLASS/AREA:PPM`, a class, an area, or `all`."""
        group, _, least = by.partition(":")
        above, _, last = group.rpartition("/")
        if group in self.policy.class_by_key or not above:
            named = [self.kind(group) if "/" in group else self.word("algorithm.all") if group == "all" else self.area(group)]
        else:
            named = [self.kind(above), self.area(last)]
        return " ".join([*named, *([f">= {self.percent(int(least))}"] if least.isdigit() else [])])

    def reason(self, why: str) -> str:
        """A reason code with what stands behind its colon, in words where there are some."""
        if why == USUAL_RULE:
            return self.word("page.usual_rule")
        head, _, rest = why.partition(":")
        known = self.reason_code(head)
        if known is None:
            return why
        if head in PPM_REASONS:
            rest = " < ".join(self.percent(int(part)) for part in rest.split("<") if part.isdigit())
        elif head == "place_differs":
            rest = " > ".join(f"{int(part):,} m" for part in rest.split(">") if part.isdigit())
        elif head == "returned_by":
            rest = self.unit(rest)
        elif head in ("words_say", "other_class"):
            rest = self.kind(rest)
        elif head == "level" or head.startswith("level_"):
            rest = self.level(rest)
        elif head == "paused":
            rest = self.word(f"algorithm.{rest}")
        return f"{self.word(known)} {rest}".strip()


class Step(Struct, frozen=True, kw_only=True):
    """What happened, who decided, and what explains it: name and value."""

    seq: int
    no: int
    fact: str
    title: str
    at: datetime
    who: str
    is_machine: bool
    lines: tuple[tuple[str, str], ...]


def step_of(told: Told, tell: Teller) -> Step:
    """The step that a fact is to a reader."""
    name = type(told.fact).__name__
    lines = list(explained(told.fact, tell))
    if told.pack and tell.policy.digest != told.pack:
        lines.append((tell.word("says.pack"), told.pack[:12]))
    return Step(
        seq=told.seq, no=told.no, fact=name, title=tell.word(f"fact.{name}"), at=told.fact.at, who=who(told, tell),
        is_machine=told.actor.startswith("machine"), lines=tuple(dict.fromkeys(lines)),
    )  # fmt: skip


def who(told: Told, tell: Teller) -> str:
    """Person or machine, and how sure the machine was."""
    kind, _, rest = told.actor.partition(":")
    if kind == "account":
        return tell.name_of(rest)
    if kind != "machine":
        return f"{tell.word(f'who.{kind}')} {rest}".strip()
    named = tell.word(f"machine.{rest}") if f"machine.{rest}" in WORDS else rest
    said = f"{tell.word('who.machine')} {named}".strip()
    sure = confidence(told.fact)
    return said if sure is None else f"{said} · {tell.word('says.confidence')} {tell.percent(sure)}"


def explained(fact: f.Fact, tell: Teller) -> Iterator[tuple[str, str]]:
    """Rule, source, limit, unit, reasons: whatever the fact says of them."""
    if isinstance(fact, f.ReportReceived):
        yield tell.word("page.channel"), tell.word(f"channel.{fact.channel}")
    if isinstance(fact, f.ReportUnderstood):
        yield from _understood(fact, tell)
    if isinstance(fact, f.ReportAdvised):
        for proposal in fact.proposals:
            yield tell.word("says.class"), f"{tell.kind(proposal.class_key)} {tell.percent(proposal.confidence_ppm)}"
        yield tell.word("says.model"), fact.adviser
    yield from history_of(fact, tell)
    yield from ruled(fact, tell)
    yield from _answerable(fact, tell)
    reasons = reasons_of(fact)
    if isinstance(getattr(fact, "rule", None), f.RuleKept):
        reasons = [each for each in reasons if not each.startswith("rule:")]  # it stands above, with its source
    if reasons:
        yield tell.word("says.why"), tell.word("page.between").join(tell.reason(each) for each in reasons)
    yield from _outcome(fact, tell)
    if measures := getattr(fact, "measures", None):
        yield tell.word("says.limit"), tell.word(f"page.measures.{measures}")
    yield from told_approval(fact, tell)
    if system := getattr(fact, "system", None):
        known = next((each for each in tell.policy.systems if each.id == system), None)
        yield tell.word("says.system"), tell.of(known.name) if known else system
    if theirs := getattr(fact, "their_number", None):
        yield tell.word("says.their_number"), theirs
    if units := getattr(fact, "units", None):
        yield tell.word("says.called"), ", ".join(map(tell.unit, units))
    if score := getattr(fact, "score", None):
        yield tell.word("says.score"), tell.word(f"score.{score}")
    if due := getattr(fact, "report_due", None):
        yield tell.word("says.report_due"), tell.short(due)
    if due := getattr(fact, "answer_due", None):
        yield tell.word("says.answer_due"), tell.short(due)
    for name in ("accept_due", "dispatch_due", "due_at"):
        if moment := getattr(fact, name, None):
            yield tell.word("says.due"), tell.short(moment)


def _understood(fact: f.ReportUnderstood, tell: Teller) -> Iterator[tuple[str, str]]:
    for proposal in fact.proposals[:1]:
        reasons = tell.word("page.between").join(tell.reason(each) for each in proposal.reasons)
        yield tell.word("says.class"), f"{tell.kind(proposal.class_key)} ← {reasons}"
    if fact.request:
        reasons = tell.word("page.between").join(tell.reason(each) for each in fact.request.reasons)
        sure = tell.percent(fact.request.confidence_ppm)
        yield tell.word("says.request"), f"{tell.word(f'order.request_kind.{fact.request.kind}')} {sure} ← {reasons}"
    yield tell.word("says.model"), fact.model


def _answerable(fact: f.Fact, tell: Teller) -> Iterator[tuple[str, str]]:
    for duty in duties_of(fact):
        assist = f" + {', '.join(map(tell.unit, duty.assist))}" if duty.assist else ""
        yield tell.word("says.unit"), f"{tell.unit(duty.unit)}{assist} · {tell.limit(duty.limit)}"
        yield tell.word("says.why"), tell.word("page.between").join(tell.reason(each) for each in duty.why)
    if isinstance(fact, f.CaseDispatched) and fact.resumes:
        left_s = fact.resumes.left_s
        yield tell.word("says.resumes"), tell.span(left_s, fact.duty.limit.unit, is_late=left_s < 0)
    if unit := getattr(fact, "unit", None):
        yield tell.word("says.unit"), tell.unit(unit)
    if post := getattr(fact, "post", None):
        yield tell.word("says.post"), tell.post(post)


def _outcome(fact: f.Fact, tell: Teller) -> Iterator[tuple[str, str]]:
    if isinstance(fact, f.CaseVerified):
        yield tell.word("page.result"), tell.word("page.found" if fact.found else "page.not_found")
    if isinstance(fact, f.CaseInspected):
        yield tell.word("page.result"), tell.word("page.passed" if fact.passed else "page.failed")
    if isinstance(fact, f.CaseLevelMoved):
        yield tell.word("says.level"), f"{tell.word(f'move.{fact.move}')} → {tell.word(f'level.{fact.level}')}"
    if (timely := in_time(fact)) is not None:
        yield tell.word("page.result"), tell.word("says.in_time" if timely else "says.overdue")
