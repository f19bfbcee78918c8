"""Drills in the tables: begun, ended, and what they showed."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from cityloop.db import Tx
from cityloop.db.tx import row_to
from cityloop.domain.errors import NotFound, Refused
from cityloop.domain.facts import DrillEnded, DrillResult, DrillStarted
from cityloop.domain.ids import AccountId
from cityloop.domain.policy import Policy
from cityloop.operate.cuts import FAULTS, SECONDS_MAX, FaultUnknown

_results = msgspec.json.Decoder(tuple[DrillResult, ...]).decode


class DrillRow(Struct, frozen=True, kw_only=True):
    """A drill."""

    id: str
    no: int
    faults: str
    each_s: int
    simulated: bool
    started_at: datetime
    started_by: str
    ended_at: datetime | None = None
    whole: bool = False
    results: str = "[]"

    @property
    def told(self) -> tuple[DrillResult, ...]:
        """What each fault showed."""
        return _results(self.results)


class DrillUnknown(NotFound):
    """There is no such drill."""

    code = "drill.not_found"


class RealCity(Refused):
    """Real people depend on this city."""

    code = "drill.real_city"


def start(tx: Tx, *, faults: Sequence[str], each_s: int, really: bool, by: AccountId | None, policy: Policy) -> str:
    """Begin a drill; gives its id.

    Refuses with `RealCity` or `FaultUnknown`. Emits `DrillStarted`.
    """
    if not policy.simulated and not really:
        raise RealCity("Real people depend on this city; drill on a simulated one, or say --really and tell them before.")
    if not faults or set(faults) - set(FAULTS) or not 1 <= each_s <= SECONDS_MAX:
        raise FaultUnknown(f"Choose from {', '.join(FAULTS)}, each for 1 to {SECONDS_MAX} s.")
    id = tx.new_id()
    tx.emit(DrillStarted(drill_id=id, faults=tuple(faults), each_s=each_s, by=by, simulated=policy.simulated, at=tx.now), first=True)
    return id


def end(tx: Tx, id: str, *, whole: bool, results: Sequence[DrillResult]) -> str:
    """End a drill; one that has ended stays as it is.

    Refuses with `DrillUnknown`. Emits `DrillEnded`.
    """
    tx.hold([f"drill/{id}"])
    if drill_get(tx, id).ended_at is None:
        tx.emit(DrillEnded(drill_id=id, whole=whole, results=tuple(results), at=tx.now))
    return id


def drill_get(tx: Tx, id: str) -> DrillRow:
    """The drill.

    Refuses with `DrillUnknown`.
    """
    row = tx.get("drill", DrillRow, id)
    if row is None:
        raise DrillUnknown(f"There is no drill {id[:60]}; look at /v1/drills.")
    return row


def drill_list(tx: Tx, limit: int = 50) -> list[DrillRow]:
    """Drills, the last one first."""
    fields = ", ".join(DrillRow.__struct_fields__)
    rows = tx.all(f"SELECT {fields} FROM drill WHERE city = :city ORDER BY id DESC LIMIT :limit", limit=limit)
    return [row_to(DrillRow, row) for row in rows]
