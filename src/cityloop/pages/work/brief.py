"""A leader's morning: yesterday in numbers, each with its cases, and what needs a word: 批示, 督办."""

from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from litestar import Request, Response, get
from msgspec import Struct

from cityloop.cases.reach import Reach, reach_of
from cityloop.cases.scope import cases_seen
from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.clock import Lamp
from cityloop.domain.permission import Permission
from cityloop.http import Caller, Door, needs
from cityloop.pages.case import case_pages
from cityloop.pages.queue import CLOCK, NEWEST, Asked, case_rows
from cityloop.pages.screen import language_of
from cityloop.pages.telling import Teller
from cityloop.pages.work.mine import FigureWords, figure_words
from cityloop.pages.work.screen import WorkItem, item_of
from cityloop.stages.evaluate import service
from cityloop.stages.evaluate.model import Against, By, PeriodWrong
from cityloop.stages.evaluate.model.metrics import metrics_by

METRICS = (
    "reported", "filed", "handled", "closed", "handled_on_time", "overdue_open", "reworked", "open_now",
)  # fmt: skip
CASES = 8  # of each list: a morning's


class BriefFigure(Struct, frozen=True, kw_only=True):
    """A number of the day, of the day before, and where its cases are listed."""

    figure: FigureWords
    before: int | None
    difference: int | None
    cases: str  # the address of exactly these rows


class BriefList(Struct, frozen=True, kw_only=True):
    """Cases that need a word, and why they stand here. Words: `brief.*`."""

    name: str
    words: str
    items: list[WorkItem]
    more: bool


class Brief(Struct, frozen=True, kw_only=True):
    """A leader's morning."""

    day: str
    now: datetime
    areas: list[str]  # in words; none: the whole city
    figures: list[BriefFigure]
    lists: list[BriefList]


def brief_of(tx: Tx, caller: Caller, tell: Teller, day: date, *, now: datetime) -> Brief:
    """The day's numbers within the caller's areas, and the cases that wait for a leader's word."""
    policy = tell.policy
    areas = [seat.area for seat in caller.seats_with(Permission.figures_read)]
    asked = service.asked_from(By.all, (day, day), policy=policy, now=now, seat_areas=areas)
    answer = service.figures(tx, asked, policy=policy, against=[Against.before])
    known, table = {each.metric: each for each in answer.whole.figures}, metrics_by(policy.figures)
    figures = []
    for code in METRICS:
        figure = known.get(code)
        change = next(iter(figure.changes), None) if figure else None
        query = urlencode({"from": day.isoformat(), "to": day.isoformat(), "metric": code})
        figures.append(
            BriefFigure(
                figure=figure_words(table[code], figure, tell), before=change.value if change else None,
                difference=change.difference if change else None, cases=f"/v1/figures/cases?{query}",
            )
        )  # fmt: skip
    reach = reach_of(caller)
    lists = [
        _list(tx, caller, tell, reach, "late", Asked(order=CLOCK, lamp=Lamp.red), now=now),
        _list(tx, caller, tell, reach, "supervised", Asked(open=True, marks=("supervised",), order=NEWEST), now=now),
        _list(tx, caller, tell, reach, "instructed", Asked(open=True, marks=("instructed",), order=NEWEST), now=now),
    ]
    return Brief(
        day=day.isoformat(), now=now, areas=[tell.area(area) for area in areas if area] if None not in areas else [],
        figures=figures, lists=lists,
    )  # fmt: skip


def _list(tx: Tx, caller: Caller, tell: Teller, reach: Reach, name: str, asked: Asked, *, now: datetime) -> BriefList:
    rows = case_rows(tx, asked, reach, now=now, after=None, limit=CASES, more=", c.lon, c.lat")
    places = {row.id: (row.lon, row.lat) for row in rows[:CASES]}
    views = case_pages(tx, caller, cases_seen(tx, caller, list(places)), policy=tell.policy, now=now)
    items = [item_of(view, tell, lon=places[view.id][0], lat=places[view.id][1], metres=None) for view in views]
    return BriefList(name=name, words=tell.word(f"brief.{name}"), items=items, more=len(rows) > CASES)


@get("/v1/screens/brief", guards=[needs(Permission.figures_read)])
async def get_brief(request: Request, door: Door, day: str | None = None) -> Response[Brief]:
    """A leader's morning: a day in numbers, yesterday where none is said, and what needs a word."""
    today = door.now.astimezone(calendar_in(door.policy).zone).date()
    try:
        asked = date.fromisoformat(day) if day else today - timedelta(days=1)
    except ValueError:
        raise PeriodWrong(f"{(day or '')[:20]!r} is no day; write it 2026-03-06.") from None
    tell = Teller(policy=door.policy, language=language_of(request, door.policy))
    brief = await door.read(lambda tx: brief_of(tx, door.caller, tell, asked, now=door.now))
    return Response(brief, headers={"Cache-Control": "no-store"})


ROUTES = [get_brief]
