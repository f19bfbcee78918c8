"""HTTP of the audit administrator: what administrators did, and who came in as whom. It reads, and changes nothing."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import get
from msgspec import Struct

from cityloop.db import Row, Tx
from cityloop.domain.ids import AccountId
from cityloop.domain.permission import Permission
from cityloop.domain.personal import PASSING, Personal
from cityloop.http import Door, Page, needs, page_limit
from cityloop.http.lists import keys_of, mark_of
from cityloop.journal import told_from
from cityloop.people.model import NAMES, SEEN
from cityloop.people.names import names_of

AUDIT = [needs(Permission.audit_read)]
ADMINISTERED = ("account", "erasure", "handler", "log", "pack", "way_in")  # subjects that administrators change
Name = Annotated[str, Personal(NAMES, keep_days=0, eraser=PASSING)]
Where = Annotated[str, Personal(SEEN, keep_days=0, eraser=PASSING)]


class ActView(Struct, kw_only=True):
    """Something that was administered: a fact, who told it, and what it says."""

    seq: int
    at: datetime
    fact: str
    subject: str
    by: str
    by_name: Name | None
    says: dict[str, Any]


class TryView(Struct, kw_only=True):
    """Somebody came in as an account, or tried to."""

    at: datetime
    account: AccountId
    name: Name | None
    outcome: str
    how: str
    agent: Where
    network: Where
    new_device: bool


@get("/v1/audit/acts", guards=AUDIT)
async def get_acts(door: Door, after: str | None = None, limit: int = 100) -> Page[ActView]:
    """What was done to accounts, posts, keys, passwords, packs, erasures and held work, by all administrators: the newest first."""
    count = page_limit(limit)
    below = int(keys_of(after, 1)[0]) if after else None
    items = await door.read(lambda tx: _acts(tx, below, count + 1))
    return Page(items=items[:count], next=mark_of(str(items[count - 1].seq)) if len(items) > count else None)


@get("/v1/audit/sign-ins", guards=AUDIT)
async def get_tries(door: Door, after: str | None = None, limit: int = 100) -> Page[TryView]:
    """Who came in as whom in the last year, or tried to: the newest first. Tries for names that nobody has are not here."""
    count = page_limit(limit)
    below = str(keys_of(after, 1)[0]) if after else "~"

    def ask(tx: Tx) -> list[Row]:
        return tx.all(
            "SELECT id, at, account, outcome, how, agent, network, new_device FROM sign_in_seen "
            "WHERE city = :city AND id < :below ORDER BY id DESC LIMIT :limit",
            below=below, limit=count + 1,
        )  # fmt: skip

    rows = await door.read(ask)
    names = await door.read(lambda tx: names_of(tx, sorted({row.account for row in rows})))
    items = [
        msgspec.convert({**row._asdict(), "name": names.get(row.account)}, TryView, strict=False) for row in rows[:count]
    ]
    return Page(items=items, next=mark_of(rows[count - 1].id) if len(rows) > count else None)


def _acts(tx: Tx, below: int | None, limit: int) -> list[ActView]:
    # each range lies in the index of subjects; the + keeps an engine from walking the whole journal backwards instead
    parts = " UNION ALL ".join(
        f"SELECT seq, body FROM fact WHERE city = :city AND subject > '{each}/' AND subject < '{each}0' AND +seq < :below"
        for each in ADMINISTERED
    )
    rows = tx.all(
        f"SELECT seq, body FROM ({parts}) found ORDER BY seq DESC LIMIT :limit",
        below=below if below is not None else 2**62, limit=limit,
    )  # fmt: skip
    told = [told_from(tx.city, row.seq, row.body) for row in rows]
    names = names_of(tx, sorted({each.actor.removeprefix("account:") for each in told if each.actor.startswith("account:")}))
    return [
        ActView(
            seq=each.seq, at=each.fact.at, fact=type(each.fact).__name__, subject=each.subject, by=each.actor,
            by_name=names.get(each.actor.removeprefix("account:")),
            says={name: value for name, value in msgspec.to_builtins(each.fact).items() if name not in ("at", "person")},
        )
        for each in told
    ]  # fmt: skip


ROUTES = [get_acts, get_tries]
