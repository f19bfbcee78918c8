"""HTTP of a second factor: begin, confirm, codes on paper, give up; and an administrator's help when a phone is lost."""

from datetime import datetime
from typing import Annotated

import structlog
from litestar import Response, delete, get, post
from msgspec import Meta, Struct

from cityloop.db import Tx
from cityloop.domain.ids import AccountId
from cityloop.domain.permission import Permission
from cityloop.http import Door, needs
from cityloop.http.identity import signed_in, stepped_up
from cityloop.http.secret import Tampered, opened, sealed
from cityloop.people import service, sessions, store
from cityloop.people.caller import must_have_second
from cityloop.people.model import NoSecond, SecondNeeded
from cityloop.people.second import codes
from cityloop.people.second.service import confirm, draw_recovery, enrol, remove
from cityloop.people.second.store import recovery_count, second_get
from cityloop.people.session_routes import forget_all, me_of

log = structlog.get_logger("cityloop.people")
PURPOSE = "second"
NOT_KEPT = {"Cache-Control": "no-store"}


class SecondView(Struct, kw_only=True):
    """What one has. `needed`: a role of yours asks for it, so it cannot be given up."""

    confirmed_at: datetime | None
    recovery_left: int
    needed: bool


class SecondBegun(Struct, kw_only=True):
    """What an application on the phone needs, shown this once: a picture (SVG), or the secret to be typed."""

    secret: str
    address: str
    picture: str


class CodeAsked(Struct, kw_only=True):
    """The code that the application shows now."""

    code: Annotated[str, Meta(max_length=40)]


class RecoveryShown(Struct, kw_only=True):
    """Ten codes for paper, each good once; shown this once."""

    recovery: list[str]


@get("/v1/me/second-factor", guards=[signed_in])
async def get_second(door: Door) -> SecondView:
    """Whether one has a second factor, and how many codes on paper are left."""
    account, _ = me_of(door)

    def ask(tx: Tx) -> SecondView:
        known = second_get(tx, account)
        return SecondView(
            confirmed_at=known.confirmed_at if known else None, recovery_left=recovery_count(tx, account),
            needed=must_have_second(tx, account, door.policy),
        )  # fmt: skip

    return await door.read(ask)


@post("/v1/me/second-factor", status_code=201, guards=[signed_in, stepped_up])
async def post_second(door: Door) -> Response[SecondBegun]:
    """Begin a second factor: scan the picture, then confirm it by a code. Until then nothing changes."""
    account, _ = me_of(door)
    secret = codes.secret_drawn()
    kept = sealed(door.secret, PURPOSE, secret, of=account, cipher=door.cipher)
    name = await door.read(lambda tx: store.name_of_account(tx, account)) or account
    await door.request.app.state.edge.writer.submit(lambda tx: enrol(tx, account, kept), actor=door.caller.actor)
    address = codes.address_for(secret, name=name, city=door.policy.name.get("zh") or "Cityloop")
    shown = SecondBegun(secret=codes.in_base32(secret), address=address, picture=_picture(address))
    return Response(shown, status_code=201, headers=NOT_KEPT)


@post("/v1/me/second-factor/confirmation", status_code=201, guards=[signed_in])
async def post_confirmation(data: CodeAsked, door: Door) -> Response[RecoveryShown]:
    """Let it count from now on; one's other sessions end. The answer holds the codes for paper."""
    account, digest = me_of(door)
    known = await door.read(lambda tx: second_get(tx, account))
    secret = _opened(door, account, known.sealed) if known else None
    recovery = codes.recovery_drawn()

    def use_case(tx: Tx) -> AccountId:
        confirm(tx, account, secret, data.code, recovery)
        store.session_end_all(tx, account, but=digest, why="second_set")
        sessions.step_up(tx, account, digest)
        return account

    await door.request.app.state.edge.writer.submit(use_case, actor=door.caller.actor)
    forget_all(door)
    log.info("second_factor_set", account=account)
    return Response(RecoveryShown(recovery=codes.recovery_shown(recovery)), status_code=201, headers=NOT_KEPT)


@post("/v1/me/second-factor/recovery", status_code=201, guards=[signed_in, stepped_up])
async def post_recovery(door: Door) -> Response[RecoveryShown]:
    """Draw ten fresh codes for paper; the old ones are good no more."""
    account, _ = me_of(door)
    recovery = codes.recovery_drawn()

    def use_case(tx: Tx) -> AccountId:
        known = second_get(tx, account)
        if known is None or known.confirmed_at is None:
            raise NoSecond("You have no second factor; set one first.")
        return draw_recovery(tx, account, recovery)

    await door.request.app.state.edge.writer.submit(use_case, actor=door.caller.actor)
    return Response(RecoveryShown(recovery=codes.recovery_shown(recovery)), status_code=201, headers=NOT_KEPT)


@delete("/v1/me/second-factor", status_code=204, guards=[signed_in, stepped_up])
async def delete_second(door: Door) -> None:
    """Give one's second factor up, where no role asks for it."""
    account, _ = me_of(door)

    def use_case(tx: Tx) -> AccountId:
        if must_have_second(tx, account, door.policy):
            raise SecondNeeded("A role of yours asks for a second factor; have it replaced by the system administrator.")
        return remove(tx, account, what="second_removed")

    await door.change(use_case)
    forget_all(door)


@delete(
    "/v1/accounts/{account_id:str}/second-factor",
    status_code=204,
    guards=[needs(Permission.account_open), stepped_up],
)
async def delete_second_of(account_id: AccountId, door: Door) -> None:
    """Take a lost phone's second factor from another's account; its sessions end. Who gives passwords may not do this:
    so nobody alone takes an account over."""

    def use_case(tx: Tx) -> AccountId:
        service.account_open(tx, account_id)
        remove(tx, account_id, what="second_taken")
        store.session_end_all(tx, account_id, why="second_set")
        store.version_raise(tx)
        return account_id

    await door.change(use_case)
    forget_all(door)
    log.info("second_factor_taken", account=account_id, by=door.caller.account)


def _opened(door: Door, account: AccountId, kept: bytes) -> bytes | None:
    try:
        return opened(door.secret, PURPOSE, kept, of=account)
    except Tampered:
        log.warning("second_factor_unreadable", account=account)
        return None


def _picture(address: str) -> str:
    import segno

    return segno.make(address, error="m").svg_inline(scale=5, border=2)


ROUTES = [get_second, post_second, post_confirmation, post_recovery, delete_second, delete_second_of]
