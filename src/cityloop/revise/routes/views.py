"""What the API says of versions, drafts, proposals and trials."""

from datetime import datetime

import msgspec
from msgspec import Struct

from cityloop.domain.policy import Words
from cityloop.packs import Problem
from cityloop.packs.diff import Change
from cityloop.revise.model import (
    Draft,
    Outcome,
    Proposal,
    ProposalState,
    RemedyTried,
    Trial,
    TrialKind,
    TrialLine,
    TrialPart,
    TrialScore,
    TrialState,
)
from cityloop.revise.rules.reading import RowView, TableView

_problems = msgspec.json.Decoder(list[Problem]).decode
_score = msgspec.json.Decoder(TrialScore).decode
_remedy = msgspec.json.Decoder(RemedyTried).decode
_outcome = msgspec.json.Decoder(Outcome).decode


class ActorView(Struct, frozen=True, kw_only=True):
    """An account with the name that it goes by; a machine or the operator has a word only."""

    id: str
    name: str | None


class VersionView(Struct, frozen=True, kw_only=True):
    """A version of the pack that is or was in force."""

    digest: str
    before: str | None
    layers: tuple[str, ...]
    adopted_at: datetime
    by: ActorView
    in_force: bool
    proposal: str | None  # None: adopted by the operator
    proposed_by: ActorView | None
    approved_by: ActorView | None


class PackView(Struct, frozen=True, kw_only=True):
    """What a version says, table by table."""

    digest: str
    name: Words
    languages: tuple[str, ...]
    layers: tuple[str, ...]
    simulated: bool
    tables: list[TableView]


class RowsView(Struct, frozen=True, kw_only=True):
    """A page of rows. `next` is None on the last."""

    table: str
    digest: str
    items: list[RowView]
    next: str | None


class ChangesView(Struct, frozen=True, kw_only=True):
    """What differs between two versions."""

    old: str
    new: str
    items: list[Change]


class DraftView(Struct, frozen=True, kw_only=True):
    """A changed pack that is not in force; `sound` where the checks find nothing."""

    id: str
    no: int
    base: str
    digest: str
    by: ActorView
    made_at: datetime
    changed_at: datetime
    sound: bool
    problems: list[Problem]


class PackProposalView(Struct, frozen=True, kw_only=True):
    """A version that waits for approval, or what became of it. `mine`: the caller proposed it, so another must decide."""

    id: str
    digest: str
    base: str
    state: ProposalState
    by: ActorView
    at: datetime
    decided_by: ActorView | None
    decided_at: datetime | None
    reason: str | None
    mine: bool


class TrialView(Struct, frozen=True, kw_only=True):
    """A run of past decisions under another pack; `done` of `size` facts were looked at. `remedy`: what of "where and why" it tries."""

    id: str
    digest: str
    draft_id: str | None
    since: datetime
    until: datetime
    by: ActorView
    asked_at: datetime
    state: TrialState
    done: int
    size: int
    score: TrialScore
    ended_at: datetime | None
    error: str | None
    remedy: RemedyTried | None


class LineView(Struct, frozen=True, kw_only=True):
    """A decision that would differ; `after` None is unknown, and `note` says why."""

    seq: int
    case_id: str
    number: str | None
    at: datetime
    kind: TrialKind
    changed: list[TrialPart]
    before: Outcome
    after: Outcome | None
    note: str | None


def who(said: str, names: dict[str, str]) -> ActorView:
    """An actor or an account, with its name if it is known."""
    id = said.removeprefix("account:")
    return ActorView(id=id, name=names.get(id))


def draft_view(draft: Draft, names: dict[str, str]) -> DraftView:
    problems = _problems(draft.problems)
    return DraftView(
        id=draft.id, no=draft.no, base=draft.base, digest=draft.digest, by=who(draft.by, names), made_at=draft.made_at,
        changed_at=draft.changed_at, sound=not problems, problems=problems,
    )  # fmt: skip


def proposal_view(one: Proposal, names: dict[str, str], me: str | None) -> PackProposalView:
    return PackProposalView(
        id=one.id, digest=one.digest, base=one.base, state=one.state, by=who(one.by, names), at=one.at,
        decided_by=who(one.decided_by, names) if one.decided_by else None, decided_at=one.decided_at, reason=one.reason,
        mine=one.by == me,
    )  # fmt: skip


def trial_view(one: Trial, names: dict[str, str]) -> TrialView:
    return TrialView(
        id=one.id, digest=one.digest, draft_id=one.draft_id, since=one.since, until=one.until, by=who(one.by, names),
        asked_at=one.asked_at, state=one.state, done=one.done, size=one.size, score=_score(one.score),
        ended_at=one.ended_at, error=one.error, remedy=_remedy(one.remedy) if one.remedy else None,
    )  # fmt: skip


def line_view(one: TrialLine) -> LineView:
    return LineView(
        seq=one.seq, case_id=one.case_id, number=one.number, at=one.at, kind=one.kind,
        changed=[TrialPart(each) for each in one.changed.split("|") if each], before=_outcome(one.before),
        after=_outcome(one.after) if one.after else None, note=one.note,
    )  # fmt: skip
