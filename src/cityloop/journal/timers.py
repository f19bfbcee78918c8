"""What must be done at a moment: once, at it or as soon after as somebody is awake."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from cityloop.db import Tx
from cityloop.db.tx import row_to
from cityloop.journal.commit import Writer
from cityloop.journal.deliver import why
from cityloop.journal.held import pause_s

PART = 64  # timers in one transaction


class Timer(Struct, frozen=True, kw_only=True):
    """A moment that a fact of this subject named. One of a kind for each subject; a new one takes the old one's place."""

    kind: str
    subject: str  # as facts have it, e.g. `case/0198…`: it is held while the deed is done
    due_at: datetime
    next_at: datetime  # when it is looked at: at its moment, or after a pause where it failed
    tries: int = 0
    error: str | None = None


Due = Callable[[Tx, Timer], None]


def timer_set(tx: Tx, kind: str, subject: str, due_at: datetime) -> None:
    """Let the room that knows this kind hear of the subject at `due_at`."""
    tx.put("timer", Timer(kind=kind, subject=subject, due_at=due_at, next_at=due_at))


def timer_drop(tx: Tx, kind: str, subject: str) -> None:
    """Nothing is to be done any more."""
    tx.run("DELETE FROM timer WHERE city = :city AND kind = :kind AND subject = :subject", kind=kind, subject=subject)


class Timers:
    """Does what is due. A deed and its timer's end commit together, so it is done once, by whichever process comes first.

    A deed that fails is tried again with growing pauses, for as long as it fails; /health counts it.
    """

    def __init__(self, writer: Writer, on: Mapping[str, Due]):
        self.writer = writer
        self.on = on
        self.kinds = ", ".join(f"'{kind}'" for kind in sorted(on)) or "''"

    def fire(self) -> int:
        """Do what is due now; gives how many deeds were done."""
        with self.writer.database.reading() as tx:
            due = self._due(tx)
        if not due:
            return 0
        try:
            return self.writer.whole(lambda tx: self._do(tx, due))
        except Exception:
            return sum(self._alone(each) for each in due)

    def _due(self, tx: Tx) -> list[Timer]:
        rows = tx.all(
            "SELECT kind, subject, due_at, next_at, tries, error FROM timer WHERE city = :city AND next_at <= :now "
            f"AND kind IN ({self.kinds}) ORDER BY next_at, kind, subject LIMIT {PART}",
            now=tx.now,
        )
        return [row_to(Timer, row) for row in rows]

    def _alone(self, timer: Timer) -> int:
        try:
            return self.writer.whole(lambda tx: self._do(tx, [timer]))
        except Exception as error:
            reason = why(error)
            self.writer.whole(lambda tx: _failed(tx, timer, reason))
            return 0

    def _do(self, tx: Tx, due: Sequence[Timer]) -> int:
        tx.hold(each.subject for each in due)
        mine = [each for each in due if _taken(tx, each)]
        for each in mine:
            tx.actor = "machine:timer"
            self.on[each.kind](tx, each)
        return len(mine)


def _taken(tx: Tx, timer: Timer) -> bool:
    """Whether the timer still stood as it was read; it is gone now."""
    return bool(
        tx.run(
            "DELETE FROM timer WHERE city = :city AND kind = :kind AND subject = :subject AND due_at = :due_at "
            "AND tries = :tries",
            kind=timer.kind, subject=timer.subject, due_at=timer.due_at, tries=timer.tries,
        )
    )  # fmt: skip


def _failed(tx: Tx, timer: Timer, error: str) -> None:
    tx.run(
        "UPDATE timer SET tries = tries + 1, next_at = :next_at, error = :error WHERE city = :city AND kind = :kind "
        "AND subject = :subject AND due_at = :due_at AND tries = :tries",
        kind=timer.kind, subject=timer.subject, due_at=timer.due_at, tries=timer.tries, error=error,
        next_at=tx.now + timedelta(seconds=pause_s(timer.tries + 1)),
    )  # fmt: skip
