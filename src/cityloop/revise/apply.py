"""What facts of proposals do."""

from collections.abc import Callable

from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Fact, Told
from cityloop.revise.model import Proposal, ProposalState


def proposed(tx: Tx, told: Told[f.PackProposed]) -> None:
    fact = told.fact
    tx.put(
        "pack_proposal",
        Proposal(
            id=fact.proposal_id, no=told.no, digest=fact.digest, base=fact.base, state=ProposalState.waiting, by=fact.by,
            at=fact.at,
        ),
    )  # fmt: skip


def approved(tx: Tx, told: Told[f.PackApproved]) -> None:
    _decided(tx, told, ProposalState.approved)


def rejected(tx: Tx, told: Told[f.PackRejected]) -> None:
    _decided(tx, told, ProposalState.rejected, told.fact.reason)


def withdrawn(tx: Tx, told: Told[f.PackProposalWithdrawn]) -> None:
    _decided(tx, told, ProposalState.withdrawn)


def _decided(tx: Tx, told: Told, state: ProposalState, reason: str | None = None) -> None:
    fact = told.fact
    before = tx.get("pack_proposal", Proposal, fact.proposal_id)
    assert before, f"proposal {fact.proposal_id} was not made"
    tx.put(
        "pack_proposal",
        replace(before, no=told.no, state=state, decided_by=fact.by, decided_at=fact.at, reason=reason),
    )


APPLY: dict[type[Fact], Callable[[Tx, Told], None]] = {
    f.PackProposed: proposed,
    f.PackApproved: approved,
    f.PackRejected: rejected,
    f.PackProposalWithdrawn: withdrawn,
}
