"""One reader of new facts for all who follow in this process; who cannot keep up is let go, and may come back."""

import asyncio
import contextlib
from collections.abc import Sequence

import structlog
from litestar import Litestar
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.errors import Unavailable
from cityloop.http import Edge
from cityloop.journal import told_from
from cityloop.pages.story import FactView, fact_view

BATCH = 256
WAITING_MAX = 64  # batches that may wait for one follower
FOLLOWERS_MAX = 500
POLL_S = 0.25
CASE, REPORT = "case/", "report/"
log = structlog.get_logger("cityloop.pages")


class Crowded(Unavailable):
    """As many follow as one process can serve."""

    code = "stream.crowded"


class Held(Struct, frozen=True):
    """What of a case says who sees it, as it is at delivery."""

    id: str
    unit: str | None
    cell: str | None
    level_area: str | None
    post: str | None
    guests: str | None


class Piece(Struct, frozen=True, kw_only=True):
    """A fact on its way: what it says, and the case by which it is seen. `is_citys`: of an account, a pack, the log."""

    seq: int
    view: FactView
    held: Held | None
    is_citys: bool


class Follower(Struct, kw_only=True, eq=False):
    """One who follows. None in the queue ends it."""

    after: int
    joined_at: int
    queue: asyncio.Queue
    ended_for: str = ""


def pieces_after(tx: Tx, seq: int, limit: int) -> list[Piece]:
    """The next facts, each with the case by which it is seen; two statements."""
    rows = tx.all(
        "SELECT fact.seq, fact.subject, fact.body, report.case_id FROM fact LEFT JOIN report "
        "ON report.city = fact.city AND report.id = substr(fact.subject, 8) "
        f"WHERE fact.city = :city AND fact.seq > :seq ORDER BY fact.seq LIMIT {int(limit)}",
        seq=seq,
    )
    ids = [row.subject.removeprefix(CASE) if row.subject.startswith(CASE) else row.case_id for row in rows]
    held = _held(tx, sorted({id for id in ids if id}))
    return [
        Piece(
            seq=row.seq, view=fact_view(told_from(tx.city, row.seq, row.body)), held=held.get(id) if id else None,
            is_citys=not row.subject.startswith((CASE, REPORT)),
        )
        for row, id in zip(rows, ids, strict=True)
    ]  # fmt: skip


def _held(tx: Tx, ids: Sequence[str]) -> dict[str, Held]:
    if not ids:
        return {}
    marks = ", ".join(f":id_{place}" for place in range(len(ids)))
    rows = tx.all(
        f"SELECT id, unit, cell, level_area, post, guests FROM case_file WHERE city = :city AND id IN ({marks})",
        **{f"id_{place}": id for place, id in enumerate(ids)},
    )
    return {row.id: Held(*row) for row in rows}


class Followers:
    """All who follow in this process. The reader runs as long as anybody does."""

    def __init__(self, edge: Edge):
        self._edge = edge
        self._all: set[Follower] = set()
        self._at = 0
        self._reader: asyncio.Task | None = None
        self._stopped_for = ""

    @classmethod
    def of(cls, app: Litestar, edge: Edge) -> "Followers":
        """The followers of an app; made when the first comes."""
        if not hasattr(app.state, "followers"):
            app.state.followers = cls(edge)
        return app.state.followers

    async def join(self, after: int | None) -> Follower:
        """One more. `after` None begins with what happens now.

        Refuses with `Crowded`.
        """
        if len(self._all) >= FOLLOWERS_MAX:
            raise Crowded("As many follow as this process can serve; try again in a moment.")
        if self._reader is None:
            self._at = await self._ask(_size)
        if self._reader is None:  # nobody else began while we asked
            self._reader = asyncio.create_task(self._read())
        begin = self._at if after is None else after
        follower = Follower(after=begin, joined_at=self._at, queue=asyncio.Queue(WAITING_MAX + 1))
        self._all.add(follower)
        if self._stopped_for:  # it asked while we were letting the others go
            self._end(follower, self._stopped_for)
        return follower

    def leave(self, follower: Follower) -> None:
        """One less; the reader stops with the last."""
        self._all.discard(follower)
        if not self._all and self._reader is not None:
            self._reader.cancel()
            self._reader = None

    def end_all(self, why: str) -> None:
        """Let everybody go, and who still comes at once, e.g. because the server stops."""
        self._stopped_for = why
        for follower in list(self._all):
            self._end(follower, why)

    async def _read(self) -> None:
        while True:
            try:
                pieces = await self._ask(lambda tx: pieces_after(tx, self._at, BATCH))
            except Exception:
                log.exception("following stumbled; it goes on in a second")
                await asyncio.sleep(1.0)
                continue
            if pieces:
                self._at = pieces[-1].seq
                for follower in list(self._all):
                    self._give(follower, pieces)
            if len(pieces) < BATCH:
                await asyncio.sleep(POLL_S)

    def _give(self, follower: Follower, pieces: list[Piece]) -> None:
        if follower.queue.qsize() >= WAITING_MAX:
            self._end(follower, "too_slow")
        elif not follower.ended_for:
            follower.queue.put_nowait(pieces)

    def _end(self, follower: Follower, why: str) -> None:
        if not follower.ended_for:
            follower.ended_for = why
            self._all.discard(follower)
            while follower.queue.qsize():
                with contextlib.suppress(asyncio.QueueEmpty):
                    follower.queue.get_nowait()
            follower.queue.put_nowait(None)

    async def _ask(self, question):
        def ask():
            with self._edge.database.reading() as tx:
                return question(tx)

        return await asyncio.get_running_loop().run_in_executor(self._edge.readers, ask)


def end_streams(app: Litestar) -> None:
    """Let all who follow go, so that a server that stops need not wait for them."""
    Followers.of(app, app.state.edge).end_all("server_stops")


def followers_in(app: Litestar) -> int:
    """How many follow in this process."""
    return len(app.state.followers._all) if hasattr(app.state, "followers") else 0


def _size(tx: Tx) -> int:
    return tx.value("SELECT size FROM log_head WHERE city = :city") or 0
