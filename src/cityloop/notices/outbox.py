"""The one way out to other systems: each target is told of facts at least once, in the order of each subject.

A target has a place in the journal. What it takes moves its place on. Where it is down its place stays, and it is left
alone for growing pauses. Where it refuses one message, that message and later ones of its subject are held, and the rest
go on. Nothing is sent inside a transaction; a process that dies between sending and noting it sends the same once more,
under the same key.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from time import monotonic

from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.facts import Told
from cityloop.journal import Writer
from cityloop.notices import rules, store
from cityloop.notices.model import Answer, HeldParcel, NoSuchParcel, Parcel, Place, Target, Verdict

ROUND = 32  # messages to one target before the others have their turn
AGAIN_S, TURN_S = 10.0, 20.0  # of one target's turn, for what it would not take and for all: what is left waits for its next turn
WAIT_S = 0.5  # for one who is slow, before the others have their turn again
LAZY = 512  # facts of no interest that a place may pass before it is written down
Targets = Callable[[Tx], Sequence[Target]]


class _Load(Struct, frozen=True, kw_only=True):
    """What one target is to be told in this round. `upto`: everything to here was looked at."""

    target: Target
    place: Place
    again: list[tuple[HeldParcel, Parcel | None]]
    new: list[tuple[Told, Parcel | None]]
    held: set[str]
    upto: int


class _Done(Struct, kw_only=True):
    """What became of a load."""

    load: _Load
    upto: int
    sent: int = 0
    gone: list[int] = []  # seqs of held messages that went
    kept: list[HeldParcel] = []
    down: Answer | None = None
    is_gone: bool = False


class Outbox:
    """Tells all targets of a city. One process at a time does it."""

    def __init__(self, writer: Writer, targets: Targets):
        self.writer = writer
        self.database = writer.database
        self.targets = targets
        self._at: dict[str, int] = {}
        self._leased_by: object = None
        self._on_the_way: dict[str, asyncio.Future[_Done]] = {}  # by target
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

    def _look(self) -> list[_Load]:
        with self.database.reading() as tx:
            size = store.log_size(tx)
            targets = [each for each in self.targets(tx) if each.name not in self._on_the_way]
            loads = [self._load(tx, target, size) for target in targets]
        return [each for each in loads if each]

    def _load(self, tx: Tx, target: Target, size: int) -> _Load | None:
        place = store.place_of(tx, target.name) or Place(target=target.name, seq=target.begins_after)
        if place.next_at and place.next_at > tx.now:
            return None
        again = [(each, target.parcel(tx, store.fact_at(tx, each.seq))) for each in store.held_due(tx, target.name, ROUND)]
        after = max(self._at.get(target.name, 0), place.seq)
        upto = min(size, after + store.WINDOW)
        told = store.facts_between(tx, after, upto, target.types, ROUND) if target.types and upto > after else []
        if len(told) == ROUND:
            upto = told[-1].seq
        if not again and not told and upto - place.seq <= LAZY:
            self._at[target.name] = upto
            return None
        held = store.held_subjects(tx, target.name)
        return _Load(
            target=target, place=place, again=again, new=[(each, target.parcel(tx, each)) for each in told], held=held,
            upto=upto,
        )  # fmt: skip

    # sending

    def _send(self, load: _Load) -> _Done:
        done = _Done(load=load, upto=load.place.seq)
        began = monotonic()
        for held, parcel in load.again:
            if self._is_late(began + AGAIN_S):
                break
            self._one(load, done, held, parcel)
            if done.down:
                return done
        for told, parcel in load.new:
            if self._is_late(began + TURN_S):
                return done
            if parcel is None:
                done.upto = told.seq
                continue
            waiting = HeldParcel(target=load.target.name, seq=told.seq, subject=told.subject, fact_id=told.id)
            if told.subject in load.held:
                done.kept.append(waiting)
            else:
                self._one(load, done, waiting, parcel, new=True)
                if done.down:
                    return done
            done.upto = told.seq
        done.upto = load.upto
        return done

    def _is_late(self, until: float) -> bool:
        return self._is_over or monotonic() >= until

    def _one(self, load: _Load, done: _Done, held: HeldParcel, parcel: Parcel | None, *, new: bool = False) -> None:
        """Try one message, and put down what became of it."""
        answer = load.target.send(parcel) if parcel else Answer(status=204)
        verdict = rules.verdict_of(answer)
        if verdict is Verdict.sent:
            done.sent += int(parcel is not None)
            if not new:
                done.gone.append(held.seq)
        elif verdict is Verdict.refused or (verdict is Verdict.gone and not load.target.ends):
            done.kept.append(rules.refused(held, answer, self.database.clock()))
            load.held.add(held.subject)
        else:
            done.down, done.is_gone = answer, verdict is Verdict.gone

    # noting

    def _note(self, tx: Tx, done: _Done) -> None:
        target, before = done.load.target, done.load.place
        is_up = bool(done.sent or [each for each in done.kept if each.tries])
        place = rules.went_on(before, done.upto, done.sent, tx.now, is_up=is_up)
        if done.down:
            place = rules.failed(place, done.down, tx.now)
        for seq in done.gone:
            store.held_let_go(tx, target.name, seq)
        for each in done.kept:
            tx.put("outbox_held", each)
        tx.put("outbox_place", place)
        self._at[target.name] = place.seq
        if target.ends and (done.is_gone or rules.is_given_up(place.tries)):
            target.gave_up(tx, "gone" if done.is_gone else "down_too_long")


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
