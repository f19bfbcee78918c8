"""What handling does when others have told something."""

from cityloop.db import Tx
from cityloop.domain.facts import DueMoved, PackAdopted, Told
from cityloop.domain.policy import Policy
from cityloop.stages.handle.model import CALENDAR_MORE, PackNotRead
from cityloop.stages.handle.service import move_dues
from cityloop.stages.handle.store import pack_digest


def move_dues_when_adopted(tx: Tx, told: Told[PackAdopted], policy: Policy) -> None:
    """A version of the pack may count days otherwise: running deadlines follow it."""
    pack_read(tx, policy)
    move_dues(tx, policy=policy, now=tx.now)


def move_more_dues(tx: Tx, told: Told[DueMoved], policy: Policy) -> None:
    """The last of a part brings the next part."""
    if told.fact.why == CALENDAR_MORE:
        pack_read(tx, policy)
        move_dues(tx, policy=policy, now=tx.now, after=told.fact.case_id)


def pack_read(tx: Tx, policy: Policy) -> None:
    """Another process may have adopted a version that this one has not read yet: then it is tried again.

    Refuses with `PackNotRead`.
    """
    if pack_digest(tx) != policy.digest:
        raise PackNotRead("This process has not read the pack that was adopted; it is tried again in a moment.")


ON = {PackAdopted: (move_dues_when_adopted,), DueMoved: (move_more_dues,)}
