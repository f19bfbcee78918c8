"""What was published of an evaluation task and put right since: its versions, what they said, why they were wrong."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from cityloop.domain.errors import Refused
from cityloop.domain.ids import AccountId


class CorrectedFor(StrEnum):
    """Why what was published is put right. Words: `survey.correct.*`."""

    sheet_wrong = "sheet_wrong"  # a table said what was not so
    visit_wrong = "visit_wrong"  # a point was looked at wrongly
    left_out = "left_out"  # what came later is to count
    form_wrong = "form_wrong"  # the form counted wrongly
    mistake = "mistake"


class Published(Struct, frozen=True, kw_only=True):
    """A publication of a task; `reason` and `note`: why it corrects the one before."""

    task: str
    version: int
    reason: str | None
    note: str | None
    lacks: int
    published_at: datetime
    published_by: AccountId


class Replaced(Struct, frozen=True, kw_only=True):
    """What a version said that was corrected; with `why` it gave no number."""

    task: str
    version: int
    object: str
    indicator: str
    tool: str
    numerator: float | None
    denominator: float | None
    cases: int
    why: str | None


class NotPublished(Refused):
    """There is nothing published that could be put right."""

    code = "survey.not_published"
