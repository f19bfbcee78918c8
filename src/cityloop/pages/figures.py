"""How the city does, as plain tables; each number leads to the cases that it is made of, and says how to count it again."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from urllib.parse import urlencode

from litestar import Request, Response, get
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.permission import Permission
from cityloop.domain.words import WORDS
from cityloop.http import Door, needs
from cityloop.http.lists import keys_of, mark_of
from cityloop.pages.screen import language_of, page
from cityloop.pages.telling import Teller
from cityloop.people.names import names_of
from cityloop.stages.evaluate import rules, service
from cityloop.stages.evaluate.model import (
    Against,
    Answer,
    By,
    Change,
    Figure,
    Group,
    Item,
    Measure,
    Only,
    Part,
    Period,
)
from cityloop.stages.evaluate.model.metrics import metrics_by
from cityloop.stages.evaluate.store import Asked

SHEETS: dict[str, tuple[str, ...]] = {
    "overview": ("due_to_handle", "handled", "handled_on_time", "overdue_open", "reworked", "dispatched_accurately",
                 "closed", "open_now"),
    "collecting": ("collected", "valid_reports", "missed", "filed_from_collectors", "filed_from_public",
                   "verified_on_time", "inspected_on_time"),
    "filing": ("reported", "opened", "filed", "refused", "filing_rate", "filed_on_time", "filed_accurately", "recurring",
               "accepting_elapsed_min", "accepting_working_min"),
    "dispatching": ("dispatched", "dispatched_accurately", "dispatched_on_time"),
    "handling": ("due_to_handle", "handled_in_time", "handled_late", "to_handle_in_time", "overdue_open",
                 "handling_rate", "handled_on_time", "rework_rate", "extended", "handling_elapsed_min", "handling_working_min"),
    "putting_off": ("suspended", "still_suspended", "suspension_rate", "deferred", "deferral_rate"),
    "closing": ("due_to_close", "closed_in_time", "closed_late", "to_close", "closed", "closing_rate",
                "closed_on_time"),
}  # fmt: skip
GROUPINGS = (
    By.unit, By.district, By.street, By.community, By.grid, By.major, By.minor_class, By.problem_class, By.channel, By.person, By.day,
    By.week, By.month,
)  # fmt: skip
ITEMS = 100
ACCOUNT = "account:"
ALERTS = frozenset({"overdue_open"})  # what somebody should look at


class Chosen(Struct, frozen=True, kw_only=True):
    """What the address asks for, checked; what it does not say, or says in words that nobody knows, is as usual."""

    by: By
    period: Period
    on: date
    sheet: str
    compare: Against | None
    only: Only

    @property
    def address(self) -> dict[str, str]:
        """The same as an address says it."""
        said = {"by": self.by, "period": self.period, "on": self.on.isoformat(), "compare": self.compare}
        said |= {"area": self.only.area, "class": self.only.problem_class, "channel": self.only.channel}
        return {name: str(value) for name, value in (said | {"unit": self.only.unit}).items() if value}


class Line(Struct, frozen=True, kw_only=True):
    """A group's numbers, in the order of the columns."""

    group: str | None  # None: all of them
    name: str
    figures: tuple[Figure, ...]


def chosen_in(request: Request, door: Door) -> Chosen:
    """What the address asks for; else how the units did this week."""
    given = request.query_params
    today = door.now.astimezone(calendar_in(door.policy).zone).date()
    try:
        on = date.fromisoformat(given.get("on", ""))
    except ValueError:
        on = today
    return Chosen(
        by=By(given["by"]) if given.get("by") in GROUPINGS else By.unit,
        period=Period(given["period"]) if given.get("period") in tuple(Period) else Period.week, on=on,
        sheet=given["sheet"] if given.get("sheet") in SHEETS else "overview",
        compare=Against(given["compare"]) if given.get("compare") in tuple(Against) else None,
        only=Only(
            area=given.get("area") or None, problem_class=given.get("class") or None,  # type: ignore[arg-type]
            channel=given.get("channel") or None, unit=given.get("unit") or None,
        ),
    )  # fmt: skip


def asked_by(door: Door, chosen: Chosen) -> Asked:
    """The question, as far as the caller's seats reach."""
    return service.asked_from(
        chosen.by, rules.days_asked(None, None, chosen.period, chosen.on, chosen.on), policy=door.policy, now=door.now,
        only=chosen.only, seat_areas=[seat.area for seat in door.caller.seats_with(Permission.figures_read)],
    )  # fmt: skip


@get("/figures", include_in_schema=False, guards=[needs(Permission.figures_read)])
async def get_figures_page(request: Request, door: Door) -> Response[bytes]:
    """The table of the groups."""
    chosen = chosen_in(request, door)
    asked = asked_by(door, chosen)

    def read(tx: Tx) -> tuple[Answer, dict[str, str]]:
        answer = service.figures(
            tx, asked, policy=door.policy, against=[chosen.compare] if chosen.compare else []
        )  # fmt: skip
        return answer, people_in(tx, (group.group for group in answer.groups)) if asked.by is By.person else {}

    answer, people = await door.read(read)
    tell = Teller(policy=door.policy, language=language_of(request, door.policy))
    codes, table = SHEETS[chosen.sheet], metrics_by(door.policy.figures)
    return page(
        door, "figures.html", tell=tell, answer=answer, lines=lines_of(answer, codes, tell, people), chosen=chosen,
        metrics=[table[code] for code in codes], sheets=tuple(SHEETS), groupings=GROUPINGS, periods=tuple(Period),
        againsts=tuple(Against), before=asked.span.first_day - timedelta(days=1), alerts=ALERTS,
        after=asked.span.last_day + timedelta(days=1), behind=_behind(chosen), change=_change(tell),
        minutes=_minutes(tell), export=f"/v1/figures?{urlencode(chosen.address)}",
    )  # fmt: skip


def people_in(tx: Tx, groups: Iterable[str]) -> dict[str, str]:
    """The names of the accounts that are groups."""
    return names_of(tx, [each.removeprefix(ACCOUNT) for each in groups if each.startswith(ACCOUNT)])


def _behind(chosen: Chosen) -> Callable[..., str]:
    """`behind(figure, line)`: where the rows are that a number counts."""

    def behind(figure: Figure, line: Line, part: str = Part.numerator) -> str:
        asked = {"metric": figure.metric, "part": part, **chosen.address, "sheet": chosen.sheet}
        return f"/figures/cases?{urlencode(asked if line.group is None else asked | {'group': line.group})}"

    return behind


def _minutes(tell: Teller) -> Callable[[int], str]:
    """`minutes(n)`: a number of minutes as hours and minutes: working days differ between cities."""

    def minutes(n: int) -> str:
        hours, rest = divmod(n, 60)
        said = [tell.word("page.hours", n=hours)] if hours else []
        return "".join([*said, tell.word("page.minutes", n=rest)] if rest or not hours else said)

    return minutes


def _change(tell: Teller) -> Callable[[Figure, Change], str]:
    """`change(figure, change)`: what became of a number since; rates in percentage points, the rest in percent."""

    def change(figure: Figure, of: Change) -> str:
        if of.difference is None:
            return tell.word("figures.no_rate")
        if figure.measure is Measure.ppm:
            return tell.word("figures.points", n=f"{of.difference / 10_000:+.1f}")
        if of.change_ppm is None:
            return f"{of.difference:+d}"
        return f"{of.change_ppm / 10_000:+.1f} %"

    return change


def lines_of(answer: Answer, codes: Iterable[str], tell: Teller, people: dict[str, str]) -> list[Line]:
    """The groups that owed or did anything, the one with most to do first; time in its order; the whole above."""
    codes = tuple(codes)

    def line(group: Group, name: str, key: str | None) -> Line:
        of = {figure.metric: figure for figure in group.figures}
        return Line(group=key, name=name, figures=tuple(of[code] for code in codes))

    found = [line(group, named(answer.by, group, tell, people), group.group) for group in answer.groups]
    busy = [each for each in found if any(figure.numerator or figure.denominator for figure in each.figures)]
    if answer.by not in (By.day, By.week, By.month):
        busy.sort(key=lambda each: (each.group == "", -each.figures[0].numerator, each.name))
    return [line(answer.whole, tell.word("figures.whole"), None), *busy]


def named(by: By, group: Group, tell: Teller, people: dict[str, str]) -> str:
    """What a group is called on a screen."""
    if group.group == "":
        return tell.word("figures.none" if by is By.unit else "figures.none_else")
    if by is By.person:
        kind, _, rest = group.group.partition(":")
        if kind == "account":
            return people.get(rest, rest[:8])
        return f"{tell.word(f'who.{kind}')} {tell.word(f'machine.{rest}') if f'machine.{rest}' in WORDS else rest}".strip()
    return tell.of(group.name) if group.name else group.group


@get("/figures/cases", include_in_schema=False, guards=[needs(Permission.figures_read)])
async def get_figure_cases_page(request: Request, door: Door, metric: str = "") -> Response[bytes]:
    """The rows behind one number."""
    chosen = chosen_in(request, door)
    asked = asked_by(door, chosen)
    given = request.query_params
    part = Part.denominator if given.get("part") == Part.denominator else Part.numerator
    known = rules.metric_named(metric, part, door.policy)
    group, after = given.get("group"), given.get("after")
    mark = str(keys_of(after, 1)[0]) if after else ""

    def read(tx: Tx) -> tuple[list[Item], dict[str, str]]:
        items = service.items_behind(
            tx, asked, known, part, policy=door.policy, group=group, after=mark, limit=ITEMS + 1
        )  # fmt: skip
        return items, people_in(tx, [group]) if group and asked.by is By.person else {}

    items, people = await door.read(read)
    tell = Teller(policy=door.policy, language=language_of(request, door.policy))
    name = tell.word("figures.whole")
    if group is not None:
        words = rules.name_of(asked.by, group, door.policy)
        name = named(asked.by, Group(group=group, name=words, simulated=False, figures=()), tell, people)
    back = urlencode(chosen.address | {"sheet": chosen.sheet})
    return page(
        door, "figure_cases.html", tell=tell, items=items[:ITEMS], metric=known, part=part, name=name, span=asked.span,
        next=mark_of(items[ITEMS - 1].id) if len(items) > ITEMS else None, back=f"/figures?{back}",
        export=f"/v1/figures/cases?{urlencode(_address_of_rows(chosen, metric, part, group))}",
    )  # fmt: skip


def _address_of_rows(chosen: Chosen, metric: str, part: Part, group: str | None) -> dict[str, str]:
    """The same rows, as the interface names them."""
    asked = {name: value for name, value in chosen.address.items() if name != "compare"}
    named = asked | {"metric": metric, "part": str(part)}
    return named if group is None else named | {"group": group}


ROUTES = [get_figures_page, get_figure_cases_page]
