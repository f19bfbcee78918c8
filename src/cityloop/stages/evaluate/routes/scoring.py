"""HTTP of scores: schemes, sheets, the cases behind a line, points beside the lines, our own use."""

from datetime import date, datetime
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.di import Provide
from litestar.params import QueryParameter
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.ids import AreaCode
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy, Words
from cityloop.domain.policy.scoring import FIGURES, Better, BudgetRule, Piece, Role, Shape, in_force
from cityloop.http import Door, needs
from cityloop.stages.evaluate import rules, service
from cityloop.stages.evaluate.model import By, Only, Period, Span
from cityloop.stages.evaluate.model.scoring import Called, SchemeUnknown, Sheet
from cityloop.stages.evaluate.routes.asking import FirstDay, LastDay
from cityloop.stages.evaluate.rules.fair.sheets import PLACED_LEAST
from cityloop.stages.evaluate.rules.scoring import called_of, use_of
from cityloop.stages.evaluate.service import budget, scoring
from cityloop.stages.evaluate.service.numbers import behind_answer
from cityloop.stages.evaluate.store.fair.exclusions import excluded_in
from cityloop.stages.evaluate.store.scoring.entries import EntryRow, entry_list
from cityloop.stages.evaluate.store.scoring.use import fact_counts, use_list

READ = [needs(Permission.figures_read)]
CASES_MAX = 500


class IndicatorView(Struct, kw_only=True):
    """A line of a scheme with its definition, its function as rows, and where it is from."""

    indicator: str
    role: Role
    dimension: str
    metric: str
    is_figure: bool  # its cases are those of /v1/figures/cases
    shape: Shape
    better: Better
    pieces: tuple[Piece, ...]
    weight: float
    full: float
    least: int
    baseline: float | None
    target: float | None
    unit: str
    name: Words
    says: Words
    source: str
    since: date
    group: str
    city_kind: str


class SchemeView(Struct, kw_only=True):
    """A scheme, with the lines of its version in force on a day."""

    scheme: str
    objects: By
    name: Words
    says: Words
    full: float
    floor: float
    cap: float
    bonus_max: float
    deduction_max: float
    known_least_ppm: int
    source: str
    grades: tuple[Piece, ...]
    groups: dict[str, str]
    versions: list[date]
    indicators: list[IndicatorView]
    budget: list[BudgetRule]


class ScoreSheetView(Struct, kw_only=True):
    """A sheet with the names of its objects. `placed_least`: with fewer cases nobody has a place in what is published."""

    sheet: Sheet
    placed_least: int
    names: dict[str, Words]
    simulated: bool


class FunctionUse(Struct, kw_only=True):
    """How often a function of the product was used: the facts of its chapter. 0: it lies idle."""

    function: str
    facts: int


class DayUse(Struct, kw_only=True):
    """Our own use on a day: all calls, and how many functions were called."""

    day: date
    calls: int
    functions: int


class UseView(Struct, kw_only=True):
    """Our own use in a period, by function; no person is counted. `called` and `days` tell of the days that are over."""

    first_day: date
    last_day: date
    functions: list[FunctionUse]
    called: list[Called]
    days: list[DayUse]


class CaseBehind(Struct, kw_only=True):
    """One thing behind a line that is no figure: what it says, and its case."""

    says: str
    case_id: str | None


class PointsAsked(Struct, kw_only=True):
    """加减分: points for an object, negative to take them away; why is a code of `score.reason.*`."""

    scheme: str
    object: str
    day: date
    points: float
    reason: str


class EnteredView(Struct, kw_only=True):
    """Points that were entered beside the lines."""

    id: str
    scheme: str
    object: str
    day: date
    points: float
    reason: str
    entered_at: datetime
    entered_by: str
    withdrawn_at: datetime | None


def span_asked(
    door: Door, first_day: FirstDay = None, last_day: LastDay = None, period: Period | None = None, on: date | None = None
) -> Span:
    """The days of a question, as of figures: from and to, or a named period; else this month."""
    calendar = calendar_in(door.policy)
    today = door.now.astimezone(calendar.zone).date()
    return rules.span_of(*rules.days_asked(first_day, last_day, period, on, today), calendar)


SPAN = {"span": Provide(span_asked, sync_to_thread=False)}
Area = Annotated[str | None, QueryParameter(name="area", description="Only what lies in this area.")]


def reach_of(door: Door) -> tuple[AreaCode | None, ...]:
    """What the caller's seats cover."""
    return tuple(seat.area for seat in door.caller.seats_with(Permission.figures_read))


@get("/v1/scores/schemes", guards=READ, dependencies=SPAN)
async def get_schemes(door: Door, span: Span) -> list[SchemeView]:
    """The scoring schemes of the pack, each with the lines in force on the first day of a period."""
    return [_scheme_view(code, door.policy, span.first_day) for code in door.policy.scoring.schemes]


@get("/v1/scores", guards=READ, dependencies=SPAN)
async def get_scores(door: Door, span: Span, scheme: str, area: Area = None) -> ScoreSheetView:
    """The score sheet of a scheme over a period: every object with its lines, numerators and denominators."""
    policy, now, reach = door.policy, door.now, reach_of(door)
    only = Only(area=AreaCode(area) if area else None)
    sheet = await door.read(
        lambda tx: service.sheet_of(
            tx, scheme, span, policy=policy, now=now, only=only, exclusions=excluded_in(tx, span), seat_areas=reach
        )
    )  # fmt: skip
    names = {each.object: rules.name_of(By(sheet.by), each.object, policy) or {} for each in sheet.scores}
    return ScoreSheetView(sheet=sheet, placed_least=PLACED_LEAST, names=names, simulated=policy.simulated)


@get("/v1/scores/cases", guards=READ, dependencies=SPAN)
async def get_score_cases(door: Door, span: Span, scheme: str, indicator: str, object: str) -> list[CaseBehind]:
    """The cases behind a line that is no figure; of a figure /v1/figures/cases lists them."""
    policy, now, reach = door.policy, door.now, reach_of(door)
    known = scoring.scheme_of(scheme, policy)
    metric = next((each.metric for each in known.indicators if each.code == indicator), None)
    if metric is None:
        raise SchemeUnknown(f"Scheme {scheme} has no indicator {indicator[:60]!r}; see /v1/scores/schemes.")

    def read(tx: Tx) -> list[CaseBehind]:
        asked = service.asked_from(
            By(known.objects), (span.first_day, span.last_day), policy=policy, now=now, seat_areas=reach
        )  # fmt: skip
        said = behind_answer(tx, asked, metric, object, policy)
        return [CaseBehind(says=each.says, case_id=each.case_id) for each in said[:CASES_MAX]]

    return await door.read(read)


@get("/v1/scores/use", guards=READ, dependencies=SPAN)
async def get_use(door: Door, span: Span) -> UseView:
    """Our own use: which functions of the product were used, how often on which days, and which lie idle."""

    def read(tx: Tx) -> UseView:
        counts, told = use_of(fact_counts(tx, span.since, span.until)), use_list(tx, span.first_day, span.last_day)
        days = [
            DayUse(day=day, calls=sum(each.calls for each in some), functions=sum(1 for each in some if each.calls))
            for day, some in ((day, [each for each in told if each.day == day]) for day in sorted({each.day for each in told}))
        ]  # fmt: skip
        return UseView(
            first_day=span.first_day, last_day=span.last_day, called=called_of(told), days=days,
            functions=[FunctionUse(function=name, facts=count) for name, count in counts.items()],
        )  # fmt: skip

    return await door.read(read)


@get("/v1/scores/entries", guards=READ, dependencies=SPAN)
async def get_entries(door: Door, span: Span, scheme: str) -> list[EnteredView]:
    """Points beside the lines 加减分 of a period; those withdrawn too."""
    return [_entry_view(each) for each in await door.read(lambda tx: entry_list(tx, scheme, span))]


@post("/v1/scores/entries", status_code=201, guards=[needs(Permission.score_enter)])
async def post_entry_points(data: PointsAsked, door: Door) -> Response[EnteredView]:
    """Give an object points beside its lines, or take some away."""
    by, policy = door.caller.account or "", door.policy
    id = await door.change(
        lambda tx: budget.enter_points(
            tx, scheme=data.scheme, object=data.object, day=data.day, points=data.points, reason=data.reason, by=by, policy=policy
        )
    )  # fmt: skip
    return await _entry(door, id)


@post("/v1/scores/entries/{entry_id:str}/withdrawal", status_code=201, guards=[needs(Permission.score_enter)])
async def post_entry_withdrawal(entry_id: str, door: Door) -> Response[EnteredView]:
    """Count points no more that were entered."""
    by = door.caller.account or ""
    return await _entry(door, await door.change(lambda tx: budget.withdraw_points(tx, entry_id, by=by)))


async def _entry(door: Door, id: str) -> Response[EnteredView]:
    row = await door.read(lambda tx: tx.get("score_entry", EntryRow, id))
    assert row, "it was just written"
    return Response(_entry_view(row), status_code=201)


def _entry_view(row: EntryRow) -> EnteredView:
    return EnteredView(
        id=row.id, scheme=row.scheme, object=row.object, day=date.fromisoformat(row.day), points=row.points_milli / budget.MILLI,
        reason=row.reason, entered_at=row.entered_at, entered_by=row.entered_by, withdrawn_at=row.withdrawn_at,
    )  # fmt: skip


def _scheme_view(code: str, policy: Policy, day: date) -> SchemeView:
    scheme, functions = policy.scoring.schemes[code], policy.scoring.functions
    grades = functions.get(scheme.grades)
    return SchemeView(
        scheme=code, objects=By(scheme.objects), name=scheme.name, says=scheme.says, full=scheme.full, floor=scheme.floor,
        cap=scheme.cap, bonus_max=scheme.bonus_max, deduction_max=scheme.deduction_max, known_least_ppm=scheme.known_least_ppm,
        source=_source(scheme.source), grades=grades.pieces if grades else (), groups=scheme.groups,
        versions=sorted({each.since for each in scheme.indicators}),
        indicators=[
            IndicatorView(
                indicator=each.code, role=each.role, dimension=each.dimension, metric=each.metric,
                is_figure=each.metric in FIGURES, shape=functions[each.function].shape, better=functions[each.function].better,
                pieces=functions[each.function].pieces, weight=each.weight, full=each.full, least=each.least,
                baseline=each.baseline, target=each.target, unit=each.unit, name=each.name, says=each.says,
                source=_source(each.source), since=each.since, group=each.group, city_kind=each.city_kind,
            )
            for each in in_force(scheme.indicators, day)
        ],
        budget=[each for each in policy.scoring.budget if each.scheme == code],
    )  # fmt: skip


def _source(source: Any) -> str:
    return f"{source.document}; {source.clause}; {source.date}"


ROUTES: list[Any] = [
    get_scores, get_schemes, get_score_cases, get_use, get_entries, post_entry_points, post_entry_withdrawal,
]  # fmt: skip
