"""The SQL of alarms."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from cityloop.db import Row, Tx
from cityloop.db.tx import row_to
from cityloop.domain.sensing import Colour
from cityloop.stages.sense.model import AlarmUnknown
from cityloop.stages.sense.store.rows import AlarmRow, MaintenanceRow

_ALARM = ", ".join(f"alarm.{name}" for name in AlarmRow.__struct_fields__)


class Wanted(Struct, frozen=True, kw_only=True):
    """Which alarms a list is of; what is None does not matter."""

    rule: str | None = None
    colour: str | None = None
    thing_id: str | None = None
    vendor: str | None = None
    property: str | None = None
    cell: str | None = None  # a cell, or the begin of its code
    is_open: bool | None = None
    is_health: bool | None = None
    is_judged: bool | None = None

    def where(self) -> tuple[str, dict[str, object]]:
        """The conditions and their parameters."""
        found, params = "", {}
        for name in ("rule", "colour", "thing_id", "vendor", "property", "is_health"):
            if (value := getattr(self, name)) is not None:
                found += f" AND alarm.{name} = :{name}"
                params[name] = int(value) if isinstance(value, bool) else value
        if self.cell:
            found += f" AND substr(alarm.cell, 1, {len(self.cell)}) = :cell"
            params["cell"] = self.cell
        if self.is_open is not None:
            found += f" AND alarm.cleared_at IS {'' if self.is_open else 'NOT '}NULL"
        if self.is_judged is not None:
            found += f" AND alarm.is_true IS {'NOT ' if self.is_judged else ''}NULL"
        return found, params


def alarm_get(tx: Tx, id: str) -> AlarmRow:
    """The alarm as it stands.

    Refuses with `AlarmUnknown`.
    """
    row = tx.get("alarm", AlarmRow, id)
    if row is None:
        raise AlarmUnknown(f"There is no alarm {id[:60]!r}; look for it in /v1/alarms.")
    return row


def alarm_list(tx: Tx, wanted: Wanted, *, before: tuple[str, str] | None, limit: int) -> list[AlarmRow]:
    """Alarms, those raised last first; from a place in the list on: the moment and the id of the last one seen."""
    where, params = wanted.where()
    if before is not None:
        where += " AND (alarm.raised_at < :moment OR (alarm.raised_at = :moment AND alarm.id < :id))"
        params |= {"moment": before[0], "id": before[1]}
    rows = tx.all(
        f"SELECT {_ALARM} FROM alarm WHERE alarm.city = :city{where} ORDER BY alarm.raised_at DESC, alarm.id DESC LIMIT :limit",
        limit=limit, **params,
    )  # fmt: skip
    return [row_to(AlarmRow, row) for row in rows]


def case_of_alarms(tx: Tx, ids: Sequence[str]) -> dict[str, str]:
    """The case of each alarm that has one."""
    return {row.alarm: row.case_id for row in tx.among("report", "alarm", ("alarm", "case_id"), ids) if row.case_id}


def open_of_rule(tx: Tx, rule: str, stream: int) -> list[AlarmRow]:
    """Alarms of a rule and a stream that are not over."""
    rows = tx.all(
        f"SELECT {_ALARM} FROM alarm WHERE alarm.city = :city AND alarm.rule = :rule AND alarm.stream = :stream "
        "AND alarm.cleared_at IS NULL", rule=rule, stream=stream,
    )  # fmt: skip
    return [row_to(AlarmRow, row) for row in rows]


def health_open(tx: Tx, thing_id: str) -> int:
    """How many alarms of health a device has that are not over."""
    return tx.value(
        "SELECT count(*) FROM alarm WHERE city = :city AND thing_id = :thing AND is_health = 1 AND cleared_at IS NULL", thing=thing_id
    )


RUNNING = "SELECT thing_id, colour FROM alarm WHERE city = :city AND cleared_at IS NULL"


def gravest_running(tx: Tx) -> dict[str, str]:
    """The gravest colour of the alarms that run, of each device that has some."""
    rows = tx.tuples(RUNNING)
    order = {colour.value: place for place, colour in enumerate(Colour)}
    found: dict[str, str] = {}
    for thing, colour in rows:
        if thing not in found or order[colour] < order[found[thing]]:
            found[thing] = colour
    return found


def figures(tx: Tx, by: str, since: datetime, until: datetime) -> list[Row]:
    """How many alarms, how many were judged, how many of those false; by rule, thing or vendor."""
    column = {"rule": "rule", "sensor": "thing_id", "vendor": "vendor"}[by]
    return tx.all(
        f"SELECT {column} AS name, count(*) AS raised, sum(CASE WHEN cleared_at IS NULL THEN 1 ELSE 0 END) AS running, "
        "sum(CASE WHEN is_true IS NULL THEN 0 ELSE 1 END) AS judged, sum(CASE WHEN is_true = 0 THEN 1 ELSE 0 END) AS untrue "
        f"FROM alarm WHERE city = :city AND raised_at >= :since AND raised_at < :until GROUP BY {column} ORDER BY {column}",
        since=since, until=until,
    )  # fmt: skip


def judged_values(tx: Tx, rule: str, since: datetime) -> list[tuple[float, bool]]:
    """The value and the judgement of every alarm of a rule that was judged."""
    rows = tx.all(
        "SELECT value, is_true FROM alarm WHERE city = :city AND rule = :rule AND raised_at >= :since AND is_true IS NOT NULL "
        "ORDER BY value", rule=rule, since=since,
    )  # fmt: skip
    return [(row.value, bool(row.is_true)) for row in rows]


def maintenance_list(tx: Tx, since: datetime) -> list[MaintenanceRow]:
    """Windows that are not over."""
    names = ", ".join(MaintenanceRow.__struct_fields__)
    return [
        row_to(MaintenanceRow, row)
        for row in tx.all(f"SELECT {names} FROM maintenance WHERE city = :city AND ends > :since ORDER BY thing_id", since=since)
    ]
