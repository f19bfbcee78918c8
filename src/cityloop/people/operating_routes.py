"""HTTP for an operator: facts that a handler could not handle, to be tried again or passed over with a reason."""

from datetime import datetime

from litestar import get, post
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.errors import Invalid
from cityloop.domain.ids import Seq
from cityloop.domain.permission import Permission
from cityloop.http import Door, needs
from cityloop.journal.held import HeldRow, SkipReason, held_list, held_retry, held_retry_parked, held_skip

OPERATE = [needs(Permission.operate)]


class HeldView(Struct, kw_only=True):
    """A held fact. `stands`: parked, again (at `next_at`), or waits behind an earlier one of its subject."""

    handler: str
    seq: int
    fact_id: str
    subject: str
    tries: int
    stands: str
    next_at: datetime | None
    error: str


class HeldRetryAsked(Struct, kw_only=True):
    """Which handler shall try which fact again now; without `seq` all that it has parked, or what of it failed with this `error`."""

    handler: str
    seq: Seq | None = None
    error: str | None = None


class HeldSkipAsked(Struct, kw_only=True):
    """Which handler passes over which fact for good, and why: a code of `held.reason.*`."""

    handler: str
    seq: Seq
    reason: str


class SkipReasonUnknown(Invalid):
    """A reason that is none of the codes."""

    code = "held.reason_unknown"


@get("/v1/held", guards=OPERATE)
async def get_held(door: Door) -> list[HeldView]:
    """What handlers could not handle, by handler, the oldest first."""
    return await door.read(_views)


@post("/v1/held/retry", status_code=201, guards=OPERATE)
async def post_held_retry(data: HeldRetryAsked, door: Door) -> list[HeldView]:
    """Let a handler try a held fact again now, or all that it has parked."""

    def again(tx: Tx) -> None:
        if data.seq is None:
            held_retry_parked(tx, data.handler, data.error)
        else:
            held_retry(tx, data.handler, data.seq)

    await door.change(again)
    return await door.read(_views)


@post("/v1/held/skip", status_code=201, guards=OPERATE)
async def post_held_skip(data: HeldSkipAsked, door: Door) -> list[HeldView]:
    """Let a handler pass over a held fact for good; that you did, and why, is a fact."""
    if data.reason not in SkipReason.__members__.values():
        raise SkipReasonUnknown(f"{data.reason[:40]} is no reason; choose one of {', '.join(SkipReason)}.")
    await door.change(lambda tx: held_skip(tx, data.handler, data.seq, data.reason))
    return await door.read(_views)


def _views(tx: Tx) -> list[HeldView]:
    return [_view(row) for row in held_list(tx)]


def _view(row: HeldRow) -> HeldView:
    return HeldView(
        handler=row.handler, seq=row.seq, fact_id=row.fact_id, subject=row.subject, tries=row.tries,
        stands="parked" if row.parked else "again" if row.tries else "waits", next_at=row.next_at, error=row.error,
    )  # fmt: skip


ROUTES = [get_held, post_held_retry, post_held_skip]
