"""吹哨报到: a street calls, departments report in within a limit, handle it together, and are rated by the street."""

from datetime import datetime

from cityloop.domain.facts.fact import VaultRef
from cityloop.domain.facts.filing import CaseFact
from cityloop.domain.ids import AccountId, UnitId
from cityloop.domain.policy import Limit


class WhistleSounded(CaseFact, frozen=True, kw_only=True):
    """吹哨: a street calls departments to a case. They may read it as long as that lasts."""

    whistle_id: str
    street: UnitId  # that calls
    units: tuple[UnitId, ...]  # that are called
    report_due: datetime
    limit: Limit
    by: AccountId
    reason: str  # a code with words: whistle.reason.*
    note: VaultRef | None = None


class ArrivalReported(CaseFact, frozen=True, kw_only=True):
    """报到: a department has come."""

    whistle_id: str
    unit: UnitId
    by: AccountId
    overdue: bool


class ArrivalMissed(CaseFact, frozen=True, kw_only=True):
    """The limit passed, and these have not come."""

    whistle_id: str
    units: tuple[UnitId, ...]


class WhistleEnded(CaseFact, frozen=True, kw_only=True):
    """The joint handling is over, with its record."""

    whistle_id: str
    units: tuple[UnitId, ...]  # who were called: they read the case no more
    by: AccountId
    record: VaultRef


class UnitRated(CaseFact, frozen=True, kw_only=True):
    """The street rates a department that it called."""

    whistle_id: str
    unit: UnitId
    score: int  # 1 to 5, the best 5
    reason: str  # a code with words: rate.reason.*
    is_last: bool  # nobody is left to be rated
    by: AccountId
