"""Asking for a second look: choose and count in one transaction, ask outside any, note in another."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from datetime import timedelta
from functools import partial

import msgspec
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.facts import Proposal, ReportAdvised
from cityloop.domain.policy import Policy
from cityloop.domain.private import for_all
from cityloop.domain.said import Said
from cityloop.doors.adviser import rules, store
from cityloop.doors.adviser.client import Endpoint
from cityloop.doors.adviser.model import Asked, Outcome, Port, Question, Terms, Unusable
from cityloop.journal import Writer

ACTOR = "machine:adviser"
KEPT_DAYS = 30
_said = msgspec.json.Decoder(Said).decode
_ours = msgspec.json.Decoder(list[Proposal]).decode


class _Ended(Struct, frozen=True, kw_only=True):
    """What came of a question."""

    question: Question
    outcome: Outcome
    proposals: tuple[Proposal, ...] = ()


class Adviser:
    """Asks about reports that wait for a person. What it says decides nothing; without it everything goes on as before."""

    def __init__(self, writer: Writer, policy: Callable[[], Policy], port: Port, terms: Terms):
        self.writer = writer
        self.database = writer.database
        self.policy = policy
        self.port = port
        self.terms = terms

    def step(self) -> int:
        """One round, one thing after the other: tests and the command line. Gives how many were asked."""
        asked = self.writer.change(partial(self._take, self._look()), actor=ACTOR)
        for each in asked:
            self.writer.change(partial(self._note, self._ask(each)), actor=ACTOR)
        return len(asked)

    async def round(self, pool: Executor) -> int:
        """One round of a server: looking and asking in threads, counting and noting through the writer."""
        if not await self.writer.alone(self._is_mine):
            return 0
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(pool, self._look)
        if not found:
            return 0
        asked = await self.writer.submit(partial(self._take, found), actor=ACTOR)
        for ended in await asyncio.gather(*[loop.run_in_executor(pool, self._ask, each) for each in asked]):
            await self.writer.submit(partial(self._note, ended), actor=ACTOR)
        return len(asked)

    def _is_mine(self) -> bool:
        """Whether this process is the one that asks: the first that wanted to, as long as its connection lives."""
        return self.database.ready().alone(f"{self.database.city}/adviser")

    def _look(self) -> list[Question]:
        """What may be asked now: masked, and nothing of a class whose places are private."""
        policy = self.policy()
        with self.database.reading() as tx:
            if self._rests(tx, policy):
                return []
            since = tx.now - timedelta(hours=self.terms.hours_max)
            waiting = store.report_list_waiting(tx, since, self.terms.at_once * 4)
        found = []
        for each in waiting:
            text = _said(each.raw).text
            private = any(
                policy.class_by_key[one.class_key].private_place
                for one in _ours(each.proposals)
                if one.class_key in policy.class_by_key
            )
            if text.strip() and not private:
                shown = for_all(text)[: rules.TEXT_CHARS_MAX]  # masked first: of a number that is cut the rest would stand
                found.append(Question(report_id=each.report_id, text=shown))
        return found[: self.terms.at_once]

    def _rests(self, tx: Tx, policy: Policy) -> bool:
        today = _day(tx, policy)
        last = store.asked_last(tx, [today, _day(tx, policy, days=1)])
        rest = rules.rest_after([outcome for _, outcome in last], self.terms)
        return bool(rest and tx.now < last[0][0] + rest)

    def _take(self, questions: Sequence[Question], tx: Tx) -> list[Question]:
        """Count them against the day's budget, before anybody is asked."""
        policy = self.policy()
        day = _day(tx, policy)
        left = self.terms.day_max - store.asked_count(tx, day)
        taken = [each for each in questions if tx.get("outside_question", Asked, each.report_id) is None][
            : max(0, left)
        ]
        for each in taken:
            tx.put("outside_question", Asked(report_id=each.report_id, day=day, asked_at=tx.now))
        if taken:
            store.asked_forget(tx, _day(tx, policy, days=KEPT_DAYS))
        return taken

    def _ask(self, question: Question) -> _Ended:
        """Ask. Slow, in no transaction, and never raises."""
        policy = self.policy()
        try:
            with self.writer.span("outgoing call", host="adviser", report=question.report_id):
                raw = self.port.ask(rules.body_of(question, self.terms, policy))
            proposals = rules.proposals_in(raw, self.terms, policy)
        except Unusable as error:
            return _Ended(question=question, outcome=error.outcome)
        return _Ended(
            question=question, outcome=Outcome.answered if proposals else Outcome.nothing, proposals=proposals
        )

    def _note(self, ended: _Ended, tx: Tx) -> None:
        """Put down what came of it. Emits `ReportAdvised` where it helps somebody who still decides."""
        id = ended.question.report_id
        asked = tx.get("outside_question", Asked, id)
        if asked is None or asked.ended_at is not None:
            return
        tx.put(
            "outside_question",
            Asked(report_id=id, day=asked.day, asked_at=asked.asked_at, ended_at=tx.now, outcome=ended.outcome.value),
        )
        if ended.proposals and store.is_waiting(tx, id):
            tx.emit(ReportAdvised(report_id=id, adviser=self.terms.name, proposals=ended.proposals, at=tx.now))


def set_up(
    writer: Writer, policy: Callable[[], Policy], *, url: str, key: str, model: str, seconds: float, day_max: int,
    is_cut: Callable[[], bool] = lambda: False,
) -> Adviser | None:  # fmt: skip
    """Who is asked for a second look; nobody where no address is set."""
    if not url:
        return None
    return Adviser(writer, policy, Endpoint(url, key, seconds=seconds, is_cut=is_cut), Terms(name=model or "adviser", day_max=day_max))


def _day(tx: Tx, policy: Policy, *, days: int = 0) -> str:
    """Today by the city's clock, or so many days before."""
    return (tx.now.astimezone(calendar_in(policy).zone) - timedelta(days=days)).date().isoformat()
