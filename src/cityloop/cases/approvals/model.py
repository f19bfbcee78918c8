"""Rows of approvals and holds, what is asked for, and how the city says no."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from cityloop.domain.errors import Invalid, NotAllowed, NotFound, Refused
from cityloop.domain.ids import ApprovalId, CaseId, HoldId, TaskId
from cityloop.domain.policy import ApprovalKind, Lapse, Limit

_texts = msgspec.json.Decoder(tuple[str, ...]).decode
_limit = msgspec.json.Decoder(Limit).decode

LAPSE_TIMER = "approval_lapse"  # the open request of a case
HOLD_TIMER = "hold_end"  # the end of what is put off


class Approval(Struct, frozen=True, kw_only=True):
    """A request and what became of it. `length`, `photos`, `steps`, `passed_by`, `decide_limit` and `source` are JSON."""

    id: ApprovalId
    case_id: CaseId
    kind: ApprovalKind
    nth: int
    task_id: TaskId | None = None
    reason: str
    length: str | None = None
    until: datetime | None = None
    note: str | None = None
    plan: str | None = None
    photos: str = "[]"
    steps: str
    form: str = "none"
    role: str | None  # that is asked now; None: it is decided
    passed_by: str = "[]"  # accounts that have agreed
    asked_at: datetime
    asked_by: str  # account
    task_due: datetime | None = None
    decide_due: datetime
    decide_limit: str
    lapse: Lapse
    clock_stands: bool
    counts_as_due: bool
    source: str
    outcome: str | None = None  # granted, refused, withdrawn, lapsed
    ended_at: datetime | None = None
    ended_by: str | None = None  # actor
    answer: str | None = None  # the reason of a refusal; what overtook it
    answer_note: str | None = None

    @property
    def roles(self) -> tuple[str, ...]:
        return _texts(self.steps)

    @property
    def agreed(self) -> tuple[str, ...]:
        return _texts(self.passed_by)

    @property
    def next_role(self) -> str | None:
        """Who is asked after the step that is asked now."""
        left = self.roles[len(self.agreed) + 1 :]
        return left[0] if left else None

    @property
    def limit(self) -> Limit | None:
        return _limit(self.length) if self.length else None

    @property
    def step_limit(self) -> Limit:
        return _limit(self.decide_limit)


class Hold(Struct, frozen=True, kw_only=True):
    """What is put off. `times`: how often it was granted, the first counted."""

    id: HoldId
    case_id: CaseId
    kind: ApprovalKind
    task_id: TaskId
    approval_id: ApprovalId
    reason: str
    note: str | None = None
    plan: str | None = None
    since: datetime
    granted_at: datetime
    until: datetime
    times: int = 1
    counts_as_due: bool
    role: str | None = None  # before whom it stands once more, since it expired
    expired_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    outcome: str | None = None  # settled, over, void
    settled: str | None = None  # what was noted then


class Asking(Struct, frozen=True, kw_only=True):
    """What somebody asks for."""

    kind: ApprovalKind
    reason: str
    length: Limit | None = None
    until: datetime | None = None
    note: str = ""
    plan: str = ""


class ApprovalUnknown(NotFound):
    """The case has no such request."""

    code = "approval.unknown"


class AlreadyOver(Refused):
    """The request was decided, taken back, or has lapsed."""

    code = "approval.over"


class AlreadyAsked(Refused):
    """Something is asked already, and is not decided."""

    code = "approval.already_asked"


class GivenDeadline(Refused):
    """The deadline is another system's, so there is no limit that could be longer, or stand."""

    code = "approval.given_deadline"


class AskedTooLate(Refused):
    """The task was due before it was asked."""

    code = "approval.asked_too_late"


class DecidedTooLate(Refused):
    """The time for deciding is over."""

    code = "approval.too_late"


class NotYourStep(NotAllowed):
    """Another role decides, or another unit's."""

    code = "approval.not_your_step"


class OwnRequest(NotAllowed):
    """Nobody decides what they asked for themselves, or agrees twice."""

    code = "approval.own_request"


class NotYourRequest(NotAllowed):
    """Somebody else asked for it."""

    code = "approval.not_your_request"


class NobodyDecides(Refused):
    """No post in the city has a role that could agree."""

    code = "approval.nobody_decides"


class ApprovalReasonUnknown(Invalid):
    """No reason for which this can be asked, or refused."""

    code = "approval.reason_unknown"


class LengthWrong(Invalid):
    """A length where there is none, none where there must be one, or one that ends before it begins."""

    code = "approval.length_wrong"


class FormMissing(Refused):
    """The matrix asks for a note."""

    code = "approval.form_missing"


class AttachmentMissing(Refused):
    """The matrix asks for an attachment."""

    code = "approval.attachment_missing"


class TooManyAttachments(Invalid):
    """More attachments than the city takes."""

    code = "approval.too_many_attachments"


def one_of(codes: Sequence[str]) -> str:
    """Codes as a remedy names them."""
    return ", ".join(str(each) for each in codes)
