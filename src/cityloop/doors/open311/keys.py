"""Whose key an application sends in its form. Keys are made in `people`; here is only what this door asks of them."""

from typing import Protocol

from litestar.connection import ASGIConnection

from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy
from cityloop.doors.open311.model import KeyRefused
from cityloop.http import Caller
from cityloop.people import caller_of_key
from cityloop.people.model import BadKey


class Keys(Protocol):
    """Knows the partners' keys."""

    async def partner_of(self, connection: ASGIConnection, key: str) -> Caller | None:
        """Who reports with this key; None where nobody may, or no longer."""


class PartnerKeys:
    """The keys that the city's security administrator makes for partners; one that may not send reports opens nothing."""

    async def partner_of(self, connection: ASGIConnection, key: str) -> Caller | None:
        """The partner.

        Refuses with `CameTooOften`.
        """
        try:
            caller = await caller_of_key(connection, key)
        except BadKey:
            return None
        return caller if caller.may(Permission.report_send) else None


async def partner_for(connection: ASGIConnection, keys: Keys, key: str, policy: Policy) -> Caller | None:
    """The partner who reports; None is anybody, where the city asks for no key.

    Refuses with `KeyRefused`.
    """
    partner = await keys.partner_of(connection, key) if key else None
    if partner is None and policy.settings.open311_keys_required:
        what = "is nobody's" if key else "was not provided"
        raise KeyRefused(f"The api_key {what}; ask the city for one.")
    return partner
