"""Looking for numbers that were made. What is found is shown to the supervisor; a person judges, and nothing else follows."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from cityloop.cases.notes import keep_words
from cityloop.db import Tx
from cityloop.domain.calendar import WorkCalendar, calendar_in, epoch_us
from cityloop.domain.facts import FindingJudged
from cityloop.domain.ids import AccountId, CaseId, PostId, UnitId
from cityloop.domain.policy import LimitUnit, Policy
from cityloop.stages.evaluate.model import Span
from cityloop.stages.evaluate.model.fair import FindingReason, FindingUnknown, OwnRequest
from cityloop.stages.evaluate.rules.gaming import LEVEL, Done, Finding, Kind, Picture, findings, looks_of, reused
from cityloop.stages.evaluate.service.fair.excluding import code_in
from cityloop.stages.evaluate.store.fair import looked

PLAIN = frozenset({LimitUnit.urgent_hour, LimitUnit.urgent_day, LimitUnit.natural_day})  # their clocks run day and night
LOOKS_MAX = 2_000  # photos whose picture is looked at; the rest by their bytes only
LookOf = Callable[[str], int | None]  # of a shown photo, by its digest; None where it is gone


def found_in(tx: Tx, span: Span, *, policy: Policy, look_of: LookOf = lambda _: None) -> tuple[Finding, ...]:
    """What looks made in a period: by counting against peers, and by photos that prove two cases."""
    done = [*_finished(tx, span, policy), *_closed(tx, span)]
    return (*findings(looks_of(done, looked.ratings_in(tx, span))), *_photos(tx, span, look_of))


def judge_finding(
    tx: Tx, found: Finding, span: Span, *, confirmed: bool, reason: str, words: str, by: AccountId,
    units: Sequence[UnitId], policy: Policy, now: datetime,
) -> str:  # fmt: skip
    """Say whether what looked made was made, with the evidence that lay there.

    Refuses with `ReasonUnknown`, `OwnRequest` or `NoteTooLong`. Emits `FindingJudged`.
    """
    why = code_in(FindingReason, reason)
    if found.object in units:
        raise OwnRequest("Nobody judges what their own unit did; another supervisor does.")
    id = id_of(found, span)
    tx.hold([f"finding/{id}"])
    tx.emit(
        FindingJudged(
            finding_id=id, kind=found.kind, unit=UnitId(found.object), first_day=span.first_day, last_day=span.last_day,
            observed=found.observed, of=found.of, expected=found.expected, p=found.p, level=found.level,
            cases=tuple(CaseId(each) for each in found.items), confirmed=confirmed, reason=why.value, by=by,
            note=keep_words(tx, f"finding/{id}", words, chars_max=policy.settings.text_chars_max), at=now,
        )
    )  # fmt: skip
    return id


def finding_called(some: Sequence[Finding], id: str, span: Span) -> Finding:
    """The finding of this name.

    Refuses with `FindingUnknown`.
    """
    for each in some:
        if id_of(each, span) == id:
            return each
    raise FindingUnknown(f"Nothing called {id[:80]!r} is found from {span.first_day} to {span.last_day}; see /v1/findings.")


def id_of(found: Finding, span: Span) -> str:
    """The name of a finding: of its kind, unit and days."""
    return f"{found.kind}.{found.object}.{span.first_day}.{span.last_day}"


def _finished(tx: Tx, span: Span, policy: Policy) -> Iterator[Done]:
    calendar = calendar_in(policy)
    unit_of = {post.id: post.unit for post in policy.posts}
    units = {account: {unit_of.get(PostId(post)) for post in posts} for account, posts in looked.posts_by_account(tx).items()}
    for each in looked.finished_in(tx, span):
        own = None if each.by is None else each.unit in units.get(each.by, ())
        yield Done(case=each.case, unit=each.unit, class_key=each.class_key, took=took(each, calendar), own=own)


def took(task: looked.Finished, calendar: WorkCalendar) -> float | None:
    """The share of its limit that a task took, by the clock of its limit; None where that limit holds no time at all."""
    start, due, end = (epoch_us(each) for each in (task.began_at, task.due_at, task.ended_at))
    if task.limit.unit not in PLAIN and (whole := calendar.worked(start, due)) > 0:
        used = calendar.worked(start, end) / whole
        late = end > due and used <= 1  # done in the night after its deadline
        return 1 + (end - due) / (due - start) if late else used
    return (end - start) / (due - start) if due > start else None


def _closed(tx: Tx, span: Span) -> Iterator[Done]:
    for each in looked.closed_in(tx, span):
        yield Done(
            case=each.case, unit=each.unit, class_key=each.class_key, took=None, closed_at=each.closed_at, again_at=each.again_at
        )  # fmt: skip


def _photos(tx: Tx, span: Span, look_of: LookOf) -> Iterator[Finding]:
    """For each unit the cases that a photo proves which proved another before. Nothing is counted against peers."""
    pictures = [
        Picture(case=case, unit=unit, digest=digest, look=look_of(digest) if place < LOOKS_MAX else None)
        for place, (case, unit, digest) in enumerate(looked.photos_in(tx, span))
    ]
    pairs: dict[str, list[tuple[str, str]]] = {}
    for each in reused(pictures):
        pairs.setdefault(each.unit, []).append(each.cases)
    for unit, some in sorted(pairs.items()):
        yield Finding(
            kind=Kind.photo_reused, object=unit, observed=len(some), of=sum(each.unit == unit for each in pictures),
            expected=0.0, p=0.0, odds=1.0, level=LEVEL, items=tuple(dict.fromkeys(case for pair in some for case in pair)),
        )  # fmt: skip
