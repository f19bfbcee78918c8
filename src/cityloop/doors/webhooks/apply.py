"""What each fact of a subscription does to its row."""

from collections.abc import Callable

from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain.facts import (
    Fact,
    Told,
    WebhookEnded,
    WebhookResumed,
    WebhookStopped,
    WebhookSubscribed,
)
from cityloop.doors.webhooks.model import Webhook, WebhookState


def subscribed(tx: Tx, told: Told[WebhookSubscribed]) -> None:
    fact = told.fact
    tx.put(
        "webhook",
        Webhook(
            id=fact.webhook_id, no=told.no, account=fact.account_id, key_id=fact.key_id, types=" ".join(fact.types),
            scopes=None if fact.scopes is None else " ".join(fact.scopes), state=WebhookState.active, made_at=fact.at,
            begins_after=fact.begins_after,
        ),
    )  # fmt: skip


def stopped(tx: Tx, told: Told[WebhookStopped]) -> None:
    _moved(tx, told, WebhookState.stopped, told.fact.reason)


def resumed(tx: Tx, told: Told[WebhookResumed]) -> None:
    hook = _now(tx, told.fact.webhook_id)
    tx.put("webhook", replace(hook, no=told.no, state=WebhookState.active, stopped_at=None, stopped_for=None))


def ended(tx: Tx, told: Told[WebhookEnded]) -> None:
    _moved(tx, told, WebhookState.ended, told.fact.reason)


def _moved(tx: Tx, told: Told, state: WebhookState, reason: str) -> None:
    hook = _now(tx, told.fact.webhook_id)
    tx.put("webhook", replace(hook, no=told.no, state=state, stopped_at=told.fact.at, stopped_for=reason))


def _now(tx: Tx, id: str) -> Webhook:
    hook = tx.get("webhook", Webhook, id)
    assert hook, f"webhook {id} was not subscribed"
    return hook


APPLY: dict[type[Fact], Callable[[Tx, Told], None]] = {
    WebhookSubscribed: subscribed,
    WebhookStopped: stopped,
    WebhookResumed: resumed,
    WebhookEnded: ended,
}
