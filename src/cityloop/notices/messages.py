"""What shall be sent, by the fact that asked for it: handed over outside any transaction, at least once, with pauses."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from msgspec import Struct
from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.db.tx import row_to
from cityloop.journal import Writer
from cityloop.journal.held import pause_s
from cityloop.notices.sms import Message, Sms, SmsDown, SmsRefused

PART = 20  # messages of one round
GIVE_UP = timedelta(days=3)
CLAIM = timedelta(minutes=1)
SENT, GONE, REFUSED, GIVEN_UP = "sent", "gone", "refused", "given_up"
log = structlog.get_logger("cityloop.notices")


class Outgoing(Struct, frozen=True, kw_only=True):
    """A message that shall be sent, or was. Whom and what it says is made when it is sent."""

    key: str
    report_id: str
    says: str  # a code of words
    put_at: datetime
    next_at: datetime
    tries: int = 0
    error: str | None = None
    ended_at: datetime | None = None
    outcome: str | None = None


Compose = Callable[[Tx, Outgoing], Message | None]


def message_put(tx: Tx, *, key: str, report_id: str, says: str) -> None:
    """Let a message be sent once this transaction is durable; the same key twice is one message."""
    if tx.get("outbox", Outgoing, key) is None:
        tx.put("outbox", Outgoing(key=key, report_id=report_id, says=says, put_at=tx.now, next_at=tx.now))


class MessageBox:
    """Sends what waits. Without a provider everything waits, and is given up after some days."""

    def __init__(self, writer: Writer, provider: Callable[[], Sms | None], compose: Compose):
        self.writer = writer
        self.provider = provider
        self.compose = compose

    def send(self) -> int:
        """The three steps at once; gives how many messages left."""
        ended = self.hand_over(self.take())
        self.note(ended)
        return sum(each.outcome == SENT for each in ended)

    def take(self) -> list[tuple[Outgoing, Message | None]]:
        """What is due, made ready and claimed: no other process takes it within the next minute."""
        with self.writer.database.reading() as tx:
            if not _due(tx):
                return []
        return self.writer.whole(lambda tx: [(each, self.compose(tx, each)) for each in _due(tx) if _claimed(tx, each)])

    def hand_over(self, taken: Sequence[tuple[Outgoing, Message | None]]) -> list[Outgoing]:
        """Give messages to the provider, and tell what became of each. Blocks as long as it does: for a thread."""
        return [self._hand_over(each, message) for each, message in taken]

    def note(self, ended: Sequence[Outgoing]) -> None:
        """Write down what became of messages."""
        if ended:
            self.writer.whole(lambda tx: [_note(tx, each) for each in ended])

    def _hand_over(self, outgoing: Outgoing, message: Message | None) -> Outgoing:
        now = self.writer.database.clock()
        if message is None:
            return _ended(outgoing, GONE, now)
        try:
            sms = self.provider()
            if sms is None:
                raise SmsDown("The city names no provider; add sms_provider to its pack.")
            sms.send(message, key=outgoing.key)
        except SmsRefused:
            return _ended(outgoing, REFUSED, now)
        except (
            Exception
        ) as error:  # a port: whatever it raises, it is tried again, and nothing of the message is logged
            log.warning("message not sent", key=outgoing.key, error=type(error).__name__)
            return _failed(outgoing, type(error).__name__, now)
        return _ended(outgoing, SENT, now)


def _due(tx: Tx) -> list[Outgoing]:
    fields = ", ".join(Outgoing.__struct_fields__)
    rows = tx.all(
        f"SELECT {fields} FROM outbox WHERE city = :city AND next_at <= :now AND ended_at IS NULL "
        f"ORDER BY next_at, key LIMIT {PART}",
        now=tx.now,
    )
    return [row_to(Outgoing, row) for row in rows]


def _claimed(tx: Tx, outgoing: Outgoing) -> bool:
    """Whether it still waited as it was read; for a while nobody else sees it."""
    return bool(
        tx.run(
            "UPDATE outbox SET next_at = :until WHERE city = :city AND key = :key AND next_at = :next_at "
            "AND ended_at IS NULL",
            key=outgoing.key, next_at=outgoing.next_at, until=tx.now + CLAIM,
        )
    )  # fmt: skip


def _note(tx: Tx, outgoing: Outgoing) -> None:
    now = tx.get("outbox", Outgoing, outgoing.key)
    if now and now.ended_at is None:
        tx.put("outbox", outgoing)


def _ended(outgoing: Outgoing, outcome: str, now: datetime) -> Outgoing:
    return replace(outgoing, outcome=outcome, ended_at=now)


def _failed(outgoing: Outgoing, error: str, now: datetime) -> Outgoing:
    if now - outgoing.put_at > GIVE_UP:
        return _ended(replace(outgoing, error=error), GIVEN_UP, now)
    tries = outgoing.tries + 1
    return replace(outgoing, tries=tries, error=error, next_at=now + timedelta(seconds=pause_s(tries)))
