"""HTTP of the outbox, for an operator: who is told how far, what is held, and to try again."""

from datetime import datetime

from litestar import get, post
from msgspec import Struct

from cityloop.db import Tx
from cityloop.db.tx import row_to
from cityloop.domain.ids import Seq
from cityloop.domain.permission import Permission
from cityloop.http import Door, needs
from cityloop.notices import store
from cityloop.notices.model import HeldParcel
from cityloop.notices.outbox import let_be, try_again

HELD_MAX = 500
OPERATE = [needs(Permission.operate)]


class PlaceView(Struct, kw_only=True):
    """A target: how far it has been told, and how it answers. `behind`: facts of any kind after its place."""

    target: str
    behind: int
    sent: int
    sent_at: datetime | None
    tries: int
    next_at: datetime | None
    failing_since: datetime | None
    status: int | None
    error: str | None


class OutboxView(Struct, kw_only=True):
    """All targets, and what they would not take. `parked`: nobody tries any more until you do."""

    targets: list[PlaceView]
    held: list[HeldParcel]


class RetryAsked(Struct, kw_only=True):
    """Which target; and which held message, or none for the target itself."""

    target: str
    seq: Seq | None = None


class SkipAsked(Struct, kw_only=True):
    """Which held message is let be."""

    target: str
    seq: Seq


@get("/v1/outbox", guards=OPERATE)
async def get_outbox(door: Door) -> OutboxView:
    """What goes out to other systems, and what does not."""
    return await door.read(_view)


@post("/v1/outbox/retry", status_code=201, guards=OPERATE)
async def post_retry(data: RetryAsked, door: Door) -> OutboxView:
    """Try again now."""
    await door.change(lambda tx: try_again(tx, data.target, data.seq))
    return await door.read(_view)


@post("/v1/outbox/skip", status_code=201, guards=OPERATE)
async def post_skip(data: SkipAsked, door: Door) -> OutboxView:
    """Let a held message be; later ones of its subject go on."""
    await door.change(lambda tx: let_be(tx, data.target, data.seq))
    return await door.read(_view)


def _view(tx: Tx) -> OutboxView:
    size = store.log_size(tx)
    targets = [
        PlaceView(
            target=each.target, behind=size - each.seq, sent=each.sent, sent_at=each.sent_at, tries=each.tries,
            next_at=each.next_at, failing_since=each.failing_since, status=each.status, error=each.error,
        )
        for each in store.place_list(tx)
    ]  # fmt: skip
    return OutboxView(targets=targets, held=[row_to(HeldParcel, row) for row in store.held_list(tx, HELD_MAX)])


ROUTES = [get_outbox, post_retry, post_skip]
