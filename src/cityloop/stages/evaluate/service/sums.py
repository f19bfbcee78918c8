"""What the rows of a question come to: counted, or brought from what was counted before to now."""

from functools import partial

from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.policy import Policy
from cityloop.stages.evaluate import rules
from cityloop.stages.evaluate.model import Tally
from cityloop.stages.evaluate.store import Asked, Then, tally_all


def tallied(tx: Tx | Then, asked: Asked, policy: Policy) -> dict[str, Tally]:
    """Every count of every group that has any, the minutes that its rows took among them."""
    if isinstance(tx, Then) and tx.sums is not None:
        return tx.sums.tallies(tx, asked, policy.digest, partial(anew, policy))
    return anew(policy, tx, asked)


def anew(policy: Policy, tx: Tx | Then, asked: Asked) -> dict[str, Tally]:
    """The same, counted row by row."""
    tallies, taken = tally_all(tx, asked)
    rules.add_times(tallies, taken, calendar_in(policy))
    return tallies
