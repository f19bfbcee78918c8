"""The SQL of measures, and of the weather of days."""

from datetime import date

from cityloop.db import Tx
from cityloop.db.tx import row_to
from cityloop.stages.evaluate.model.measure import MeasureRow, MeasureUnknown, Sky

LIST_MAX = 500


def measure_get(tx: Tx, id: str) -> MeasureRow:
    """The measure. Refuses with `MeasureUnknown`."""
    row = tx.get("measure", MeasureRow, id)
    if row is None:
        raise MeasureUnknown(f"There is no measure {id[:60]!r}; look for it in /v1/measures.")
    return row


def measure_list(tx: Tx) -> list[MeasureRow]:
    """Measures, those first that began last."""
    fields = ", ".join(MeasureRow.__struct_fields__)
    rows = tx.all(f"SELECT {fields} FROM measure WHERE city = :city ORDER BY since DESC, id DESC LIMIT {LIST_MAX}")
    return [row_to(MeasureRow, row) for row in rows]


def weather_between(tx: Tx, first: date, last: date) -> dict[date, Sky]:
    """The weather of the days of a stretch, as far as it is known."""
    rows = tx.all(
        "SELECT day, code FROM weather_day WHERE city = :city AND day >= :first AND day <= :last",
        first=first.isoformat(), last=last.isoformat(),
    )  # fmt: skip
    return {date.fromisoformat(row.day): Sky(row.code) for row in rows}
