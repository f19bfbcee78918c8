"""What the rows of a question come to: counted, or brought from what was counted before to now; less what was excluded."""

from collections.abc import Iterable, Iterator
from functools import partial

from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.policy import Policy
from cityloop.stages.evaluate import rules
from cityloop.stages.evaluate.model import Tally
from cityloop.stages.evaluate.model.scoring import Excluded
from cityloop.stages.evaluate.store import Asked, Then, moved, tally_all
from cityloop.stages.evaluate.store.fair.exclusions import excluded_in

PARTS = (8, 64, 512)  # excluded cases asked for at once: few shapes of a question, for the archive's sake


def left_out_of(tx: Tx | Then, asked: Asked) -> tuple[Excluded, ...]:
    """The cases that do not count in a question, and in which numbers: those that it names, or what was granted."""
    if asked.left_out is not None:
        return asked.left_out
    return tx.left_out(asked.span) if isinstance(tx, Then) else excluded_in(tx, asked.span)


def tallied(tx: Tx | Then, asked: Asked, policy: Policy) -> dict[str, Tally]:
    """Every count of every group that has any, the minutes that its rows took among them; less what was excluded."""
    left_out, asked = left_out_of(tx, asked), replace(asked, left_out=())
    found = _whole(tx, asked, policy)
    for metrics, cases in cases_by_metrics(left_out):
        for some in parts_of(cases):
            less = anew(policy, tx, replace(asked, cases=some))
            found = moved(found, less if not metrics else _only(less, metrics), {})
    return found


def cases_by_metrics(left_out: Iterable[Excluded]) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """The excluded cases by the numbers in which they do not count; none named is all of them."""
    found: dict[tuple[str, ...], set[str]] = {}
    for each in left_out:
        found.setdefault(each.metrics, set()).add(each.case_id)
    for metrics, cases in found.items():
        yield metrics, sorted(cases)


def _whole(tx: Tx | Then, asked: Asked, policy: Policy) -> dict[str, Tally]:
    if isinstance(tx, Then) and tx.sums is not None:
        return tx.sums.tallies(tx, asked, policy.digest, partial(anew, policy))
    return anew(policy, tx, asked)


def anew(policy: Policy, tx: Tx | Then, asked: Asked) -> dict[str, Tally]:
    """The same, counted row by row."""
    tallies, taken = tally_all(tx, asked)
    rules.add_times(tallies, taken, calendar_in(policy))
    return tallies


def _only(tallies: dict[str, Tally], metrics: tuple[str, ...]) -> dict[str, Tally]:
    """The numbers of some metrics; whether a row is simulated its others still tell."""
    return {group: Tally(numbers={key: n for key, n in each.numbers.items() if key[0] in metrics}) for group, each in tallies.items()}


def parts_of(cases: list[str]) -> Iterator[tuple[str, ...]]:
    """Cases as many at once as a part has, the last one again and again."""
    for at in range(0, len(cases), PARTS[-1]):
        some = cases[at : at + PARTS[-1]]
        size = next(each for each in PARTS if each >= len(some))
        yield (*some, *some[-1:] * (size - len(some)))
