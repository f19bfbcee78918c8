"""What dispatch does when others have told something."""

from collections.abc import Sequence

from cityloop.cases import Case, case_hold, task_get
from cityloop.db import Tx
from cityloop.domain.facts import CaseFiled, TaskReturned, Told
from cityloop.domain.lifecycle import State
from cityloop.domain.policy import Policy
from cityloop.stages.dispatch.service import dispatch_or_propose


def dispatch_when_filed(tx: Tx, told: Told[CaseFiled], policy: Policy) -> None:
    """A filed case is dispatched, or proposed; unless a person was faster."""
    if case_hold(tx, told.fact.case_id).state is State.to_dispatch:
        dispatch_or_propose(tx, told.fact.case_id, policy=policy, now=tx.now)


def propose_when_returned(tx: Tx, told: Told[TaskReturned], policy: Policy) -> None:
    """A case that came back goes to a dispatcher, with the other units that answer."""
    if case_hold(tx, told.fact.case_id).state is State.to_dispatch:
        task = task_get(tx, told.fact.task_id)
        dispatch_or_propose(tx, told.fact.case_id, policy=policy, now=tx.now, without=task.unit if task else None)


def fetch_ahead(tx: Tx, told: Sequence[Told], policy: Policy) -> None:
    """The cases of a batch, in one statement."""
    tx.get_many("case_file", Case, [each.fact.case_id for each in told])


ON = {CaseFiled: (dispatch_when_filed,), TaskReturned: (propose_when_returned,)}
AHEAD = fetch_ahead
