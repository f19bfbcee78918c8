"""What teaching speaks of, and how it says no."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from cityloop.domain.errors import NotFound, Refused
from cityloop.domain.ids import CaseId, ReportId
from cityloop.learning.train import Lesson


class ModelUnknown(NotFound):
    """The city never made such a model, or more than one is meant."""

    code = "learning.model_unknown"


class TooFewLessons(Refused):
    """People have decided too little to learn from."""

    code = "learning.too_few"


class EncoderMissing(Refused):
    """The encoder that the pack learns with is not installed."""

    code = "learning.encoder_missing"


class NotBetter(Refused):
    """The candidate is not better on later cases than what decides now."""

    code = "learning.not_better"


class AlreadyInForce(Refused):
    """The model decides already."""

    code = "learning.in_force"


class NothingToTakeBack(Refused):
    """No model is in force, so none can be taken back."""

    code = "learning.none_in_force"


class TrainingRuns(Refused):
    """A model is being made; one at a time."""

    code = "learning.training_runs"


class AlgorithmUnknown(NotFound):
    """The register has no such algorithm."""

    code = "learning.algorithm_unknown"


class StandsSo(Refused):
    """It is paused already, or it runs already."""

    code = "learning.stands_so"


class How(StrEnum):
    """By what somebody told the machine what was right."""

    accepted = "accepted"  # a person took the machine's class
    corrected = "corrected"  # a person chose another class or rule
    imported = "imported"  # another system's history says so
    inspected = "inspected"  # filed by the machine, done, seen on site and closed
    returned = "returned"  # a unit sent it back: it is something else, nobody said what
    refused = "refused"  # not taken up: no class is right


PEOPLES = frozenset({How.accepted, How.corrected, How.imported})  # their class is a person's word
TEACHING = PEOPLES | {How.inspected}  # a model learns from these


class Decided(Struct, frozen=True, kw_only=True):
    """A report whose class somebody has judged, beside what the machine had said. Nothing of it is text.

    Shape: `said_three` the machine's proposals, the best first; `checked` a person was asked though it was sure; `declared` who
    reported chose the class, which then stands first among the proposals whatever the machine read.
    """

    report_id: ReportId
    case_id: CaseId
    said: str  # where the words lie in the vault
    how: How
    class_key: str | None
    rule: str | None
    by: str | None
    at: datetime
    channel: str
    area: str | None
    model: str | None
    said_three: tuple[str, ...]
    said_ppm: int | None
    alone: bool
    checked: bool
    declared: bool

    @property
    def right(self) -> bool:
        """Whether the machine's first proposal was what people decided."""
        return bool(self.said_three) and self.how is not How.returned and self.said_three[0] == self.class_key


class Taught(Struct, frozen=True):
    """A judged report with its masked text: what a model learns from."""

    decided: Decided
    lesson: Lesson


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of one proposal to join a report, or to give a case to a unit.

    Shape: `right` what people made of it, None as long as nothing was; `proposed` False where the machine had found nothing.
    """

    channel: str
    area: str | None
    alone: bool = False
    right: bool | None
    proposed: bool = True


class ModelRow(Struct, frozen=True, kw_only=True):
    """A model that was made. `score`, `held_back` and `levels` (those that moved while it decided) are JSON."""

    id: str
    no: int
    trained_at: datetime
    trained_by: str
    lessons: int
    classes: int
    since: datetime
    until: datetime
    level_ppm: int
    size_bytes: int
    score: str
    held_back: str
    why: str
    promoted_at: datetime | None = None
    promoted_by: str | None = None
    simulated: bool = False
    levels: str = "[]"


class AlgorithmRow(Struct, frozen=True, kw_only=True):
    """What an algorithm does now. `before` (models that decided before), `watched` and `levels` are JSON."""

    id: str
    no: int
    model: str | None = None
    before: str = "[]"
    changed_at: datetime | None = None
    changed_by: str | None = None
    paused_at: datetime | None = None
    paused_by: str | None = None
    watched_at: datetime | None = None
    watched: str | None = None
    levels: str = "[]"
