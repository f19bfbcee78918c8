"""What publishing speaks of: sheets as they were frozen, how sure their scores are, appeals; and how it says no."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from cityloop.domain.errors import Invalid, NotAllowed, NotFound, Refused
from cityloop.domain.ids import UnitId


class CorrectedFor(StrEnum):
    """Why a new version was published. Words: `scores.reason.*`."""

    appeal = "appeal"  # an appeal was upheld
    exclusion = "exclusion"  # cases are not counted any more
    late_facts = "late_facts"  # what happened became known later
    pack = "pack"  # the scheme was wrong
    mistake = "mistake"


class DecidedFor(StrEnum):
    """What was found of an appeal. Words: `scores.decided.*`."""

    right = "right"
    partly = "partly"
    unfounded = "unfounded"
    unproved = "unproved"


class SheetState(StrEnum):
    """How a published sheet stands."""

    notice = "notice"  # 公示
    final = "final"
    replaced = "replaced"  # a later version stands in its place


class SheetRow(Struct, frozen=True, kw_only=True):
    """A published sheet. `scores` and `excluded` as JSON; days as 2026-03-02."""

    id: str
    no: int
    scheme: str
    by_kind: str
    first_day: str
    last_day: str
    version: int
    reason: str | None
    as_of: datetime
    seq: int
    pack: str
    excluded: str
    scores: str
    published_at: datetime
    published_by: str
    notice_until: datetime
    settled_at: datetime | None = None
    replaced_by: str | None = None
    corrects: str | None = None
    note: str | None = None  # of a correction

    @property
    def state(self) -> SheetState:
        if self.replaced_by:
            return SheetState.replaced
        return SheetState.final if self.settled_at else SheetState.notice


class ScoreAppealRow(Struct, frozen=True, kw_only=True):
    """What a unit said against a published score. `upheld` None: it waits."""

    id: str
    sheet_id: str
    object: str
    unit: UnitId
    indicator: str | None
    lodged_at: datetime
    lodged_by: str
    note: str
    upheld: bool | None = None
    reason: str | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    answer: str | None = None


class SheetUnknown(NotFound):
    """No such published sheet."""

    code = "evaluate.published_unknown"


class PublishedAlready(Refused):
    """Those days were published, and nothing says why they should be anew."""

    code = "evaluate.published_already"


class NothingToPublish(Refused):
    """The sheet has no score, or its period is not over."""

    code = "evaluate.nothing_to_publish"


class NoticeRuns(Refused):
    """The public notice is not over, or an appeal waits."""

    code = "evaluate.notice_runs"


class NoticeOver(Refused):
    """The public notice is over, or a later version stands in its place."""

    code = "evaluate.notice_over"


class ObjectNotYours(NotFound):
    """The sheet has no such score of the caller's unit."""

    code = "evaluate.score_not_yours"


class ScoreAppealUnknown(NotFound):
    """No such appeal, or it was decided."""

    code = "evaluate.score_appeal_unknown"


class NoticeTooShort(Invalid):
    """The public notice has no such length."""

    code = "evaluate.notice_days_wrong"


class WholeCityOnly(NotAllowed):
    """Who publishes answers for the whole city."""

    code = "evaluate.whole_city_only"
