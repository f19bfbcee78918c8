"""Who leaves the post, or whose account is closed, is no longer on duty; who forgets to sign off is signed off."""

from cityloop.db import Tx
from cityloop.domain.facts import AccountClosed, PostLeft, Told
from cityloop.domain.ids import ShiftId
from cityloop.domain.policy import Policy
from cityloop.field.duty import service, store
from cityloop.field.duty.model import EndReason
from cityloop.journal.timers import Timer


def end_with_post(tx: Tx, told: Told[PostLeft], policy: Policy) -> None:
    """From the moment at which the post was left."""
    shift = store.shift_open_of(tx, told.fact.account_id)
    if shift and shift.post == told.fact.post:
        _end(tx, shift.id, told, policy)


def end_with_account(tx: Tx, told: Told[AccountClosed], policy: Policy) -> None:
    """From the moment at which the account was closed."""
    shift = store.shift_open_of(tx, told.fact.account_id)
    if shift:
        _end(tx, shift.id, told, policy)


def _end(tx: Tx, id: ShiftId, told: Told, policy: Policy) -> None:
    tx.hold([f"shift/{id}"])
    shift = store.shift_get(tx, id)
    if shift.is_open:
        service.end(tx, shift, EndReason.post_left, at=max(told.fact.at, shift.started_at), policy=policy)


def end_forgotten(tx: Tx, timer: Timer, policy: Policy) -> None:
    """Nobody is on duty for longer than the city allows."""
    shift = store.shift_get(tx, ShiftId(timer.subject.partition("/")[2]))
    if shift.is_open:
        service.end(tx, shift, EndReason.forgotten, at=timer.due_at, policy=policy)


ON = {PostLeft: (end_with_post,), AccountClosed: (end_with_account,)}
TIMERS = {service.FORGOTTEN: end_forgotten}
