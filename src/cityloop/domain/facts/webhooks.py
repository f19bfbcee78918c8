"""Webhooks: somebody asked to be told of facts at an address of their own. Address and secret stand in no fact."""

from typing import ClassVar

from cityloop.domain.facts.fact import Fact
from cityloop.domain.ids import AccountId


class WebhookFact(Fact, frozen=True, kw_only=True):
    """A fact whose subject is a subscription."""

    SUBJECT: ClassVar[str] = "webhook"
    KEY: ClassVar[str] = "webhook_id"

    webhook_id: str


class WebhookSubscribed(WebhookFact, frozen=True, kw_only=True):
    """An account wants to be told, as far as it may read at the moment of telling."""

    account_id: AccountId
    key_id: str | None = None  # by which it subscribed: with the key it ends
    scopes: tuple[str, ...] | None = None  # of that key
    types: tuple[str, ...]  # of facts; none: all
    begins_after: int  # seq


class WebhookStopped(WebhookFact, frozen=True, kw_only=True):
    """Nothing is sent any more until it is resumed: down for too long, or gone."""

    reason: str  # a code with words: webhook.reason.*


class WebhookResumed(WebhookFact, frozen=True, kw_only=True):
    """It is told again, from where it stopped."""


class WebhookEnded(WebhookFact, frozen=True, kw_only=True):
    """The subscription is over."""

    reason: str
