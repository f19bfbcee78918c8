"""Who calls, and what they may. Roles come from the pack; routes name a permission or stand in a list."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from time import monotonic
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


class SessionEnded(NeedsSignIn):
    """Nobody used the session for a while."""

    code = "session.idle"


class EndedElsewhere(SessionEnded):
    """The same account was signed in elsewhere, and it may be so only so many times at once."""

    code = "session.elsewhere"


class EndedByOwner(SessionEnded):
    """Its owner ended it, or changed the password."""

    code = "session.ended"


class NeedsProof(NotAllowed):
    """What was asked for needs a proof that it is still you, and the last one is too old."""

    code = "session.step_up"


ENDED: dict[str, tuple[type[SessionEnded], str]] = {
    "idle": (SessionEnded, "Nobody used the session for a while, so it ended; sign in again."),
    "elsewhere": (EndedElsewhere, "You signed in elsewhere, so this session ended; if that was not you, change your password."),
}


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
    ended: str | None = None  # why the session of who comes now is none any more: a code of `people.ended.*`
    stepped_at: datetime | None = None  # when a person last proved who they are; None for machines

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
AS_STRANGER = "cityloop_as_stranger"  # in the scope of who brings a session, a token or a key: counts them by their address
Identify = Callable[[ASGIConnection], Awaitable[Caller]]


def needs(permission: Permission, *also: Permission) -> Callable[[ASGIConnection, BaseRouteHandler], Awaitable[None]]:
    """A guard: the caller is signed in and has this permission, or one of the others, in some seat.

    Refuses with `NeedsSignIn` or `NotAllowed`.
    """

    async def guard(connection: ASGIConnection, _: BaseRouteHandler) -> None:
        caller = await caller_of(connection)
        if caller.account is None:
            raise nobody(caller)
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
    caller = await caller_of(connection)
    if caller.account is None:
        raise nobody(caller)


def nobody(caller: Caller) -> NeedsSignIn:
    """The refusal of who is not signed in; it says why their session ended, where that is known."""
    if caller.ended is None:
        return NeedsSignIn("Nobody is signed in; sign in, or send a token.")
    kind, says = ENDED.get(caller.ended, (EndedByOwner, "This session was ended; sign in again."))
    return kind(says)


async def stepped_up(connection: ASGIConnection, _: BaseRouteHandler) -> None:
    """A guard beside another, for exports, reveals and rights: the person has proved not long ago that it is them.

    How long ago is the pack's `step_up_min`. What a machine does by a key or a token, it was given that for.
    Refuses with `NeedsProof`.
    """
    await proved(connection)


async def proved(connection: ASGIConnection) -> None:
    """The same, inside a route, where only some of its answers need it.

    Refuses with `NeedsProof`.
    """
    edge = connection.app.state.edge
    caller = await caller_of(connection)
    minutes = edge.policy().settings.step_up_min if caller.stepped_at else 0
    if not minutes or caller.stepped_at is None:
        return
    oldest = edge.database.clock() - timedelta(minutes=minutes)
    if caller.stepped_at >= oldest:
        return
    fresh = await edge.stepped_at(connection, caller)  # another process may have seen the proof
    if fresh is None or fresh < oldest:
        raise NeedsProof(f"This needs a proof of the last {minutes} min that it is you; give it, then it goes on.", minutes=minutes)


def paced(edge: Any, caller: Caller) -> None:
    """Count a request of a key, or of a person: who is signed in comes as themselves, whatever address they share.

    Refuses with `CameTooOften`.
    """
    if caller.key:
        if caller.pace:
            edge.buckets.take(caller.key, caller.pace, edge.database.clock().timestamp())
    elif caller.account and edge.person_pace:
        edge.buckets.take(caller.account, edge.person_pace, monotonic())


async def caller_of(connection: ASGIConnection) -> Caller:
    """The caller of this request, looked up once."""
    known = connection.scope.get("cityloop_caller")
    if known is None:
        edge = connection.app.state.edge
        known = await _known_or_counted(connection, edge.identify)
        _as_meant(connection, known)
        paced(edge, known)
        connection.scope["cityloop_caller"] = known  # type: ignore[typeddict-unknown-key]
    return known


async def _known_or_counted(connection: ASGIConnection, identify: Identify) -> Caller:
    """The caller. What they brought and is worth nothing makes nobody known: they are counted like any stranger.

    Refuses with `CameTooOften`.
    """
    known = NOBODY
    try:
        known = await identify(connection)
    finally:
        if known.account is None and (count := connection.scope.pop(AS_STRANGER, None)):
            count()  # type: ignore[operator]
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
