"""HTTP of evaluating: parse, permit, call, show."""

from datetime import date
from typing import Annotated, Any

from litestar import Response, get
from litestar.di import Provide
from litestar.params import QueryParameter
from msgspec import Struct
from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.ids import AreaCode
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy, Words
from cityloop.http import Door, Page, needs, page_limit
from cityloop.http.identity import proved
from cityloop.http.lists import keys_of, mark_of
from cityloop.stages.evaluate import rules, service
from cityloop.stages.evaluate.model import (
    WINDOWS,
    Against,
    Answer,
    By,
    Counted,
    Item,
    Job,
    Measure,
    Only,
    Part,
    Period,
    SeriesAnswer,
    Who,
    Window,
)
from cityloop.stages.evaluate.model.metrics import metrics_by
from cityloop.stages.evaluate.routes import files
from cityloop.stages.evaluate.routes.files import Format
from cityloop.stages.evaluate.routes.then import AsOf, counted
from cityloop.stages.evaluate.store import Asked, Then


class MetricView(Struct, kw_only=True):
    """A metric of the table as the city reads it, with the words for its codes."""

    metric: str
    name: Words
    formula: Words
    counted: Counted
    who: Who
    role: Job
    measure: Measure
    window: Window
    window_words: Words
    is_rate: bool


FirstDay = Annotated[date | None, QueryParameter(name="from", description="The first local day, inside.")]
LastDay = Annotated[date | None, QueryParameter(name="to", description="The last local day, inside.")]
ClassKey = Annotated[str | None, QueryParameter(name="class", description="A class, or a major one: its key without the last two digits.")]
Role = Annotated[Job | None, QueryParameter(name="role", description="Only the numbers of this role.")]
Compare = Annotated[
    list[Against] | None,
    QueryParameter(name="compare", description="before: the period before 环比; year: the same of the year before 同比."),
]


def question(
    door: Door,
    by: By = By.all,
    first_day: FirstDay = None,
    last_day: LastDay = None,
    period: Period | None = None,
    on: date | None = None,
    area: str | None = None,
    grid: str | None = None,
    class_key: ClassKey = None,
    channel: str | None = None,
    unit: str | None = None,
    role: Role = None,
) -> Asked:
    """What is asked for, as far as the caller's seats reach."""
    today = door.now.astimezone(calendar_in(door.policy).zone).date()
    only = Only(
        area=AreaCode(area) if area else None, grid=grid, problem_class=class_key, channel=channel, unit=unit, job=role
    )  # fmt: skip
    return service.asked_from(
        by, rules.days_asked(first_day, last_day, period, on, today), policy=door.policy, now=door.now, only=only,
        seat_areas=[seat.area for seat in door.caller.seats_with(Permission.figures_read)],
    )  # fmt: skip


ASKED = {"asked": Provide(question, sync_to_thread=False)}


@get("/v1/figures", guards=[needs(Permission.figures_read)], dependencies=ASKED)
async def get_figures(
    door: Door, asked: Asked, compare: Compare = None, format: Format = Format.json, as_of: AsOf = None
) -> Response[Answer]:  # fmt: skip
    """Counts and rates of a period, by unit, area, person, class, channel or time; each says what it is made of."""
    against = tuple(compare or ())
    if format is Format.json:
        return Response(await counted(door, asked, as_of, lambda tx, asked, policy: service.figures(tx, asked, policy=policy, against=against)))

    await proved(door.request)

    def written(tx: Tx | Then, asked: Asked, policy: Policy) -> bytes:
        answer = service.figures(tx, asked, policy=policy, against=against)
        return files.file_of(
            format, {"figures": files.figure_lines(answer), "about": files.about_lines(answer, policy)}
        )  # fmt: skip

    name = f"figures-{asked.by}-{asked.span.first_day}-{asked.span.last_day}"
    return files.sent(name, format, await counted(door, asked, as_of, written))


@get("/v1/figures/metrics", guards=[needs(Permission.figures_read)])
async def get_metrics(door: Door) -> list[MetricView]:
    """The table of metrics as the city reads it: names, formulas and windows in words."""
    return [
        MetricView(
            metric=each.code, name=each.name, formula=each.formula, counted=each.counted, who=each.who, role=each.job,
            measure=each.measure, window=each.window, window_words=WINDOWS[each.window],
            is_rate=each.measure is Measure.ppm,
        )
        for each in metrics_by(door.policy.figures).values()
    ]  # fmt: skip


@get("/v1/figures/cases", guards=[needs(Permission.figures_read)], dependencies=ASKED)
async def get_figure_cases(
    door: Door,
    asked: Asked,
    metric: str,
    part: Part = Part.numerator,
    group: str | None = None,
    after: str | None = None,
    limit: int = 100,
    format: Format = Format.json,
    as_of: AsOf = None,
) -> Response[Page[Item]]:
    """Exactly the rows behind one number: one line for each thing that it counts, with its case."""
    policy = door.policy
    rules.metric_named(metric, part, policy)
    simulated = policy.simulated
    if format is not Format.json:
        await proved(door.request)

        def whole(tx: Tx | Then, asked: Asked, policy: Policy) -> bytes:
            items = service.items_all(tx, asked, rules.metric_named(metric, part, policy), part, policy=policy, group=group)
            return files.file_of(format, {"cases": files.item_lines(items, simulated)})

        name = f"{metric}-{part}-{asked.span.first_day}-{asked.span.last_day}"
        return files.sent(name, format, await counted(door, asked, as_of, whole))
    count, mark = page_limit(limit), str(keys_of(after, 1)[0]) if after else ""

    def page(tx: Tx | Then, asked: Asked, policy: Policy) -> list[Item]:
        known = rules.metric_named(metric, part, policy)
        return service.items_behind(tx, asked, known, part, policy=policy, group=group, after=mark, limit=count + 1)

    items = await counted(door, asked, as_of, page)
    more = len(items) > count
    shown = [_marked(each, simulated) for each in items[:count]]
    return Response(Page(items=shown, next=mark_of(shown[-1].id) if more else None))


@get("/v1/figures/series", guards=[needs(Permission.figures_read)], dependencies=ASKED)
async def get_series(door: Door, asked: Asked, metric: str, every: By = By.week, as_of: AsOf = None) -> SeriesAnswer:
    """One metric over time for each unit, area, person, class or channel at once: lines of a chart in one request."""

    def told(tx: Tx | Then, asked: Asked, policy: Policy) -> SeriesAnswer:
        over = service.over_time(asked, every, policy=policy)
        return service.series(tx, over, asked.by, rules.metric_called(metric, policy), policy=policy)

    return await counted(door, asked, as_of, told)


def _marked(item: Item, simulated: bool) -> Item:
    return replace(item, simulated=True) if simulated else item


ROUTES: list[Any] = [get_figures, get_metrics, get_figure_cases, get_series]
