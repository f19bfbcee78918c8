"""Pure decisions after closing: who is called back and how, which verdict counts, when a case is done again."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from msgspec import Struct

from cityloop.domain.closing import window_end
from cityloop.domain.facts import Satisfied, Solved, Way
from cityloop.domain.ids import ReportId
from cityloop.domain.lifecycle import State
from cityloop.domain.policy import CallbackRule, Policy
from cityloop.domain.words import say
from cityloop.stages.inspect.model import (
    CaseUnderway,
    ChangedTooOften,
    CodeUnknown,
    RedoSpent,
    ReplyKind,
    SaidBefore,
    TriedOutcome,
    VerdictReason,
    WindowOver,
)

PPM = 1_000_000
SCRIPT = ("callback.ask.greeting", "callback.ask.solved", "callback.ask.satisfied", "callback.ask.words")


class Reached(Struct, frozen=True, kw_only=True):
    """By what a reporter can be reached: the tracking code that they hold, a number that they left."""

    has_code: bool
    has_phone: bool


class Given(Struct, frozen=True, kw_only=True):
    """A verdict as it is said, its codes known."""

    solved: Solved
    satisfied: Satisfied
    reasons: tuple[str, ...]


def asked_for(
    rule: CallbackRule | None, report_id: ReportId, closing_round: int, reached: Reached, *, sends_sms: bool
) -> tuple[Way, tuple[str, ...]] | None:
    """By which way a reporter is asked, and why; None where they are not.

    The lot is drawn from the report's id and the round, which nobody can choose; the same for whoever computes it again.
    """
    if rule is None:
        return None
    lot = lot_of(report_id, closing_round)
    if lot >= rule.share_ppm:
        return None
    able = {Way.link: reached.has_code, Way.phone: reached.has_phone, Way.sms: reached.has_phone and sends_sms}
    way = next((Way(each) for each in rule.ways if able[Way(each)]), None)
    return (way, (f"callback_rule:{rule.channel}", f"lot:{lot}<{rule.share_ppm}")) if way else None


def lot_of(report_id: ReportId, closing_round: int) -> int:
    """A lot from 0 to 999,999, each as likely as the others.

    >>> lot_of("0198a5b0-0000-7000-8000-000000000001", 0) == lot_of("0198a5b0-0000-7000-8000-000000000001", 0)
    True
    """
    return int.from_bytes(sha256(f"{report_id}#{closing_round}".encode()).digest()[:8], "big") % PPM


def script_of(policy: Policy) -> str:
    """The version of the questions: the same words have the same one."""
    words = [say(code, language, policy.words) for code in SCRIPT for language in policy.settings.languages]
    return sha256("\n".join(words).encode()).hexdigest()[:12]


def verdict_of(solved: str, satisfied: str, reasons: Sequence[str]) -> Given:
    """The verdict in codes.

    Refuses with `CodeUnknown`.
    """
    return Given(
        solved=Solved(_known("solved", solved, Solved)),
        satisfied=Satisfied(_known("satisfied", satisfied, Satisfied)),
        reasons=tuple(dict.fromkeys(_known("reason", each, VerdictReason) for each in reasons)),
    )


def tried_outcome(outcome: str) -> TriedOutcome:
    """How a call ended.

    Refuses with `CodeUnknown`.
    """
    return TriedOutcome(_known("outcome", outcome, TriedOutcome))


def reply_kind(kind: str) -> ReplyKind:
    """What a reply is for.

    Refuses with `CodeUnknown`.
    """
    return ReplyKind(_known("kind", kind, ReplyKind))


def last_word(
    state: State, until: datetime, now: datetime, *, changes: int | None, by_reporter: bool, policy: Policy
) -> None:
    """That a verdict may be given now. `changes` None: none was given yet; else how often it was changed.

    Refuses with `CaseUnderway`, `WindowOver`, `SaidBefore` or `ChangedTooOften`.
    """
    if state is not State.closed:
        raise CaseUnderway("The case was taken up again; the verdict can be given when it is closed anew.")
    if now > until:
        raise WindowOver(
            "The days in which a verdict counts are over; report it anew, and the old case is looked at too."
        )
    if changes is None:
        return
    if not by_reporter:
        raise SaidBefore("The reporter has given a verdict; only they change it, with their tracking code.")
    if changes >= policy.settings.verdict_changes_max:
        raise ChangedTooOften("This verdict was changed as often as it may be; the last one stands.")


def redo_allowed(closed_at: datetime, redos: int, now: datetime, policy: Policy) -> None:
    """That a closed case may be taken up again.

    Refuses with `WindowOver` or `RedoSpent`.
    """
    if now > window_end(closed_at, policy) or not policy.settings.reopening_days:
        raise WindowOver("The days in which the case may be done again are over; a new report begins a new case.")
    if redos >= policy.settings.redo_max:
        raise RedoSpent(f"The case was done again {redos} times, as often as it may be; answer the reporter instead.")


def why_no_redo(state: State, closed_at: datetime | None, redos: int, now: datetime, policy: Policy) -> str | None:
    """The code of what speaks against taking a case up again; None where it may be."""
    if state is not State.closed or closed_at is None:
        return "why_not.underway"
    try:
        redo_allowed(closed_at, redos, now, policy)
    except (WindowOver, RedoSpent) as error:
        return f"why_not.{error.code.removeprefix('inspect.')}"
    return None


def follows_redo(given: Solved, policy: Policy) -> bool:
    """Whether the case is taken up again without asking a person."""
    return given is Solved.no and policy.settings.redo_auto


def _known(what: str, value: str, codes: type[Solved | Satisfied | VerdictReason | TriedOutcome | ReplyKind]) -> str:
    if value not in tuple(codes):
        raise CodeUnknown(f"{value[:30]!r} is no {what}; choose one of {', '.join(codes)}.")
    return value
