"""A key where a device can put it: in the path, as the password of Basic, or in a header as others do."""

import base64
import binascii

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from cityloop.domain.errors import NeedsSignIn, NotAllowed
from cityloop.domain.permission import Permission
from cityloop.http.identity import Caller, caller_of
from cityloop.people.caller import caller_of_key


def by_key(permission: Permission):
    """A guard for devices: they can set no header, so their key may stand in the path as `{key}`, or be Basic's password.

    Digest is not had: it would need the key itself, and only its digest is kept.
    Refuses with `NeedsSignIn`, `BadKey`, `CameTooOften` or `NotAllowed`.
    """

    async def guard(connection: ASGIConnection, _: BaseRouteHandler) -> None:
        key = connection.path_params.get("key") or _basic(connection.headers.get("authorization", ""))
        caller: Caller = await caller_of_key(connection, key) if key else await caller_of(connection)
        connection.scope["cityloop_caller"] = caller  # type: ignore[typeddict-unknown-key]
        if caller.account is None:
            raise NeedsSignIn("Nobody is signed in; put the key into the path, or send it as the password.")
        if not caller.may(permission):
            raise NotAllowed(f"{caller.name or 'You'} may not {permission.value}; ask for a key whose scopes include it.")

    guard.permission = permission  # type: ignore[attr-defined]  # read by the contract tests
    return guard


def _basic(header: str) -> str | None:
    """The password of an Authorization header of the kind Basic."""
    kind, _, said = header.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        plain = base64.b64decode(said.strip(), validate=True).decode("latin-1")
    except (binascii.Error, ValueError):
        return None
    return plain.partition(":")[2] or None
