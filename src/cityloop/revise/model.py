"""What a change of the pack speaks of: what was decided and what would have been, drafts, and how it says no."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from cityloop.domain.errors import Invalid, NotAllowed, NotFound, Refused
from cityloop.domain.ids import AccountId, AreaCode, CaseId, ClassKey, RuleCode, UnitId
from cityloop.domain.policy import Level, Limit

FOLLOWS = "follows_other"  # the case went another way before; what people would then have done, nobody knows
RULE_GONE = "rule_gone"  # the other pack has no such rule


class TrialKind(StrEnum):
    """What was decided. Words: `trial.kind.*`."""

    filing = "filing"  # by the machine: filed, or put before a person
    dispatch = "dispatch"  # by the machine: given to a unit, or proposed
    deadline = "deadline"  # by a person; only the deadline follows from the pack


class How(StrEnum):
    """How it was decided. Words: `trial.how.*`."""

    filed = "filed"
    waits = "waits"
    dispatched = "dispatched"
    proposed = "proposed"
    by_person = "by_person"


class TrialPart(StrEnum):
    """What of a decision differs. Words: `trial.part.*`."""

    how = "how"
    unit = "unit"
    assist = "assist"
    level = "level"
    limit = "limit"
    accept_due = "accept_due"
    dispatch_due = "dispatch_due"
    sign_due = "sign_due"
    due = "due"


WAY = (TrialPart.how, TrialPart.unit, TrialPart.level)  # where one of these differs, what people did afterwards does not hold
DEADLINES = (TrialPart.limit, TrialPart.accept_due, TrialPart.dispatch_due, TrialPart.sign_due, TrialPart.due)


class Outcome(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A decision with its deadlines. `why` are reasons as codes and pack words."""

    how: How
    unit: UnitId | None = None
    assist: tuple[UnitId, ...] = ()
    level: Level | None = None
    limit: Limit | None = None
    accept_due: datetime | None = None
    dispatch_due: datetime | None = None
    sign_due: datetime | None = None
    due: datetime | None = None
    why: tuple[str, ...] = ()


class Line(Struct, frozen=True, kw_only=True):
    """A decision of the journal, and the same under the other pack. `after` None: unknown, and `note` says why."""

    seq: int
    case_id: CaseId
    number: str | None
    at: datetime
    kind: TrialKind
    changed: tuple[TrialPart, ...]
    before: Outcome
    after: Outcome | None
    note: str | None = None


class TrialScore(Struct, kw_only=True):
    """How many decisions were run again, and how many would differ. `deadlines` counts decisions that set one."""

    filings: int = 0
    filings_changed: int = 0
    dispatches: int = 0
    dispatches_changed: int = 0
    deadlines: int = 0
    deadlines_changed: int = 0
    unknown: int = 0


class TrialState(StrEnum):
    """Words: `trial.state.*`."""

    waiting = "waiting"
    running = "running"
    done = "done"
    failed = "failed"


class RemedyTried(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What "where and why" speaks for: one `unit` for a class, in an `area` or everywhere; or another `limit` of a `rule` of it."""

    class_key: ClassKey
    area: AreaCode | None = None
    unit: UnitId | None = None
    rule: RuleCode | None = None
    limit: Limit | None = None


class Trial(Struct, frozen=True, kw_only=True):
    """A run of past decisions under another pack. `score` is JSON; `done` of `size` facts were looked at.

    `remedy`: the `RemedyTried` that it tries, as JSON.
    """

    id: str
    digest: str
    draft_id: str | None = None
    since: datetime
    until: datetime
    by: str
    asked_at: datetime
    state: TrialState = TrialState.waiting
    done: int = 0
    size: int = 0
    score: str = "{}"
    ended_at: datetime | None = None
    error: str | None = None
    remedy: str | None = None


class TrialLine(Struct, frozen=True, kw_only=True):
    """A decision that would differ, or of which nobody knows. `before` and `after` are JSON; `changed` |unit|due|."""

    trial_id: str
    seq: int
    case_id: CaseId
    number: str | None
    at: datetime
    kind: TrialKind
    changed: str
    before: str
    after: str | None
    note: str | None


class TrialUnknown(NotFound):
    """No such trial."""

    code = "trial.unknown"


class PeriodWrong(Invalid):
    """No past period."""

    code = "trial.period_wrong"


class RemedyWrong(Invalid):
    """What is to be tried cannot be written into the pack."""

    code = "trial.remedy_wrong"


class Draft(Struct, frozen=True, kw_only=True):
    """A changed pack that is not in force. `problems` is JSON; `base` the version that it changes."""

    id: str
    no: int
    base: str
    digest: str
    bytes: bytes
    problems: str
    by: str
    made_at: datetime
    changed_at: datetime


class DraftUnknown(NotFound):
    """No such draft."""

    code = "pack.draft_unknown"


class DraftUnsound(Refused):
    """The draft has problems."""

    code = "pack.draft_unsound"


class BaseMoved(Refused):
    """Another version came into force since."""

    code = "pack.base_moved"


class NothingChanged(Refused):
    """The draft is the version that it began with."""

    code = "pack.nothing_changed"


class TableUnknown(NotFound):
    """No such table of the pack."""

    code = "pack.table_unknown"


class RowWrong(Invalid):
    """The row cannot be written."""

    code = "pack.row_wrong"


class VersionUnknown(NotFound):
    """No such version."""

    code = "pack.version_unknown"


class ProposalState(StrEnum):
    """Words: `proposal.state.*`."""

    waiting = "waiting"
    approved = "approved"
    rejected = "rejected"
    withdrawn = "withdrawn"


class Proposal(Struct, frozen=True, kw_only=True):
    """A version that somebody put up for approval."""

    id: str
    no: int
    digest: str
    base: str
    state: ProposalState
    by: AccountId
    at: datetime
    decided_by: AccountId | None = None
    decided_at: datetime | None = None
    reason: str | None = None


class ProposalUnknown(NotFound):
    """No such proposal."""

    code = "pack.proposal_unknown"


class ProposalOver(Refused):
    """The proposal was decided."""

    code = "pack.proposal_over"


class OwnProposal(NotAllowed):
    """Nobody approves what they proposed."""

    code = "pack.own_proposal"


class ReasonUnknown(Invalid):
    """No reason for this."""

    code = "pack.reason_unknown"


class RejectReason(StrEnum):
    """Why a proposal is turned down. Words: `proposal.reason.*`."""

    source_missing = "source_missing"
    effect_too_wide = "effect_too_wide"
    limit_wrong = "limit_wrong"
    unit_wrong = "unit_wrong"
    not_now = "not_now"
