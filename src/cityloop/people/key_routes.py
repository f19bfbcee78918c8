"""HTTP of partners, whom the system administrator lets in, and of their keys, which the security administrator makes."""

from datetime import datetime
from typing import Annotated

import msgspec
import structlog
from litestar import Response, get, post
from msgspec import Meta, Struct

from cityloop.db import Row, Tx
from cityloop.domain.ids import AccountId
from cityloop.domain.permission import Permission
from cityloop.domain.personal import Personal
from cityloop.http import Door, needs
from cityloop.http.identity import stepped_up
from cityloop.http.limits import Pace
from cityloop.people import keys, store
from cityloop.people.model import NAMES, Person
from cityloop.people.session_routes import forget_all
from cityloop.people.sessions import token_digest

log = structlog.get_logger("cityloop.people")


class PartnerAsked(Struct, kw_only=True):
    """Another system, and who answers for it."""

    name: Annotated[str, Meta(min_length=1, max_length=80), Personal(NAMES, keep_days=365)]
    phone: Annotated[str, Meta(max_length=40), Personal("to reach who answers for it", keep_days=365)] | None = None


class PartnerOpened(Struct, kw_only=True):
    """The partner's account. Posts are taken at /v1/accounts/{id}/posts."""

    id: AccountId


class KeyAsked(Struct, kw_only=True):
    """What the key may do, how often it may come, and for how long."""

    scopes: list[str]
    per_min: int = 600
    burst: int = 60
    days: int = 365


class KeyShown(Struct, kw_only=True):
    """The key, shown this once. None where the same request was sent before: then revoke it and make another."""

    id: str
    key: str | None


class KeyView(Struct, kw_only=True):
    """What is known of a key. `used_at`: within some minutes; None where it is over."""

    id: str
    scopes: list[str]
    per_min: int
    burst: int
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None
    revoked_for: str | None


class RevocationAsked(Struct, kw_only=True):
    """Why the key ends: a code of `people.key_reason.*`."""

    reason: str


@post("/v1/partners", status_code=201, guards=[needs(Permission.account_open)])
async def post_partner(data: PartnerAsked, door: Door) -> PartnerOpened:
    """Let another system in: an account without a password, which comes by keys."""
    person = Person(name=data.name, phone=data.phone)
    return PartnerOpened(id=AccountId(await door.change(lambda tx: keys.open_partner(tx, person=person))))


@post("/v1/accounts/{account_id:str}/keys", status_code=201, guards=[needs(Permission.account_manage), stepped_up])
async def post_key(account_id: AccountId, data: KeyAsked, door: Door) -> Response[KeyShown]:
    """Make a key for a partner. It is shown in this answer and nowhere else."""
    drawn = keys.key_drawn()
    made: list[str] = []

    def use_case(tx: Tx) -> str:
        pace = Pace(per_min=data.per_min, burst=data.burst)
        made.append(
            keys.make_key(
                tx, account_id, digest=token_digest(drawn), scopes=data.scopes, pace=pace, days=data.days
            )
        )  # fmt: skip
        return made[-1]

    key_id = await door.change(use_case, of=f"account/{account_id}")
    log.info("key_made", account=account_id, key=key_id, by=door.caller.account)
    shown = KeyShown(id=key_id, key=drawn if key_id in made else None)
    return Response(shown, headers={"Cache-Control": "no-store"})


@get("/v1/accounts/{account_id:str}/keys", guards=[needs(Permission.account_manage)])
async def get_keys(account_id: AccountId, door: Door) -> list[KeyView]:
    """A partner's keys, the newest first, revoked ones too."""

    def ask(tx: Tx) -> list[KeyView]:
        store.account_get(tx, account_id)
        return [_view(row) for row in store.key_rows(tx, account_id)]

    return await door.read(ask)


@post(
    "/v1/accounts/{account_id:str}/keys/{key_id:str}/revocation",
    status_code=201,
    guards=[needs(Permission.account_manage)],
)
async def post_revocation(account_id: AccountId, key_id: str, data: RevocationAsked, door: Door) -> list[KeyView]:
    """Revoke a key: it opens nothing any more."""
    use_case = lambda tx: keys.revoke_key(tx, account_id, key_id, reason=data.reason)
    await door.change(use_case, of=f"account/{account_id}")
    forget_all(door)
    log.info("key_revoked", account=account_id, key=key_id, by=door.caller.account)
    return await door.read(lambda tx: [_view(row) for row in store.key_rows(tx, account_id)])


def _view(row: Row) -> KeyView:
    given = row._asdict()
    given |= {"scopes": row.scopes.split(), "used_at": given.pop("seen_at")}
    return msgspec.convert(given, KeyView, strict=False)


ROUTES = [post_partner, post_key, get_keys, post_revocation]
