"""What each fact of learning does to its rows."""

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Fact, Told
from cityloop.teaching.model import AlgorithmRow, ModelRow

_before = msgspec.json.Decoder(list[str | None]).decode


def trained(tx: Tx, told: Told[f.ModelTrained]) -> None:
    fact = told.fact
    before = tx.get("learned_model", ModelRow, fact.model)  # the same lessons give the same bytes
    row = ModelRow(
        id=fact.model, no=told.no, trained_at=fact.at, trained_by=told.actor, lessons=fact.lessons, classes=fact.classes,
        since=fact.since, until=fact.until, level_ppm=fact.level_ppm, size_bytes=fact.size_bytes, score=_json(fact.score),
        held_back=_json(fact.held_back), why=fact.why, simulated=fact.simulated,
        promoted_at=before.promoted_at if before else None, promoted_by=before.promoted_by if before else None,
    )  # fmt: skip
    tx.put("learned_model", row)


def promoted(tx: Tx, told: Told[f.ModelPromoted]) -> None:
    fact = told.fact
    row = _row(tx, told)
    before = _json([*_before(row.before), fact.before])
    tx.put("algorithm", replace(row, model=fact.model, before=before, levels="[]", **_changed(told)))
    model = tx.get("learned_model", ModelRow, fact.model)
    assert model, f"model {fact.model} was not trained"
    tx.put("learned_model", replace(model, promoted_at=fact.at, promoted_by=told.actor))


def withdrawn(tx: Tx, told: Told[f.ModelWithdrawn]) -> None:
    row = _row(tx, told)
    before = _json(_before(row.before)[:-1])
    tx.put("algorithm", replace(row, model=told.fact.to, before=before, levels="[]", **_changed(told)))


def paused(tx: Tx, told: Told[f.AlgorithmPaused]) -> None:
    tx.put("algorithm", replace(_row(tx, told), paused_at=told.fact.at, paused_by=told.actor))


def resumed(tx: Tx, told: Told[f.AlgorithmResumed]) -> None:
    tx.put("algorithm", replace(_row(tx, told), paused_at=None, paused_by=None))


def watched(tx: Tx, told: Told[f.AlgorithmWatched]) -> None:
    fact = told.fact
    levels = _json(fact.levels)
    tx.put("algorithm", replace(_row(tx, told), watched_at=fact.at, watched=_json(fact), levels=levels))


def _row(tx: Tx, told: Told) -> AlgorithmRow:
    row = tx.get("algorithm", AlgorithmRow, told.fact.algorithm) or AlgorithmRow(id=told.fact.algorithm, no=0)
    return replace(row, no=told.no)


def _changed(told: Told) -> dict[str, object]:
    return {"changed_at": told.fact.at, "changed_by": told.actor}


def _json(given: object) -> str:
    return msgspec.json.encode(given).decode()


APPLY: dict[type[Fact], Callable[[Tx, Told], None]] = {
    f.ModelTrained: trained,
    f.ModelPromoted: promoted,
    f.ModelWithdrawn: withdrawn,
    f.AlgorithmPaused: paused,
    f.AlgorithmResumed: resumed,
    f.AlgorithmWatched: watched,
}
