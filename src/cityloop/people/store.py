"""The SQL of people: accounts, seats, ways to sign in, and what erasing asks of the vault."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from cityloop.db import Row, Tx
from cityloop.db.tx import row_to
from cityloop.domain.ids import AccountId, PostId, VaultId
from cityloop.people.model import (
    Account,
    AccountUnknown,
    Credential,
    PartnerKey,
    Session,
    SessionKind,
    SignInFailure,
)

WAYS_IN = (
    "sign_in_name", "credential", "session", "key_digest", "second_factor", "recovery_code", "password_past",
    "known_device", "sign_in_seen", "sign_in_link",
)  # fmt: skip
FAILURES_KEPT = timedelta(days=1)
MANY = 500  # names of parameters in one statement


def account_get(tx: Tx, id: AccountId) -> Account:
    """The account as it is.

    Refuses with `AccountUnknown`.
    """
    account = tx.get("account", Account, id)
    if account is None:
        raise AccountUnknown(f"There is no account {id}; look for it in /v1/accounts.")
    return account


def account_hold(tx: Tx, id: AccountId) -> Account:
    """The account, held until the transaction ends.

    Refuses with `AccountUnknown`.
    """
    tx.hold([f"account/{id}"])
    return account_get(tx, id)


def account_of_name(tx: Tx, name: str) -> AccountId | None:
    """Whose sign-in name this is."""
    return tx.value("SELECT account FROM sign_in_name WHERE city = :city AND name = :name", name=name)


ACCOUNT_ROW = (
    "SELECT a.id, a.no, a.state, a.kind, a.simulated, a.opened_at, a.closed_at, v.bytes AS person, n.name AS sign_in "
    "FROM account a LEFT JOIN vault v ON v.city = a.city AND v.id = a.person "
    "LEFT JOIN sign_in_name n ON n.city = a.city AND n.account = a.id WHERE a.city = :city"
)


def account_rows(tx: Tx, *, after: str, limit: int) -> list[Row]:
    """Accounts by id, each with its person's bytes (None once erased) and its sign-in name."""
    return tx.all(f"{ACCOUNT_ROW} AND a.id > :after ORDER BY a.id LIMIT :limit", after=after, limit=limit)


def account_row(tx: Tx, id: AccountId) -> Row | None:
    """One account, in the same shape."""
    return tx.one(f"{ACCOUNT_ROW} AND a.id = :id", id=id)


def post_list_of(tx: Tx, account: AccountId) -> list[PostId]:
    """The posts that an account sits in."""
    rows = tx.all("SELECT post FROM seat WHERE city = :city AND account = :account ORDER BY post", account=account)
    return [row.post for row in rows]


def seated_in(tx: Tx, posts: Sequence[PostId]) -> dict[PostId, list[AccountId]]:
    """The accounts that sit in each of these posts."""
    found: dict[PostId, list[AccountId]] = {}
    for first in range(0, len(posts), MANY):
        some = posts[first : first + MANY]
        marks = ", ".join(f":post_{place}" for place in range(len(some)))
        rows = tx.all(
            f"SELECT post, account FROM seat WHERE city = :city AND post IN ({marks}) ORDER BY post, account",
            **{f"post_{place}": post for place, post in enumerate(some)},
        )
        for row in rows:
            found.setdefault(row.post, []).append(row.account)
    return found


def post_lists_between(tx: Tx, first: str, last: str) -> dict[str, list[PostId]]:
    """The posts of the accounts of one page."""
    found: dict[str, list[PostId]] = defaultdict(list)
    for row in tx.all(
        "SELECT account, post FROM seat WHERE city = :city AND account >= :first AND account <= :last "
        "ORDER BY account, post",
        first=first, last=last,
    ):  # fmt: skip
        found[row.account].append(row.post)
    return found


def sign_in_get(tx: Tx, name: str) -> Credential | None:
    """The credential of whoever signs in under a name."""
    row = tx.one(
        "SELECT c.account, c.hash, c.must_change, c.changed_at FROM sign_in_name n "
        "JOIN credential c ON c.city = n.city AND c.account = n.account "
        "JOIN account a ON a.city = n.city AND a.id = n.account "
        "WHERE n.city = :city AND n.name = :name AND a.state = 'open'",
        name=name,
    )
    return row_to(Credential, row) if row else None


def name_of_account(tx: Tx, account: AccountId) -> str | None:
    """The name under which an account signs in."""
    return tx.value("SELECT name FROM sign_in_name WHERE city = :city AND account = :account", account=account)


def failure_get(tx: Tx, name_digest: str) -> SignInFailure | None:
    """The wrong passwords for a name."""
    return tx.get("sign_in_failure", SignInFailure, name_digest)


def failure_forget(tx: Tx, name_digest: str) -> None:
    """Begin anew for a name."""
    tx.run("DELETE FROM sign_in_failure WHERE city = :city AND name_digest = :digest", digest=name_digest)


def failure_forget_old(tx: Tx, now: datetime) -> None:
    """Forget the failures of yesterday, so that made-up names do not fill the table."""
    tx.run("DELETE FROM sign_in_failure WHERE city = :city AND last_at < :old", old=now - FAILURES_KEPT)


def session_list_of(tx: Tx, account: AccountId) -> list[Session]:
    """An account's sessions and tokens, the newest first."""
    fields = ", ".join(Session.__struct_fields__)
    rows = tx.all(
        f"SELECT {fields} FROM session WHERE city = :city AND account = :account AND expires_at > :now "
        "AND ended_for IS NULL ORDER BY made_at DESC, digest",
        account=account, now=tx.now,
    )  # fmt: skip
    return [row_to(Session, row) for row in rows]


def session_row(tx: Tx, digest: str) -> Row | None:
    """A session that has not expired, of an account that is open, with the bytes of its person. It may have been ended."""
    return tx.one(
        "SELECT s.account, s.kind, s.seen_at, s.expires_at, s.how, s.stepped_at, s.ended_for, v.bytes AS person, "
        "c.must_change, c.changed_at, f.confirmed_at FROM session s "
        "JOIN account a ON a.city = s.city AND a.id = s.account "
        "LEFT JOIN vault v ON v.city = a.city AND v.id = a.person "
        "LEFT JOIN credential c ON c.city = a.city AND c.account = a.id "
        "LEFT JOIN second_factor f ON f.city = a.city AND f.account = a.id "
        "WHERE s.city = :city AND s.digest = :digest AND s.expires_at > :now AND a.state = 'open'",
        digest=digest, now=tx.now,
    )  # fmt: skip


def session_seen(tx: Tx, digest: str) -> None:
    """Note that a session was used just now."""
    tx.run("UPDATE session SET seen_at = :now WHERE city = :city AND digest = :digest", digest=digest, now=tx.now)


def session_step(tx: Tx, account: AccountId, digest: str) -> bool:
    """Note that who holds a session has just proved who they are; whether it was there."""
    return bool(
        tx.run(
            "UPDATE session SET stepped_at = :now WHERE city = :city AND account = :account AND digest = :digest "
            "AND ended_for IS NULL",
            now=tx.now, account=account, digest=digest,
        )
    )  # fmt: skip


def session_end(tx: Tx, account: AccountId, digest: str, *, why: str = "by_you") -> bool:
    """End one session of an account; whether it was there. That it ended, and why, is known until it would have expired."""
    return bool(
        tx.run(
            "UPDATE session SET ended_for = :why WHERE city = :city AND account = :account AND digest = :digest "
            "AND ended_for IS NULL",
            account=account, digest=digest, why=why,
        )
    )  # fmt: skip


def session_end_all(tx: Tx, account: AccountId, *, but: str | None = None, kind: SessionKind | None = None, why: str = "by_you") -> None:
    """End the sessions of an account, all but one; or those of one kind."""
    tx.run(
        "UPDATE session SET ended_for = :why WHERE city = :city AND account = :account AND digest <> :but "
        "AND kind LIKE :kind AND ended_for IS NULL",
        account=account, but=but or "", kind=kind.value if kind else "%", why=why,
    )  # fmt: skip


def session_forget_over(tx: Tx) -> None:
    """Remove what has expired."""
    tx.run("DELETE FROM session WHERE city = :city AND expires_at <= :now", now=tx.now)


def key_get(tx: Tx, id: str) -> PartnerKey | None:
    """A partner's key, good or over."""
    return tx.get("partner_key", PartnerKey, id)


def key_rows(tx: Tx, account: AccountId) -> list[Row]:
    """An account's keys, the newest first, each with when it was last used; None once its digest is gone."""
    return tx.all(
        "SELECT k.id, k.scopes, k.per_min, k.burst, k.made_at, k.expires_at, k.revoked_at, k.revoked_for, d.seen_at "
        "FROM partner_key k LEFT JOIN key_digest d ON d.city = k.city AND d.account = k.account AND d.key_id = k.id "
        "WHERE k.city = :city AND k.account = :account ORDER BY k.id DESC",
        account=account,
    )


def key_row(tx: Tx, digest: str) -> Row | None:
    """A key that is good, of an account that is open, with the bytes of its person."""
    return tx.one(
        "SELECT k.id, k.account, k.scopes, k.per_min, k.burst, k.expires_at, d.seen_at, v.bytes AS person "
        "FROM key_digest d JOIN partner_key k ON k.city = d.city AND k.id = d.key_id "
        "JOIN account a ON a.city = k.city AND a.id = k.account "
        "LEFT JOIN vault v ON v.city = a.city AND v.id = a.person "
        "WHERE d.city = :city AND d.digest = :digest AND k.revoked_at IS NULL AND k.expires_at > :now "
        "AND a.state = 'open'",
        digest=digest, now=tx.now,
    )  # fmt: skip


def key_seen(tx: Tx, digest: str) -> None:
    """Note that a key was used just now."""
    tx.run("UPDATE key_digest SET seen_at = :now WHERE city = :city AND digest = :digest", digest=digest, now=tx.now)


def key_shut(tx: Tx, key_id: str, account: AccountId) -> None:
    """Forget by what a key is known."""
    tx.run(
        "DELETE FROM key_digest WHERE city = :city AND account = :account AND key_id = :key_id",
        account=account, key_id=key_id,
    )  # fmt: skip


def version_get(tx: Tx) -> int:
    """The number that whatever ends a session or changes a seat raises."""
    return tx.value("SELECT no FROM people_version WHERE city = :city") or 0


def version_raise(tx: Tx) -> None:
    """Tell every process that what it knows of sessions and seats is old."""
    tx.run(
        "INSERT INTO people_version (city, no) VALUES (:city, 1) "
        "ON CONFLICT (city) DO UPDATE SET no = people_version.no + 1"
    )


def past_hashes(tx: Tx, account: AccountId, count: int) -> list[str]:
    """The hashes of the last passwords before the one in force, the newest first."""
    rows = tx.all(
        "SELECT hash FROM password_past WHERE city = :city AND account = :account ORDER BY until DESC, hash LIMIT :count",
        account=account, count=count,
    )  # fmt: skip
    return [row.hash for row in rows]


def past_keep(tx: Tx, account: AccountId, count: int) -> None:
    """Forget all but the last passwords."""
    tx.run(
        "DELETE FROM password_past WHERE city = :city AND account = :account AND hash NOT IN (SELECT hash FROM "
        "password_past WHERE city = :city AND account = :account ORDER BY until DESC, hash LIMIT :count)",
        account=account, count=count,
    )  # fmt: skip


def hash_renew(tx: Tx, known: Credential, hashed: str) -> None:
    """Put another hash of the same password in the place of a known one."""
    tx.run(
        "UPDATE credential SET hash = :hashed WHERE city = :city AND account = :account AND hash = :old",
        hashed=hashed, account=known.account, old=known.hash,
    )  # fmt: skip


def ways_in_end(tx: Tx, account: AccountId) -> None:
    """Leave an account no name, no password, no session, and nothing of how and where it came in."""
    for table in WAYS_IN:
        tx.run(f"DELETE FROM {table} WHERE city = :city AND account = :account", account=account)


def person_keep_until(tx: Tx, account: AccountId, until: datetime) -> None:
    """Keep the person of an account no longer than this."""
    tx.run(
        "UPDATE vault SET keep_until = :until WHERE city = :city AND subject = :subject AND keep_until > :until",
        until=until, subject=f"account/{account}",
    )  # fmt: skip


def person_keep_open(tx: Tx, until: datetime) -> None:
    """Keep the people of open accounts, whose term is over, until then."""
    tx.run(
        "UPDATE vault SET keep_until = :until WHERE city = :city AND keep_until <= :now AND id IN "
        "(SELECT person FROM account WHERE city = :city AND state = 'open')",
        until=until, now=tx.now,
    )  # fmt: skip


def person_is_needed(tx: Tx, id: VaultId) -> bool:
    """Whether this is the person of an open account."""
    return bool(tx.value("SELECT 1 FROM account WHERE city = :city AND person = :id AND state = 'open'", id=id))


def vault_has(tx: Tx, id: VaultId) -> bool:
    """Whether the vault keeps this."""
    return bool(tx.value("SELECT 1 FROM vault WHERE city = :city AND id = :id", id=id))


def shown_files(tx: Tx, id: VaultId) -> list[str]:
    """The files that show a sealed photo."""
    return [row.digest for row in tx.all("SELECT digest FROM file_shown WHERE city = :city AND photo = :id", id=id)]


def shown_forget(tx: Tx, id: VaultId) -> None:
    """Forget which files show a photo."""
    tx.run("DELETE FROM file_shown WHERE city = :city AND photo = :id", id=id)


def file_is_named(tx: Tx, file: str, city: str = "") -> bool:
    """Whether a file seals or shows something that is kept: the same photo may come twice. `city`: another one of this database."""
    of = city or tx.city
    return bool(
        tx.value("SELECT 1 FROM vault WHERE city = :of AND file = :file", of=of, file=file)
        or tx.value(
            "SELECT 1 FROM file_shown f JOIN vault v ON v.city = f.city AND v.id = f.photo "
            "WHERE f.city = :of AND f.digest = :file",
            of=of, file=file,
        )
    )  # fmt: skip


def cities(tx: Tx) -> list[str]:
    """All cities of this database that keep anything in the vault, and this one. Each is found behind the one before, by the key."""
    found, last = {tx.city}, ""
    while last := tx.value("SELECT min(city) FROM vault WHERE city > :last", last=last):
        found.add(last)
    return sorted(found)
