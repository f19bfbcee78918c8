"""How the units do, as a plain table; each number leads to the cases that it is made of."""

from collections.abc import Callable
from datetime import date, timedelta
from urllib.parse import urlencode

from litestar import Request, Response, get
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.permission import Permission
from cityloop.http import Door, needs
from cityloop.http.lists import keys_of, mark_of
from cityloop.pages.screen import language_of, page
from cityloop.pages.telling import Teller
from cityloop.stages.evaluate import rules, service
from cityloop.stages.evaluate.model import Answer, By, Figure, Group, Item, Measure, Part, Period
from cityloop.stages.evaluate.model.metrics import METRIC_OF
from cityloop.stages.evaluate.store import Asked

COLUMNS = (
    "due_to_handle", "handled", "handled_on_time", "overdue_open", "reworked", "dispatched_accurately",
    "closed", "open_now",
)  # fmt: skip
ITEMS = 100
PERIODS = (Period.week, Period.month)


class Line(Struct, frozen=True, kw_only=True):
    """A unit's numbers, in the order of the columns."""

    group: str | None  # None: all of them
    name: str
    figures: tuple[Figure, ...]


def asked_in(request: Request, door: Door) -> tuple[Asked, Period, date]:
    """The period that the address names; else this week."""
    given = request.query_params
    today = door.now.astimezone(calendar_in(door.policy).zone).date()
    period = Period(given["period"]) if given.get("period") in PERIODS else Period.week
    try:
        on = date.fromisoformat(given.get("on", ""))
    except ValueError:
        on = today
    asked = service.asked_from(
        By.unit, rules.days_asked(None, None, period, on, today), policy=door.policy, now=door.now,
        seat_areas=[seat.area for seat in door.caller.seats_with(Permission.figures_read)],
    )  # fmt: skip
    return asked, period, on


@get("/figures", include_in_schema=False, guards=[needs(Permission.figures_read)])
async def get_figures_page(request: Request, door: Door) -> Response[bytes]:
    """The table of the units."""
    asked, period, _ = asked_in(request, door)
    answer = await door.read(lambda tx: service.figures(tx, asked, policy=door.policy))
    tell = Teller(policy=door.policy, language=language_of(request, door.policy))
    return page(
        door, "figures.html", tell=tell, answer=answer, lines=lines_of(answer, tell), period=period, periods=PERIODS,
        metrics=[METRIC_OF[code] for code in COLUMNS], before=asked.span.first_day - timedelta(days=1),
        after=asked.span.last_day + timedelta(days=1), is_rate=lambda figure: figure.measure is Measure.ppm, behind=_behind(period, asked.span.first_day),
    )  # fmt: skip


def _behind(period: Period, on: date) -> Callable[..., str]:
    """`behind(figure, line)`: where the rows are that a number counts."""

    def behind(figure: Figure, line: Line, part: str = Part.numerator) -> str:
        asked = {"metric": figure.metric, "part": part, "period": period, "on": on.isoformat()}
        return f"/figures/cases?{urlencode(asked if line.group is None else asked | {'group': line.group})}"

    return behind


def lines_of(answer: Answer, tell: Teller) -> list[Line]:
    """The units that owed or did anything, the one with most to do first; the whole city above."""

    def line(group: Group, name: str, key: str | None) -> Line:
        of = {figure.metric: figure for figure in group.figures}
        return Line(group=key, name=name, figures=tuple(of[code] for code in COLUMNS))

    units = [line(group, tell.unit(group.group) or tell.word("figures.none"), group.group) for group in answer.groups]
    busy = [each for each in units if any(figure.numerator or figure.denominator for figure in each.figures)]
    busy.sort(key=lambda each: (each.group == "", -each.figures[0].numerator, each.name))
    return [line(answer.whole, tell.word("figures.whole"), None), *busy]


@get("/figures/cases", include_in_schema=False, guards=[needs(Permission.figures_read)])
async def get_figure_cases_page(request: Request, door: Door, metric: str = "") -> Response[bytes]:
    """The rows behind one number."""
    asked, period, on = asked_in(request, door)
    given = request.query_params
    part = Part.denominator if given.get("part") == Part.denominator else Part.numerator
    known = rules.metric_named(metric, part)
    group, after = given.get("group"), given.get("after")
    mark = str(keys_of(after, 1)[0]) if after else ""

    def ask(tx: Tx) -> list[Item]:
        return service.items_behind(tx, asked, known, part, group=group, after=mark, limit=ITEMS + 1)

    items = await door.read(ask)
    tell = Teller(policy=door.policy, language=language_of(request, door.policy))
    name = tell.word("figures.whole") if group is None else tell.unit(group) or tell.word("figures.none")
    return page(
        door, "figure_cases.html", tell=tell, items=items[:ITEMS], metric=known, part=part, name=name, span=asked.span,
        next=mark_of(items[ITEMS - 1].id) if len(items) > ITEMS else None, period=period, on=on,
    )  # fmt: skip


ROUTES = [get_figures_page, get_figure_cases_page]
