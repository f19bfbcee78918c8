"""A candidate: made from earlier lessons, scored on later ones beside what decides now; who is not believed, and why. Pure."""

from collections.abc import Collection, Sequence
from datetime import datetime
from math import comb

from msgspec import Struct

from cityloop.domain.facts import HeldBack, LaterScore
from cityloop.domain.ids import AccountId
from cityloop.learning.learned import Learned, file_of, groups_of, learned_from, read_by
from cityloop.learning.meaning import Encoder
from cityloop.learning.pool import PPM, Likely, pooled
from cityloop.learning.risk import Tried, binomial, levels_of
from cityloop.learning.train import Trained, Words, trained
from cityloop.teaching.model import PEOPLES, Taught, TooFewLessons

LESSONS_MIN = 50  # with fewer nothing is learned
LESSONS_MAX = 100_000  # the newest are learned from
LATER_SHARE, LATER_MAX = 5, 2_000  # one in five, the newest, is kept to score by
UNLIKE = 50  # one in so many later texts knows a model least of: what is known less of is unlike its lessons
DIFFER_MIN, DIFFER_TIMES = 8, 2.0  # an account is held back that differs so often, and so many times as often as others
DOUBT_PPM = 1_000  # as chance alone would make of one honest account in a thousand cities
BETTER_PPM = 50_000  # a candidate that a machine may promote is better by chance alone in at most so many


class Candidate(Struct, frozen=True, kw_only=True):
    """A model's bytes and what is told of it."""

    file: bytes
    lessons: int
    classes: int
    since: datetime
    until: datetime
    score: LaterScore
    held_back: tuple[HeldBack, ...]


class _Said(Struct, frozen=True):
    """What a model that had not seen a lesson said of it, and whether people decided so."""

    taught: Taught
    said: Sequence[Likely]

    @property
    def right(self) -> bool:
        return bool(self.said) and self.said[0].key == self.taught.decided.class_key


def candidate_of(
    taught: Sequence[Taught], words: Words, in_force: Learned | None, *, level_ppm: int, shown_ppm: int,
    encoder: Encoder | None = None,
) -> Candidate:  # fmt: skip
    """A model of all but the newest lessons, with its levels, scored on the newest.

    Who differs from everybody by more than chance is held back: nothing is learned from them, and nothing scored by them.
    Refuses with `TooFewLessons`.
    """
    ordered = sorted(taught, key=_when)[-LESSONS_MAX:]
    _enough(ordered)
    earlier, later = _parted(ordered)
    made = trained([each.lesson for each in earlier], words=words, encoder=encoder)
    held = held_back([*_out_of_fold(made, earlier), *_said_of(made, later, words)])
    if held:
        doubted = {each.account for each in held}
        ordered = [each for each in ordered if each.decided.by not in doubted]
        _enough(ordered)
        earlier, later = _parted(ordered)
        made = trained([each.lesson for each in earlier], words=words, encoder=encoder)
    tried = [
        Tried(each.said[0].ppm, each.right, _groups(each))
        for each in _out_of_fold(made, earlier)
        if each.said and each.taught.decided.how in PEOPLES
    ]
    levels = levels_of(tried, wrong_ppm=PPM - level_ppm, confidence_ppm=shown_ppm)
    known = sorted(read_by(made.model, each.lesson.text).known_ppm for each in later)
    file = file_of(made.model, levels, known[len(known) // UNLIKE])
    return Candidate(
        file=file, lessons=len(earlier), classes=len({each.lesson.path[-1] for each in earlier}),
        since=earlier[0].decided.at, until=earlier[-1].decided.at, held_back=held,
        score=_score(_said_of(made, later, words), learned_from(file), words, in_force),
    )  # fmt: skip


def held_back(said: Sequence[_Said]) -> tuple[HeldBack, ...]:
    """Accounts that decide otherwise than a model that had not seen their decisions, far more often than others do with cases
    of which it is as sure. An exact test: a binomial, which is wider than the sum of cases of different certainty.
    """
    of: dict[str, list[_Said]] = {}
    for each in said:
        if each.taught.decided.by and each.said:
            of.setdefault(each.taught.decided.by, []).append(each)
    found = []
    every = [one for each in of.values() for one in each]
    for account, mine in sorted(of.items()):
        expected = sum(1 - each.said[0].ppm / PPM for each in mine)
        differ = sum(not each.right for each in mine)
        others = [each for each in every if each.taught.decided.by != account]
        among = sum(1 - each.said[0].ppm / PPM for each in others)
        if others and among:  # as often as others differ from what the model is sure of
            expected *= max(1.0, sum(not each.right for each in others) / among)
        share = min(1.0, max(expected / len(mine), 0.005))
        rare = 1 - binomial(differ - 1, len(mine), share)
        if differ >= DIFFER_MIN and differ >= DIFFER_TIMES * expected and rare * PPM * len(of) <= DOUBT_PPM:
            found.append(
                HeldBack(account=AccountId(account), lessons=len(mine), differ=differ, expected_ppm=round(share * PPM))
            )
    return tuple(found)


def _score(said: Sequence[_Said], candidate: Learned, words: Words, in_force: Learned | None) -> LaterScore:
    """On the later cases that people decided."""
    cases = [each for each in said if each.taught.decided.how in PEOPLES]
    mine = [each.right for each in cases]
    by_words = [_right(words(each.taught.lesson.text), each.taught) for each in cases]
    by_force = [_right(_by(in_force, each.taught, words), each.taught) for each in cases] if in_force else None
    rival = by_force if by_force and sum(by_force) >= sum(by_words) else by_words
    alone = [
        each.right
        for each in cases
        if each.said
        and candidate.alone(each.said[0].key, each.taught.decided.area, each.said[0].ppm).alone
    ]  # fmt: skip
    return LaterScore(
        cases=len(cases), right=sum(mine), words=sum(by_words), in_force=sum(by_force) if by_force is not None else None,
        in_three=sum(each.taught.decided.class_key in [one.key for one in each.said[:3]] for each in cases),
        alone=len(alone), alone_wrong=alone.count(False), better_ppm=round(chance_of(mine, rival) * PPM),
    )  # fmt: skip


def is_better(score: LaterScore) -> bool:
    """Whether the candidate is right more often on later cases than what decides now, and than the words."""
    return score.right > max(score.words, score.in_force or 0)


def is_surely_better(score: LaterScore) -> bool:
    """And whether that is no chance."""
    return is_better(score) and score.better_ppm <= BETTER_PPM


def chance_of(mine: Sequence[bool], theirs: Sequence[bool]) -> float:
    """How often chance alone makes one so much better than the other: of the cases where one alone is right (sign test).

    >>> round(chance_of([True] * 10, [True] * 5 + [False] * 5), 3)
    0.031
    """
    better = sum(one and not other for one, other in zip(mine, theirs, strict=True))
    worse = sum(other and not one for one, other in zip(mine, theirs, strict=True))
    many = better + worse
    return sum(comb(many, k) for k in range(better, many + 1)) / 2**many


def _out_of_fold(made: Trained, taught: Sequence[Taught]) -> list[_Said]:
    return [_Said(taught[each.lesson], each.said) for each in made.outcomes]


def _said_of(made: Trained, taught: Sequence[Taught], words: Words) -> list[_Said]:
    return [
        _Said(
            each, pooled(read_by(made.model, each.lesson.text).likely, words(each.lesson.text), made.model.trust)[:3]
        )
        for each in taught
    ]


def _by(learned: Learned | None, taught: Taught, words: Words) -> Sequence[Likely]:
    assert learned
    text = taught.lesson.text
    return pooled(read_by(learned.model, text).likely, words(text), learned.trust)


def _right(said: Sequence[Likely], taught: Taught) -> bool:
    return bool(said) and said[0].key == taught.decided.class_key


def _groups(each: _Said) -> tuple[tuple[str, ...], ...]:
    area = each.taught.decided.area
    return (*groups_of(each.said[0].key, area), *([(area,)] if area else []))


def _parted(ordered: Sequence[Taught]) -> tuple[Sequence[Taught], Sequence[Taught]]:
    later = min(LATER_MAX, max(1, len(ordered) // LATER_SHARE))
    return ordered[:-later], ordered[-later:]


def _enough(taught: Collection[Taught]) -> None:
    if len(taught) < LESSONS_MIN:
        raise TooFewLessons(
            f"People have decided {len(taught)} reports that can be learned from; {LESSONS_MIN} are needed. The words of the pack decide."
        )


def _when(each: Taught) -> tuple[datetime, str]:
    return each.decided.at, each.decided.report_id
