"""The SQL of drafts, versions and proposals."""

from cityloop.db import Tx
from cityloop.db.tx import row_to
from cityloop.revise.model import Draft, Proposal

_DRAFT = "id, no, base, digest, bytes, problems, by, made_at, changed_at"
_PROPOSAL = "id, no, digest, base, state, by, at, decided_by, decided_at, reason"


def draft_find(tx: Tx, id: str) -> Draft | None:
    row = tx.one(f"SELECT {_DRAFT} FROM pack_draft WHERE city = :city AND id = :id", id=id)
    return row_to(Draft, row) if row else None


def draft_list(tx: Tx) -> list[Draft]:
    """All drafts, the newest first; without their bytes."""
    rows = tx.all(f"SELECT {_DRAFT.replace('bytes', 'problems AS bytes')} FROM pack_draft WHERE city = :city ORDER BY id DESC LIMIT 100")
    return [row_to(Draft, row._replace(bytes=b"")) for row in rows]


def draft_put(tx: Tx, draft: Draft) -> None:
    tx.put("pack_draft", draft)


def draft_drop(tx: Tx, id: str) -> None:
    tx.run("DELETE FROM pack_draft WHERE city = :city AND id = :id", id=id)


def version_bytes(tx: Tx, digest: str) -> bytes | None:
    raw = tx.value("SELECT bytes FROM pack_version WHERE city = :city AND digest = :digest", digest=digest)
    return None if raw is None else bytes(raw)


def version_like(tx: Tx, beginning: str) -> list[str]:
    """The versions whose digests begin so."""
    rows = tx.all(
        "SELECT digest FROM pack_version WHERE city = :city AND substr(digest, 1, length(:some)) = :some LIMIT 2",
        some=beginning,
    )
    return [row.digest for row in rows]


def in_force(tx: Tx, pack_id: str) -> str | None:
    return tx.value("SELECT digest FROM pack_in_force WHERE city = :city AND pack_id = :id", id=pack_id)


def proposal_find(tx: Tx, id: str) -> Proposal | None:
    row = tx.one(f"SELECT {_PROPOSAL} FROM pack_proposal WHERE city = :city AND id = :id", id=id)
    return row_to(Proposal, row) if row else None


def proposal_list(tx: Tx, after: str, limit: int) -> list[Proposal]:
    """The newest first."""
    below = " AND id < :after" if after else ""
    rows = tx.all(
        f"SELECT {_PROPOSAL} FROM pack_proposal WHERE city = :city{below} ORDER BY id DESC LIMIT :many",
        many=limit, **({"after": after} if after else {}),
    )  # fmt: skip
    return [row_to(Proposal, row) for row in rows]


def pack_no(tx: Tx, subject: str) -> int:
    """How many facts were told of the pack: its version for who decides."""
    return tx.value("SELECT MAX(subject_no) FROM fact WHERE city = :city AND subject = :subject", subject=subject) or 0
