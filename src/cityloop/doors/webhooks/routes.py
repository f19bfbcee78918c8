"""HTTP of webhooks: subscribe, look, change the secret, resume, end. One's own; an operator sees and resumes all."""

import secrets
from datetime import datetime

from litestar import Response, delete, get, post
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.permission import Permission
from cityloop.doors.webhooks import rules, service, store
from cityloop.doors.webhooks.model import StopReason, Webhook, WebhookState, WebhookUnknown
from cityloop.http import Door, needs
from cityloop.http.door import etag

SUBSCRIBE = [needs(Permission.webhook_subscribe)]
EITHER = [needs(Permission.webhook_subscribe, Permission.operate)]
SECRET_BYTES = 32


class WebhookAsked(Struct, kw_only=True):
    """Where, and of which facts; none: all that you may read. `after`: also what was told after this seq."""

    url: str
    types: list[str] = []
    after: int | None = None


class WebhookView(Struct, kw_only=True):
    """A subscription. `secret` only in the answer that made it, and only the first time."""

    id: str
    no: int
    state: WebhookState
    types: list[str]
    url: str | None
    made_at: datetime
    stopped_at: datetime | None
    stopped_for: str | None
    secret: str | None = None


@post("/v1/webhooks", status_code=201, guards=SUBSCRIBE)
async def post_webhook(data: WebhookAsked, door: Door) -> Response[WebhookView]:
    """Be told of facts at an address of your own: CloudEvents, signed as Standard Webhooks says."""
    secret = secrets.token_bytes(SECRET_BYTES)
    made: list[str] = []

    def use_case(tx: Tx) -> str:
        made.append(
            service.subscribe(tx, door.caller, url=data.url, types=data.types, secret=secret, after=data.after)
        )  # fmt: skip
        return made[-1]

    id = await door.change(use_case)
    return await _shown(door, id, 201, rules.secret_text(secret) if id in made else None)


@get("/v1/webhooks", guards=EITHER)
async def get_webhooks(door: Door) -> list[WebhookView]:
    """One's own subscriptions, the newest first; an operator's list holds everybody's."""
    account = None if door.caller.may(Permission.operate) else door.caller.account
    return await door.read(lambda tx: [_view(tx, each) for each in store.webhook_list_of(tx, account)])


@get("/v1/webhooks/{webhook_id:str}", guards=EITHER)
async def get_webhook(webhook_id: str, door: Door) -> Response[WebhookView]:
    """One subscription, with the ETag that a change of it needs."""
    return await _shown(door, webhook_id, 200)


@post("/v1/webhooks/{webhook_id:str}/secret", status_code=201, guards=SUBSCRIBE)
async def post_secret(webhook_id: str, door: Door) -> Response[WebhookView]:
    """Change the secret. Until the next change both sign, so that nothing is missed."""
    secret = secrets.token_bytes(SECRET_BYTES)
    made: list[str] = []

    def use_case(tx: Tx) -> str:
        _own(tx, door, webhook_id)
        made.append(service.change_secret(tx, webhook_id, secret))
        return made[-1]

    await door.change(use_case, of=f"webhook/{webhook_id}")
    return await _shown(door, webhook_id, 201, rules.secret_text(secret) if made else None)


@post("/v1/webhooks/{webhook_id:str}/resumption", status_code=201, guards=EITHER)
async def post_resumption(webhook_id: str, door: Door) -> Response[WebhookView]:
    """Be told again, from where it stopped."""

    def use_case(tx: Tx) -> str:
        _own(tx, door, webhook_id)
        return service.resume(tx, webhook_id)

    await door.change(use_case, of=f"webhook/{webhook_id}")
    return await _shown(door, webhook_id, 201)


@delete("/v1/webhooks/{webhook_id:str}", status_code=200, guards=EITHER)
async def delete_webhook(webhook_id: str, door: Door) -> Response[WebhookView]:
    """End a subscription; its address and secret go."""

    def use_case(tx: Tx) -> str:
        _own(tx, door, webhook_id)
        return service.end(tx, webhook_id, StopReason.unsubscribed)

    await door.change(use_case, of=f"webhook/{webhook_id}")
    return await _shown(door, webhook_id, 200)


def _own(tx: Tx, door: Door, id: str) -> Webhook:
    """The subscription, if it is the caller's, or the caller operates the city.

    Refuses with `WebhookUnknown`.
    """
    hook = store.webhook_get(tx, id)
    if hook.account != door.caller.account and not door.caller.may(Permission.operate):
        raise WebhookUnknown(f"There is no webhook {id[:60]} of yours; look for it in /v1/webhooks.")
    return hook


async def _shown(door: Door, id: str, status: int, secret: str | None = None) -> Response[WebhookView]:
    view = await door.read(lambda tx: _view(tx, _own(tx, door, id)))
    view.secret = secret
    return Response(view, status_code=status, headers={**etag(view.no), "Cache-Control": "no-store"})


def _view(tx: Tx, hook: Webhook) -> WebhookView:
    way = store.way_of(tx, hook.id)
    return WebhookView(
        id=hook.id, no=hook.no, state=hook.state, types=hook.types.split(), url=way.url if way else None,
        made_at=hook.made_at, stopped_at=hook.stopped_at, stopped_for=hook.stopped_for,
    )  # fmt: skip


ROUTES = [post_webhook, get_webhooks, get_webhook, post_secret, post_resumption, delete_webhook]
