"""Passwords as argon2id hashes; slow by intent, so never inside a transaction."""

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cityloop.people.rules import password_normal

# Source: OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, 2 passes, 1 lane. About 20 ms; four at once are 76 MiB.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, salt_len=16)


def hash_of(password: str) -> str:
    """The argon2id hash of a password, with its own salt."""
    return _HASHER.hash(password_normal(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether this is the password. Without a kept hash it takes as long, and it is not."""
    try:
        return _HASHER.verify(kept or nobodys(), password_normal(password)) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_old(kept: str) -> bool:
    """Whether the hash was made with weaker numbers than today's."""
    return _HASHER.check_needs_rehash(kept)


@lru_cache(1)
def nobodys() -> str:
    """The hash that stands in for that of an unknown name."""
    return hash_of("nobody signs in with this")
