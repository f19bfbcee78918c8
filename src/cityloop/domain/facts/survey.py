"""Field tools of evaluation: tasks, tables filled in, site visits, questionnaires, and the numbers that were published.

Facts carry numbers and the pack's codes. What was written, codes of invitations, and who visits in secret lie in the vault.
"""

from datetime import date
from typing import ClassVar

from msgspec import Struct

from cityloop.domain.facts.fact import Fact, VaultRef
from cityloop.domain.facts.intake import PhotoRef
from cityloop.domain.ids import AccountId, CellCode, PostId


class SurveySheet(Struct, frozen=True, kw_only=True):
    """A table that one object fills in."""

    id: str
    form: str
    object: str


class SurveyPoint(Struct, frozen=True, kw_only=True):
    """A point that was drawn by lot. `place` names it where it was drawn from: `landmark/…`, `road/…/n`, `component/…`."""

    id: str
    form: str
    object: str
    kind: str
    place: str
    lon: float
    lat: float
    cell: CellCode | None


class SurveyShort(Struct, frozen=True, kw_only=True):
    """An object that has fewer places of a kind than should be drawn: all of them were."""

    form: str
    object: str
    kind: str
    wanted: int
    there: int


class SurveyTaskFact(Fact, frozen=True, kw_only=True):
    """A fact whose subject is an evaluation task."""

    SUBJECT: ClassVar[str] = "survey"
    KEY: ClassVar[str] = "task_id"

    task_id: str


class SurveyOpened(SurveyTaskFact, frozen=True, kw_only=True):
    """An evaluation task 评价任务: which objects are evaluated for which period, by which forms, by whom, until when."""

    who: str  # self, third, mystery
    forms: tuple[str, ...]
    objects: tuple[str, ...]  # units and areas
    first_day: date  # of the period that is evaluated
    last_day: date
    until: date  # the last day on which is gathered
    scheme: str | None  # of scores, for which it is gathered
    sheets: tuple[SurveySheet, ...]
    points: tuple[SurveyPoint, ...]
    short: tuple[SurveyShort, ...]
    seed: str  # from which the points follow
    visitors: tuple[PostId, ...]  # none where they come in secret
    hidden: VaultRef | None  # then who they are
    by: AccountId
    simulated: bool = False


class SurveyInvited(SurveyTaskFact, frozen=True, kw_only=True):
    """Invitations to a questionnaire were drawn; each has a code by chance, which lies in the vault."""

    form: str
    object: str
    invites: tuple[str, ...]
    by: AccountId


class SurveyNumber(Struct, frozen=True, kw_only=True):
    """What was gathered of one object. `cases`: sheets, visits or answers behind it. A count has nothing below the line."""

    object: str
    indicator: str
    tool: str
    numerator: float
    denominator: float | None
    cases: int


class SurveyWithheld(Struct, frozen=True, kw_only=True):
    """A number that is not given, and why: a code of `survey.withheld.*`."""

    object: str
    indicator: str
    tool: str
    why: str
    cases: int


class SurveyPublished(SurveyTaskFact, frozen=True, kw_only=True):
    """The numbers of a task hold from now on; nothing is gathered any more. `lacks`: sheets and points left out.

    A correction is a new version: it stands in the place of `corrects`, which stays as it was.
    """

    numbers: tuple[SurveyNumber, ...]
    withheld: tuple[SurveyWithheld, ...]
    lacks: int
    first_day: date
    last_day: date
    by: AccountId
    version: int = 1
    corrects: int | None = None  # the version that was wrong
    reason: str | None = None  # of a correction: a code with words, survey.correct.*


class SurveyReopened(SurveyTaskFact, frozen=True, kw_only=True):
    """What was published of a task is wrong: it is gathered again, and published anew. Until then the old numbers hold."""

    version: int  # that is wrong
    reason: str  # a code with words: survey.correct.*
    note: VaultRef | None
    until: date  # the last day on which is gathered
    by: AccountId


class SurveyCancelled(SurveyTaskFact, frozen=True, kw_only=True):
    """A task ends without numbers."""

    reason: str  # a code with words: survey.cancel.*
    by: AccountId


class SurveySheetFact(Fact, frozen=True, kw_only=True):
    """A fact whose subject is the table of one object."""

    SUBJECT: ClassVar[str] = "survey_sheet"
    KEY: ClassVar[str] = "sheet_id"

    sheet_id: str
    by: AccountId


class SurveyValue(Struct, frozen=True, kw_only=True):
    """A number of a field."""

    field: str
    number: float


class SurveySheetSubmitted(SurveySheetFact, frozen=True, kw_only=True):
    """An object's table was filled in and sent. Texts lie in the vault."""

    values: tuple[SurveyValue, ...]
    said: VaultRef | None
    photos: tuple[PhotoRef, ...]
    late: bool  # after the task's last day


class SurveySheetReturned(SurveySheetFact, frozen=True, kw_only=True):
    """Whoever reviews it sends it back."""

    reason: str  # a code with words: survey.return.*
    note: VaultRef | None


class SurveySheetAccepted(SurveySheetFact, frozen=True, kw_only=True):
    """It counts. Nobody accepts what they sent."""


class SurveyPointFact(Fact, frozen=True, kw_only=True):
    """A fact whose subject is a point to look at."""

    SUBJECT: ClassVar[str] = "survey_point"
    KEY: ClassVar[str] = "point_id"

    point_id: str


class SurveyFound(Struct, frozen=True, kw_only=True):
    """How often something was found."""

    item: str
    times: int


class SurveyPointVisited(SurveyPointFact, frozen=True, kw_only=True):
    """Somebody looked at a point. Where exactly they stood is not kept: only how far from it."""

    found: tuple[SurveyFound, ...]
    missed: str | None  # why it could not be looked at: a code of survey.missed.*
    photos: tuple[PhotoRef, ...]
    note: VaultRef | None
    metres: int | None  # from the point; none: the phone did not know
    is_far: bool  # further than the pack allows, or unknown
    by: AccountId | None  # none: they come in secret
    hidden: VaultRef | None  # then who it was


class SurveyPointReturned(SurveyPointFact, frozen=True, kw_only=True):
    """A visit does not count; the point is to be looked at again."""

    reason: str  # a code with words: survey.return.*
    by: AccountId


class SurveyChosen(Struct, frozen=True, kw_only=True):
    """What was chosen of a question."""

    question: str
    options: tuple[str, ...]


class SurveyAnswered(Fact, frozen=True, kw_only=True):
    """Somebody answered a questionnaire by an invitation, which counts once. Nobody knows who they are."""

    SUBJECT: ClassVar[str] = "survey_invite"
    KEY: ClassVar[str] = "invite_id"

    invite_id: str
    chosen: tuple[SurveyChosen, ...]
    said: VaultRef | None
    stratum: str | None
    counts: bool  # not: its stratum had its quota
