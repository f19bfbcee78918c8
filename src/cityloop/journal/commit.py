"""Group commit: changes that wait run together; an answer leaves only after the commit."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar

from msgspec import Struct

from cityloop.db import CommitFailed, Database, Tx
from cityloop.domain.deciders import WORDS_ALONE
from cityloop.domain.errors import CityloopError, Refused, Unavailable, kind_of
from cityloop.journal.emit import Journal
from cityloop.journal.spans import Span, no_span

T = TypeVar("T")
BATCH_MAX, BATCH_MAX_ASIDE = 32, 128  # changes of one commit on the server's own loop, which others wait for; and in a thread
GATHER_S = 0.004  # between commits that follow each other: few changes alone cost nearly what many cost together
TRIES = 3


class OtherBody(Refused):
    """The same Idempotency-Key came with another body."""

    code = "idempotency.other_body"


class Once(Struct, frozen=True, kw_only=True):
    """A caller's key for a change that must happen once, with the digest of what was asked."""

    caller: str
    key: str
    body_digest: str


class _Unit(Struct, kw_only=True):
    use_case: Callable[[Tx], Any]
    actor: str
    once: Once | None = None
    future: asyncio.Future | None = None
    result: Any = None
    error: BaseException | None = None

    def outcome(self) -> Any:
        """What its use case gave, or raised."""
        if self.error:
            raise self.error
        return self.result


class _Kept(Struct, frozen=True):
    caller: str
    key: str
    body_digest: str
    result: str
    at: datetime


class Writer:
    """The one door for change of a process. `pack` tells the digest in force, which every fact names;
    `deciders` what decides about cases.

    A use case is plain code for one change. It may run more than once before its commit (never after),
    so it changes nothing but the transaction. With `Once`, its result is the id of what it made.
    """

    def __init__(self, database: Database, journal: Journal):
        self.database = database
        self.journal = journal
        self.pack: str | None = None
        self.deciders = WORDS_ALONE
        self.span: Span = no_span
        self.told = asyncio.Event()  # set when facts were committed here
        self._queue: list[_Unit] = []
        self._ticking = False
        self._committed_at = 0.0  # by the loop's clock
        self.batches = self.changes = 0  # that were run together since we began, and what was in them
        # SQLite commits on the server's loop: a thread costs more than it hides. PostgreSQL makes us wait: a thread.
        self._thread = ThreadPoolExecutor(1, "writer") if database.on_postgres else None
        self._most = BATCH_MAX_ASIDE if self._thread else BATCH_MAX

    # one change at a time: command line, tests, start-up

    def change(self, use_case: Callable[[Tx], T], *, actor: str = "machine", once: Once | None = None) -> T:
        """Run one use case in a transaction of its own and commit it."""
        unit = _Unit(use_case=use_case, actor=actor, once=once)
        self._run([unit])
        return unit.outcome()

    # many at a time: the server

    async def submit(self, use_case: Callable[[Tx], T], *, actor: str, once: Once | None = None) -> T:
        """Run a use case with whatever else waits; gives its result once it is durable."""
        loop = asyncio.get_running_loop()
        unit = _Unit(use_case=use_case, actor=actor, once=once, future=loop.create_future())
        self._queue.append(unit)
        if not self._ticking:
            self._soon(loop)
        await unit.future
        return unit.outcome()

    async def alone(self, work: Callable[[], T]) -> T:
        """Run blocking journal work (a delivery, a sealing) in turn with the commits."""
        if self._thread:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        return work()

    @property
    def waiting(self) -> int:
        """How many changes wait for the next commit."""
        return len(self._queue)

    def close(self) -> None:
        """Let the writer's thread go, once what runs has ended."""
        if self._thread:
            self._thread.shutdown()

    def _tick(self, loop: asyncio.AbstractEventLoop) -> None:
        batch, self._queue = self._queue[: self._most], self._queue[self._most :]
        self.batches += 1
        self.changes += len(batch)
        if self._thread:
            running = loop.run_in_executor(self._thread, self._run, batch)
            running.add_done_callback(lambda done: self._answer(loop, batch, done.exception()))
            return
        fault = None
        try:
            self._run(batch)
        except BaseException as error:
            fault = error
            raise
        finally:
            self._answer(loop, batch, fault)

    def _answer(self, loop: asyncio.AbstractEventLoop, batch: list[_Unit], fault: BaseException | None) -> None:
        for unit in batch:
            unit.error = unit.error or fault
            if unit.future and not unit.future.done():
                unit.future.set_result(None)  # that it is over; whoever waits takes the outcome
        self.told.set()
        self._committed_at = loop.time()
        if self._queue:
            self._soon(loop)
        else:
            self._ticking = False

    def _soon(self, loop: asyncio.AbstractEventLoop) -> None:
        """Commit what waits: at once, unless the last commit was just now or a batch is full already."""
        self._ticking = True
        pause_s = self._committed_at + GATHER_S - loop.time()
        if pause_s > 0 and len(self._queue) < self._most:
            loop.call_later(pause_s, self._tick, loop)
        else:
            loop.call_soon(self._tick, loop)

    # the transaction

    def _run(self, units: list[_Unit], tries: int = TRIES) -> None:
        """Run units in one transaction. If one fails after it wrote, or what they wrote cannot be kept, each runs alone."""
        try:
            with self.span("writer batch", changes=len(units)):
                self.whole(lambda tx: self._run_in(tx, units), actor="machine")
            return
        except _Tangled as tangled:
            if len(units) == 1:
                units[0].error = tangled.error
                return
        except Unavailable as error:  # the commit failed, or the database is gone
            for unit in units:
                unit.error = error
            return
        except Exception as error:  # the engine objects, or a value of somebody's row or fact is none that it can keep
            if len(units) == 1 and (tries == 1 or not isinstance(error, self.database.engine.again)):
                units[0].error = self._as_told(error)
                return
        for unit in units:
            unit.error = None
            self._run([unit], TRIES if len(units) > 1 else tries - 1)

    def _as_told(self, error: Exception) -> Exception:
        """What a caller hears: of the engine, that it kept nothing; any other fault is one of ours, as it is."""
        if isinstance(error, self.database.engine.broken):
            return CommitFailed("The change was not kept; send it again.", log=kind_of(error))
        return error

    def _run_in(self, tx: Tx, units: list[_Unit]) -> None:
        kept = self._known(tx, units)
        for unit in units:
            before = tx.changes
            tx.actor = unit.actor
            try:
                unit.result = self._run_one(tx, unit, kept)
            except self.database.engine.broken:
                raise
            except Exception as error:
                if tx.changes != before or not isinstance(error, CityloopError):
                    raise _Tangled(error) from error
                unit.error = error

    def _run_one(self, tx: Tx, unit: _Unit, kept: dict[tuple[str, str], tuple[str, str]]) -> Any:
        if unit.once is None:
            return unit.use_case(tx)
        once = unit.once
        if known := kept.get((once.caller, once.key)):
            if known[0] != once.body_digest:
                raise OtherBody(f"Idempotency-Key {once.key} was used for another request; use a new key.")
            return known[1]
        result = unit.use_case(tx)
        tx.add("idempotency", _Kept(once.caller, once.key, once.body_digest, result, tx.now))
        kept[once.caller, once.key] = (once.body_digest, result)
        return result

    def _known(self, tx: Tx, units: list[_Unit]) -> dict[tuple[str, str], tuple[str, str]]:
        asked = [unit.once for unit in units if unit.once]
        found = {}
        for once in asked:
            row = tx.one(
                "SELECT body_digest, result FROM idempotency WHERE city = :city AND caller = :caller AND key = :key",
                caller=once.caller, key=once.key,
            )  # fmt: skip
            if row:
                found[once.caller, once.key] = (row.body_digest, row.result)
        return found

    def known(self, tx: Tx, once: Once) -> str | None:
        """What the same change gave before; None where it did not happen yet.

        Refuses with `OtherBody`.
        """
        found = self._known(tx, [_Unit(use_case=lambda _: None, actor="", once=once)]).get((once.caller, once.key))
        if found and found[0] != once.body_digest:
            raise OtherBody(f"Idempotency-Key {once.key} was used for another request; use a new key.")
        return found[1] if found else None

    def in_turns(self, some: Callable[[Tx, str], Sequence[str]]) -> int:
        """Go over everything, some at a time, each in a transaction of its own: `some` gets the id after which it goes on and
        gives the ids that it has done, none at the end. Gives how many."""
        count, after = 0, ""
        while done := self.whole(lambda tx, after=after: some(tx, after)):
            count, after = count + len(done), done[-1]
        return count

    def whole(self, work: Callable[[Tx], T], *, actor: str = "machine") -> T:
        """Run work in one transaction and commit it; whatever it raises undoes all of it.

        Refuses with `CommitFailed` when the commit itself fails: then nobody knows, and nothing is run again.
        """
        engine = self.database.ready()
        engine.begin()
        tx = Tx(engine, self.database.city, self.journal, self.database.clock(), actor)
        tx.pack, tx.deciders = self.pack, self.deciders
        try:
            result = work(tx)
            tx.prepare()
        except BaseException:
            engine.rollback()
            raise
        try:
            engine.commit()
        except engine.broken as error:
            engine.rollback()
            raise CommitFailed("The change was not kept; send it again.", log=kind_of(error)) from error
        return result


class _Tangled(Exception):
    """A use case failed after it had written: its batch must be undone."""

    def __init__(self, error: Exception):
        super().__init__(str(error))
        self.error = error
