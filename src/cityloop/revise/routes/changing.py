"""HTTP of changing the pack: a draft, its checks, a proposal, and what another decides."""

from typing import Any

from litestar import Response, delete, get, post
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.ids import AccountId
from cityloop.domain.permission import Permission
from cityloop.http import Door, Page, needs, page_limit
from cityloop.http.door import etag
from cityloop.http.lists import keys_of, mark_of
from cityloop.packs import load_bytes
from cityloop.packs.book import PACK_ID
from cityloop.people.names import names_of
from cityloop.revise.model import Draft, Proposal
from cityloop.revise.routes.reading import READ
from cityloop.revise.routes.views import DraftView, PackProposalView, draft_view, proposal_view
from cityloop.revise.service import drafting
from cityloop.revise.store import drafts

PROPOSE = [needs(Permission.pack_propose)]
APPROVE = [needs(Permission.pack_approve)]
SUBJECT = f"pack/{PACK_ID}"


class ProposalAsked(Struct, kw_only=True):
    """Which draft is put up."""

    draft: str


class Rejection(Struct, kw_only=True):
    """Why a proposal is turned down, as a code."""

    reason: str


def me(door: Door) -> AccountId:
    """The caller's account; the guard has seen to it that there is one."""
    assert door.caller.account
    return door.caller.account


@post("/v1/packs/drafts", status_code=201, guards=PROPOSE)
async def post_draft(door: Door) -> DraftView:
    """Begin a change: a draft that still says what the version in force says."""

    def use_case(tx: Tx) -> str:
        return drafting.draft_made(tx, by=door.caller.actor).id

    return await _shown(door, await door.change(use_case))


@get("/v1/packs/drafts", guards=READ)
async def get_drafts(door: Door) -> list[DraftView]:
    """The drafts, the newest first."""

    def read(tx: Tx) -> list[DraftView]:
        found = drafts.draft_list(tx)
        names = names_of(tx, sorted({each.by.removeprefix("account:") for each in found}))
        return [draft_view(each, names) for each in found]

    return await door.read(read)


@get("/v1/packs/drafts/{draft_id:str}", guards=READ)
async def get_draft(door: Door, draft_id: str) -> DraftView:
    """A draft, and what is wrong with it."""
    return await _shown(door, draft_id)


@post("/v1/packs/drafts/{draft_id:str}/edits", status_code=201, guards=PROPOSE)
async def post_edits(door: Door, draft_id: str, data: drafting.Edits) -> DraftView:
    """Set or take out rows, or the decision table; the same checks as on the command line say what is wrong then."""
    draft = await door.read(lambda tx: drafting.draft_get(tx, draft_id))
    checked = await door.aside(lambda: drafting.changed(draft.bytes, data))
    await door.change(lambda tx: drafting.draft_changed(tx, draft_id, data.no, checked).id)
    return await _shown(door, draft_id)


@delete("/v1/packs/drafts/{draft_id:str}", status_code=204, guards=PROPOSE)
async def delete_draft(door: Door, draft_id: str) -> None:
    """Throw a draft away."""

    def use_case(tx: Tx) -> str:
        drafting.draft_get(tx, draft_id)
        drafts.draft_drop(tx, draft_id)
        return draft_id

    await door.change(use_case)


async def _shown(door: Door, id: str) -> DraftView:
    def read(tx: Tx) -> DraftView:
        draft: Draft = drafting.draft_get(tx, id)
        return draft_view(draft, names_of(tx, [draft.by.removeprefix("account:")]))

    return await door.read(read)


@post("/v1/packs/proposals", status_code=201, guards=PROPOSE)
async def post_proposal(door: Door, data: ProposalAsked) -> Response[PackProposalView]:
    """Put a draft up: from then on its bytes are kept, and another decides."""
    id = await door.change(lambda tx: drafting.propose(tx, data.draft, by=me(door)))
    return await _proposal(door, id, 201)


@get("/v1/packs/proposals", guards=READ)
async def get_proposals(door: Door, after: str | None = None, limit: int = 50) -> Page[PackProposalView]:
    """What was put up, the newest first, and what became of it."""
    count, mark = page_limit(limit), str(keys_of(after, 1)[0]) if after else ""

    def read(tx: Tx) -> Page[PackProposalView]:
        found = drafts.proposal_list(tx, mark, count + 1)
        names = _names(tx, found)
        shown = [proposal_view(each, names, door.caller.account) for each in found[:count]]
        return Page(items=shown, next=mark_of(shown[-1].id) if len(found) > count else None)

    return await door.read(read)


@get("/v1/packs/proposals/{proposal_id:str}", guards=READ)
async def get_proposal(door: Door, proposal_id: str) -> Response[PackProposalView]:
    """One proposal, with the ETag that a decision on it needs."""
    return await _proposal(door, proposal_id, 200)


@post("/v1/packs/proposals/{proposal_id:str}/approval", status_code=201, guards=APPROVE)
async def post_approval(door: Door, proposal_id: str) -> Response[PackProposalView]:
    """Let it come into force, at once. Never by whom it was proposed."""
    raw = await door.read(
        lambda tx: drafting.bytes_of(tx, drafting.proposal_get(tx, proposal_id).digest)[0]
    )  # fmt: skip
    policy = await door.aside(lambda: load_bytes(raw))
    await door.change(lambda tx: drafting.approve(tx, proposal_id, policy, raw, by=me(door)), of=SUBJECT)
    door.request.app.state.parts.book.refresh()
    return await _proposal(door, proposal_id, 201)


@post("/v1/packs/proposals/{proposal_id:str}/rejection", status_code=201, guards=APPROVE)
async def post_rejection(door: Door, proposal_id: str, data: Rejection) -> Response[PackProposalView]:
    """Turn it down, with a reason."""
    await door.change(lambda tx: drafting.reject(tx, proposal_id, data.reason, by=me(door)), of=SUBJECT)
    return await _proposal(door, proposal_id, 201)


@post("/v1/packs/proposals/{proposal_id:str}/withdrawal", status_code=201, guards=PROPOSE)
async def post_withdrawal(door: Door, proposal_id: str) -> Response[PackProposalView]:
    """Take one's own proposal back."""
    await door.change(lambda tx: drafting.withdraw(tx, proposal_id, by=me(door)), of=SUBJECT)
    return await _proposal(door, proposal_id, 201)


async def _proposal(door: Door, id: str, status: int) -> Response[PackProposalView]:
    def read(tx: Tx) -> tuple[PackProposalView, int]:
        found = drafting.proposal_get(tx, id)
        return proposal_view(found, _names(tx, [found]), door.caller.account), drafts.pack_no(tx, SUBJECT)

    view, no = await door.read(read)
    return Response(view, status_code=status, headers=etag(no))


def _names(tx: Tx, found: list[Proposal]) -> dict[str, str]:
    return names_of(tx, sorted({id for each in found for id in (each.by, each.decided_by) if id}))


ROUTES: list[Any] = [
    post_draft, get_drafts, get_draft, post_edits, delete_draft, post_proposal, get_proposals, get_proposal,
    post_approval, post_rejection, post_withdrawal,
]  # fmt: skip
