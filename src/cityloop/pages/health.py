"""Whether this server is well, for those who watch it: it answers, and how far handlers and sealer are behind."""

from collections.abc import Callable

from litestar import get
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.deciders import Deciders
from cityloop.http import Door
from cityloop.journal.held import TRIES_MAX


class Health(Struct, kw_only=True):
    """`behind` counts facts that wait to be handled or sealed; `parked` those that need an operator;
    `stuck` deeds that are due and fail again and again. `model`: why the learned model in force does not decide; empty where
    it does, or where there is none."""

    ok: bool
    facts: int
    behind: int
    parked: int
    stuck: int
    model: str = ""


def health_of(tx: Tx, behind: Callable[[Tx], int], deciders: Deciders) -> Health:
    """How far everything is."""
    size = tx.value("SELECT size FROM log_head WHERE city = :city") or 0
    sealed = tx.value(
        "SELECT o.first_seq - 1 + COALESCE((SELECT max(c.size) FROM checkpoint AS c WHERE c.city = :city AND c.origin = o.no), 0) "
        "FROM origin AS o WHERE o.city = :city ORDER BY o.no DESC LIMIT 1"
    )
    parked = tx.value("SELECT count(*) FROM held WHERE city = :city AND parked = 1")
    stuck = tx.value("SELECT count(*) FROM timer WHERE city = :city AND tries >= :tries", tries=TRIES_MAX)
    return Health(
        ok=True, facts=size, behind=max(size - (sealed or 0), behind(tx)), parked=parked, stuck=stuck,
        model=deciders.trouble.value if deciders.trouble else "",
    )  # fmt: skip


@get("/health")
async def get_health(door: Door) -> Health:
    """Whether this server is well."""
    return await door.read(lambda tx: health_of(tx, door.behind, door.deciders))


ROUTES = [get_health]
