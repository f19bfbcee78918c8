"""以效定资: what the pack's rules propose for the next quarter. People decide."""

from collections.abc import Iterable
from datetime import date

from cityloop.domain.facts import BudgetLine
from cityloop.domain.policy.scoring import BudgetRule
from cityloop.stages.evaluate.model import Period
from cityloop.stages.evaluate.model.scoring import Score
from cityloop.stages.evaluate.rules.periods import DAY, days_of, name_of_period

MILLI = 1000


def budget_lines(rules: Iterable[BudgetRule], scores: Iterable[Score]) -> tuple[BudgetLine, ...]:
    """What each rule proposes for each object that has a score; nothing for exactly the ends of a rule, nor from few cases."""
    given = tuple(rules)
    return tuple(
        BudgetLine(
            object=score.object, points_milli=round(score.points * MILLI), rule=rule.code, deed=rule.deed, change_ppm=rule.change_ppm
        )
        for score in scores
        if score.points is not None
        for rule in given
        if score.cases >= rule.least and holds(rule, score.points)
    )  # fmt: skip


def holds(rule: BudgetRule, points: float) -> bool:
    """Does a score lie inside the rule's ends, which are both outside?

    >>> from cityloop.domain.policy import Source
    >>> more = BudgetRule(code="r", scheme="s", above=90.0, below=None, deed="staff", change_ppm=1, least=0, name={},
    ...     source=Source(document="", clause="", date=""))
    >>> holds(more, 90.0), holds(more, 90.000001)
    (False, True)
    """
    return (rule.above is None or points > rule.above) and (rule.below is None or points < rule.below)


def next_quarter(day: date) -> str:
    """The quarter after the one that holds a day.

    >>> next_quarter(date(2026, 11, 26)), next_quarter(date(2026, 3, 31))
    ('2027-Q1', '2026-Q2')
    """
    return name_of_period(Period.quarter, days_of(Period.quarter, day)[1] + DAY)
