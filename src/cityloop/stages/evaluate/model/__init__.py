"""What evaluating speaks of: metrics, figures, answers; and how it says no."""

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from cityloop.domain.errors import Invalid
from cityloop.domain.ids import AreaCode
from cityloop.domain.policy import FigureReadings, Words

Key = tuple[str, "Part"]


class PeriodWrong(Invalid):
    """The days asked for are no period."""

    code = "evaluate.period_wrong"


class AreaUnknown(Invalid):
    """No such area in the pack."""

    code = "evaluate.area_unknown"


class FilterUnknown(Invalid):
    """No such duty grid, class or unit in the pack."""

    code = "evaluate.filter_unknown"


class MetricUnknown(Invalid):
    """No such number in the table, or no such part of it."""

    code = "evaluate.metric_unknown"


class TooMany(Invalid):
    """More lines than one export takes, or more groups than one answer."""

    code = "evaluate.too_many"


class By(StrEnum):
    """How numbers are grouped."""

    all = "all"
    unit = "unit"
    district = "district"
    street = "street"
    community = "community"
    cell = "cell"
    grid = "grid"  # duty grid 责任网格
    component = "component"  # the registered thing 部件, or the shop at whose door it was
    person = "person"
    problem_class = "class"  # as filed: a minor class 小类 or a fine class 细类
    minor_class = "minor_class"  # fine classes counted with the minor class in which they lie
    major = "major"  # major class 大类
    channel = "channel"
    day = "day"
    week = "week"
    month = "month"
    quarter = "quarter"
    year = "year"


class Period(StrEnum):
    """A named period around a day."""

    day = "day"
    week = "week"  # Monday to Sunday
    month = "month"
    quarter = "quarter"
    year = "year"


OVER_TIME = {By(each.value): each for each in Period}  # groupings into the calendar's own periods


class Against(StrEnum):
    """What a period is compared with."""

    before = "before"  # 环比: the period before, of the same kind
    year = "year"  # 同比: the same period of the year before


class Known(StrEnum):
    """Whether the city was there in a period."""

    whole = "whole"
    part = "part"  # its first report came inside
    none = "none"


class Part(StrEnum):
    """The two numbers of a rate. A count has a numerator only."""

    numerator = "numerator"
    denominator = "denominator"


class Counted(StrEnum):
    """Of what a metric counts rows."""

    report = "report"
    case = "case"
    task = "task"
    hold = "hold"  # 挂账、缓办


class Who(StrEnum):
    """Whose number it is when grouped by person."""

    reporter = "reporter"  # who brought the report; a resident is nobody
    accepter = "accepter"  # who took the case up, where it was not the one who filed it
    decider = "decider"  # who filed or refused
    dispatcher = "dispatcher"  # who dispatched last
    doer = "doer"  # who ended the task; of one that runs, who signed for it
    closer = "closer"
    nobody = "nobody"


class Job(StrEnum):
    """Whose work a metric tells of: a role of the base pack."""

    collector = "collector"  # 采集员
    acceptor = "acceptor"  # 受理员
    duty_leader = "duty_leader"  # 值班长
    dispatcher = "dispatcher"  # 派遣员
    handler = "handler"  # 处置人员


class Window(StrEnum):
    """What puts a row into a period."""

    event = "event"
    settled = "settled"
    deadline = "deadline"
    either = "either"
    begun = "begun"
    now = "now"


class Measure(StrEnum):
    """The unit of a value."""

    count = "count"
    ppm = "ppm"  # parts per million
    min = "min"  # minutes


class Rows(Struct, frozen=True):
    """Which rows count, as SQL over the spine, and the moments that put each into a period; none: as of now."""

    where: str
    moments: tuple[str, ...] = ()


class Metric(Struct, frozen=True, kw_only=True):
    """A number: its words, its formula, and which rows stand below the line, and which of them above it.

    A count is of those above it, or of all where `those` is None; minutes are what the rows `took` from one moment to
    another.
    Source: standards.md 1.11; windows and exclusions are choices of ours, or of the pack, written in `formula`.
    """

    code: str
    name: Words
    formula: Words
    counted: Counted
    who: Who
    job: Job
    window: Window
    rows: Rows
    those: str | None = None
    took: tuple[str, str] | None = None
    measure: Measure = Measure.count

    @property
    def sides(self) -> tuple[Part, ...]:
        """The numbers that are counts of rows: a count has one, a rate two, of minutes only what they were taken over."""
        if self.measure is Measure.count:
            return (Part.numerator,)
        return (Part.denominator,) if self.measure is Measure.min else tuple(Part)


class Change(Struct, frozen=True, kw_only=True):
    """A number of another period, and what became of it. Empty where the city was not there, or nothing stood below.

    Units: `difference` in the figure's own measure (of rates parts per million: 10,000 are a percentage point);
    `change_ppm` of the earlier value, for counts and minutes; None where that was nothing.
    """

    against: Against
    numerator: int | None
    denominator: int | None
    value: int | None
    difference: int | None
    change_ppm: int | None


class Figure(Struct, frozen=True, kw_only=True):
    """One number with what it was made of. `formula` and `window` are codes with words in the metric table."""

    metric: str
    numerator: int
    denominator: int | None
    value: int | None  # None: nothing stands below the line
    measure: Measure
    formula: str
    window: Window
    changes: tuple[Change, ...] = ()


class Span(Struct, frozen=True, kw_only=True):
    """A period: local dates, both inside; and the moments in UTC, the last one outside. `kind` None: any run of days."""

    first_day: date
    last_day: date
    since: datetime
    until: datetime
    zone: str
    kind: Period | None = None


class Bucket(Struct, frozen=True, kw_only=True):
    """A calendar period inside a span, as far as it lies there: 2026-03-02, 2026-W10, 2026-03, 2026-Q1, 2026."""

    key: str
    since: datetime
    until: datetime


class Compared(Struct, frozen=True, kw_only=True):
    """A period that was compared with. Working days tell of holidays that moved."""

    against: Against
    span: Span
    days: int
    working_days: int
    known: Known


class Group(Struct, frozen=True, kw_only=True):
    """The numbers of one unit, area, person, class, channel or calendar period; `group` is "" where there is none."""

    group: str
    name: Words | None
    simulated: bool
    figures: tuple[Figure, ...]


class Only(Struct, frozen=True, kw_only=True):
    """What is counted only: an area or cell, a duty grid, a class or its beginning, a channel, a unit; a job's metrics."""

    area: AreaCode | None = None
    grid: str | None = None
    problem_class: str | None = None
    channel: str | None = None
    unit: str | None = None
    job: Job | None = None


class Answer(Struct, frozen=True, kw_only=True):
    """Figures of a period, with all that it takes to count them again.

    `scope`: the areas that the caller's seats cover; None is the whole city. `seq`: the size of the journal that they
    follow from; `pack`: the version whose readings and calendar they follow.
    """

    by: By
    span: Span
    days: int
    working_days: int
    running: bool  # the period is not over
    area: AreaCode | None
    only: Only
    scope: tuple[AreaCode, ...] | None
    as_of: datetime
    seq: int
    pack: str
    readings: FigureReadings
    windows: dict[str, Words]
    compared: tuple[Compared, ...]
    simulated: bool
    whole: Group
    groups: tuple[Group, ...]
    excluded: int = 0  # 剔除: cases of the period that do not count, in some numbers or in all


class Point(Struct, frozen=True, kw_only=True):
    """A number of one calendar period. `value` None: nothing stands below the line."""

    numerator: int
    denominator: int | None
    value: int | None


class Serie(Struct, frozen=True, kw_only=True):
    """The numbers of one group, a point for each period of the answer; the whole of them for all its days."""

    group: str
    name: Words | None
    simulated: bool
    points: tuple[Point, ...]
    whole: Point


class SeriesAnswer(Struct, frozen=True, kw_only=True):
    """One metric over time, for each unit, area, person, class or channel at once; counted in one statement."""

    metric: str
    measure: Measure
    window: Window
    by: By
    every: By
    span: Span
    periods: tuple[str, ...]  # 2026-03-02, 2026-W10, 2026-03 …
    running: bool  # the last period is not over
    only: Only
    scope: tuple[AreaCode, ...] | None
    as_of: datetime
    seq: int
    pack: str
    simulated: bool
    whole: Serie
    groups: tuple[Serie, ...]


class Tally(Struct, kw_only=True):
    """Counted rows of one group, by metric and part; of means, the numerator is in µs."""

    numbers: dict[Key, int]
    simulated: int = 0  # how often a simulated row was counted


class Taken(NamedTuple):
    """How long the rows of a group took, and the metrics that sum it. Units: µs since 1970."""

    group: str
    metrics: tuple[str, ...]
    began: NDArray[np.int64]
    ended: NDArray[np.int64]
    times: NDArray[np.int64] | None = None  # how often each comes; None: once


class Item(Struct, frozen=True, kw_only=True):
    """One row behind a number: a report, a case or a task, always with its case if it has one."""

    id: str
    counted: Counted
    case_id: str | None
    number: str | None
    state: str | None
    class_key: str | None
    unit: str | None
    district: str | None
    street: str | None
    community: str | None
    person: str | None
    began_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    outcome: str | None
    simulated: bool


WINDOWS: dict[Window, Words] = {
    Window.event: {"zh": "在本期内发生", "en": "it happened in the period"},
    Window.settled: {
        "zh": "每件应办事项只计一次：按期办结的计入办结之日，其余计入到期之日（含提前办结）；结果计至查询时刻",
        "en": "each thing owed counts once: on the day it was done, if in time; else on the day of its deadline "
        "(so what was done early is inside); what became of it is as of the moment of asking",
    },
    Window.deadline: {
        "zh": "时限在本期内到期的，不论何时办结；结果计至查询时刻",
        "en": "its deadline falls in the period, whenever it was done; what became of it is as of the moment of asking",
    },
    Window.either: {
        "zh": "时限在本期内到期的，以及时限在后而本期内提前办结的（可能在两期各计一次）；结果计至查询时刻",
        "en": "its deadline falls in the period, or it was done in the period ahead of a later deadline (so it may count "
        "in two periods); what became of it is as of the moment of asking",
    },
    Window.begun: {
        "zh": "本期内交办（处置）或立案（结案）的，不论何时到期；结果计至查询时刻",
        "en": "given (to handle) or filed (to close) in the period, whenever it is due; what became of it is as of the "
        "moment of asking",
    },
    Window.now: {"zh": "查询时刻的状况，与期间无关", "en": "as of the moment of asking, whatever the period"},
}
