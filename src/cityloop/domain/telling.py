"""What every telling of facts shares: names and moments in the words of one reader, and what a fact says of itself."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cached_property
from typing import Self
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from cityloop.domain import facts as f
from cityloop.domain.lifecycle import OVER
from cityloop.domain.policy import Limit, Policy, Source, Words
from cityloop.domain.words import WORDS, named, say

REASONS = (
    "why",
    "filing.reason",
    "handle.reason",
    "dispatch.reason",
    "assist.reason",
    "urge.reason",
    "supervise.reason",
    "whistle.reason",
    "rate.reason",
    "transfer.reason",
    "appeal.reason",
    "completion.reason",
    "part.reason",
)


class Telling(Struct, frozen=True, kw_only=True, dict=True):
    """Words, names and the clock, for one reader. `name_of` gives the name of an account."""

    policy: Policy
    language: str
    name_of: Callable[[str], str] = lambda id: id[:8]

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.policy.week.zone)

    def in_each(self, say: Callable[[Self], str]) -> str:
        """What is put together of several words, said in one language after the other where two stand side by side."""
        if "+" not in self.language:
            return say(self)
        tongues = self.language.split("+")
        return " ".join(dict.fromkeys(say(replace(self, language=each)) for each in tongues))

    def word(self, code: str, **given: object) -> str:
        """The words for a code, with what is given put into them."""
        words = say(code, self.language, self.policy.words)
        return words.format(**given) if given else words

    def of(self, words: Words | None) -> str:
        """The reader's language among words, or both of two; else English, else the first there is."""
        return named(words, self.language)

    def unit(self, id: str | None) -> str:
        unit = self.policy.unit_by_id.get(id) if id else None
        return self.of(unit.name) if unit else id or ""

    def limit(self, limit: Limit) -> str:
        words = self.word(f"limit.{limit.unit}")
        if limit.value == 1:  # English says one day and two days
            words = words.replace("days", "day").replace("hours", "hour").replace("minutes", "minute")
        return f"{limit.value} {words}"

    def kind(self, key: str | None) -> str:
        """The name of a class."""
        found = self.policy.class_by_key.get(key) if key else None
        return self.of(found.name) if found else key or self.word("page.class_unknown")

    def asked(self, key: str | None, code: str, values: Iterable[str]) -> str:
        """A question of a class with its answer; only codes where the pack no longer has it."""
        known = self.policy.attributes_of_class.get(key, ()) if key else ()
        attribute = next((each for each in known if each.code == code), None)
        names = {each.key: self.of(each.name) for each in attribute.values} if attribute else {}
        question = self.of(attribute.says) if attribute else code
        return f"{question} {', '.join(names.get(value, value) for value in values)}"

    def rule(self, kept: f.RuleKept) -> str:
        return f"{kept.code} · {self.limit(kept.limit)}"

    def when(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.zone):%Y-%m-%d %H:%M}"

    def source(self, source: Source) -> str:
        return ", ".join(each for each in (source.document, source.clause, source.date) if each)

    def reason_code(self, head: str) -> str | None:
        """The code under which a reason has words, of the product or of the city; None where it has none."""
        codes = (f"{place}.{head}" for place in REASONS)
        return next((code for code in codes if code in WORDS or code in self.policy.words), None)


def confidence(fact: f.Fact) -> int | None:
    """How sure a machine was of what it decided, in parts per million."""
    if isinstance(fact, f.ReportUnderstood):
        return fact.proposals[0].confidence_ppm if fact.proposals else 0
    return getattr(fact, "confidence_ppm", None)


def reasons_of(fact: f.Fact) -> list[str]:
    """The codes of all reasons that a fact gives."""
    why, reason = getattr(fact, "why", ()), getattr(fact, "reason", None)
    return [*([why] if isinstance(why, str) else why), *([reason] if reason else [])]


def ruled(fact: f.Fact, tell: Telling) -> Iterator[tuple[str, str]]:
    """Class, rule, source and number, as far as a fact says them: name and value."""
    problem, kept = getattr(fact, "problem", None), getattr(fact, "rule", None)
    if problem is not None:
        yield tell.word("says.class"), tell.kind(problem.class_key)
    if isinstance(kept, f.RuleKept):
        yield tell.word("says.rule"), tell.rule(kept)
        yield tell.word("says.source"), tell.source(kept.source)
    if number := getattr(fact, "number", None):
        yield tell.word("says.number"), number


def history_of(fact: f.Fact, tell: Telling) -> Iterator[tuple[str, str]]:
    """What an imported fact tells of the past, step by step; what the file does not tell is said to be unknown."""
    origin = getattr(fact, "origin", None)
    if origin is None:
        return
    yield tell.word("says.origin"), f"{origin.source} {origin.key} · {origin.file} : {origin.line}"
    history = getattr(fact, "history", None)
    if history is None:
        return
    yield tell.word("says.state"), tell.word(f"state.{history.state}")
    if history.number:
        yield tell.word("says.number"), history.number
    if history.class_key:
        yield tell.word("says.class"), tell.kind(history.class_key)
    if history.unit:
        yield tell.word("says.unit"), tell.unit(history.unit)
    yield tell.word("import.step.opened"), tell.when(history.opened_at)
    for step in f.Untold:
        at = getattr(history, f"{step}_at")
        unknown = "says.unknown" if step in history.untold else "says.not_yet"
        if at or step in history.untold or history.state not in OVER:
            yield tell.word(f"import.step.{step}"), tell.when(at) if at else tell.word(unknown)
    if history.deadline:
        given = f"{tell.when(history.deadline.due_at)} · {tell.source(history.deadline.source)}"
        yield tell.word("says.deadline_given"), given
    yield tell.word("says.as_of"), tell.when(history.as_of)
    yield tell.word("says.at_export"), tell.word("says.in_time" if history.on_time else "says.overdue")
    reasons = [*history.why, *([history.refused_for] if history.refused_for else [])]
    if reasons:
        said = [tell.word(code) if (code := tell.reason_code(each)) else each for each in reasons]
        yield tell.word("says.why"), "; ".join(said)


def duties_of(fact: f.Fact) -> tuple[f.Duty, ...]:
    """Who is answerable by a fact, or may be."""
    return (fact.duty,) if isinstance(fact, f.CaseDispatched | f.CaseReassigned) else getattr(fact, "duties", ())


def in_time(fact: f.Fact) -> bool | None:
    """Whether what ended was in time; None where nothing ended."""
    late = getattr(fact, "overdue", None)
    return getattr(fact, "on_time", None) if late is None else not late
