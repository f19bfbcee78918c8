"""Another city, read into this one: its catalogue, its requests, their updates; many to a transaction."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import islice
from typing import TypeVar

from msgspec import Struct

from cityloop.db import Tx
from cityloop.doors.open311 import service
from cityloop.doors.open311.client import City, OnProgress
from cityloop.journal import Writer

T = TypeVar("T")
CHUNK = 200
ACTOR = "machine:open311"


class Read(Struct, frozen=True, kw_only=True):
    """What came in: how many were read, and how many of them were new or had changed."""

    services: int
    services_changed: bool
    requests: int
    requests_new: int
    undated: int  # without a moment that can be read: kept under the moment of reading
    updates: int
    updates_new: int


def read_city(
    writer: Writer, city: City, jurisdiction: str, since: datetime, until: datetime,
    on_progress: OnProgress = lambda done, of: None,
) -> Read:  # fmt: skip
    """Read a span of another city; run again it keeps only what is new or has changed.

    Emits `ForeignServicesCopied`, `ForeignRequestCopied`, `UpdateReceived`.
    """
    services = city.services()
    changed = writer.whole(lambda tx: service.copy_services(tx, jurisdiction, services), actor=ACTOR)
    undated = 0

    def copied(tx: Tx, request: service.ForeignRequest) -> bool:
        nonlocal undated
        undated += request.requested_at is None
        return service.copy_request(tx, jurisdiction, request)

    requests, requests_new = _kept(writer, city.requests(since, until, on_progress), copied)
    updates, updates_new = _kept(
        writer, city.updates(since, until), lambda tx, update: service.copy_update(tx, jurisdiction, update)
    )
    return Read(
        services=len(services), services_changed=changed, requests=requests, requests_new=requests_new,
        undated=undated, updates=updates, updates_new=updates_new,
    )  # fmt: skip


def _kept(writer: Writer, found: Iterable[T], keep: Callable[[Tx, T], bool]) -> tuple[int, int]:
    """How many were kept, and how many were new."""
    count = new = 0
    rest = iter(found)
    while chunk := list(islice(rest, CHUNK)):
        count += len(chunk)
        new += writer.whole(lambda tx, chunk=chunk: sum(keep(tx, each) for each in chunk), actor=ACTOR)
    return count, new
