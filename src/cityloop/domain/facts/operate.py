"""Drills 断网断电演练: somebody takes parts away on purpose, and what it showed; and how much each function is used."""

from datetime import date
from typing import ClassVar

from msgspec import Struct

from cityloop.domain.facts.fact import Fact
from cityloop.domain.ids import AccountId


class DrillResult(Struct, frozen=True, kw_only=True):
    """What one fault showed. Units: seconds; `back_s` from the fault's end until all worked again, None where it did not."""

    fault: str  # database, model, broker, vendor, network
    away_s: float
    sent: int  # that residents, workers and machines wanted to send
    worked: int  # at once
    waited: int  # were kept by who sent them and taken later
    acknowledged: int
    found: int  # of those that were acknowledged, when it was over
    read: int  # questions that were answered
    unread: int  # and those that were not
    back_s: float | None = None


class DrillFact(Fact, frozen=True, kw_only=True):
    """A fact whose subject is a drill."""

    SUBJECT: ClassVar[str] = "drill"
    KEY: ClassVar[str] = "drill_id"

    drill_id: str


class DrillStarted(DrillFact, frozen=True, kw_only=True):
    """Somebody begins to take parts away."""

    faults: tuple[str, ...]
    each_s: int
    by: AccountId | None = None
    simulated: bool = False


class DrillEnded(DrillFact, frozen=True, kw_only=True):
    """All is given back. `whole`: every fault was tried to its end."""

    whole: bool
    results: tuple[DrillResult, ...] = ()


class FunctionCalls(Struct, frozen=True, kw_only=True):
    """How often a function of the platform was called; 0: nobody did."""

    function: str
    calls: int


class UseCounted(Fact, frozen=True, kw_only=True):
    """A day of the city is over: how often each function was called on it 功能使用. No person is counted, and none is named."""

    SUBJECT: ClassVar[str] = "use"
    KEY: ClassVar[str] = "day"

    day: date
    functions: tuple[FunctionCalls, ...]  # every one that there was
