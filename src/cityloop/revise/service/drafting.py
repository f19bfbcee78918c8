"""A change of the pack: drafted, checked, put up by one and decided by another."""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain.errors import Stale
from cityloop.domain.facts import PackApproved, PackProposalWithdrawn, PackProposed, PackRejected
from cityloop.domain.ids import AccountId
from cityloop.domain.policy import Policy
from cityloop.packs import PackInvalid, Problem
from cityloop.packs.book import PACK_ID, adopt_in, version_kept
from cityloop.packs.checks import check_layers
from cityloop.packs.editing import TABLE_BY_NAME, duties_set, row_out, row_set
from cityloop.packs.layers import Layer, archive, digest_of, unarchive
from cityloop.packs.reading import read_pack
from cityloop.packs.values import Wrong
from cityloop.revise.model import (
    BaseMoved,
    Draft,
    DraftUnknown,
    DraftUnsound,
    NothingChanged,
    OwnProposal,
    Proposal,
    ProposalOver,
    ProposalState,
    ProposalUnknown,
    ReasonUnknown,
    RejectReason,
    RowWrong,
    TableUnknown,
    VersionUnknown,
)
from cityloop.revise.store import drafts

DIGEST_MIN = 8
CURRENT = "current"


class RowSet(Struct, kw_only=True):
    """A row that shall stand in the city's own layer, by the columns of its file."""

    table: str
    cells: dict[str, str]


class RowOut(Struct, kw_only=True):
    """A row of the city's own layer that shall go."""

    table: str
    key: str


class Edits(Struct, kw_only=True):
    """What a draft changes, in this order; `duties`: the whole decision as the JDM editor saves it. `no`: as last read."""

    no: int
    rows: list[RowSet] = []
    out: list[RowOut] = []
    duties: dict[str, Any] | None = None


class Checked(Struct, frozen=True, kw_only=True):
    """A changed pack, and what is wrong with it."""

    raw: bytes
    digest: str
    problems: list[Problem]


def bytes_of(tx: Tx, version: str) -> tuple[bytes, str]:
    """The bytes and the digest of the version in force (`current`), of a version, or of a draft.

    Refuses with `VersionUnknown`.
    """
    if version == CURRENT:
        version = drafts.in_force(tx, PACK_ID) or ""
    elif draft := drafts.draft_find(tx, version):
        return draft.bytes, draft.digest
    found = drafts.version_like(tx, version) if len(version) >= DIGEST_MIN else []
    raw = drafts.version_bytes(tx, found[0]) if len(found) == 1 else None
    if raw is None:
        raise VersionUnknown(f"There is no version or draft {version[:40]!r} of the pack; see /v1/packs/versions.")
    return raw, found[0]


def changed(raw: bytes, edits: Edits) -> Checked:
    """A pack with rows set and taken out, and what the checks say of it. Slow: outside any transaction.

    Refuses with `RowWrong` or `TableUnknown`.
    """
    layers = unarchive(raw)
    languages = read_pack(layers).head.languages
    try:
        for row in edits.rows:
            layers = row_set(layers, _table(row.table), row.cells, languages)
        for gone in edits.out:
            layers = row_out(layers, _table(gone.table), gone.key)
        if edits.duties is not None:
            layers = duties_set(layers, edits.duties)
    except Wrong as error:
        raise RowWrong(f"{error.what[0].upper()}{error.what[1:]}; {error.remedy}.") from None
    return Checked(raw=archive(layers), digest=digest_of(layers), problems=problems_of(layers))


def problems_of(layers: Sequence[Layer]) -> list[Problem]:
    """Everything that the checks of `cityloop pack check` find."""
    try:
        return check_layers(tuple(layers))
    except PackInvalid as error:
        return list(error.problems)


def _table(name: str) -> Any:
    if name not in TABLE_BY_NAME:
        raise TableUnknown(f"The pack has no table {name[:40]!r} of rows; take one of {', '.join(TABLE_BY_NAME)}.")
    return TABLE_BY_NAME[name]


def draft_made(tx: Tx, *, by: str) -> Draft:
    """A draft that still says what the version in force says."""
    raw, digest = bytes_of(tx, CURRENT)
    draft = Draft(
        id=tx.new_id(), no=1, base=digest, digest=digest, bytes=raw, problems="[]", by=by, made_at=tx.now,
        changed_at=tx.now,
    )  # fmt: skip
    drafts.draft_put(tx, draft)
    return draft


def draft_get(tx: Tx, id: str) -> Draft:
    """Refuses with `DraftUnknown`."""
    found = drafts.draft_find(tx, id)
    if found is None:
        raise DraftUnknown(f"There is no draft {id[:40]}; make one with POST /v1/packs/drafts.")
    return found


def draft_changed(tx: Tx, id: str, no: int, checked: Checked) -> Draft:
    """Keep what a draft has become.

    Refuses with `DraftUnknown` or `Stale`.
    """
    draft = draft_get(tx, id)
    if draft.no != no:
        raise Stale("The draft was changed meanwhile; read it again and change it anew.", changed=[], etag=f'"{draft.no}"')
    draft = replace(
        draft, no=no + 1, digest=checked.digest, bytes=checked.raw, changed_at=tx.now,
        problems=msgspec.json.encode(checked.problems).decode(),
    )  # fmt: skip
    drafts.draft_put(tx, draft)
    return draft


def sound(draft: Draft) -> None:
    """That the checks find nothing wrong.

    Refuses with `DraftUnsound`.
    """
    if problems := msgspec.json.decode(draft.problems):
        raise DraftUnsound("The draft has problems; put them right first.", problems=problems)


def propose(tx: Tx, draft_id: str, *, by: AccountId) -> str:
    """Put a draft up for approval; gives the proposal's id.

    Refuses with `DraftUnknown`, `DraftUnsound`, `BaseMoved` or `NothingChanged`. Emits `PackProposed`.
    """
    draft = draft_get(tx, draft_id)
    sound(draft)
    if draft.digest == draft.base:
        raise NothingChanged("The draft changes nothing; edit a row or a decision table first.")
    _on_base(tx, draft.base)
    version_kept(tx, draft.digest, draft.bytes)
    id = tx.new_id()
    tx.emit(
        PackProposed(pack_id=PACK_ID, proposal_id=id, digest=draft.digest, base=draft.base, by=by, at=tx.now)
    )  # fmt: skip
    return id


def approve(tx: Tx, id: str, policy: Policy, raw: bytes, *, by: AccountId) -> str:
    """Let a proposal of somebody else come into force.

    Refuses with `ProposalUnknown`, `ProposalOver`, `OwnProposal` or `BaseMoved`. Emits `PackApproved` and `PackAdopted`.
    """
    proposal = open_proposal(tx, id)
    if proposal.by == by:
        raise OwnProposal("Nobody approves what they proposed; somebody else must look at it.")
    _on_base(tx, proposal.base)
    assert proposal.digest == policy.digest
    tx.emit(PackApproved(pack_id=PACK_ID, proposal_id=id, digest=proposal.digest, by=by, at=tx.now))
    adopt_in(tx, policy, raw, proposal.base)
    return id


def reject(tx: Tx, id: str, reason: str, *, by: AccountId) -> str:
    """Turn a proposal down.

    Refuses with `ProposalUnknown`, `ProposalOver` or `ReasonUnknown`. Emits `PackRejected`.
    """
    proposal = open_proposal(tx, id)
    if reason not in tuple(RejectReason):
        raise ReasonUnknown(f"{reason[:40]!r} is no reason of ours; choose one of: {', '.join(RejectReason)}.")
    tx.emit(
        PackRejected(pack_id=PACK_ID, proposal_id=id, digest=proposal.digest, by=by, reason=reason, at=tx.now)
    )  # fmt: skip
    return id


def withdraw(tx: Tx, id: str, *, by: AccountId) -> str:
    """Take one's own proposal back.

    Refuses with `ProposalUnknown`, `ProposalOver`. Emits `PackProposalWithdrawn`.
    """
    proposal = open_proposal(tx, id)
    if proposal.by != by:
        raise ProposalUnknown(f"You have no proposal {id[:40]}; only who proposed it takes it back.")
    tx.emit(PackProposalWithdrawn(pack_id=PACK_ID, proposal_id=id, digest=proposal.digest, by=by, at=tx.now))
    return id


def proposal_get(tx: Tx, id: str) -> Proposal:
    """Refuses with `ProposalUnknown`."""
    found = drafts.proposal_find(tx, id)
    if found is None:
        raise ProposalUnknown(f"There is no proposal {id[:40]}; see /v1/packs/proposals.")
    return found


def open_proposal(tx: Tx, id: str) -> Proposal:
    """Refuses with `ProposalUnknown` or `ProposalOver`."""
    tx.hold([f"pack/{PACK_ID}"])
    found = proposal_get(tx, id)
    if found.state is not ProposalState.waiting:
        raise ProposalOver(f"The proposal is {found.state} already; nothing can be decided any more.")
    return found


def _on_base(tx: Tx, base: str) -> None:
    if drafts.in_force(tx, PACK_ID) != base:
        raise BaseMoved("Another version came into force meanwhile; draft the change again over that one.")


