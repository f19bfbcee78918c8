"""What follows from facts: each handler hears each fact once, in its subject's order, or it waits in sight."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from time import perf_counter
from zlib import crc32

from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.errors import CityloopError
from cityloop.domain.facts import Fact, Told
from cityloop.journal.commit import Writer
from cityloop.journal.emit import told_from
from cityloop.journal.heard import UNHEARD, AtOnce, all_of, by_handler, forget_passed, one_of
from cityloop.journal.held import HeldRow, held_add, held_due, held_subjects, held_tried
from cityloop.journal.lease import SHARDS, Leases

CALM, CALM_ASIDE = 6, 32  # facts in one transaction while the door must stay quick; where a thread handles them, more
BUSY = 128  # when they pile up
TURN_S = 0.04  # a turn on the server's own loop keeps everybody waiting: the next takes fewer facts where one took longer
LAZY = 512  # facts of no interest that a cursor may pass before it is written down
React = Callable[[Tx, Told], None]


class Handler(Struct, frozen=True, kw_only=True):
    """A stage that reacts: its name, what it does on which fact, and what it fetches for many at once."""

    name: str
    on: Mapping[type[Fact], Sequence[React]]
    ahead: Callable[[Tx, Sequence[Told]], None] = lambda tx, told: None


class _Cursor(Struct, frozen=True):
    handler: str
    shard: int
    seq: int


def shard_of(subject: str) -> int:
    """The shard of a subject: the same on every machine, for ever."""
    return crc32(subject.encode()) % SHARDS


class _Following:
    """One handler's place in the journal, shard by shard."""

    def __init__(self, handler: Handler, calm: int):
        self.handler = handler
        self.calm = calm
        self.types = ", ".join(f"'{each.__name__}'" for each in handler.on)
        self.at: dict[int, int] = {}  # shard -> seq that this process has passed
        self.written: dict[int, int] = {}  # shard -> seq that the cursor row holds
        self.waiting: set[str] = set()  # subjects with a held fact
        self.batch = calm

    @property
    def busy(self) -> bool:
        """Whether more waited than the last batch took."""
        return self.batch > self.calm

    def took(self, count: int) -> bool:
        """Fit the next batch to what the last one found; gives whether it was cut."""
        cut = count == self.batch
        self.batch = min(BUSY, self.batch * 2) if cut else max(self.calm, self.batch // 2)
        return cut

    def lasted(self, seconds: float) -> None:
        """Take fewer next time where a turn kept others waiting."""
        if seconds > TURN_S:
            self.batch = max(self.calm, self.batch // 2)

    def passed(self, upto: int) -> None:
        self.written = {shard: max(seq, upto) for shard, seq in self.written.items()}


class Delivery:
    """Follows the journal for all handlers of a process.

    A handler's changes and its cursor commit together, so inside it acts once. What it tells is heard by the other
    handlers in the same transaction where that is safe (heard.py). A failing fact goes to `held`, is tried again with
    growing pauses, then parked; later facts of its subject wait behind it; the rest go on.
    """

    def __init__(self, writer: Writer, handlers: Iterable[Handler], process: str = "one"):
        self.writer = writer
        self.database = writer.database
        calm = CALM_ASIDE if self.database.on_postgres else CALM
        self.followings = [_Following(each, calm) for each in handlers]
        self.names = all_of(each.handler.name for each in self.followings)
        self.listened = frozenset(fact for each in self.followings for fact in each.handler.on)
        self.leases = Leases(writer, process)
        self._head = 0  # the journal's last fact, as far as this round reads

    def turns(self) -> list[Callable[[], int]]:
        """One round: a piece of work for each handler, to be done with pauses between; each gives how many facts."""
        return [self._look, *[partial(self._turn, following) for following in self.followings]]

    def step(self) -> int:
        """One round over all handlers; gives how many facts were handled."""
        return sum(turn() for turn in self.turns())

    def _look(self) -> int:
        """How far the journal reaches now: a handler that has read so far has nothing to ask in this round."""
        self._take_shards()
        with self.database.reading() as tx:
            self._head = _head(tx)
        return 0

    def _turn(self, following: _Following) -> int:
        began = perf_counter()
        done = self._follow(following)
        if not self.database.on_postgres:  # there a thread waits, and nobody else
            following.lasted(perf_counter() - began)
        return done

    def drain(self) -> int:
        """Rounds until nothing is left to do now, held facts that are due included."""
        total = 0
        while done := self.step() + self.retry():
            total += done
        return total

    def retries(self) -> list[Callable[[], int]]:
        """One round of what failed before: for each handler some held facts whose pause is over, and to write down how far it has
        read. To be done with pauses between; each gives how many facts were tried."""
        return [*[partial(self._retry, following) for following in self.followings], self._forget]

    def retry(self) -> int:
        """One such round; gives how many facts were tried."""
        return sum(turn() for turn in self.retries())

    def begin_after(self, seq: int) -> None:
        """Let no handler hear what was told up to `seq`: it was brought in from elsewhere and asks for nothing."""

        def move(tx: Tx) -> None:
            for following in self.followings:
                for shard in range(SHARDS):
                    tx.put("cursor", _Cursor(following.handler.name, shard, seq))

        self.writer.whole(move)
        for following in self.followings:
            following.at = {}

    @property
    def busy(self) -> bool:
        """Whether facts pile up."""
        return any(each.busy for each in self.followings)

    def behind(self, tx: Tx) -> int:
        """How many facts wait to be handled, by any process."""
        return sum(self.behind_by(tx).values())

    def behind_by(self, tx: Tx) -> dict[str, int]:
        """The same for each handler."""
        return {
            each.handler.name: tx.value(
                f"SELECT count(*) FROM fact WHERE city = :city AND type IN ({each.types}) AND seq > COALESCE("
                f"(SELECT min(seq) FROM cursor WHERE city = :city AND handler = :handler), 0) AND {UNHEARD}",
                handler=each.handler.name,
                me=one_of(each.handler.name),
            )
            for each in self.followings
        }

    # what failed before

    def _retry(self, following: _Following) -> int:
        name = following.handler.name
        upto = min(following.at.values(), default=0)
        if upto > min(following.written.values(), default=upto):
            self._handle(following, [], upto)
        following.waiting = self.writer.whole(lambda tx: held_subjects(tx, name))
        if not following.waiting:
            return 0
        due = self.writer.whole(lambda tx: held_due(tx, name, self.leases.held, following.calm))
        for row in due:
            self._try_held(following, row)
        if due:
            following.waiting = self.writer.whole(lambda tx: held_subjects(tx, name))
        return len(due)

    def _forget(self) -> int:
        self.writer.whole(forget_passed)
        return 0

    # where we are

    def _take_shards(self) -> None:
        changed = self.leases.renew()
        if not changed and all(following.at.keys() == self.leases.held for following in self.followings):
            return
        for following in self.followings:
            name = following.handler.name
            rows = self.writer.whole(lambda tx, name=name: _cursors(tx, name, self.leases.held))
            following.written = rows
            following.at = dict(rows)
            following.waiting = self.writer.whole(lambda tx, name=name: held_subjects(tx, name))

    def _follow(self, following: _Following) -> int:
        if not following.at:
            return 0
        low = min(following.at.values())
        if self._head <= low:
            return 0
        with self.database.reading() as tx:
            head = _head(tx)
            rows = tx.all(
                f"SELECT seq, subject, body FROM fact WHERE city = :city AND seq > :low AND seq <= :head "
                f"AND type IN ({following.types}) AND {UNHEARD} ORDER BY seq LIMIT {following.batch}",
                low=low, head=head, me=one_of(following.handler.name),
            )  # fmt: skip
        self.database.ready().settle(head)
        upto = rows[-1].seq if following.took(len(rows)) else head
        mine = []
        for row in rows:
            shard = shard_of(row.subject)
            if row.seq > following.at.get(shard, row.seq):
                mine.append(told_from(self.database.city, row.seq, row.body))
        heard = 0
        if mine or upto - min(following.written.values()) > LAZY:
            block = self._handle(following, mine, upto, at_once=True)
            heard = block.heard
            self._pass_over(block, head, upto)
        following.at = {shard: max(seq, upto) for shard, seq in following.at.items()}
        return len(mine) + heard

    def _pass_over(self, block: AtOnce, head: int, upto: int) -> None:
        """Whoever has read all before a block that was heard whole need not look at it."""
        if block.whole and block.first == head + 1 and upto == head:
            last = block.first + block.count - 1
            for each in self.followings:
                each.at = {shard: last if seq >= head else seq for shard, seq in each.at.items()}

    # doing it

    def _handle(self, following: _Following, told: list[Told], upto: int, *, at_once: bool = False) -> AtOnce:
        """Handle facts and move the cursors to `upto`, all in one transaction; if one fails, one by one.

        With `at_once`, what follows from them is handled in the same transaction too, where that is safe.
        """
        waiting = set().union(*[each.waiting for each in self.followings])
        block = AtOnce(self.listened, waiting, self.names) if at_once else AtOnce(frozenset(), waiting)
        try:
            with self.writer.span("handler turn", handler=following.handler.name, facts=len(told), first=told[0].id if told else ""):
                self.writer.whole(lambda tx: self._handle_in(tx, following, told, upto, block))
        except Moved:
            raise
        except Exception as error:
            if not told:  # the cursor itself cannot be moved
                raise
            if len(told) == 1 and not at_once:
                self._hold(following, told[0], error, upto)
                return block
            for each in told:
                self._handle(following, [each], each.seq)
            self._handle(following, [], upto)
            return AtOnce(frozenset(), set())
        following.passed(upto)
        return block

    def _handle_in(self, tx: Tx, following: _Following, told: list[Told], upto: int, block: AtOnce) -> None:
        name = following.handler.name
        behind = [each for each in told if each.subject in following.waiting]
        now = [each for each in told if each.subject not in following.waiting]
        tx.hold(each.subject for each in now)
        if block.listeners:
            block.set_out(tx, now, self._others(following))
        _hear(tx, following.handler, now)
        if block.listeners:
            block.hand_on(tx, lambda facts: self._all_hear(tx, facts))
        for each in behind:
            held_add(tx, HeldRow(name, each.seq, shard_of(each.subject), each.subject, each.id, 0, None, 0, ""))
        _cursors_move(tx, name, following.written, upto)

    def _all_hear(self, tx: Tx, told: Sequence[Told]) -> None:
        for each in self.followings:
            if mine := by_handler(told, each.handler.on):
                _hear(tx, each.handler, mine)

    def _others(self, following: _Following) -> frozenset[type[Fact]]:
        return frozenset(fact for each in self.followings if each is not following for fact in each.handler.on)

    def _hold(self, following: _Following, told: Told, error: Exception, upto: int) -> None:
        name = following.handler.name

        def keep(tx: Tx) -> None:
            row = HeldRow(name, told.seq, shard_of(told.subject), told.subject, told.id, 0, None, 0, "")
            held_tried(tx, row, why(error))
            _cursors_move(tx, name, following.written, upto)

        self.writer.whole(keep)
        following.passed(upto)
        following.waiting.add(told.subject)

    def _try_held(self, following: _Following, row: HeldRow) -> None:
        def again(tx: Tx) -> None:
            body = tx.value("SELECT body FROM fact WHERE city = :city AND seq = :seq", seq=row.seq)
            gone = tx.run(
                "DELETE FROM held WHERE city = :city AND handler = :handler AND seq = :seq",
                handler=row.handler,
                seq=row.seq,
            )
            if gone:
                react(tx, following.handler, told_from(tx.city, row.seq, body))

        try:
            self.writer.whole(again)
        except Exception as error:
            reason = why(error)
            self.writer.whole(lambda tx: held_tried(tx, row, reason))


def _hear(tx: Tx, handler: Handler, told: Sequence[Told]) -> None:
    handler.ahead(tx, told)
    for each in told:
        react(tx, handler, each)


def react(tx: Tx, handler: Handler, told: Told) -> None:
    """Let a handler do all that it does on this fact."""
    tx.actor = f"machine:{handler.name}"
    with tx.caused_by(told.id):
        for each in handler.on.get(type(told.fact), ()):
            each(tx, told)


def why(error: Exception) -> str:
    """What an operator reads of a failure: a stable code, or the kind of fault; never the data."""
    return error.code if isinstance(error, CityloopError) else type(error).__name__


class Moved(RuntimeError):
    """Another process has moved our cursor: the lease is lost, and nothing of this batch happened."""


def _head(tx: Tx) -> int:
    return tx.value("SELECT size FROM log_head WHERE city = :city") or 0


def _cursors(tx: Tx, handler: str, shards: Iterable[int]) -> dict[int, int]:
    found = {
        row.shard: row.seq
        for row in tx.all("SELECT shard, seq FROM cursor WHERE city = :city AND handler = :handler", handler=handler)
    }
    wanted = {}
    for shard in shards:
        if shard not in found:
            tx.put("cursor", _Cursor(handler, shard, 0))
        wanted[shard] = found.get(shard, 0)
    return wanted


def _cursors_move(tx: Tx, handler: str, before: dict[int, int], upto: int) -> None:
    """Move cursors from exactly where this process left them; else somebody else holds the shard now."""
    for seq in set(before.values()):
        shards = [shard for shard, at in before.items() if at == seq]
        moved = tx.run(
            f"UPDATE cursor SET seq = :upto WHERE city = :city AND handler = :handler AND seq = :seq "
            f"AND shard IN ({', '.join(map(str, shards))})",
            upto=max(upto, seq), handler=handler, seq=seq,
        )  # fmt: skip
        if moved != len(shards):
            raise Moved(f"{handler}: the cursor at {seq} was moved by another process")
