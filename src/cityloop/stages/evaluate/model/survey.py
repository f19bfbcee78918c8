"""What the field tools of evaluation speak of: tasks, sheets, points, invitations, answers; and how they say no."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Struct

from cityloop.domain.errors import Invalid, NotFound, Refused
from cityloop.domain.ids import AccountId, PostId
from cityloop.domain.personal import Personal

KEEP_DAYS = 1095
CODE_DAYS = 400
SAID, VISITOR, CODE = "survey_said", "survey_visitor", "survey_code"  # kinds of vault data
SUBMITTED = "to show what was written in a form of evaluation"


class SurveyWho(StrEnum):
    """Who evaluates. Words: `survey.who.*`."""

    self = "self"  # 自评价
    third = "third"  # 第三方评价
    mystery = "mystery"  # 暗访: the objects do not learn who comes


class TaskState(StrEnum):
    """What became of a task. Words: `survey.state.*`."""

    open = "open"
    published = "published"
    cancelled = "cancelled"


class SheetState(StrEnum):
    """How a table stands. Words: `survey.sheet.*`."""

    open = "open"
    sent = "sent"
    returned = "returned"
    accepted = "accepted"


class PointState(StrEnum):
    """How a point stands. Words: `survey.point.*`."""

    open = "open"
    visited = "visited"
    returned = "returned"


class ReturnedFor(StrEnum):
    """Why what was gathered is sent back. Words: `survey.return.*`."""

    unproved = "unproved"  # nothing shows it
    implausible = "implausible"
    incomplete = "incomplete"
    wrong_place = "wrong_place"
    unclear_photo = "unclear_photo"


class MissedFor(StrEnum):
    """Why a point could not be looked at. Words: `survey.missed.*`."""

    shut = "shut"
    gone = "gone"  # there is no such place any more
    unsafe = "unsafe"
    building = "building"  # it is being rebuilt


class CancelledFor(StrEnum):
    """Why a task ends without numbers. Words: `survey.cancel.*`."""

    mistaken = "mistaken"
    replaced = "replaced"
    put_off = "put_off"


class WithheldFor(StrEnum):
    """Why a number is not given. Words: `survey.withheld.*`."""

    absent = "absent"  # nothing was gathered
    nothing_below = "nothing_below"  # the line: it cannot be divided
    too_few = "too_few"  # under the least number somebody might be known again


class Written(Struct, frozen=True, kw_only=True):
    """What was written in a form, by field or question; a note under "note". Lies in the vault only."""

    texts: Annotated[dict[str, str], Personal(SUBMITTED, keep_days=KEEP_DAYS)]


class Visitors(Struct, frozen=True, kw_only=True):
    """Who comes in secret. Lies in the vault only."""

    posts: Annotated[list[PostId], Personal("to know who visits in secret, and to hide it from who is visited", keep_days=KEEP_DAYS)]


class SecretVisit(Struct, frozen=True, kw_only=True):
    """Who came in secret. Lies in the vault only."""

    account: Annotated[AccountId, Personal("to answer for a visit in secret", keep_days=KEEP_DAYS)]


class InviteCode(Struct, frozen=True, kw_only=True):
    """What opens a questionnaire once. Lies in the vault only: whoever has it may answer."""

    code: str


class Task(Struct, frozen=True, kw_only=True):
    """An evaluation task. `forms`, `objects`, `visitors` and `short` are JSON. `version`: of what was published last, 0 nothing;
    open with a version, it is being put right, for a `reason`.
    """

    id: str
    no: int
    who: SurveyWho
    forms: str
    objects: str
    first_day: date
    last_day: date
    until: date
    scheme: str | None
    visitors: str
    hidden: str | None
    short: str
    seed: str
    state: TaskState
    opened_at: datetime
    opened_by: AccountId
    ended_at: datetime | None = None
    ended_by: AccountId | None = None
    reason: str | None = None
    lacks: int = 0
    simulated: bool = False
    version: int = 0
    note: str | None = None

    @property
    def corrects(self) -> bool:
        """Whether it was published, and is being put right."""
        return self.state is TaskState.open and self.version > 0


class Sheet(Struct, frozen=True, kw_only=True):
    """A table of one object. `said_numbers` and `photos` are JSON."""

    id: str
    no: int
    task: str
    form: str
    object: str
    state: SheetState
    said_numbers: str = "[]"
    said: str | None = None
    photos: str = "[]"
    late: bool = False
    sent_at: datetime | None = None
    sent_by: AccountId | None = None
    reason: str | None = None
    note: str | None = None
    decided_at: datetime | None = None
    decided_by: AccountId | None = None


class Point(Struct, frozen=True, kw_only=True):
    """A point to look at, and what was found. `found` and `photos` are JSON."""

    id: str
    no: int
    task: str
    form: str
    object: str
    kind: str
    place: str
    lon: float
    lat: float
    cell: str | None
    state: PointState
    found: str = "[]"
    missed: str | None = None
    photos: str = "[]"
    note: str | None = None
    metres: int | None = None
    is_far: bool = False
    visited_at: datetime | None = None
    visited_by: AccountId | None = None
    hidden: str | None = None
    reason: str | None = None


class Invite(Struct, frozen=True, kw_only=True):
    """An invitation to a questionnaire about an object."""

    id: str
    task: str
    form: str
    object: str
    drawn_at: datetime
    answered_at: datetime | None = None


class Answer(Struct, frozen=True, kw_only=True):
    """A questionnaire that was answered. `chosen` is JSON."""

    id: str
    task: str
    form: str
    object: str
    chosen: str
    said: str | None
    stratum: str | None
    counts: bool
    answered_at: datetime


class Gathered(Struct, frozen=True, kw_only=True):
    """A published number of one object and period."""

    object: str
    first_day: date
    last_day: date
    indicator: str
    task: str
    tool: str
    numerator: float
    denominator: float | None
    cases: int
    published_at: datetime


class Withheld(Struct, frozen=True, kw_only=True):
    """A number that is not given."""

    task: str
    object: str
    indicator: str
    tool: str
    why: str
    cases: int


class TaskAsked(Struct, frozen=True, kw_only=True):
    """A task as it was asked for."""

    who: SurveyWho
    forms: tuple[str, ...]
    objects: tuple[str, ...]
    first_day: date
    last_day: date
    until: date
    scheme: str | None = None
    visitors: tuple[PostId, ...] = ()


class VisitSaid(Struct, frozen=True, kw_only=True):
    """What somebody says of a point."""

    found: dict[str, int]
    missed: MissedFor | None = None
    lon: float | None = None
    lat: float | None = None
    note: str = ""
    at: datetime | None = None  # by the phone's clock


class AnswersSaid(Struct, frozen=True, kw_only=True):
    """A questionnaire as it was sent: what was chosen, and what was written, by question."""

    chosen: dict[str, list[str]]
    texts: Annotated[dict[str, str], Personal(SUBMITTED, keep_days=KEEP_DAYS)] = {}


class SheetSaid(Struct, frozen=True, kw_only=True):
    """A table as it was sent, by field."""

    numbers: dict[str, float]
    texts: Annotated[dict[str, str], Personal(SUBMITTED, keep_days=KEEP_DAYS)] = {}



class TaskUnknown(NotFound):
    """No such evaluation task, or not for this caller."""

    code = "survey.task_unknown"


class TaskWrong(Invalid):
    """A task that names what is not there, or lasts no day."""

    code = "survey.task_wrong"


class TaskOver(Refused):
    """Nothing is gathered for it any more."""

    code = "survey.task_over"


class NotReady(Refused):
    """Something is not gathered or not reviewed yet."""

    code = "survey.not_ready"


class NumberTaken(Refused):
    """Another task has published the number of this object and period."""

    code = "survey.number_taken"


class SheetUnknown(NotFound):
    """No such table, or not for this caller."""

    code = "survey.sheet_unknown"


class SheetWrong(Invalid):
    """A table with a number that cannot be, or without one that must be."""

    code = "survey.sheet_wrong"


class SheetOver(Refused):
    """The table does not stand where this is done to it."""

    code = "survey.sheet_over"


class OwnSheet(Refused):
    """Nobody reviews what they sent."""

    code = "survey.own_sheet"


class PointUnknown(NotFound):
    """No such point, or not for this caller."""

    code = "survey.point_unknown"


class PointOver(Refused):
    """The point was looked at, or does not wait for it."""

    code = "survey.point_over"


class VisitWrong(Invalid):
    """A visit that says what cannot be, or lacks its photo."""

    code = "survey.visit_wrong"


class CodeUnknown(NotFound):
    """No invitation has this code."""

    code = "survey.code_unknown"


class AnsweredAlready(Refused):
    """The invitation was answered; it counts once."""

    code = "survey.answered_already"


class AnswersWrong(Invalid):
    """A question without an answer that it needs, or with one that it does not have."""

    code = "survey.answers_wrong"


class TooManyInvites(Refused):
    """More invitations than one task may have."""

    code = "survey.too_many_invites"
