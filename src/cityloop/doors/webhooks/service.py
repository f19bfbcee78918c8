"""Use cases of webhooks: subscribe, change the secret, resume, end."""

from collections.abc import Sequence

from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain.facts import WebhookEnded, WebhookResumed, WebhookStopped, WebhookSubscribed
from cityloop.doors.webhooks import rules, store
from cityloop.doors.webhooks.model import StopReason, TooManyWebhooks, Webhook, WebhookOver, WebhookState, WebhookWay
from cityloop.http import Caller
from cityloop.notices import log_size, target_forget


def target_name(id: str) -> str:
    """How the outbox calls a subscription."""
    return f"webhook:{id}"


def subscribe(tx: Tx, caller: Caller, *, url: str, types: Sequence[str], secret: bytes, after: int | None) -> str:
    """Tell the caller of facts at an address, from now on, or from after a place in the journal.

    Refuses with `BadUrl`, `TypeUnknown` or `TooManyWebhooks`. Emits `WebhookSubscribed`.
    """
    address, names = rules.url_checked(url), rules.types_checked(types)
    assert caller.account, "the guard lets nobody else in"
    living = [each for each in store.webhook_list_of(tx, caller.account) if each.state is not WebhookState.ended]
    if len(living) >= rules.WEBHOOKS_MAX:
        raise TooManyWebhooks(f"You have {len(living)} webhooks; end those that nobody needs.")
    size = log_size(tx)
    begins_after = size if after is None else max(0, min(after, size))
    id = tx.new_id()
    tx.put("webhook_way", WebhookWay(id=id, url=address, secret=secret))
    scopes = tuple(sorted({each for seat in caller.seats for each in seat.permissions})) if caller.key else None
    tx.emit(
        WebhookSubscribed(
            webhook_id=id, account_id=caller.account, key_id=caller.key, scopes=scopes, types=names,
            begins_after=begins_after, at=tx.now,
        ),
        first=True,
    )  # fmt: skip
    return id


def change_secret(tx: Tx, id: str, secret: bytes) -> str:
    """Sign with another secret too; the one before it goes with the next change.

    Refuses with `WebhookUnknown` or `WebhookOver`.
    """
    _living(tx, id)
    way = store.way_of(tx, id)
    assert way, f"webhook {id} lives and has no address"
    tx.put("webhook_way", replace(way, secret=secret, old_secret=way.secret))
    return id


def resume(tx: Tx, id: str) -> str:
    """Tell a stopped subscription again, from where it stopped: nothing of what it missed is lost.

    Refuses with `WebhookUnknown` or `WebhookOver`. Emits `WebhookResumed`.
    """
    hook = _living(tx, id)
    if hook.state is not WebhookState.stopped:
        raise WebhookOver(f"Webhook {id} is {hook.state}; it need not be resumed.")
    tx.emit(WebhookResumed(webhook_id=id, at=tx.now))
    return id


def end(tx: Tx, id: str, reason: StopReason) -> str:
    """End a subscription; its address, its secret and what waited for it go.

    Refuses with `WebhookUnknown` or `WebhookOver`. Emits `WebhookEnded`.
    """
    _living(tx, id)
    store.way_forget(tx, id)
    target_forget(tx, target_name(id))
    tx.emit(WebhookEnded(webhook_id=id, reason=reason.value, at=tx.now))
    return id


def stop(tx: Tx, id: str, reason: StopReason) -> None:
    """Send nothing any more, and say so; it keeps its place.

    Emits `WebhookStopped`.
    """
    tx.hold([f"webhook/{id}"])
    if store.webhook_get(tx, id).state is WebhookState.active:
        tx.emit(WebhookStopped(webhook_id=id, reason=reason.value, at=tx.now))


def _living(tx: Tx, id: str) -> Webhook:
    tx.hold([f"webhook/{id}"])
    hook = store.webhook_get(tx, id)
    if hook.state is WebhookState.ended:
        raise WebhookOver(f"Webhook {id} is over; subscribe anew.")
    return hook
