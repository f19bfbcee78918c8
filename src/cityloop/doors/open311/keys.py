"""Whose key an application sends. Keys are made elsewhere; here is only what this door asks of them."""

from typing import Protocol

from cityloop.db import Tx
from cityloop.domain.policy import Policy
from cityloop.doors.open311.model import KeyRefused, Partner


class Keys(Protocol):
    """Knows the partners' keys."""

    def partner_of(self, tx: Tx, key: str) -> Partner | None:
        """Who may report with this key; None where nobody may, or no longer."""


class NoKeys:
    """A city that has given no keys away."""

    def partner_of(self, tx: Tx, key: str) -> Partner | None:
        """Nobody."""
        return None


def partner_for(tx: Tx, keys: Keys, key: str, policy: Policy) -> Partner | None:
    """The partner who reports; None is anybody, where the city asks for no key.

    Refuses with `KeyRefused`.
    """
    partner = keys.partner_of(tx, key) if key else None
    if partner is None and policy.settings.open311_keys_required:
        what = "is nobody's" if key else "was not provided"
        raise KeyRefused(f"The api_key {what}; ask the city for one.")
    return partner
