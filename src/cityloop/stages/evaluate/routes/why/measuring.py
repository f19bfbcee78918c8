"""HTTP of measures and their effects, and of the weather."""

from datetime import date
from typing import Annotated, Any

from litestar import get, post, put
from msgspec import Struct

from cityloop.cases.notes import KEEP_DAYS
from cityloop.domain.ids import AreaCode
from cityloop.domain.permission import Permission
from cityloop.domain.personal import Personal
from cityloop.domain.policy import Words
from cityloop.domain.words import WORDS
from cityloop.http import Door, needs
from cityloop.stages.evaluate import rules
from cityloop.stages.evaluate.model import By, PeriodWrong
from cityloop.stages.evaluate.model.measure import MeasureKind, MeasureRow, Sky
from cityloop.stages.evaluate.model.why import Doubt, Effect
from cityloop.stages.evaluate.service import why as service

SAID = "to say what was done otherwise"


class MeasureView(Struct, frozen=True, kw_only=True):
    """A measure with its names; from `since` on. `words`: what it is, without whom they name."""

    id: str
    kind: MeasureKind
    kind_words: Words
    area: AreaCode
    area_name: Words | None
    class_key: str | None
    class_name: Words | None
    unit: str | None
    since: date
    words: Annotated[str, Personal(SAID, keep_days=KEEP_DAYS)] | None


class EffectView(Struct, frozen=True, kw_only=True):
    """What became of a measure, by weeks from `first_day`; without an `effect`, `doubts` say what is missing."""

    measure: MeasureView
    effect: Effect | None
    doubts: tuple[Doubt, ...]
    first_day: date
    simulated: bool


class NewMeasure(Struct, kw_only=True):
    """What is done otherwise, where, from when on. `kind` is a code of `measure.kind.*`; `words` say what it is."""

    kind: str
    area: str
    since: date
    class_key: str | None = None
    unit: str | None = None
    words: Annotated[str, Personal(SAID, keep_days=KEEP_DAYS)] = ""


class DayWeather(Struct, kw_only=True):
    """A code of `weather.*`."""

    code: str


class DayWeatherView(Struct, frozen=True, kw_only=True):
    """The weather of a local day, as it stands now."""

    day: date
    code: Sky


def _scope(door: Door) -> tuple[AreaCode, ...] | None:
    return rules.scope_of([seat.area for seat in door.caller.seats_with(Permission.figures_read)])


@get("/v1/measures", guards=[needs(Permission.figures_read)])
async def get_measures(door: Door) -> list[MeasureView]:
    """The measures that were taken in the caller's areas, those first that began last."""
    scope = _scope(door)
    rows = await door.read(lambda tx: service.measures_in(tx, scope))
    return [_view(door, each, words) for each, words in rows]


@post("/v1/measures", status_code=201, guards=[needs(Permission.case_supervise)])
async def post_measure(data: NewMeasure, door: Door) -> dict[str, str]:
    """Note that from a day on something is done otherwise in an area, so that its effect can be looked at."""
    scope = rules.scope_of([seat.area for seat in door.caller.seats_with(Permission.case_supervise)])
    id = await door.change(
        lambda tx: service.take_measure(
            tx, kind=data.kind, area=data.area, class_key=data.class_key, unit=data.unit, since=data.since,
            words=data.words, by=door.caller.account, scope=scope, policy=door.policy, now=tx.now,
        )
    )  # fmt: skip
    return {"id": id}


@get("/v1/measures/{measure_id:str}/effect", guards=[needs(Permission.figures_read)])
async def get_effect(measure_id: str, door: Door) -> EffectView:
    """What became of a measure beside comparable areas, with its interval and its doubt."""
    scope, policy, now = _scope(door), door.policy, door.now
    told = await door.read(lambda tx: service.effect_of_measure(tx, measure_id, scope=scope, policy=policy, now=now))
    return EffectView(
        measure=_view(door, told.measure, told.words), effect=told.effect, doubts=told.doubts, first_day=told.first_day,
        simulated=told.simulated,
    )  # fmt: skip


@put("/v1/weather/{day:str}", guards=[needs(Permission.observe_send)])
async def put_weather(day: str, data: DayWeather, door: Door) -> DayWeatherView:
    """Say what the weather of a local day was; told again, the last one counts."""
    on = _day(day)
    await door.change(lambda tx: service.tell_weather(tx, on, data.code, now=tx.now))
    return DayWeatherView(day=on, code=Sky(data.code))


def _day(text: str) -> date:
    """Refuses with `PeriodWrong`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PeriodWrong(f"{text[:30]!r} is no day; write it as 2026-03-06.") from None


def _view(door: Door, row: MeasureRow, words: str | None) -> MeasureView:
    policy = door.policy
    return MeasureView(
        id=row.id, kind=row.kind, kind_words=WORDS[f"measure.kind.{row.kind}"], area=row.area, unit=row.unit,
        area_name=rules.name_of(By.street, row.area, policy), class_key=row.class_key, since=row.since, words=words,
        class_name=rules.name_of(By.problem_class, row.class_key, policy) if row.class_key else None,
    )  # fmt: skip


ROUTES: list[Any] = [get_measures, post_measure, get_effect, put_weather]
