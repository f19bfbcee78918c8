"""Facts heard at once: in the transaction that told them, by every handler, so that nobody need read them again.

A fact may be heard at once where it is certain that no earlier fact of its subject waits for anybody: its subject was
born in this transaction, or all that it has is the one fact that the transaction set out from. Whatever is not so
certain waits for its turn, as do all later facts of its subject.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.facts import Fact, Told

# Whether `:me` must still hear a fact: no run that it heard ends at or after the fact and begins at or before it.
UNHEARD = (
    "COALESCE((SELECT CASE WHEN heard.handlers LIKE :me THEN heard.first ELSE fact.seq + 1 END FROM heard "
    "WHERE heard.city = :city AND heard.last >= fact.seq ORDER BY heard.last LIMIT 1), fact.seq + 1) > fact.seq"
)


class HeardRow(Struct, frozen=True):
    """A run of facts that were heard when they were told. A handler that is not named has yet to hear them."""

    first: int
    last: int
    handlers: str  # as `/understand/filing/`


class AtOnce:
    """What a delivery's transaction tells, handed on to those who listen, generation by generation."""

    def __init__(self, listeners: frozenset[type[Fact]], waiting: set[str], handlers: str = ""):
        self.listeners = listeners
        self.handlers = handlers
        self.waiting = waiting  # subjects with a held fact: theirs wait behind it
        self.fresh: set[str] = set()
        self.heard = 0
        self.left: set[int] = set()  # places in the transaction's block of facts that somebody must still hear
        self.first = 0  # the seq of the block's first fact, known at its end
        self.count = 0

    @property
    def whole(self) -> bool:
        """Whether nothing of the block is left to be heard."""
        return not self.left

    def set_out(self, tx: Tx, told: Sequence[Told], others: frozenset[type[Fact]]) -> None:
        """Begin with what was delivered. `others` is what the other handlers listen to."""
        self.fresh = {
            each.subject
            for each in told
            if each.no == 1 and tx.heads.get(each.subject) == 1 and type(each.fact) not in others
        } - self.waiting
        tx.at_end = self.keep

    def hand_on(self, tx: Tx, hear: Callable[[Sequence[Told]], None]) -> None:
        """Let `hear` have each generation of new facts, until a generation tells nothing."""
        done = 0
        while done < len(tx.facts):
            generation = tx.facts[done:]
            now = [each for place, each in enumerate(generation, done) if self._may(each, place)]
            done += len(generation)
            if now:
                self.heard += len(now)
                hear(now)

    def keep(self, tx: Tx, first: int, told: Sequence[Told]) -> None:
        """Write down which facts of the block were heard. Called when their numbers are known."""
        self.first, self.count = first, len(told)
        begin = first
        for place in [*sorted(self.left), len(told)]:
            if first + place > begin:
                tx.put("heard", HeardRow(begin, first + place - 1, self.handlers))
            begin = first + place + 1

    def _may(self, told: Told, place: int) -> bool:
        if told.no == 1 and told.subject not in self.waiting:
            self.fresh.add(told.subject)
        if type(told.fact) not in self.listeners:
            return False
        if told.subject not in self.fresh:
            self.left.add(place)
            return False
        return True


def all_of(handlers: Iterable[str]) -> str:
    """Names of handlers as a run keeps them.

    >>> all_of(["understand", "filing"]), one_of("filing")
    ('/understand/filing/', '%/filing/%')
    """
    return f"/{'/'.join(handlers)}/"


def one_of(handler: str) -> str:
    """What UNHEARD asks for as `:me`."""
    return f"%{all_of([handler])}%"


def forget_passed(tx: Tx) -> None:
    """Drop the runs that every handler's cursor has passed."""
    tx.run("DELETE FROM heard WHERE city = :city AND last <= (SELECT min(seq) FROM cursor WHERE city = :city)")


def by_handler(told: Sequence[Told], on: Mapping[type[Fact], object]) -> list[Told]:
    """Those of the facts that a handler listens to."""
    return [each for each in told if type(each.fact) in on]
