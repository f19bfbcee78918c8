"""A period of the journal run again, part by part: by the command line at once, by the server in the background."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import TypeVar

import structlog
from msgspec import Struct

from cityloop.db import Database, Tx
from cityloop.domain.facts import Told
from cityloop.domain.policy import Policy
from cityloop.journal import Writer
from cityloop.packs import load_bytes
from cityloop.packs.book import NoPack, PackBook
from cityloop.revise.model import Line, PeriodWrong, Trial, TrialScore, TrialState, TrialUnknown
from cityloop.revise.rules.trying import Again, Ways, counted
from cityloop.revise.service.drafting import draft_get
from cityloop.revise.store import trials

log = structlog.get_logger("cityloop")
T = TypeVar("T")
PART = 1_500  # facts of the journal that are read at a time
DAYS_MAX = 400


class Step(Struct, frozen=True):
    """A part of a run: how far it is, what differs or is unknown in it."""

    done: int
    size: int
    lines: list[Line]


def run_again(
    database: Database, was: Callable[[str | None], Policy | None], policy: Policy, since: datetime, until: datetime, score: TrialScore
) -> Iterator[Step]:  # fmt: skip
    """The decisions of a period under another pack, in parts; counts into `score`."""
    with database.reading() as tx:
        first, end = trials.span_of(tx, since, until)
    ways = Ways(policy=policy, was=was, load=_nothing, report=_nothing)
    again = Again(ways)
    for start in range(first, end, PART):
        stop = min(start + PART, end)
        with database.reading() as tx:
            told = trials.fact_list(tx, start, stop)
            new = dict.fromkeys(each.fact.case_id for each in told if each.fact.case_id not in again.known)
            before = trials.fact_list_before(tx, list(new), start)
        for digest in {each.pack for each in told}:
            was(digest)  # read before the tables are: it asks for them itself
        with database.reading() as tx:
            again.ways = Ways(
                policy=policy, was=was, load=partial(trials.load_at, tx), report=partial(trials.report_find, tx)
            )  # fmt: skip
            lines = _part(tx, again, before, told, score)
        yield Step(stop - first, end - first, lines)
    if first == end:
        yield Step(0, 0, [])


def _part(tx: Tx, again: Again, before: Sequence[Told], told: Sequence[Told], score: TrialScore) -> list[Line]:
    for each in before:
        again.see(each, asked=False)
    trials.report_many(tx, [each.fact.report_id for each in told if hasattr(each.fact, "report_id")])
    found = []
    for each in told:
        line = again.see(each, asked=True)
        if line:
            counted(score, line)
            if line.changed or line.note:
                found.append(line)
    return found


def _nothing(*_: object) -> None:
    raise AssertionError("nothing is read between the parts")


def was_of(book: PackBook) -> Callable[[str | None], Policy | None]:
    """The pack that decided, by its digest; None where its bytes are gone."""

    def was(digest: str | None) -> Policy | None:
        try:
            return book.of(digest) if digest else None
        except NoPack:
            return None

    return was


def ask_trial(
    tx: Tx, *, by: str, digest: str, draft_id: str | None, since: datetime, until: datetime, remedy: str | None = None
) -> str:  # fmt: skip
    """Let a period be run again under a version or a draft; gives the trial's id.

    Refuses with `PeriodWrong`.
    """
    if not since < until <= tx.now or (until - since).days > DAYS_MAX:
        raise PeriodWrong(f"A trial looks back: from a day to a later one, not beyond now, at most {DAYS_MAX} days.")
    trial = Trial(
        id=tx.new_id(), digest=digest, draft_id=draft_id, since=since, until=until, by=by, asked_at=tx.now, remedy=remedy
    )  # fmt: skip
    tx.add("pack_trial", trial)
    return trial.id


def trial_get(tx: Tx, id: str) -> Trial:
    """Refuses with `TrialUnknown`."""
    found = trials.trial_find(tx, id)
    if found is None:
        raise TrialUnknown(f"There is no trial {id[:40]}; ask for one with POST /v1/packs/trials.")
    return found


class Tries:
    """Does what was asked for, one trial after another. A stopped server's trial begins again."""

    def __init__(self, writer: Writer, book: PackBook):
        self.writer, self.book = writer, book
        self.name = f"{writer.database.city}/trials"
        self._aside = ThreadPoolExecutor(1, "trial")

    async def round(self) -> bool:
        """Do the oldest trial that is not over; whether there was one."""
        trial = await self._apart(self._next)
        if trial is None or not await self.writer.alone(self._mine):
            return False
        try:
            await self._try(trial)
        except Exception as error:
            log.exception("a trial stumbled", trial=trial.id)
            code = getattr(error, "code", type(error).__name__)
            await self._keep(lambda tx: trials.trial_ended(tx, trial.id, TrialState.failed, code))
        return True

    async def _try(self, trial: Trial) -> None:
        score = TrialScore()
        policy = await self._apart(partial(self._policy, trial))
        steps = run_again(self.writer.database, was_of(self.book), policy, trial.since, trial.until, score)
        begun = False
        while step := await self._apart(lambda: next(steps, None)):
            if not begun:
                await self._keep(partial(trials.trial_begun, id=trial.id, size=step.size))
                begun = True
            await self._keep(partial(_went_on, id=trial.id, step=step, score=score))
        await self._keep(lambda tx: trials.trial_ended(tx, trial.id, TrialState.done))

    def _mine(self) -> bool:
        """Whether this process is the one that tries; a lease that ends with it."""
        return self.writer.database.ready().alone(self.name)

    def _next(self) -> Trial | None:
        with self.writer.database.reading() as tx:
            return trials.trial_next(tx)

    def _policy(self, trial: Trial) -> Policy:
        if trial.draft_id is None:
            return self.book.of(trial.digest)
        with self.writer.database.reading() as tx:
            return load_bytes(draft_get(tx, trial.draft_id).bytes)

    async def _apart(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._aside, work)

    async def _keep(self, change: Callable[[Tx], None]) -> None:
        await self.writer.alone(lambda: self.writer.whole(change, actor="machine:trial"))

    def close(self) -> None:
        """Let the thread go."""
        self._aside.shutdown()


def _went_on(tx: Tx, *, id: str, step: Step, score: TrialScore) -> None:
    trials.trial_went_on(tx, id, step.done, score, step.lines)
