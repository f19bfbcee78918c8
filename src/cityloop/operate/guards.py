"""Who may read the numbers: this machine, who operates the city, or a key that was made for watching it."""

import ipaddress

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from cityloop.domain.permission import Permission
from cityloop.http import needs

FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")
_asked = needs(Permission.metrics_read, Permission.operate)


def is_here(connection: ASGIConnection) -> bool:
    """Whether who asks is on this machine itself, and no proxy asks for somebody else."""
    if connection.client is None or any(name in connection.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(connection.client.host).is_loopback
    except ValueError:
        return False


async def watches(connection: ASGIConnection, handler: BaseRouteHandler) -> None:
    """A guard: this machine, or who may read the numbers.

    Refuses with `NeedsSignIn` or `NotAllowed`.
    """
    if not is_here(connection):
        await _asked(connection, handler)


watches.permission = Permission.metrics_read  # type: ignore[attr-defined]  # read by the contract tests
watches.also = (Permission.operate,)  # type: ignore[attr-defined]
