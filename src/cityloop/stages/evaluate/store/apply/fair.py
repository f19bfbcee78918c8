"""What the facts of fairness do to their rows. The case and its tasks stay as they are."""

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Fact, Told
from cityloop.stages.evaluate.model.fair import ExclusionReason, ExclusionRow, ExclusionState, FindingReason, FindingRow


def exclusion_asked(tx: Tx, told: Told[f.CaseExclusionAsked]) -> None:
    fact = told.fact
    tx.put(
        "exclusion",
        ExclusionRow(
            id=fact.exclusion_id, no=told.no, case_id=fact.case_id, unit=fact.unit, metrics=_json(fact.metrics),
            reason=ExclusionReason(fact.reason), asked_at=fact.at, asked_by=told.actor, note=fact.note.id,
        ),
    )  # fmt: skip


def exclusion_granted(tx: Tx, told: Told[f.CaseExclusionGranted]) -> None:
    _decided(tx, told, state=ExclusionState.granted, answer=told.fact.answer.id if told.fact.answer else None)


def exclusion_refused(tx: Tx, told: Told[f.CaseExclusionRefused]) -> None:
    answer = told.fact.answer.id if told.fact.answer else None
    _decided(tx, told, state=ExclusionState.refused, refused_for=told.fact.reason, answer=answer)


def exclusion_withdrawn(tx: Tx, told: Told[f.CaseExclusionWithdrawn]) -> None:
    _decided(tx, told, state=ExclusionState.withdrawn)


def _decided(tx: Tx, told: Told, **changed: object) -> None:
    row = tx.get("exclusion", ExclusionRow, told.fact.exclusion_id)
    assert row, f"{told.subject} was not asked for"
    tx.put("exclusion", replace(row, no=told.no, decided_at=told.fact.at, decided_by=told.actor, **changed))


def finding_judged(tx: Tx, told: Told[f.FindingJudged]) -> None:
    fact = told.fact
    tx.put(
        "finding",
        FindingRow(
            id=fact.finding_id, no=told.no, kind=fact.kind, unit=fact.unit, first_day=fact.first_day.isoformat(),
            last_day=fact.last_day.isoformat(), observed=fact.observed, counted=fact.of, expected=fact.expected, p=fact.p,
            level=fact.level, cases=_json(fact.cases), confirmed=fact.confirmed, reason=FindingReason(fact.reason),
            judged_at=fact.at, judged_by=told.actor, note=fact.note.id if fact.note else None,
        ),
    )  # fmt: skip


def _json(some: tuple[str, ...]) -> str:
    return msgspec.json.encode(some).decode()


APPLY: dict[type[Fact], Callable[[Tx, Told], None]] = {
    f.CaseExclusionAsked: exclusion_asked,
    f.CaseExclusionGranted: exclusion_granted,
    f.CaseExclusionRefused: exclusion_refused,
    f.CaseExclusionWithdrawn: exclusion_withdrawn,
    f.FindingJudged: finding_judged,
}
