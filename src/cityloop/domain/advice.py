"""How a case of a class is usually handled: the pack's steps, filled in for this case."""

import re
from collections.abc import Mapping, Sequence

from cityloop.domain.codes import minor_of
from cityloop.domain.ids import ClassKey, RuleCode
from cityloop.domain.policy import AdviceStep, Policy, Source

BLANKS = ("place", "limit", "unit")
_blank = re.compile(r"\{([^{}]*)\}")


def steps_for(policy: Policy, class_key: ClassKey | None, rule: RuleCode | None) -> tuple[AdviceStep, ...]:
    """The steps for a case: those of its rule, else of its class, else of the minor class in which it lies."""
    if class_key is None:
        return ()
    no = int(rule.rpartition("/")[2]) if rule and rule.rpartition("/")[0] == class_key else 0
    minor = ClassKey(minor_of(class_key))
    for key in ((class_key, no), (class_key, 0), (minor, 0)):
        if steps := policy.advice_of.get(key):
            return steps
    return ()


def filled(says: str, given: Mapping[str, str]) -> str:
    """A step with what is known of the case in its blanks.

    >>> filled("到{place}设围挡，{limit}内修好", {"place": "青石街道", "limit": "4 工时"})
    '到青石街道设围挡，4 工时内修好'
    """
    return _blank.sub(lambda found: given.get(found[1], found[0]), says)


def blanks_in(says: str) -> set[str]:
    """What a step asks to be filled in.

    >>> sorted(blanks_in("到{place}，{limit}内"))
    ['limit', 'place']
    """
    return set(_blank.findall(says))


def bases_of(steps: Sequence[AdviceStep]) -> tuple[Source, ...]:
    """The legal bases of some steps, each once."""
    return tuple(dict.fromkeys(each.source for each in steps))
