"""Lists by keyset: a page and the mark where the next begins. No offsets, no counts of everything."""

import base64
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct

from cityloop.domain.errors import Invalid

T = TypeVar("T")
LIMIT_MAX = 200


class BadMark(Invalid):
    """A page mark that this server did not give."""

    code = "list.bad_mark"


class Page(Struct, Generic[T], frozen=True, kw_only=True):
    """A page of a list. `next` is None on the last."""

    items: list[T]
    next: str | None = None


def page_limit(limit: int) -> int:
    """The limit, if it is one.

    Refuses with `Invalid`.
    """
    if not 1 <= limit <= LIMIT_MAX:
        raise Invalid(f"limit={limit} is out of bounds; ask for 1 to {LIMIT_MAX}.")
    return limit


def mark_of(*keys: str | int | None) -> str:
    """The mark of a row by the keys that the list is ordered by."""
    return base64.urlsafe_b64encode(msgspec.json.encode(keys)).decode().rstrip("=")


def keys_of(mark: str, count: int) -> list[str | int | None]:
    """The keys in a mark.

    Refuses with `BadMark`.
    """
    try:
        keys = msgspec.json.decode(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)), type=list[str | int | None])
    except (ValueError, msgspec.DecodeError):
        keys = []
    if len(keys) != count:
        raise BadMark("after= is no mark of this list; take it from `next` of the page before.")
    return keys
