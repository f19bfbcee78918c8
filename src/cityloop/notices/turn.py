"""One target's turn: what it is told, and what its answers mean for what comes next. It knows no database.

New messages go first, then once more what was not taken before. Where a message is answered as if the target were down, it may be this
message alone that the target fails on: then others, of other subjects, are tried, and show which of the two it is.
"""

from collections.abc import Callable
from datetime import datetime
from time import monotonic

from msgspec import Struct

from cityloop.domain.facts import Told
from cityloop.notices import rules
from cityloop.notices.model import Answer, HeldParcel, Parcel, Place, Target, Verdict

NEW_S, TURN_S = 12.0, 18.0  # for what is new, and for all: what is left waits for the next turn


class Load(Struct, frozen=True, kw_only=True):
    """What one target is to be told in this turn. `held`: subjects of which it would not take something. `upto`: to here all was
    looked at."""

    target: Target
    place: Place
    again: list[tuple[HeldParcel, Parcel | None]]
    new: list[tuple[Told, Parcel | None]]
    held: set[str]
    upto: int


class Done(Struct, kw_only=True):
    """What became of a load."""

    load: Load
    upto: int
    sent: int = 0
    refused: int = 0
    gone: list[int] = []  # seqs of held messages that went
    kept: list[HeldParcel] = []
    is_up: bool = False  # it took a message, or said that it will not
    down: Answer | None = None
    is_gone: bool = False


class _Doubt(Struct, frozen=True):
    """A message that was answered as if the target were down."""

    held: HeldParcel
    answer: Answer
    is_new: bool


class Turn:
    """Sends a load, message by message, until it is over, its time is, or the target is down."""

    def __init__(self, load: Load, clock: Callable[[], datetime], is_over: Callable[[], bool]):
        self._load = load
        self._clock = clock
        self._is_over = is_over
        self._done = Done(load=load, upto=load.place.seq)
        self._waiting = set(load.held)  # subjects whose new messages wait behind another
        self._doubts: list[_Doubt] = []
        self._sure = (self._done.upto, 0)  # how far it was told, and how many were kept, before the first of the doubts

    def taken(self) -> Done:
        """What became of it."""
        began = monotonic()
        if self._tell_new(began + NEW_S):
            self._tell_again(began + TURN_S)
        self._conclude()
        return self._done

    def _tell_new(self, until: float) -> bool:
        done = self._done
        for told, parcel in self._load.new:
            if self._is_late(until):
                return not self._is_over()
            waiting = HeldParcel(target=self._load.target.name, seq=told.seq, subject=told.subject, fact_id=told.id)
            if parcel and told.subject in self._waiting:
                done.kept.append(waiting)
            elif parcel and not self._goes_on_after(waiting, parcel, is_new=True):
                return False
            done.upto = told.seq
        done.upto = self._load.upto
        return True

    def _tell_again(self, until: float) -> None:
        for held, parcel in self._load.again:
            if self._is_late(until):
                return
            if parcel is None:
                self._done.gone.append(held.seq)
            elif not self._goes_on_after(held, parcel, is_new=False):
                return

    def _is_late(self, until: float) -> bool:
        return self._is_over() or monotonic() >= until

    def _goes_on_after(self, held: HeldParcel, parcel: Parcel, *, is_new: bool) -> bool:
        """Try one message, and put down what became of it; whether others are to be tried."""
        done, answer = self._done, self._load.target.send(parcel)
        verdict = rules.verdict_of(answer)
        if verdict is Verdict.sent:
            self._is_up()
            done.sent += 1
            if not is_new:
                done.gone.append(held.seq)
        elif verdict is Verdict.refused or (verdict is Verdict.gone and not self._load.target.ends):
            self._is_up()
            done.refused += 1
            self._keep(held, answer)
        elif verdict is Verdict.down and rules.is_doubtful(self._load.place, answer, is_new=is_new):
            self._doubt(_Doubt(held, answer, is_new))
            return len(self._doubts) < rules.DOUBTS_MAX
        else:
            done.down, done.is_gone = answer, verdict is Verdict.gone
        return done.down is None

    def _is_up(self) -> None:
        """It answers others: what it failed on is to blame for that itself."""
        self._done.is_up = True
        for each in self._doubts:
            self._keep(each.held, each.answer)
        self._doubts = []

    def _keep(self, held: HeldParcel, answer: Answer) -> None:
        self._done.kept.append(rules.refused(held, answer, self._clock()))
        self._waiting.add(held.subject)

    def _doubt(self, doubt: _Doubt) -> None:
        if not self._doubts:
            self._sure = (self._done.upto, len(self._done.kept))
        self._doubts.append(doubt)
        self._waiting.add(doubt.held.subject)

    def _conclude(self) -> None:
        """What nothing later cleared up: a message that was not taken before is to blame where the target answered others, in this
        turn or when it was held for this; else the target is down, and was told no further than before."""
        done, doubts, self._doubts = self._done, self._doubts, []
        open_ones = [each for each in doubts if each.is_new or not (done.is_up or rules.is_known_for_it(each.held))]
        if open_ones:
            done.upto, kept = self._sure
            del done.kept[kept:]
            done.down = done.down or open_ones[0].answer
        for each in doubts:
            if each not in open_ones:
                self._keep(each.held, each.answer)
