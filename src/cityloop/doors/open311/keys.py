"""Whose key an application sends in its form. Keys are made elsewhere; here is only what this door asks of them."""

from typing import Protocol

from litestar.connection import ASGIConnection

from cityloop.domain.policy import Policy
from cityloop.doors.open311.model import KeyRefused
from cityloop.http import Caller


class Keys(Protocol):
    """Knows the partners' keys."""

    async def partner_of(self, connection: ASGIConnection, key: str) -> Caller | None:
        """Who reports with this key; None where nobody may, or no longer."""


class NoKeys:
    """A city that has given no keys away."""

    async def partner_of(self, connection: ASGIConnection, key: str) -> Caller | None:
        """Nobody."""
        return None


async def partner_for(connection: ASGIConnection, keys: Keys, key: str, policy: Policy) -> Caller | None:
    """The partner who reports; None is anybody, where the city asks for no key.

    Refuses with `KeyRefused`.
    """
    partner = await keys.partner_of(connection, key) if key else None
    if partner is None and policy.settings.open311_keys_required:
        what = "is nobody's" if key else "was not provided"
        raise KeyRefused(f"The api_key {what}; ask the city for one.")
    return partner
