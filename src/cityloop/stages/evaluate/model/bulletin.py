"""What bulletins speak of: their kinds, what one is about, the work of making it; and how it says no."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from cityloop.domain.errors import Invalid, NotFound, Refused
from cityloop.stages.evaluate.model import Answer, Item, Only, Period
from cityloop.stages.evaluate.model.published import SheetRow
from cityloop.stages.evaluate.model.scoring import Sheet

BY = "machine:timer"  # who asks for a bulletin that comes by itself


class BulletinUnknown(NotFound):
    """No such bulletin, or not one that the caller may read."""

    code = "evaluate.bulletin_unknown"


class JobUnknown(NotFound):
    """No such work, or not one's own."""

    code = "evaluate.bulletin_job_unknown"


class SubscriptionUnknown(NotFound):
    """No such subscription, or not one's own."""

    code = "evaluate.subscription_unknown"


class AboutWrong(Invalid):
    """A theme without a class or an area, or a class or a scheme where none belongs."""

    code = "evaluate.bulletin_about_wrong"


class TooManyWait(Refused):
    """So many bulletins wait for one person that another must wait too."""

    code = "evaluate.bulletins_wait"


class SubscribedAlready(Refused):
    """The same bulletin comes already."""

    code = "evaluate.subscribed_already"


class Kind(StrEnum):
    """Which bulletin. Words: `bulletin.kind.*`."""

    daily = "daily"  # 日报
    weekly = "weekly"  # 周报
    monthly = "monthly"  # 月报
    assessment = "assessment"  # 考核通报
    theme = "theme"  # 专报、每月一题: a class or a place through the loop


PERIOD: Mapping[Kind, Period] = {
    Kind.daily: Period.day, Kind.weekly: Period.week, Kind.monthly: Period.month, Kind.assessment: Period.month,
    Kind.theme: Period.month,
}  # fmt: skip


class DeliveredBy(StrEnum):
    """How a subscriber hears of it. Words: `bulletin.channel.*`."""

    room = "room"
    sms = "sms"


class EndedFor(StrEnum):
    """Why a subscription ended. Words: `bulletin.ended.*`."""

    unwanted = "unwanted"
    may_no_more = "may_no_more"  # whoever wanted it may not read figures any more
    scheme_gone = "scheme_gone"  # the pack has no such scheme any more


class JobState(StrEnum):
    """How far the work is. Words: `bulletin.job.*`."""

    waiting = "waiting"
    running = "running"
    done = "done"
    failed = "failed"


class Step(StrEnum):
    """What is being done. Words: `bulletin.step.*`."""

    count = "count"
    compose = "compose"
    html = "html"
    pdf = "pdf"
    docx = "docx"
    xlsx = "xlsx"
    keep = "keep"


STEPS = tuple(Step)


class About(Struct, frozen=True, kw_only=True):
    """What a bulletin is about: its kind, language and days; an area, a class, of an assessment a scheme. "" is none, or the
    usual scheme.
    """

    kind: Kind
    language: str
    first_day: date
    last_day: date
    area: str = ""
    class_key: str = ""
    scheme: str = ""

    @property
    def only(self) -> Only:
        return Only(area=self.area or None, problem_class=self.class_key or None)  # type: ignore[arg-type]


class Job(About, frozen=True, kw_only=True):
    """A bulletin that waits, is being made, is made (`bulletin`), or could not be (`error`: a code)."""

    id: str
    by: str
    asked_at: datetime
    state: JobState = JobState.waiting
    step: Step = Step.count
    done: int = 0
    size: int = len(STEPS)
    ended_at: datetime | None = None
    error: str | None = None
    bulletin: str | None = None


class BulletinRow(About, frozen=True, kw_only=True):
    """A bulletin that was made. `files` is JSON; `pack` the digest of the version whose words and readings it follows.

    `corrects`: in whose place it stands; `replaced_by`: what stands in its place.
    """

    id: str
    no: int
    as_of: datetime
    seq: int
    pack: str
    files: str
    by: str
    made_at: datetime
    simulated: bool
    corrects: str | None = None
    replaced_by: str | None = None


class SubscriptionRow(Struct, frozen=True, kw_only=True):
    """Who wants which bulletin."""

    id: str
    no: int
    account: str
    kind: Kind
    language: str
    area: str
    class_key: str
    scheme: str
    channel: DeliveredBy
    since: datetime
    ended_at: datetime | None = None
    ended_for: str | None = None


class InboxRow(Struct, frozen=True, kw_only=True):
    """A bulletin lies before somebody."""

    account: str
    bulletin: str


class Late(Struct, frozen=True, kw_only=True):
    """The first of the rows that were counted against a unit by a metric, and how many there are."""

    unit: str
    metric: str
    items: tuple[Item, ...]
    count: int


class Correction(Struct, frozen=True, kw_only=True):
    """What was put right in a version: scores that were published, or an evaluation task; why, by a code."""

    of: str  # scores, survey, survey_only: the scores beside it are older
    version: int
    reason: str


class Material(Struct, frozen=True, kw_only=True):
    """What a bulletin is made of: answers to the same days, by different groups; what counts against units; a score sheet."""

    units: Answer
    classes: Answer
    streets: Answer
    channels: Answer
    course: Answer
    late: tuple[Late, ...] = ()
    sheet: Sheet | None = None
    published: SheetRow | None = None  # what the sheet was frozen as
    replaces: BulletinRow | None = None
    corrections: tuple[Correction, ...] = ()  # of what is in it, where it replaces another
