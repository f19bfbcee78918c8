"""What the adviser's door speaks of."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from cityloop.domain.ids import ReportId


class Outcome(StrEnum):
    """What became of a question."""

    answered = "answered"
    nothing = "nothing"  # it knows no class for it
    lied = "lied"  # a class that is not in the pack, or more than was asked for
    garbage = "garbage"  # not what the schema says
    hung = "hung"  # no answer in time
    failed = "failed"  # no connection, or another status than 200


BAD = frozenset({Outcome.lied, Outcome.garbage, Outcome.hung, Outcome.failed})


class Unusable(Exception):
    """An answer that is none. Inside this door only."""

    def __init__(self, outcome: Outcome):
        super().__init__(outcome.value)
        self.outcome = outcome


class Terms(Struct, frozen=True, kw_only=True):
    """On which terms it is asked."""

    name: str  # of the model, as the operator calls it
    day_max: int = 200  # questions a day
    at_once: int = 4
    hours_max: int = 24  # a report older than this is not asked about
    rest_after: int = 3  # bad answers in a row, after which it is left alone for growing pauses
    rest_s_max: int = 3_600


class Question(Struct, frozen=True, kw_only=True):
    """What is sent: masked words, and nothing that says whose or where."""

    report_id: ReportId
    text: str


class Asked(Struct, frozen=True, kw_only=True):
    """A question that was asked, as the budget counts it."""

    report_id: ReportId
    day: str
    asked_at: datetime
    ended_at: datetime | None = None
    outcome: str | None = None


class SecondLook(Struct, frozen=True, kw_only=True):
    """What the adviser proposes. `proposals` is JSON."""

    report_id: ReportId
    adviser: str
    proposals: str
    at: datetime


class Port(Protocol):
    """Whoever answers."""

    def ask(self, body: bytes) -> bytes:
        """The answer to one question: slow, outside any transaction. Raises `Unusable` where there is none in time."""
        ...
