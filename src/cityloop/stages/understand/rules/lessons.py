"""What the lessons say beside the words of the pack: one list of proposals out of both, and whether it is taken alone."""

from collections.abc import Sequence
from hashlib import sha256

from msgspec.structs import replace

from cityloop.domain.facts import Proposal, Where
from cityloop.domain.facts.understand import CHECKED
from cityloop.domain.ids import ClassKey
from cityloop.domain.policy import Policy, Settings
from cityloop.learning.learned import Learned, Read
from cityloop.learning.pool import PPM, Likely, Trust, pooled
from cityloop.learning.risk import Alone
from cityloop.stages.understand.model import Guess

LEARNED = "lessons"  # reason: the share that the model gives, e.g. lessons:930000


def path_of(key: ClassKey, policy: Policy) -> tuple[str, ...]:
    """The way to a class, from its major class down; empty for one that the pack does not know.

    Shape: keys; a major class, which has none in the pack, is named by scheme, kind and its two digits.
    """
    of = policy.class_by_key.get(key)
    if of is None:
        return ()
    major = f"{key.removesuffix(of.code)}{of.code[:2]}"
    return (major, of.parent, key) if of.parent else (major, key)


def likely_of_words(proposals: Sequence[Proposal]) -> tuple[Likely, ...]:
    """What the words propose, as shares. No two of them can be right, so that together they are no more than sure."""
    total = max(1_000_000, sum(each.confidence_ppm for each in proposals))
    return tuple(Likely(each.class_key, each.confidence_ppm * 1_000_000 // total) for each in proposals)


def with_lessons(
    found: Sequence[Proposal], likely: Sequence[Likely], trust: Trust, policy: Policy, count: int
) -> list[Proposal]:
    """The proposals of words and lessons together, the most likely first, each with the reasons of both.

    A class that only the lessons name has its default rule; one that is no longer in the pack is left out.
    """
    by_words = {each.class_key: each for each in found}
    by_lessons = {each.key: each.ppm for each in likely if policy.rules_of_class.get(ClassKey(each.key))}
    known = [Likely(key, ppm) for key, ppm in by_lessons.items()]
    proposals = []
    for each in pooled(known, likely_of_words(found), trust)[:count]:
        said = by_words.get(ClassKey(each.key))
        why = (f"{LEARNED}:{by_lessons[each.key]}",) if by_lessons.get(each.key) else ()
        rule = said.rule if said else _default_rule(ClassKey(each.key), policy)
        proposals.append(
            Proposal(
                class_key=ClassKey(each.key), rule=rule, confidence_ppm=each.ppm,
                reasons=why + (said.reasons if said else ()),
            )
        )  # fmt: skip
    return proposals


def _default_rule(key: ClassKey, policy: Policy) -> str:
    rules = policy.rules_of_class[key]
    return next((rule for rule in rules if rule.is_default), rules[0]).code


def shown_for(
    learned: Learned, read: Read, guess: Guess, where: Where, report_id: str, settings: Settings
) -> Alone:
    """Whether the lessons show that such a proposal may be taken without a person. Of those that may, a few go to a person
    all the same, so that it is seen whether the level is kept.
    """
    best = guess.proposals[0]
    if learned.levels.wrong_ppm != PPM - settings.level_understand_ppm:
        shown = f"{PPM - learned.levels.wrong_ppm}"
        return Alone(False, (), (f"level_stale:{shown}<{settings.level_understand_ppm}",))
    if read.known_ppm < learned.known_ppm:
        return Alone(False, (), (f"text_unlike:{read.known_ppm}<{learned.known_ppm}",))
    alone = learned.alone(best.class_key, where.district, best.confidence_ppm)
    if alone.alone and is_checked(report_id, settings.learn_check_ppm):
        return Alone(False, alone.group, (f"{CHECKED}{settings.learn_check_ppm}",))
    return alone


def is_checked(report_id: str, share_ppm: int) -> bool:
    """Whether a person looks although the machine is sure: one in so many, whatever the report is about."""
    return int.from_bytes(sha256(report_id.encode()).digest()[:8]) % PPM < share_ppm


def with_level(guess: Guess, alone: Alone) -> Guess:
    """The guess whose first proposal says by which group's level it was taken."""
    first, *others = guess.proposals
    return replace(guess, proposals=(replace(first, reasons=(*first.reasons, *alone.why)), *others))
