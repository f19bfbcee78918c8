"""Who calls, and what they may. Roles come from the pack; routes name a permission or stand in a list."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from msgspec import Struct

from cityloop.domain.errors import NeedsSignIn, NotAllowed
from cityloop.domain.ids import AccountId, AreaCode, PostId, UnitId
from cityloop.domain.permission import Permission
from cityloop.http.limits import Pace


class OtherAccount(NotAllowed):
    """What was made by one account, and waited, came with another's session."""

    code = "session.other_account"


class Seat(Struct, frozen=True, kw_only=True):
    """A post that the caller sits in. No unit is the whole city's; no area is all of it."""

    post: PostId
    role: str
    unit: UnitId
    area: AreaCode | None
    permissions: frozenset[str]


class Caller(Struct, frozen=True, kw_only=True):
    """Who stands at the door."""

    account: AccountId | None = None
    name: str = ""
    seats: tuple[Seat, ...] = ()
    session: str | None = None
    key: str | None = None  # by which a partner came in
    pace: Pace | None = None  # how often that key may come

    @property
    def actor(self) -> str:
        """The name under which facts are told."""
        return f"account:{self.account}" if self.account else "anonymous"

    def may(self, permission: Permission) -> bool:
        """Whether any seat gives this permission."""
        return any(permission.value in seat.permissions for seat in self.seats)

    def seats_with(self, permission: Permission) -> tuple[Seat, ...]:
        """The seats that give a permission: each has its own unit and area."""
        return tuple(seat for seat in self.seats if permission.value in seat.permissions)


NOBODY = Caller()
Identify = Callable[[ASGIConnection], Awaitable[Caller]]


def needs(permission: Permission, *also: Permission) -> Callable[[ASGIConnection, BaseRouteHandler], Awaitable[None]]:
    """A guard: the caller is signed in and has this permission, or one of the others, in some seat.

    Refuses with `NeedsSignIn` or `NotAllowed`.
    """

    async def guard(connection: ASGIConnection, _: BaseRouteHandler) -> None:
        caller = await caller_of(connection)
        if caller.account is None:
            raise NeedsSignIn("Nobody is signed in; sign in, or send a token.")
        if not any(caller.may(each) for each in (permission, *also)):
            raise NotAllowed(
                f"{caller.name or 'You'} may not {permission.value}; ask for a post whose role includes it."
            )

    guard.permission = permission  # type: ignore[attr-defined]  # read by the contract tests
    guard.also = also  # type: ignore[attr-defined]
    return guard


async def signed_in(connection: ASGIConnection, _: BaseRouteHandler) -> None:
    """A guard: somebody, whatever their posts.

    Refuses with `NeedsSignIn`.
    """
    if (await caller_of(connection)).account is None:
        raise NeedsSignIn("Nobody is signed in; sign in, or send a token.")


def paced(edge: Any, caller: Caller) -> None:
    """Count a request of a key.

    Refuses with `CameTooOften`.
    """
    if caller.key and caller.pace:
        edge.buckets.take(caller.key, caller.pace, edge.database.clock().timestamp())


async def caller_of(connection: ASGIConnection) -> Caller:
    """The caller of this request, looked up once."""
    known = connection.scope.get("cityloop_caller")
    if known is None:
        edge = connection.app.state.edge
        known = await edge.identify(connection)
        _as_meant(connection, known)
        paced(edge, known)
        connection.scope["cityloop_caller"] = known  # type: ignore[typeddict-unknown-key]
    return known


def _as_meant(connection: ASGIConnection, caller: Caller) -> None:
    """Whether the caller is who the request says that it belongs to, where it says so: `X-Account`.

    Refuses with `NeedsSignIn` or `OtherAccount`.
    """
    meant = connection.headers.get("x-account")
    if meant is None or meant == caller.account:
        return
    if caller.account is None:
        raise NeedsSignIn("Nobody is signed in; sign in as who made this, then it is sent.")
    raise OtherAccount("This was made by another account; sign in as who made it, then it is sent.")
