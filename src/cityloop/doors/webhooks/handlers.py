"""With an account or a key its subscriptions end."""

from cityloop.db import Tx
from cityloop.domain.facts import AccountClosed, KeyRevoked, Told
from cityloop.domain.policy import Policy
from cityloop.doors.webhooks import service, store
from cityloop.doors.webhooks.model import StopReason, WebhookState


def end_when_closed(tx: Tx, told: Told[AccountClosed], policy: Policy) -> None:
    """Nobody is there to be told."""
    for hook in store.webhook_list_of(tx, told.fact.account_id):
        if hook.state is not WebhookState.ended:
            service.end(tx, hook.id, StopReason.account_closed)


def end_when_revoked(tx: Tx, told: Told[KeyRevoked], policy: Policy) -> None:
    """What was subscribed by a key ends with it: whoever stole the key may have chosen the address."""
    for hook in store.webhook_list_of(tx, told.fact.account_id):
        if hook.key_id == told.fact.key_id and hook.state is not WebhookState.ended:
            service.end(tx, hook.id, StopReason.key_revoked)


ON = {AccountClosed: (end_when_closed,), KeyRevoked: (end_when_revoked,)}
