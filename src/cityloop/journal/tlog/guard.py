"""What was last published, kept beside the key, so that no restored or forked log is ever signed on."""

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cityloop.db.durable import write_durable
from cityloop.journal.tlog.alg import HASH_BYTES, SHA256_ED25519, Alg, empty_root
from cityloop.journal.tlog.errors import EvidenceMalformed, GuardMissing, LogBehind, LogForked
from cityloop.journal.tlog.keys import new_key, save_key
from cityloop.journal.tlog.note import SigningKey

try:
    import fcntl
except ImportError:  # not a POSIX system: one sealer per key is then up to the operator
    fcntl = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The head that the world may have seen last."""

    origin: str
    size: int
    root: bytes


def guard_path(key_path: Path) -> Path:
    """Where the guard file of a key lies.

    >>> guard_path(Path("/keys/demo.key")).name
    'demo.key.published'
    """
    return key_path.with_name(key_path.name + ".published")


def begin_log(key_path: Path, origin: str, *, alg: Alg = SHA256_ED25519) -> SigningKey:
    """A new log's key in its file, its guard beside it. The guard comes first, so one who is killed may begin again.

    Refuses with `KeyFileUnsafe` where a key stands there, `LogForked` where the log has published.
    """
    key = new_key(origin, alg=alg)
    Guard.begin(guard_path(key_path), origin)
    save_key(key_path, key)
    return key


class Guard:
    """The memory of one key. Outlives the database; is never part of its backup."""

    def __init__(self, path: Path, origin: str) -> None:
        self.path = path
        self.origin = origin

    @classmethod
    def begin(cls, path: Path, origin: str) -> "Guard":
        """A guard for a new log that has published nothing; one begun before and never used is taken again.

        Refuses with `LogForked` where the log has published, `GuardMissing` where the file is another log's.
        """
        guard = cls(path, origin)
        try:
            write_durable(path, guard._text(0, empty_root()), replace=False)
        except FileExistsError:
            if guard.last().size:
                raise LogForked(f"{origin} has published already; begin a new origin with a new key instead.") from None
        return guard

    def last(self) -> Published:
        """The head recorded last; size 0 if nothing was published yet.

        Refuses with `GuardMissing`, also where the file is another log's or cannot be read.
        """
        try:
            found = json.loads(self.path.read_bytes())
            published = Published(origin=found["origin"], size=found["size"], root=bytes.fromhex(found["root"]))
        except FileNotFoundError as fault:
            raise GuardMissing(
                f"{self.path} is gone, so nobody can tell what {self.origin} has published; "
                "restore the file, or begin a new origin with a new key."
            ) from fault
        except (ValueError, KeyError, TypeError) as fault:
            raise GuardMissing(f"{self.path} cannot be read; restore the file, or begin a new origin.") from fault
        sound = type(published.size) is int and published.size >= 0 and len(published.root) == HASH_BYTES
        if published.origin != self.origin or not sound:
            raise GuardMissing(f"{self.path} is not the record of {self.origin}; point to the log's own file.")
        return published

    def check(self, size: int, root: bytes, root_at: Callable[[int], bytes]) -> None:
        """Nothing, if a head may follow what was published; `root_at` is the log's own root at an earlier size.

        Refuses with `LogBehind` where the log is shorter, `LogForked` where it has another past, `GuardMissing`.
        """
        self._check(self.last(), size, root, root_at)

    def admit(self, size: int, root: bytes, root_at: Callable[[int], bytes]) -> None:
        """Check a head and record it durably, as one step among all processes; sign and publish after this returns."""
        if size < 0 or len(root) != HASH_BYTES:
            raise EvidenceMalformed(f"A head of {self.origin} has a size or root out of bounds; seal the log again.")
        with self._alone():
            last = self.last()
            self._check(last, size, root, root_at)
            if size > last.size:
                write_durable(self.path, self._text(size, root), replace=True)

    def _check(self, last: Published, size: int, root: bytes, root_at: Callable[[int], bytes]) -> None:
        if size < last.size:
            raise LogBehind(
                f"{self.origin} has {size} leaves and has published {last.size}: this is an older copy; "
                "do not continue it, begin a new origin whose first fact names the old checkpoint.",
                size=size,
                published=last.size,
            )
        if last.size and (root if size == last.size else root_at(last.size)) != last.root:  # nothing published has no past
            raise LogForked(
                f"{self.origin} has published another root for its first {last.size} leaves; "
                "do not continue it, begin a new origin whose first fact names the old checkpoint.",
                size=size,
                published=last.size,
            )

    def _text(self, size: int, root: bytes) -> bytes:
        return json.dumps({"origin": self.origin, "size": size, "root": root.hex()}).encode() + b"\n"

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """The only one of all processes to hold this guard."""
        if fcntl is None:
            yield
            return
        lock = os.open(self.path.with_name(f".{self.path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)
