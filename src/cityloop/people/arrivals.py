"""Who came in as an account, with which browser, from where: kept for its owner to see."""

from datetime import timedelta
from hashlib import sha256

from msgspec import Struct

from cityloop.db import Tx
from cityloop.db.tx import row_to
from cityloop.domain.facts import WayInChanged
from cityloop.domain.ids import AccountId
from cityloop.http.outward import network_of
from cityloop.people.model import Account, KnownDevice, Session, SignInSeen

KEPT = timedelta(days=365)  # 等保 asks for 180 at least
DEVICE_COOKIE = "cityloop_device"
DEVICE_DAYS = 400  # as long as browsers keep a cookie
DEVICES_MAX = 20  # of one account
SEEN_MAX = 200  # shown to its owner
NOTICED_DAYS = timedelta(days=30)
AGENT_CHARS = 120


class Arrival(Struct, frozen=True, kw_only=True):
    """From where somebody knocks. `device`: the digest of their browser's cookie, known or fresh."""

    device: str = ""
    agent: str = ""
    network: str = ""


def device_digest(cookie: str) -> str:
    """What is kept of a browser's cookie; it has 256 bits of chance."""
    return sha256(cookie.encode()).hexdigest()


def plain_agent(agent: str) -> str:
    """What a browser calls itself, as far as it is kept."""
    return "".join(char for char in agent if char.isprintable())[:AGENT_CHARS]


def is_known(tx: Tx, account: AccountId, device: str) -> bool:
    """Whether the account was signed in with this browser before."""
    return bool(device) and tx.get("known_device", KnownDevice, account, device) is not None


def came_in(tx: Tx, account: AccountId, arrival: Arrival, how: str) -> bool:
    """Note that somebody came in; whether it was with a browser that is new to an account that had others.

    Emits `WayInChanged` for a new one.
    """
    known = tx.get("known_device", KnownDevice, account, arrival.device) if arrival.device else None
    others = tx.value("SELECT count(*) FROM known_device WHERE city = :city AND account = :account", account=account)
    holder = tx.get("account", Account, account)
    is_new = known is None and bool(others) and not (holder and holder.simulated)  # who is made up has no device of their own
    if arrival.device:
        first_at = known.first_at if known else tx.now
        tx.put(
            "known_device",
            KnownDevice(
                account=account, digest=arrival.device, agent=plain_agent(arrival.agent), first_at=first_at, seen_at=tx.now
            ),
        )  # fmt: skip
    if others >= DEVICES_MAX and known is None:
        tx.run(
            "DELETE FROM known_device WHERE city = :city AND account = :account AND seen_at = (SELECT min(seen_at) "
            "FROM known_device WHERE city = :city AND account = :account)",
            account=account,
        )
    note(tx, account, arrival, outcome="in", how=how, is_new=is_new)
    tx.run("DELETE FROM sign_in_seen WHERE city = :city AND at < :old", old=tx.now - KEPT)
    if is_new:
        tx.emit(WayInChanged(account_id=account, what="new_device", at=tx.now))
    return is_new


def to_be_told(tx: Tx, session: Session) -> list[tuple[str, str]]:
    """Where the owner of an account is told that a session began with a new browser: by provider, their name there."""
    rows = tx.all(
        "SELECT l.provider, l.subject FROM sign_in_link l WHERE l.city = :city AND l.account = :account AND EXISTS "
        "(SELECT 1 FROM sign_in_seen n WHERE n.city = l.city AND n.account = l.account AND n.at = :at AND n.new_device = 1) "
        "ORDER BY l.provider",
        account=session.account, at=session.made_at,
    )  # fmt: skip
    return [(row.provider, row.subject) for row in rows]


def note(tx: Tx, account: AccountId, arrival: Arrival, *, outcome: str, how: str, is_new: bool = False) -> None:
    """Keep that somebody tried to come in as an account."""
    tx.put(
        "sign_in_seen",
        SignInSeen(
            id=tx.new_id(), account=account, at=tx.now, outcome=outcome, how=how, agent=plain_agent(arrival.agent),
            network=network_of(arrival.network), new_device=is_new,
        ),
    )  # fmt: skip


def seen_list(tx: Tx, account: AccountId) -> list[SignInSeen]:
    """Who came in, or tried to, the newest first."""
    fields = ", ".join(SignInSeen.__struct_fields__)
    rows = tx.all(
        f"SELECT {fields} FROM sign_in_seen WHERE city = :city AND account = :account ORDER BY id DESC LIMIT {SEEN_MAX}",
        account=account,
    )
    return [row_to(SignInSeen, row) for row in rows]


def unnoticed(tx: Tx, account: AccountId, before_session: str) -> SignInSeen | None:
    """The newest coming in with a new browser that its owner has not said anything to; not the one that asks."""
    fields = ", ".join(f"n.{field}" for field in SignInSeen.__struct_fields__)
    row = tx.one(
        f"SELECT {fields} FROM sign_in_seen n WHERE n.city = :city AND n.account = :account AND n.new_device = 1 "
        "AND n.noticed_at IS NULL AND n.at > :since AND n.at < coalesce((SELECT made_at FROM session WHERE city = :city "
        "AND digest = :digest), '') ORDER BY n.id DESC LIMIT 1",
        account=account, since=tx.now - NOTICED_DAYS, digest=before_session,
    )  # fmt: skip
    return row_to(SignInSeen, row) if row else None


def notice_all(tx: Tx, account: AccountId) -> AccountId:
    """Its owner has seen who came in."""
    tx.run(
        "UPDATE sign_in_seen SET noticed_at = :now WHERE city = :city AND account = :account AND noticed_at IS NULL",
        now=tx.now, account=account,
    )  # fmt: skip
    return account


def device_list(tx: Tx, account: AccountId) -> list[KnownDevice]:
    """The browsers that an account was signed in with, the last used first."""
    fields = ", ".join(KnownDevice.__struct_fields__)
    rows = tx.all(
        f"SELECT {fields} FROM known_device WHERE city = :city AND account = :account ORDER BY seen_at DESC, digest",
        account=account,
    )
    return [row_to(KnownDevice, row) for row in rows]


def device_forget(tx: Tx, account: AccountId, digest: str) -> bool:
    """Let a browser be a stranger again; whether it was known."""
    return bool(
        tx.run(
            "DELETE FROM known_device WHERE city = :city AND account = :account AND digest = :digest",
            account=account, digest=digest,
        )
    )  # fmt: skip
