"""Measures and what became of them; and the weather of days."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from msgspec import Struct
from msgspec.structs import replace

from cityloop.cases.notes import keep_words
from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.facts import MeasureTaken, WeatherObserved
from cityloop.domain.ids import AccountId, AreaCode, ClassKey, UnitId
from cityloop.domain.policy import Policy
from cityloop.journal.vault import VaultRow
from cityloop.stages.evaluate import rules
from cityloop.stages.evaluate.model.measure import (
    MeasureKind,
    MeasureRow,
    MeasureUnknown,
    MeasureWrong,
    Sky,
    WeatherUnknown,
)
from cityloop.stages.evaluate.model.why import Doubt, Effect
from cityloop.stages.evaluate.rules.effect import effect_of
from cityloop.stages.evaluate.service.fair.words import words_of
from cityloop.stages.evaluate.service.why.looking import KEPT
from cityloop.stages.evaluate.store.why.case_rows import case_rows, weekly_counts
from cityloop.stages.evaluate.store.why.measures import measure_get, measure_list, weather_between

WEEKS_BEFORE, WEEKS_AFTER = 26, 26
WEEK = timedelta(days=7)
AHEAD_MAX = timedelta(days=366)
Scope = Sequence[AreaCode] | None


class MeasureEffect(Struct, frozen=True, kw_only=True):
    """A measure and what became of it, by weeks from `first_day`; no `effect` where nothing can be compared, and why."""

    measure: MeasureRow
    effect: Effect | None
    doubts: tuple[Doubt, ...]
    first_day: date
    simulated: bool
    words: str | None = None


def take_measure(
    tx: Tx, *, kind: str, area: str, class_key: str | None, unit: str | None, since: date, words: str = "", by: AccountId,
    scope: Scope, policy: Policy, now: datetime,
) -> str:  # fmt: skip
    """Note that from a day on something is done otherwise in an area.

    Refuses with `MeasureWrong` or `NoteTooLong`. Emits `MeasureTaken`.
    """
    if kind not in tuple(MeasureKind):
        raise MeasureWrong(f"There is no kind of measure {kind[:30]!r}; take one of {', '.join(MeasureKind)}.")
    if area not in policy.area_by_code or not rules.is_inside(area, scope):
        raise MeasureWrong(f"There is no area {area[:30]!r} that is yours; take a code from the pack's areas.csv.")
    if class_key is not None and class_key not in policy.class_by_key:
        raise MeasureWrong(f"There is no class {class_key[:60]!r}; take one of the catalogue, or none for every class.")
    if unit is not None and unit not in policy.unit_by_id:
        raise MeasureWrong(f"There is no unit {unit[:60]!r}; take one from the pack's units.csv.")
    if since > (now + AHEAD_MAX).date() or since.year < 2000:
        raise MeasureWrong(f"{since} is no day on which a measure can have begun; give one within a year from now.")
    id = tx.new_id()
    note = keep_words(tx, f"measure/{id}", words, chars_max=policy.settings.text_chars_max)
    tx.emit(
        MeasureTaken(
            measure_id=id, kind=kind, area=AreaCode(area), class_key=ClassKey(class_key) if class_key else None,
            unit=UnitId(unit) if unit else None, since=since, by=by, note=note, at=now,
        )
    )  # fmt: skip
    return id


def tell_weather(tx: Tx, day: date, code: str, *, now: datetime) -> None:
    """Say what the weather of a local day was; told again, the last one counts.

    Refuses with `WeatherUnknown`. Emits `WeatherObserved`.
    """
    if code not in tuple(Sky):
        raise WeatherUnknown(f"There is no weather {code[:30]!r}; take one of {', '.join(Sky)}.")
    tx.emit(WeatherObserved(day=day, code=code, at=now))


def weather_in(text: str) -> list[tuple[date, Sky]]:
    """The days of a table with the columns `day` (2026-03-06) and `code`, and the weather of each.

    Refuses with `WeatherUnknown`, the line named.
    """
    rows = csv.DictReader(io.StringIO(text, newline=""))
    if not {"day", "code"} <= {*(rows.fieldnames or ())}:
        raise WeatherUnknown("The first line of the file names no columns day and code; write: day,code")
    found: dict[date, Sky] = {}
    for row in rows:
        said, code = (row["day"] or "").strip(), (row["code"] or "").strip()
        where = f"Line {rows.line_num}"
        try:
            day = date.fromisoformat(said)
        except ValueError:
            raise WeatherUnknown(f"{where}: {said[:30]!r} is no day; write it as 2026-03-06.") from None
        if code not in tuple(Sky):
            raise WeatherUnknown(f"{where}: there is no weather {code[:30]!r}; take one of {', '.join(Sky)}.")
        if day in found:
            raise WeatherUnknown(f"{where}: {day} stands in the file twice; leave one of its lines out.")
        found[day] = Sky(code)
    return sorted(found.items())


def tell_weather_of(tx: Tx, days: Sequence[tuple[date, Sky]], *, now: datetime) -> int:
    """Say what the weather of days was, the earliest first, where it is not said so already; gives how many.

    Emits `WeatherObserved`.
    """
    known = weather_between(tx, days[0][0], days[-1][0]) if days else {}
    new = [(day, code) for day, code in days if known.get(day) is not code]
    for day, code in new:
        tell_weather(tx, day, code, now=now)
    return len(new)


def measures_in(tx: Tx, scope: Scope) -> list[tuple[MeasureRow, str | None]]:
    """The measures of the caller's areas with their words, those first that began last."""
    found = [each for each in measure_list(tx) if rules.is_inside(each.area, scope)]
    tx.get_many("vault", VaultRow, [each.note for each in found if each.note])
    return [(each, words_of(tx, each.note)) for each in found]


def effect_of_measure(tx: Tx, id: str, *, scope: Scope, policy: Policy, now: datetime) -> MeasureEffect:
    """What became of a measure: the cases of its class in its area by week, beside all areas of the same rank in the city.

    At most half a year before and after it. Areas that had such a measure too are not compared with. Of the others nothing is
    told but the mixture. Refuses with `MeasureUnknown`.
    """
    row = measure_get(tx, id)
    if not rules.is_inside(row.area, scope):
        raise MeasureUnknown(f"There is no measure {id[:60]!r} in your areas; look for it in /v1/measures.")
    calendar = calendar_in(policy)
    since = datetime.combine(row.since, time(), calendar.zone)
    after = max(0, min(WEEKS_AFTER, (now - since) // WEEK))
    first = since - WEEKS_BEFORE * WEEK
    rows, simulated = case_rows(
        tx, first, since + after * WEEK, now=now, calendar=calendar, scope=None, class_key=row.class_key
    )
    before = int(min(since.timestamp() - rows.since, (WEEKS_BEFORE * WEEK).total_seconds()) // WEEK.total_seconds()) if len(rows) else 0
    before = max(0, before)  # whole weeks since the city's first report
    places = _alike(tx, row, policy)
    counts = weekly_counts(rows, places, since - before * WEEK, before + after)
    told = MeasureEffect(
        measure=row, effect=None, doubts=(), first_day=(since - before * WEEK).astimezone(calendar.zone).date(),
        simulated=simulated or policy.simulated, words=words_of(tx, row.note),
    )  # fmt: skip
    if before < 2 or after < 1 or len(places) < 3:
        missing = {Doubt.few_before: before < 2, Doubt.few_after: after < 1, Doubt.few_places: len(places) < 3}
        return replace(told, doubts=tuple(doubt for doubt, so in missing.items() if so))
    effect = KEPT.of("effect", (counts, places, before), lambda: effect_of(counts, places, 0, before))
    return replace(told, effect=effect, doubts=effect.doubts)


def _alike(tx: Tx, row: MeasureRow, policy: Policy) -> list[AreaCode]:
    """The measure's area, and the others of its rank without such a measure."""
    had = {each.area for each in measure_list(tx) if each.class_key in (None, row.class_key) or row.class_key is None}
    others = [each.code for each in policy.areas if len(each.code) == len(row.area) and each.code not in had]
    return [row.area, *sorted(code for code in others if code != row.area)]
