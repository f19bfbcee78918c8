"""What publishing, settling and appealing do to their rows. A version never changes but by what stands in its place."""

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Fact, Told
from cityloop.stages.evaluate.model.published import ScoreAppealRow, SheetRow
from cityloop.stages.evaluate.store.fair.sheets import sheet_last


def published(tx: Tx, told: Told[f.ScoresPublished]) -> None:
    fact = told.fact
    first, last = fact.first_day.isoformat(), fact.last_day.isoformat()
    before = sheet_last(tx, fact.scheme, first, last)
    if before:
        tx.put("score_sheet", replace(before, replaced_by=fact.sheet_id))
    row = SheetRow(
        id=fact.sheet_id, no=told.no, scheme=fact.scheme, by_kind=fact.by_kind, first_day=first, last_day=last,
        version=fact.version, reason=fact.reason, as_of=fact.as_of, seq=fact.seq, pack=fact.pack,
        excluded=msgspec.json.encode(fact.excluded).decode(), scores=msgspec.json.encode(fact.scores).decode(),
        published_at=fact.at, published_by=told.actor, notice_until=fact.notice_until, corrects=before.id if before else None,
        note=fact.note.id if fact.note else None,
    )  # fmt: skip
    tx.put("score_sheet", row)


def settled(tx: Tx, told: Told[f.ScoresSettled]) -> None:
    tx.put("score_sheet", replace(_sheet(tx, told), settled_at=told.fact.at))


def appeal_lodged(tx: Tx, told: Told[f.ScoreAppealLodged]) -> None:
    fact = told.fact
    tx.put("score_sheet", _sheet(tx, told))
    row = ScoreAppealRow(
        id=fact.appeal_id, sheet_id=fact.sheet_id, object=fact.object, unit=fact.unit, indicator=fact.indicator,
        lodged_at=fact.at, lodged_by=told.actor, note=fact.note.id,
    )  # fmt: skip
    tx.put("score_appeal", row)


def appeal_decided(tx: Tx, told: Told[f.ScoreAppealDecided]) -> None:
    fact = told.fact
    tx.put("score_sheet", _sheet(tx, told))
    row = tx.get("score_appeal", ScoreAppealRow, fact.appeal_id)
    assert row, f"appeal {fact.appeal_id} was not lodged"
    answer = fact.answer.id if fact.answer else None
    decided = replace(
        row, upheld=fact.upheld, reason=fact.reason, decided_at=fact.at, decided_by=told.actor, answer=answer
    )  # fmt: skip
    tx.put("score_appeal", decided)


def _sheet(tx: Tx, told: Told) -> SheetRow:
    """The row of the fact's sheet, as changed by it."""
    row = tx.get("score_sheet", SheetRow, told.fact.sheet_id)
    assert row, f"{told.subject} was not published"
    return replace(row, no=told.no)


APPLY: dict[type[Fact], Callable[[Tx, Told], None]] = {
    f.ScoresPublished: published,
    f.ScoresSettled: settled,
    f.ScoreAppealLodged: appeal_lodged,
    f.ScoreAppealDecided: appeal_decided,
}
