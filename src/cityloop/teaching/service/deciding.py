"""What decides: a model put in force, taken back; an algorithm paused and resumed."""

import msgspec

from cityloop.db import Tx
from cityloop.domain.deciders import Algorithm
from cityloop.domain.facts import AlgorithmPaused, AlgorithmResumed, LaterScore, ModelPromoted, ModelWithdrawn
from cityloop.teaching import rules, store
from cityloop.teaching.model import (
    AlgorithmRow,
    AlgorithmUnknown,
    AlreadyInForce,
    ModelRow,
    ModelUnknown,
    NotBetter,
    NothingToTakeBack,
    StandsSo,
)

score_in = msgspec.json.Decoder(LaterScore).decode
_before = msgspec.json.Decoder(list[str | None]).decode
LESSONS = Algorithm.lessons.value


def model_get(tx: Tx, name: str) -> ModelRow:
    """The model whose digest begins so.

    Refuses with `ModelUnknown`.
    """
    found = store.model_named(tx, name.removeprefix("lessons/")) if name else []
    if len(found) != 1:
        raise ModelUnknown(
            f"{'No' if not found else 'More than one'} model is called {name[:64]}; see `cityloop learn list`."
        )
    return found[0]


def algorithm_now(tx: Tx, id: str) -> AlgorithmRow:
    """What an algorithm does now, held until the transaction ends.

    Refuses with `AlgorithmUnknown`.
    """
    if id not in tuple(Algorithm):
        raise AlgorithmUnknown(f"There is no algorithm {id[:40]}; they are {', '.join(Algorithm)}.")
    tx.hold([f"algorithm/{id}"])
    return tx.get("algorithm", AlgorithmRow, id) or AlgorithmRow(id=id, no=0)


def promote_model(tx: Tx, name: str) -> str:
    """Let a candidate decide, if it is better on later cases than the words and than the model in force.

    Refuses with `ModelUnknown`, `AlreadyInForce` or `NotBetter`. Emits `ModelPromoted`.
    """
    row, model = algorithm_now(tx, LESSONS), model_get(tx, name)
    if row.model == model.id:
        raise AlreadyInForce(f"Model {model.id[:12]} decides already.")
    score = score_in(model.score)
    if not rules.is_better(score):
        raise NotBetter(
            f"Of {score.cases} later cases model {model.id[:12]} is right in {score.right}, the words of the pack in {score.words}"
            + (f", the model that decided then in {score.in_force}" if score.in_force is not None else "")
            + "; learn again when people have decided more."
        )
    tx.emit(ModelPromoted(algorithm=LESSONS, model=model.id, before=row.model, at=tx.now))
    return model.id


def withdraw_model(tx: Tx) -> str:
    """Take the model in force back: what decided before it does again, at last the words of the pack.

    Refuses with `NothingToTakeBack`. Emits `ModelWithdrawn`.
    """
    row = algorithm_now(tx, LESSONS)
    if row.model is None:
        raise NothingToTakeBack("No model is in force: the words of the pack decide.")
    tx.emit(ModelWithdrawn(algorithm=LESSONS, model=row.model, to=_before(row.before)[-1], at=tx.now))
    return row.model


def pause_algorithm(tx: Tx, id: str) -> str:
    """Let an algorithm decide nothing until it is resumed.

    Refuses with `AlgorithmUnknown` or `StandsSo`. Emits `AlgorithmPaused`.
    """
    row = algorithm_now(tx, id)
    if row.paused_at:
        raise StandsSo(f"{id} is paused already.")
    tx.emit(AlgorithmPaused(algorithm=id, at=tx.now))
    return id


def resume_algorithm(tx: Tx, id: str) -> str:
    """Let it decide again.

    Refuses with `AlgorithmUnknown` or `StandsSo`. Emits `AlgorithmResumed`.
    """
    row = algorithm_now(tx, id)
    if not row.paused_at:
        raise StandsSo(f"{id} is not paused.")
    tx.emit(AlgorithmResumed(algorithm=id, at=tx.now))
    return id
