"""The pack in force: adopted as a fact, its bytes kept for ever, read again by hash."""

from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.errors import NotFound
from cityloop.domain.facts import PackAdopted
from cityloop.domain.policy import Policy
from cityloop.journal import Writer
from cityloop.packs import load_bytes, pack_bytes

PACK_ID = "city"  # a city has one pack; its layers are inside
KEPT = 8  # versions read lately, beside the one in force


class NoPack(NotFound):
    """The city has adopted no pack, or its bytes are gone."""

    code = "pack.none"


class _Kept(Struct, frozen=True):
    digest: str
    bytes: bytes


def version_kept(tx: Tx, digest: str, raw: bytes) -> None:
    """Keep a version's bytes for ever."""
    if not tx.value("SELECT 1 FROM pack_version WHERE city = :city AND digest = :digest", digest=digest):
        tx.add("pack_version", _Kept(digest, raw))


def adopt_in(tx: Tx, policy: Policy, raw: bytes, before: str | None) -> None:
    """Put a version in force, within a transaction.

    Emits `PackAdopted`.
    """
    version_kept(tx, policy.digest, raw)
    decided, tx.pack = tx.pack, policy.digest
    tx.emit(PackAdopted(pack_id=PACK_ID, digest=policy.digest, layers=policy.layers, before=before, at=tx.now))
    tx.pack = decided or policy.digest  # what is decided beside it still follows the version before


class PackBook:
    """Policies by digest, and which is in force."""

    def __init__(self, writer: Writer):
        self.writer = writer
        self._now: Policy | None = None
        self._read = lru_cache(KEPT)(self._policy_read)

    def in_force(self) -> Policy:
        """The policy that decides now.

        Refuses with `NoPack`.
        """
        if self._now is None:
            self.refresh()
        if self._now is None:
            raise NoPack("The city has no pack yet; start it with one, e.g. CITYLOOP_PACK=demo.")
        return self._now

    def open(self, folder_or_id: str | Path) -> Policy:
        """The policy in force; a city that has none yet adopts this pack."""
        self.refresh()
        return self._now or self.adopt(folder_or_id, actor="machine:start")

    def adopt(self, folder_or_id: str | Path, *, actor: str) -> Policy:
        """Put a version of the pack in force.

        Refuses with `PackInvalid`. Emits `PackAdopted`, unless this very version is in force.
        """
        raw = pack_bytes(folder_or_id)
        policy = load_bytes(raw)
        if self._now and self._now.digest == policy.digest:
            return self._now
        before = self._now.digest if self._now else None

        self.writer.change(lambda tx: adopt_in(tx, policy, raw, before), actor=actor)
        self._take(policy)
        return policy

    def refresh(self) -> None:
        """See whether another version was adopted, here or by another process."""
        with self.writer.database.reading() as tx:
            digest = tx.value("SELECT digest FROM pack_in_force WHERE city = :city AND pack_id = :id", id=PACK_ID)
        if digest and (self._now is None or self._now.digest != digest):
            self._take(self.of(digest))

    def of(self, digest: str) -> Policy:
        """The policy of a version that was once in force.

        Refuses with `NoPack`.
        """
        now = self._now
        return now if now and now.digest == digest else self._read(digest)

    def _policy_read(self, digest: str) -> Policy:
        with self.writer.database.reading() as tx:
            raw = tx.value("SELECT bytes FROM pack_version WHERE city = :city AND digest = :digest", digest=digest)
        if raw is None:
            raise NoPack(f"The bytes of pack {digest[:12]} are not kept here; restore them from a backup.")
        return load_bytes(bytes(raw))

    def _take(self, policy: Policy) -> None:
        self._now = policy
        self.writer.pack = policy.digest
