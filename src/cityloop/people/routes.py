"""HTTP of accounts: the system administrator opens them, the security administrator gives posts and passwords."""

from datetime import datetime
from typing import Annotated

import msgspec
import structlog
from litestar import Response, delete, get, post, put
from msgspec import Meta, Struct

from cityloop.db import Row, Tx
from cityloop.domain.ids import AccountId, PostId
from cityloop.domain.permission import Permission
from cityloop.domain.personal import ACCOUNT, Personal
from cityloop.http import Door, Page, needs, page_limit
from cityloop.http.door import etag
from cityloop.http.identity import stepped_up
from cityloop.http.lists import keys_of, mark_of
from cityloop.people import (
    audit_routes,
    erasure_routes,
    key_routes,
    mine_routes,
    operating_routes,
    passwords,
    service,
    session_routes,
    store,
)
from cityloop.people.elsewhere import routes as elsewhere_routes
from cityloop.people.guessed import password_chosen
from cityloop.people.model import NAMES, AccountKind, AccountState, AccountUnknown, Person
from cityloop.people.second import routes as second_routes
from cityloop.people.session_routes import Secret, forget_all, slowly

Name = Annotated[str, Meta(min_length=1, max_length=80)]
log = structlog.get_logger("cityloop.people")


class AccountAsked(Struct, kw_only=True):
    """Whom to let in."""

    sign_in: Annotated[str, Meta(max_length=200), Personal("to sign in", keep_days=0, eraser=ACCOUNT)]
    name: Annotated[Name, Personal(NAMES, keep_days=365)]
    phone: Annotated[str, Meta(max_length=40), Personal("to reach who is on duty", keep_days=365)] | None = None


class AccountView(Struct, kw_only=True):
    """An account as administrators see it. No name: it was erased."""

    id: AccountId
    state: AccountState
    kind: AccountKind
    sign_in: Annotated[str, Personal("to sign in", keep_days=0, eraser=ACCOUNT)] | None
    name: Annotated[str, Personal(NAMES, keep_days=365)] | None
    posts: list[PostId]
    simulated: bool
    opened_at: datetime
    closed_at: datetime | None
    no: int  # the version, as in ETag


class PostAsked(Struct, kw_only=True):
    """Which post to sit in."""

    post: PostId


class ClosureAsked(Struct, kw_only=True):
    """Why nobody may come in with it any more."""

    reason: str


class NewPassword(Struct, kw_only=True):
    """A first password, or another after it was forgotten; its holder must change it."""

    password: Secret


@post("/v1/accounts", status_code=201, guards=[needs(Permission.account_open)])
async def post_account(data: AccountAsked, door: Door) -> Response[AccountView]:
    """Open an account."""
    person = Person(name=data.name, phone=data.phone)
    account_id = await door.change(lambda tx: service.open_account(tx, sign_in_name=data.sign_in, person=person))
    return await _shown(door, account_id, 201)


@get("/v1/accounts", guards=[needs(Permission.account_manage, Permission.account_open)])
async def get_accounts(door: Door, after: str | None = None, limit: int = 100) -> Page[AccountView]:
    """All accounts, the oldest first, closed ones too."""
    count = page_limit(limit)
    start = str(keys_of(after, 1)[0]) if after else ""

    def ask(tx: Tx) -> list[AccountView]:
        rows = store.account_rows(tx, after=start, limit=count + 1)
        posts = store.post_lists_between(tx, rows[0].id, rows[-1].id) if rows else {}
        return [_view(row, posts.get(row.id, [])) for row in rows]

    found = await door.read(ask)
    items = found[:count]
    return Page(items=items, next=mark_of(items[-1].id) if len(found) > count else None)


@get("/v1/accounts/{account_id:str}", guards=[needs(Permission.account_manage, Permission.account_open)])
async def get_account(account_id: AccountId, door: Door) -> Response[AccountView]:
    """One account, with the ETag that a change of it needs."""
    return await _shown(door, account_id, 200)


@post("/v1/accounts/{account_id:str}/posts", status_code=201, guards=[needs(Permission.account_manage), stepped_up])
async def post_seat(account_id: AccountId, data: PostAsked, door: Door) -> Response[AccountView]:
    """Sit an account in a post of the pack."""
    await door.change(
        lambda tx: service.take_post(tx, account_id, data.post, policy=door.policy), of=f"account/{account_id}"
    )
    forget_all(door)
    return await _shown(door, account_id, 201)


@delete("/v1/accounts/{account_id:str}/posts/{post_id:str}", status_code=200, guards=[needs(Permission.account_manage)])
async def delete_seat(account_id: AccountId, post_id: PostId, door: Door) -> Response[AccountView]:
    """Take an account out of a post."""
    await door.change(lambda tx: service.leave_post(tx, account_id, post_id), of=f"account/{account_id}")
    forget_all(door)
    return await _shown(door, account_id, 200)


@post("/v1/accounts/{account_id:str}/closure", status_code=201, guards=[needs(Permission.account_manage, Permission.account_open)])
async def post_closure(account_id: AccountId, data: ClosureAsked, door: Door) -> Response[AccountView]:
    """Close an account: its posts, sessions and ways to sign in go at once."""
    await door.change(lambda tx: service.close_account(tx, account_id, reason=data.reason), of=f"account/{account_id}")
    forget_all(door)
    return await _shown(door, account_id, 201)


@put("/v1/accounts/{account_id:str}/password", status_code=204, guards=[needs(Permission.account_manage), stepped_up])
async def put_password(account_id: AccountId, data: NewPassword, door: Door) -> None:
    """Give an account a password that its holder must change; its sessions end. PUT: sent twice, it is the same."""
    name = await door.read(lambda tx: store.name_of_account(tx, store.account_get(tx, account_id).id)) or account_id
    said = door.policy.settings
    plain = password_chosen(data.password, name, door.policy)
    hashed = await slowly(door, lambda: passwords.hash_of(plain))
    await door.change(lambda tx: service.set_password(tx, account_id, hashed, must_change=True, past=max(0, said.password_past - 1)))
    forget_all(door)
    log.info("password_given", account=account_id, by=door.caller.account)


@delete("/v1/accounts/{account_id:str}/sessions", status_code=204, guards=[needs(Permission.account_manage, Permission.account_open)])
async def delete_sessions(account_id: AccountId, door: Door) -> None:
    """End every session and token of somebody, e.g. of a lost phone: at once, wherever it is. They may sign in again."""
    await door.change(lambda tx: service.end_sessions(tx, account_id))
    forget_all(door)
    log.info("sessions_ended", account=account_id, by=door.caller.account)


async def _shown(door: Door, account_id: AccountId, status: int) -> Response[AccountView]:
    def ask(tx: Tx) -> AccountView:
        row = store.account_row(tx, account_id)
        if row is None:
            raise AccountUnknown(f"There is no account {account_id}; look for it in /v1/accounts.")
        return _view(row, store.post_list_of(tx, account_id))

    view = await door.read(ask)
    return Response(view, status_code=status, headers=etag(view.no))


def _view(row: Row, posts: list[PostId]) -> AccountView:
    person = msgspec.json.decode(row.person, type=Person) if row.person else None
    given = {
        "id": row.id, "state": row.state, "kind": row.kind, "sign_in": row.sign_in, "name": person.name if person else None,
        "posts": posts, "simulated": row.simulated, "opened_at": row.opened_at, "closed_at": row.closed_at, "no": row.no,
    }  # fmt: skip
    return msgspec.convert(given, AccountView, strict=False)


ROUTES = [
    *session_routes.ROUTES,
    *mine_routes.ROUTES,
    *second_routes.ROUTES,
    *elsewhere_routes.ROUTES,
    post_account,
    get_accounts,
    get_account,
    post_seat,
    delete_seat,
    post_closure,
    put_password,
    delete_sessions,
    *key_routes.ROUTES,
    *audit_routes.ROUTES,
    *erasure_routes.ROUTES,
    *operating_routes.ROUTES,
]
