"""What the facts of causes and effects do to their rows."""

from collections.abc import Callable

from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Fact, Told
from cityloop.stages.evaluate.model.measure import MeasureKind, MeasureRow, Sky, WeatherRow


def weather_observed(tx: Tx, told: Told[f.WeatherObserved]) -> None:
    tx.put("weather_day", WeatherRow(day=told.fact.day, no=told.no, code=Sky(told.fact.code)))


def measure_taken(tx: Tx, told: Told[f.MeasureTaken]) -> None:
    fact = told.fact
    tx.put(
        "measure",
        MeasureRow(
            id=fact.measure_id, no=told.no, kind=MeasureKind(fact.kind), area=fact.area, class_key=fact.class_key,
            unit=fact.unit, since=fact.since, taken_at=fact.at, taken_by=told.actor,
            note=fact.note.id if fact.note else None,
        ),
    )  # fmt: skip


APPLY: dict[type[Fact], Callable[[Tx, Told], None]] = {
    f.WeatherObserved: weather_observed,
    f.MeasureTaken: measure_taken,
}
