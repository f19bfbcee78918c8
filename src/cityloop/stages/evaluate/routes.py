"""HTTP of evaluating: parse, permit, call, show."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from litestar import Response, get
from litestar.params import QueryParameter
from msgspec import Struct
from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.ids import AreaCode
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Words
from cityloop.http import Door, Page, needs, page_limit
from cityloop.http.lists import keys_of, mark_of
from cityloop.stages.evaluate import rules, service
from cityloop.stages.evaluate.model import (
    WINDOWS,
    Answer,
    By,
    Counted,
    Group,
    Item,
    Measure,
    Part,
    Period,
    Window,
)
from cityloop.stages.evaluate.model.metrics import METRIC_OF, METRICS
from cityloop.stages.evaluate.store import Asked

# a spreadsheet runs what begins so; wide forms too, which some of them take for the narrow ones
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BOM = "\ufeff"  # so that spreadsheets read the Chinese as what it is


class Format(StrEnum):
    """How the answer is written."""

    json = "json"
    csv = "csv"


class MetricView(Struct, kw_only=True):
    """A metric of the table, with the words for its codes."""

    metric: str
    name: Words
    formula: Words
    counted: Counted
    measure: Measure
    window: Window
    window_words: Words
    is_rate: bool


FirstDay = Annotated[date | None, QueryParameter(name="from", description="The first local day, inside.")]
LastDay = Annotated[date | None, QueryParameter(name="to", description="The last local day, inside.")]


@get("/v1/figures", guards=[needs(Permission.figures_read)])
async def get_figures(
    door: Door,
    by: By = By.all,
    first_day: FirstDay = None,
    last_day: LastDay = None,
    period: Period | None = None,
    on: date | None = None,
    area: str | None = None,
    format: Format = Format.json,
) -> Response[Answer]:
    """Counts and rates of a period, by unit, area, person, class or channel; each says what it is made of."""
    asked = _asked(door, by, first_day, last_day, period, on, area)
    answer = await door.read(lambda tx: service.figures(tx, asked, policy=door.policy))
    if format is Format.csv:
        return _csv(f"figures-{by}-{asked.span.first_day}-{asked.span.last_day}", _figure_lines(answer))
    return Response(answer)


@get("/v1/figures/metrics", guards=[needs(Permission.figures_read)])
async def get_metrics() -> list[MetricView]:
    """The table of metrics: names, formulas and windows in words."""
    return [
        MetricView(
            metric=each.code, name=each.name, formula=each.formula, counted=each.counted, measure=each.measure,
            window=each.window, window_words=WINDOWS[each.window], is_rate=each.measure is Measure.ppm,
        )
        for each in METRICS
    ]  # fmt: skip


@get("/v1/figures/cases", guards=[needs(Permission.figures_read)])
async def get_figure_cases(
    door: Door,
    metric: str,
    part: Part = Part.numerator,
    by: By = By.all,
    group: str | None = None,
    first_day: FirstDay = None,
    last_day: LastDay = None,
    period: Period | None = None,
    on: date | None = None,
    area: str | None = None,
    after: str | None = None,
    limit: int = 100,
    format: Format = Format.json,
) -> Response[Page[Item]]:
    """Exactly the rows behind one number: one line for each thing that it counts, with its case."""
    asked = _asked(door, by, first_day, last_day, period, on, area)
    known = rules.metric_named(metric, part)
    simulated = door.policy.simulated
    if format is Format.csv:

        def whole(tx: Tx) -> list[list[Any]]:
            return list(_item_lines(service.items_all(tx, asked, known, part, group=group), simulated))

        return _csv(f"{metric}-{part}-{asked.span.first_day}-{asked.span.last_day}", await door.read(whole))
    count, mark = page_limit(limit), str(keys_of(after, 1)[0]) if after else ""

    def page(tx: Tx) -> list[Item]:
        return service.items_behind(tx, asked, known, part, group=group, after=mark, limit=count + 1)

    items = await door.read(page)
    more = len(items) > count
    shown = [_marked(each, simulated) for each in items[:count]]
    return Response(Page(items=shown, next=mark_of(shown[-1].id) if more else None))


def _asked(
    door: Door, by: By, first: date | None, last: date | None, period: Period | None, on: date | None, area: str | None
) -> Asked:
    today = door.now.astimezone(calendar_in(door.policy).zone).date()
    return service.asked_from(
        by, rules.days_asked(first, last, period, on, today), policy=door.policy, now=door.now,
        area=AreaCode(area) if area else None,
        seat_areas=[seat.area for seat in door.caller.seats_with(Permission.figures_read)],
    )  # fmt: skip


# lines of a spreadsheet


def _figure_lines(answer: Answer) -> Iterable[list[Any]]:
    head = ["group", "group_zh", "group_en", "metric", "name_zh", "name_en", "numerator", "denominator", "value"]
    yield [*head, "measure", "formula_zh", "formula_en", "window", "from", "to", "zone", "area", "as_of", "simulated"]
    for group in (answer.whole, *answer.groups):
        yield from _group_lines(answer, group, "*" if group is answer.whole else group.group)


def _group_lines(answer: Answer, group: Group, called: str) -> Iterable[list[Any]]:
    words, span = group.name or {}, answer.span
    for figure in group.figures:
        metric = METRIC_OF[figure.metric]
        yield [
            called, words.get("zh"), words.get("en"), figure.metric, metric.name["zh"], metric.name["en"],
            figure.numerator, figure.denominator, figure.value, figure.measure, metric.formula["zh"],
            metric.formula["en"], figure.window, span.first_day, span.last_day, span.zone, answer.area,
            answer.as_of.isoformat(), _simulated(group.simulated),
        ]  # fmt: skip


def _item_lines(items: Iterable[Item], simulated: bool) -> Iterable[list[Any]]:
    yield list(Item.__struct_fields__)
    for item in items:
        row = [getattr(item, name) for name in Item.__struct_fields__[:-1]]
        yield [*row, _simulated(simulated or item.simulated)]


def _simulated(is_so: bool) -> str:
    return "simulated" if is_so else ""


def _marked(item: Item, simulated: bool) -> Item:
    return replace(item, simulated=True) if simulated else item


def plain_cell(cell: Any) -> Any:
    """A cell that no spreadsheet runs as a formula."""
    if cell is None or isinstance(cell, int):
        return cell
    text = cell.isoformat() if hasattr(cell, "isoformat") else str(cell)
    return f"'{text}" if text.lstrip(" \u3000").startswith(RUNS) else text


def _csv(name: str, lines: Iterable[list[Any]]) -> Response[Any]:
    out = io.StringIO()
    csv.writer(out).writerows([plain_cell(cell) for cell in line] for line in lines)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response((BOM + out.getvalue()).encode(), media_type="text/csv", headers=headers)


ROUTES = [get_figures, get_metrics, get_figure_cases]
