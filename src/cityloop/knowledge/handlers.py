"""With an entry's words goes what it was found by."""

from cityloop.db import Tx
from cityloop.domain.facts import Erased, Told
from cityloop.domain.policy import Policy
from cityloop.knowledge.store import grams_forget_said


def forget_when_erased(tx: Tx, told: Told[Erased], policy: Policy) -> None:
    """The index holds pieces of the text."""
    for id in told.fact.ids:
        grams_forget_said(tx, id)


ON = {Erased: (forget_when_erased,)}
