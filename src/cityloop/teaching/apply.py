"""What each fact of learning does to its rows."""

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Fact, Told
from cityloop.learning.learned import name_of
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
        levels=before.levels if before else "[]",
    )  # fmt: skip
    tx.put("learned_model", row)


def promoted(tx: Tx, told: Told[f.ModelPromoted]) -> None:
    fact = told.fact
    row = _row(tx, told)
    before = _json([*_before(row.before), fact.before])
    model = _model(tx, fact.model)
    tx.put("algorithm", replace(row, model=fact.model, before=before, levels=model.levels, **_changed(told)))
    tx.put("learned_model", replace(model, promoted_at=fact.at, promoted_by=told.actor))


def withdrawn(tx: Tx, told: Told[f.ModelWithdrawn]) -> None:
    row, to = _row(tx, told), told.fact.to
    before = _json(_before(row.before)[:-1])
    levels = _model(tx, to).levels if to else "[]"
    tx.put("algorithm", replace(row, model=to, before=before, levels=levels, **_changed(told)))


def paused(tx: Tx, told: Told[f.AlgorithmPaused]) -> None:
    tx.put("algorithm", replace(_row(tx, told), paused_at=told.fact.at, paused_by=told.actor))


def resumed(tx: Tx, told: Told[f.AlgorithmResumed]) -> None:
    tx.put("algorithm", replace(_row(tx, told), paused_at=None, paused_by=None))


def watched(tx: Tx, told: Told[f.AlgorithmWatched]) -> None:
    fact = told.fact
    row = replace(_row(tx, told), watched_at=fact.at, watched=_json(fact))
    if row.model and name_of(row.model) == fact.model:  # another may have been put in force since it was looked at
        row = replace(row, levels=_json(fact.levels))
        tx.put("learned_model", replace(_model(tx, row.model), levels=row.levels))
    tx.put("algorithm", row)


def _row(tx: Tx, told: Told) -> AlgorithmRow:
    row = tx.get("algorithm", AlgorithmRow, told.fact.algorithm) or AlgorithmRow(id=told.fact.algorithm, no=0)
    return replace(row, no=told.no)


def _model(tx: Tx, digest: str) -> ModelRow:
    model = tx.get("learned_model", ModelRow, digest)
    assert model, f"model {digest} was not trained"
    return model


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
