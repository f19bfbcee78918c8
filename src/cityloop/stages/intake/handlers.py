"""What intake does when others have told something."""

from cityloop.db import Tx
from cityloop.domain.facts import Erased, Told
from cityloop.domain.policy import Policy
from cityloop.stages.intake.store import forget


def forget_when_erased(tx: Tx, told: Told[Erased], policy: Policy) -> None:
    """With the words goes the tracking code, with the photo the way to what shows it."""
    for id in told.fact.ids:
        forget(tx, id)


ON = {Erased: (forget_when_erased,)}
