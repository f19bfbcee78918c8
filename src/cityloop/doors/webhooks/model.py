"""What the webhooks' door speaks of, and how it says no."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from cityloop.domain.errors import Invalid, NotFound, Refused
from cityloop.domain.ids import AccountId


class WebhookState(StrEnum):
    """Whether a subscription is told."""

    active = "active"
    stopped = "stopped"  # by us: it did not answer, or took nothing
    ended = "ended"


class StopReason(StrEnum):
    """Why nothing is sent any more. Words: `webhook.reason.*`."""

    gone = "gone"  # it answered 410
    down_too_long = "down_too_long"
    refuses_all = "refuses_all"
    unsubscribed = "unsubscribed"
    account_closed = "account_closed"
    key_revoked = "key_revoked"


class Webhook(Struct, frozen=True, kw_only=True):
    """A subscription. `types` and `scopes` are words divided by a space; no types: all facts."""

    id: str
    no: int
    account: AccountId
    key_id: str | None
    types: str
    scopes: str | None
    state: WebhookState
    made_at: datetime
    begins_after: int
    stopped_at: datetime | None = None
    stopped_for: str | None = None


class WebhookWay(Struct, frozen=True, kw_only=True):
    """Where a subscription is told, and the secret that signs. The one before is still signed with, until the next change."""

    id: str
    url: str
    secret: bytes
    old_secret: bytes | None = None


class WebhookUnknown(NotFound):
    """No such subscription, or not the caller's."""

    code = "webhook.unknown"


class BadUrl(Invalid):
    """An address to which nothing can be sent."""

    code = "webhook.bad_url"


class TypeUnknown(Invalid):
    """No fact of this name."""

    code = "webhook.type_unknown"


class WebhookOver(Refused):
    """The subscription is over, or needs nothing."""

    code = "webhook.over"


class TooManyWebhooks(Refused):
    """An account has as many as one can look after."""

    code = "webhook.too_many"
