"""My own figures: the numbers of my role, in which I count, each with the cases behind it. Nobody else's."""

from datetime import datetime

from litestar import Request, Response, get
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy
from cityloop.http import Caller, Door, Page, needs, page_limit
from cityloop.http.lists import keys_of, mark_of
from cityloop.pages.screen import language_of
from cityloop.pages.telling import Teller
from cityloop.stages.evaluate import rules, service
from cityloop.stages.evaluate.model import By, Figure, Item, Measure, Metric, Part, Period
from cityloop.stages.evaluate.model.metrics import metrics_by
from cityloop.stages.evaluate.store import Asked

FIELD = [needs(Permission.duty_sign)]
OF_ROLE: dict[str, tuple[str, ...]] = {
    "collector": ("collected", "valid_reports", "verified_on_time", "inspected_on_time"),
    "handler": ("due_to_handle", "handled", "handled_on_time", "rework_rate", "overdue_open"),
}
ROLES = {Permission.case_verify: "collector", Permission.case_inspect: "collector", Permission.case_handle: "handler"}


class FigureWords(Struct, frozen=True, kw_only=True):
    """A number of mine: its name, how it is counted, what it is made of."""

    metric: str
    name: str
    formula: str
    value: int | None
    numerator: int
    denominator: int | None
    is_rate: bool
    shown: str


class MyFigures(Struct, frozen=True, kw_only=True):
    """My numbers of a period."""

    period: Period
    first_day: str
    last_day: str
    figures: list[FigureWords]


def metrics_of(caller: Caller, policy: Policy) -> list[Metric]:
    """The numbers of the roles in which somebody works."""
    roles = list(dict.fromkeys(role for permission, role in ROLES.items() if caller.may(permission)))
    known = metrics_by(policy.figures)
    return [known[code] for role in roles for code in OF_ROLE[role]]


def _asked(period: Period, policy: Policy, now: datetime) -> Asked:
    today = now.astimezone(calendar_in(policy).zone).date()
    return service.asked_from(By.person, rules.days_asked(None, None, period, today, today), policy=policy, now=now)


def my_figures(tx: Tx, caller: Caller, period: Period, tell: Teller, *, now: datetime) -> MyFigures:
    """The numbers of one person out of those of all."""
    asked = _asked(period, tell.policy, now)
    answer = service.figures(tx, asked, policy=tell.policy)
    mine = next((each.figures for each in answer.groups if each.group in _names(caller)), ())
    known = {each.metric: each for each in mine}
    return MyFigures(
        period=period, first_day=answer.span.first_day.isoformat(), last_day=answer.span.last_day.isoformat(),
        figures=[figure_words(each, known.get(each.code), tell) for each in metrics_of(caller, tell.policy)],
    )  # fmt: skip


def figure_words(metric: Metric, figure: Figure | None, tell: Teller) -> FigureWords:
    """A number in words. Of a rate below whose line nothing stands, nothing is said."""
    value = figure.value if figure else (0 if metric.measure is Measure.count else None)
    is_rate = metric.measure is Measure.ppm
    shown = "—" if value is None else tell.percent(value) if is_rate else str(value)
    return FigureWords(
        metric=metric.code, name=tell.of(metric.name), formula=tell.of(metric.formula), value=value, is_rate=is_rate,
        numerator=figure.numerator if figure else 0, denominator=figure.denominator if figure else (0 if is_rate else None),
        shown=shown,
    )  # fmt: skip


def _names(caller: Caller) -> tuple[str, ...]:
    return tuple(each for each in (caller.account, caller.actor) if each)


@get("/v1/screens/work/figures", guards=FIELD)
async def get_my_figures(request: Request, door: Door, period: Period = Period.month) -> Response[MyFigures]:
    """My own numbers of this day, week or month."""
    tell = Teller(policy=door.policy, language=language_of(request, door.policy))
    found = await door.read(lambda tx: my_figures(tx, door.caller, period, tell, now=door.now))
    return Response(found, headers={"Cache-Control": "no-store"})


@get("/v1/screens/work/figures/cases", guards=FIELD)
async def get_my_figure_cases(
    door: Door, metric: str, period: Period = Period.month, part: Part = Part.numerator, after: str | None = None,
    limit: int = 50,
) -> Response[Page[Item]]:  # fmt: skip
    """Exactly the rows behind a number of mine."""
    known = rules.metric_named(metric, part, door.policy)
    asked = _asked(period, door.policy, door.now)
    count, mark = page_limit(limit), str(keys_of(after, 1)[0]) if after else ""

    def page(tx: Tx) -> list[Item]:
        return [
            item
            for name in _names(door.caller)
            for item in service.items_behind(
                tx, asked, known, part, policy=door.policy, group=name, after=mark, limit=count + 1
            )
        ]

    items = await door.read(page)
    more = mark_of(items[count - 1].id) if len(items) > count else None
    return Response(Page(items=items[:count], next=more), headers={"Cache-Control": "no-store"})


ROUTES = [get_my_figures, get_my_figure_cases]
