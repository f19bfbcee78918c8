"""The one way out to other systems: each target is told of facts at least once, in the order of each subject.

A target has a place in the journal. What it takes moves its place on. Where it is down its place stays, and it is left
alone for growing pauses. Where it refuses one message, or fails on that one alone, that message and later ones of its
subject are held, and the rest go on. Nothing is sent inside a transaction; a process that dies between sending and noting
it sends the same once more, under the same key.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor

from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.journal import Writer
from cityloop.notices import rules, store
from cityloop.notices.model import HeldParcel, NoSuchParcel, Place, Target
from cityloop.notices.turn import Done, Load, Turn

ROUND = 32  # messages to one target before the others have their turn
ROUNDS_LOOKED = 8  # so far it is looked for others, where one message may be what a target fails on
WAIT_S = 0.5  # for one who is slow, before the others have their turn again
LAZY = 512  # facts of no interest that a place may pass before it is written down
Targets = Callable[[Tx], Sequence[Target]]


class Outbox:
    """Tells all targets of a city. One process at a time does it."""

    def __init__(self, writer: Writer, targets: Targets):
        self.writer = writer
        self.database = writer.database
        self.targets = targets
        self._at: dict[str, int] = {}
        self._leased_by: object = None
        self._on_the_way: dict[str, asyncio.Future[Done]] = {}  # by target
        self._is_over = False

    def step(self) -> int:
        """One round, one thing after the other: command line and tests. Gives how many messages went."""
        if not self._is_mine():
            return 0
        done = [self._send(load) for load in self._look()]
        for each in done:
            self.writer.change(lambda tx, each=each: self._note(tx, each), actor="machine:outbox")
        return sum(each.sent for each in done)

    async def round(self, pool: Executor) -> int:
        """One round of a server: looking and sending in threads, noting through the writer."""
        if not await self.writer.alone(self._is_mine):
            self._on_the_way.clear()  # another process tells; what we still hear is heard in vain, and told once more
            return 0
        loop = asyncio.get_running_loop()
        for load in await loop.run_in_executor(None, self._look):
            self._on_the_way[load.target.name] = loop.run_in_executor(pool, self._send, load)
        if self._on_the_way:  # a receiver that hangs holds up itself alone
            await asyncio.wait(self._on_the_way.values(), timeout=WAIT_S, return_when=asyncio.FIRST_COMPLETED)
        ended = [name for name, way in self._on_the_way.items() if way.done()]
        done = [self._on_the_way.pop(name).result() for name in ended]
        for each in done:
            await self.writer.submit(lambda tx, each=each: self._note(tx, each), actor="machine:outbox")
        return sum(each.sent for each in done)

    def end(self) -> None:
        """Send no more than the messages that are being sent, and let nobody wait for them: what is not noted is sent once more."""
        self._is_over = True
        for each in self._on_the_way.values():
            each.cancel()
        self._on_the_way.clear()

    def _is_mine(self) -> bool:
        """Whether this process is the one that sends: the first that asked, as long as its connection lives."""
        engine = self.database.ready()
        if self._leased_by is engine:
            return True
        if engine.alone(f"{self.database.city}/outbox"):
            self._leased_by, self._at = engine, {}
            return True
        return False

    # looking

    def _look(self) -> list[Load]:
        with self.database.reading() as tx:
            size = store.log_size(tx)
            targets = [each for each in self.targets(tx) if each.name not in self._on_the_way]
            loads = [self._load(tx, target, size) for target in targets]
        return [each for each in loads if each]

    def _load(self, tx: Tx, target: Target, size: int) -> Load | None:
        place = store.place_of(tx, target.name) or Place(target=target.name, seq=target.begins_after)
        if place.next_at and place.next_at > tx.now:
            return None
        again = [(each, target.parcel(tx, store.fact_at(tx, each.seq))) for each in store.held_due(tx, target.name, ROUND)]
        after = max(self._at.get(target.name, 0), place.seq)
        upto = min(size, after + store.WINDOW)
        most = ROUND if place.tries < rules.DOUBT_AFTER else ROUND * ROUNDS_LOOKED
        told = store.facts_between(tx, after, upto, target.types, most) if target.types and upto > after else []
        if len(told) == most:
            upto = told[-1].seq
        if not again and not told and upto - place.seq <= LAZY:
            self._at[target.name] = upto
            return None
        held = store.held_subjects(tx, target.name, {each.subject for each in told})
        return Load(
            target=target, place=place, again=again, new=[(each, target.parcel(tx, each)) for each in told], held=held,
            upto=upto,
        )  # fmt: skip

    # sending

    def _send(self, load: Load) -> Done:
        return Turn(load, self.database.clock, lambda: self._is_over).taken()

    # noting

    def _note(self, tx: Tx, done: Done) -> None:
        target, before = done.load.target, done.load.place
        place = rules.went_on(before, done.upto, done.sent, tx.now, is_up=done.is_up, refused=done.refused)
        if done.down:
            place = rules.failed(place, done.down, tx.now, ends=target.ends)
        for seq in done.gone:
            store.held_let_go(tx, target.name, seq)
        for each in done.kept:
            tx.put("outbox_held", each)
        if target.ends and (why := rules.given_up_for(place, is_gone=done.is_gone)):
            place = replace(place, refused=0)  # who resumes it begins anew
            target.gave_up(tx, why)
        tx.put("outbox_place", place)
        self._at[target.name] = place.seq


def try_again(tx: Tx, target: str, seq: int | None = None) -> str:
    """An operator wants a target told now: one held message anew, or, without `seq`, whatever waits for it.

    Refuses with `NoSuchParcel`.
    """
    if seq is None:
        place = store.place_of(tx, target)
        if place is None:
            raise NoSuchParcel(f"Nothing was ever sent to {target[:80]}; look at the outbox.")
        tx.put("outbox_place", Place(target=target, seq=place.seq, sent=place.sent, sent_at=place.sent_at))
        return target
    held = store.held_one(tx, target, seq)
    if held is None:
        raise NoSuchParcel(f"{target[:80]} has no held message {seq}; look at the outbox.")
    tx.put("outbox_held", HeldParcel(target=target, seq=seq, subject=held.subject, fact_id=held.fact_id))
    return target


def let_be(tx: Tx, target: str, seq: int) -> str:
    """An operator lets a held message be; later ones of its subject go on.

    Refuses with `NoSuchParcel`.
    """
    if store.held_one(tx, target, seq) is None:
        raise NoSuchParcel(f"{target[:80]} has no held message {seq}; look at the outbox.")
    store.held_let_go(tx, target, seq)
    return target
