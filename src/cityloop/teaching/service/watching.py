"""How what decides has done lately: looked at now and then, told as a fact, so that the register shows what can be recomputed."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from cityloop.cases import Joined
from cityloop.db import Tx
from cityloop.domain.deciders import Algorithm
from cityloop.domain.facts import AlgorithmWatched, LevelMoved
from cityloop.domain.policy import Policy
from cityloop.domain.said import Said
from cityloop.journal import Writer
from cityloop.learning.learned import Learned, name_of
from cityloop.teaching import rules, store
from cityloop.teaching.model import PEOPLES, AlgorithmRow, Decided, How
from cityloop.teaching.service.deciding import algorithm_now

LOOKED_AT = 2_000  # newest cases of what decides
CHECKS_LOOKED_AT = 5_000  # newest checks of the model since it is in force: those of a class that is seldom seen among them
PROPOSED_AMONG = 8_000  # newest reports or tasks, among which those are that say something
AGAIN_AFTER = 50  # newly judged ones, or a day with any
AGAIN_DAYS = 1
WORDS = "words/"
_said = msgspec.json.Decoder(Said).decode
_watched_in = msgspec.json.Decoder(AlgorithmWatched).decode
_levels = msgspec.json.Decoder(tuple[LevelMoved, ...]).decode


def watch_all(writer: Writer, policy: Policy) -> list[str]:
    """Look at whatever decides or proposes; gives those of which there was something to tell.

    Emits `AlgorithmWatched`.
    """
    return [tell_watched(writer, each) for each in look_at_all(writer, policy)]


def look_at_all(writer: Writer, policy: Policy) -> list[AlgorithmWatched]:
    """What there is to tell; reads only, so that a thread may do it."""
    found = []
    for algorithm in (Algorithm.words, Algorithm.lessons):
        with writer.database.reading() as tx:
            told = _told(tx, algorithm, policy, writer.deciders.learned)
        if told:
            found.append(told)
    for algorithm in (Algorithm.joining, Algorithm.dispatch):
        with writer.database.reading() as tx:
            told = _outcomes(tx, algorithm, policy)
        if told:
            found.append(told)
    return found


def tell_watched(writer: Writer, told: AlgorithmWatched) -> str:
    """Say how an algorithm does; gives which.

    Emits `AlgorithmWatched`.
    """

    def tell(tx: Tx) -> str:
        algorithm_now(tx, told.algorithm)
        tx.emit(msgspec.structs.replace(told, at=tx.now))
        return told.algorithm

    return writer.change(tell, actor="machine:watch")


def _told(tx: Tx, algorithm: Algorithm, policy: Policy, learned: Learned | None) -> AlgorithmWatched | None:
    """What there is to tell; None where nothing is new."""
    row = tx.get("algorithm", AlgorithmRow, algorithm.value) or AlgorithmRow(id=algorithm.value, no=0)
    if algorithm is Algorithm.lessons and row.model is None:
        return None
    model = name_of(row.model) if row.model else WORDS
    decided = [each for each in _newest(tx, policy) if each.model and each.model.startswith(model)]
    new = sum(row.watched_at is None or each.at > row.watched_at for each in decided)
    if not new or (new < AGAIN_AFTER and row.watched_at and row.watched_at + timedelta(days=AGAIN_DAYS) > tx.now):
        return None
    own = [each for each in decided if not each.declared]
    judged = [each for each in own if each.how in PEOPLES]
    checked = [each for each in judged if each.checked]
    since = row.changed_at or tx.now - timedelta(days=366)
    reports, alone = store.understood_count(tx, model, since=since, limit=LOOKED_AT)
    levels = _levels(row.levels)  # while it is paused, or its file is away, what moved stays so
    if algorithm is Algorithm.lessons and learned and learned.digest == row.model:
        checks = store.checked_list(tx, model, since=since, limit=CHECKS_LOOKED_AT, drills=policy.simulated)
        levels = rules.levels_moved(reversed(checks), learned.levels, {each.group: each.from_ppm for each in levels})
    return AlgorithmWatched(
        algorithm=algorithm.value, model=model.rstrip("/"), reports=reports, alone=alone, cases=len(judged),
        right=sum(each.right for each in judged), overridden=sum(not each.right for each in judged if each.said_three),
        checked=len(checked), checked_wrong=sum(not each.right for each in checked),
        returned=sum(each.how is How.returned for each in own),
        groups=rules.group_figures(_watched(tx, own)), levels=levels, at=tx.now,
    )  # fmt: skip


def _outcomes(tx: Tx, algorithm: Algorithm, policy: Policy) -> AlgorithmWatched | None:
    """How joining or dispatch does; None where nothing was proposed, or nothing is new."""
    row = tx.get("algorithm", AlgorithmRow, algorithm.value)
    read = {"newest": PROPOSED_AMONG, "drills": policy.simulated}
    if algorithm is Algorithm.joining:
        outcomes = [
            rules.joining_outcome(
                Joined(each.joined), channel=each.channel, area=each.district, is_first=each.report_id == each.id,
                is_accepted=each.accepted_at is not None, is_over=not each.is_open,
            )
            for each in store.joining_list(tx, **read)
        ]  # fmt: skip
    else:
        outcomes = [
            rules.dispatch_outcome(
                each.proposed, each.unit, channel=each.channel, area=each.district, is_alone=bool(each.automatic), outcome=each.outcome
            )
            for each in store.dispatch_list(tx, **read)
        ]
    told = rules.outcomes_told(algorithm.value, outcomes, tx.now)
    if not told.reports:
        return None
    if row is None or row.watched is None or row.watched_at is None:
        return told
    before = _watched_in(row.watched)
    if msgspec.structs.replace(before, at=told.at) == told:
        return None
    new = abs(told.cases + told.tested - before.cases - before.tested)
    return told if new >= AGAIN_AFTER or row.watched_at + timedelta(days=AGAIN_DAYS) <= tx.now else None


def _newest(tx: Tx, policy: Policy) -> Sequence[Decided]:
    return store.decided_list(tx, before=store.LAST, limit=LOOKED_AT, drills=policy.simulated)[0]


def _watched(tx: Tx, decided: Sequence[Decided]) -> list[rules.Watched]:
    texts = store.texts_of(tx, [each.said for each in decided])
    return [rules.Watched(each, len(_said(texts[each.said]).text) if each.said in texts else None) for each in decided]
