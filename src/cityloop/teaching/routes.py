"""HTTP of the register of algorithms, which anybody may read, and of what is learned, for who may."""

from typing import Any

from litestar import Response, get, post
from msgspec import Struct

from cityloop.domain.permission import Permission
from cityloop.http import Door, needs
from cityloop.http.strangers import SEARCHES, pace_stranger
from cityloop.teaching import service, store
from cityloop.teaching.views import AlgorithmView, LearningView, learning_view, register_view

READ, MANAGE = [needs(Permission.learning_read)], [needs(Permission.learning_manage)]
AGAIN = {"Cache-Control": "no-cache"}


class Done(Struct, kw_only=True):
    """What was changed: an algorithm, or a model."""

    id: str


@get("/v1/algorithms")
async def get_algorithms(door: Door) -> Response[list[AlgorithmView]]:
    """The register of algorithms: everything that decides or proposes without a person, what it is for, and how it does."""
    pace_stranger(door, SEARCHES)
    deciders, policy = door.deciders, door.policy
    found = await door.read(lambda tx: register_view(tx, policy, deciders))
    return Response(found, headers=AGAIN)


@post("/v1/algorithms/{algorithm:str}/pause", status_code=201, guards=MANAGE)
async def post_pause(algorithm: str, door: Door) -> Done:
    """Let it decide nothing until it is resumed; people do."""
    return await _changed(door, lambda tx: service.pause_algorithm(tx, algorithm))


@post("/v1/algorithms/{algorithm:str}/resumption", status_code=201, guards=MANAGE)
async def post_resumption(algorithm: str, door: Door) -> Done:
    """Let it decide again."""
    return await _changed(door, lambda tx: service.resume_algorithm(tx, algorithm))


@get("/v1/models", guards=READ)
async def get_models(door: Door) -> LearningView:
    """The models that were made, the newest first, each beside what decided when it was made, on the same later cases."""
    runs = _parts(door).trainer.runs
    return await door.read(lambda tx: learning_view(store.model_list(tx), store.algorithm_list(tx), runs=runs))


@post("/v1/models", status_code=202, guards=MANAGE)
async def post_model(door: Door) -> Done:
    """Have a candidate made from what people decided, in a process of its own; nothing changes by it."""
    _parts(door).trainer.start(actor=door.caller.actor, why="asked")
    return Done(id="training")


@post("/v1/models/{model:str}/promotion", status_code=201, guards=MANAGE)
async def post_promotion(model: str, door: Door) -> Done:
    """Put a candidate in force, if it is better on later cases than what decides now."""
    return await _changed(door, lambda tx: service.promote_model(tx, model))


@post("/v1/models/withdrawal", status_code=201, guards=MANAGE)
async def post_withdrawal(door: Door) -> Done:
    """Take the model in force back: what decided before it does again, at last the words of the pack."""
    return await _changed(door, service.withdraw_model)


async def _changed(door: Door, use_case: Any) -> Done:
    done = Done(id=await door.change(use_case))
    _parts(door).models.refresh()
    return done


def _parts(door: Door) -> Any:
    return door.request.app.state.parts


ROUTES = [
    get_algorithms, post_pause, post_resumption, get_models, post_model, post_promotion, post_withdrawal,
]  # fmt: skip
