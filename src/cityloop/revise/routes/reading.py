"""HTTP of reading the pack: its tables, versions and what differs between them."""

from functools import lru_cache
from typing import Any

import msgspec
from litestar import Response, get

from cityloop.db import Tx
from cityloop.domain.facts import PackAdopted, PackApproved, PackProposed
from cityloop.domain.permission import Permission
from cityloop.http import Door, needs, page_limit
from cityloop.http.lists import keys_of, mark_of
from cityloop.journal import story
from cityloop.packs.book import PACK_ID
from cityloop.packs.diff import differences
from cityloop.people.names import names_of
from cityloop.revise.model import TableUnknown
from cityloop.revise.routes.views import ChangesView, PackView, RowsView, VersionView, who
from cityloop.revise.rules.reading import Book
from cityloop.revise.service.drafting import bytes_of
from cityloop.revise.store import drafts

READ = [needs(Permission.pack_read, Permission.pack_propose, Permission.pack_approve)]


@lru_cache(4)
def _book(digest: str, raw: bytes) -> Book:
    return Book(raw, digest)


async def book_of(door: Door, version: str) -> Book:
    """A version or a draft, read; keyed by its digest."""
    raw, digest = await door.read(lambda tx: bytes_of(tx, version))
    return await door.aside(lambda: _book(digest, raw))


@get("/v1/packs/versions", guards=READ)
async def get_versions(door: Door) -> list[VersionView]:
    """The versions that are or were in force, the newest first: when, by whom, who proposed and who approved."""
    return await door.read(_versions)


def _versions(tx: Tx) -> list[VersionView]:
    told = story(tx, f"pack/{PACK_ID}")
    accounts = {each.actor.removeprefix("account:") for each in told}
    names = names_of(tx, sorted(accounts))
    now = drafts.in_force(tx, PACK_ID)
    proposed = {each.fact.proposal_id: each.fact for each in told if isinstance(each.fact, PackProposed)}
    found: list[VersionView] = []
    approved: PackApproved | None = None
    for each in told:
        if isinstance(each.fact, PackApproved):
            approved = each.fact
        elif isinstance(each.fact, PackAdopted):
            by = approved if approved and approved.digest == each.fact.digest else None
            found.append(
                VersionView(
                    digest=each.fact.digest, before=each.fact.before, layers=each.fact.layers, adopted_at=each.fact.at,
                    by=who(each.actor, names), in_force=False, proposal=by.proposal_id if by else None,
                    proposed_by=who(proposed[by.proposal_id].by, names) if by else None,
                    approved_by=who(by.by, names) if by else None,
                )
            )  # fmt: skip
            approved = None
    if found and found[-1].digest == now:
        found[-1] = msgspec.structs.replace(found[-1], in_force=True)
    return found[::-1]


@get("/v1/packs/{version:str}", guards=READ)
async def get_pack(door: Door, version: str) -> PackView:
    """What a version says, table by table. `version`: current, a digest or its beginning, or a draft's id."""
    book = await book_of(door, version)
    head = book.pack.head
    return PackView(
        digest=book.digest, name=head.top["name"].value, languages=book.languages,
        layers=tuple(layer.id for layer in book.pack.layers),
        simulated="simulated" in head.top and bool(head.top["simulated"].value), tables=book.tables(),
    )  # fmt: skip


@get("/v1/packs/{version:str}/changes", guards=READ)
async def get_changes(door: Door, version: str, against: str = "current") -> ChangesView:
    """What differs in a version from another: rows added, taken out and changed, with what was and what is."""
    new, old = await book_of(door, version), await book_of(door, against)
    found = await door.aside(lambda: differences(old.pack, new.pack))
    return ChangesView(old=old.digest, new=new.digest, items=found)


@get("/v1/packs/{version:str}/duties.jdm.json", guards=READ)
async def get_duties(door: Door, version: str) -> Response[Any]:
    """The decision table of duties as the JDM editor opens it.

    Refuses with `TableUnknown`.
    """
    book = await book_of(door, version)
    if book.pack.duties is None:
        raise TableUnknown("The pack has no decision table of duties.")
    return Response(msgspec.Raw(book.pack.duties.text.encode()), media_type="application/json")


@get("/v1/packs/{version:str}/{table:str}", guards=READ)
async def get_rows(
    door: Door, version: str, table: str, q: str = "", after: str | None = None, limit: int = 100
) -> RowsView:  # fmt: skip
    """The rows of a table with their sources, by key; `q` finds those that hold each of its words."""
    book, count = await book_of(door, version), page_limit(limit)
    mark = str(keys_of(after, 1)[0]) if after else ""
    rows, next = await door.aside(lambda: book.search(table, q, mark, count))
    return RowsView(table=table, digest=book.digest, items=rows, next=mark_of(next) if next else None)


ROUTES: list[Any] = [get_versions, get_pack, get_changes, get_duties, get_rows]
