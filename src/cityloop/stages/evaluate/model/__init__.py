"""What evaluating speaks of: metrics, figures, answers; and how it says no."""

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from cityloop.domain.errors import Invalid
from cityloop.domain.ids import AreaCode
from cityloop.domain.policy import Words

Key = tuple[str, "Part"]


class PeriodWrong(Invalid):
    """The days asked for are no period."""

    code = "evaluate.period_wrong"


class AreaUnknown(Invalid):
    """No such area in the pack."""

    code = "evaluate.area_unknown"


class MetricUnknown(Invalid):
    """No such number in the table, or no such part of it."""

    code = "evaluate.metric_unknown"


class TooMany(Invalid):
    """More lines than one export takes."""

    code = "evaluate.too_many"


class By(StrEnum):
    """How numbers are grouped."""

    all = "all"
    unit = "unit"
    district = "district"
    street = "street"
    community = "community"
    person = "person"
    problem_class = "class"
    minor_class = "minor_class"  # fine classes 细类 counted with the minor class in which they lie
    channel = "channel"


class Period(StrEnum):
    """A named period around a day."""

    day = "day"
    week = "week"  # Monday to Sunday
    month = "month"
    year = "year"


class Part(StrEnum):
    """The two numbers of a rate. A count has a numerator only."""

    numerator = "numerator"
    denominator = "denominator"


class Counted(StrEnum):
    """Of what a metric counts rows."""

    report = "report"
    case = "case"
    task = "task"


class Who(StrEnum):
    """Whose number it is when grouped by person."""

    reporter = "reporter"  # who brought the report; a resident is nobody
    decider = "decider"  # who filed or refused
    dispatcher = "dispatcher"  # who dispatched last
    doer = "doer"  # who ended the task; of one that runs, who signed for it
    closer = "closer"
    nobody = "nobody"


class Window(StrEnum):
    """What puts a row into a period."""

    event = "event"
    due = "due"
    now = "now"


class Measure(StrEnum):
    """The unit of a value."""

    count = "count"
    ppm = "ppm"  # parts per million
    min = "min"  # minutes


class Metric(Struct, frozen=True, kw_only=True):
    """A number: its words, its formula, and which rows stand above and below the line, as SQL over the spine.

    `numerator` None: minutes, summed over the rows of the denominator. `denominator` None: a count.
    Source: standards.md 1.11; windows and exclusions are choices of ours, written in `formula`.
    """

    code: str
    name: Words
    formula: Words
    counted: Counted
    who: Who
    window: Window
    numerator: str | None
    denominator: str | None = None
    measure: Measure = Measure.count


class Figure(Struct, frozen=True, kw_only=True):
    """One number with what it was made of. `formula` and `window` are codes with words in the metric table."""

    metric: str
    numerator: int
    denominator: int | None
    value: int | None  # None: nothing stands below the line
    measure: Measure
    formula: str
    window: Window


class Span(Struct, frozen=True, kw_only=True):
    """A period: local dates, both inside; and the moments in UTC, the last one outside."""

    first_day: date
    last_day: date
    since: datetime
    until: datetime
    zone: str


class Group(Struct, frozen=True, kw_only=True):
    """The numbers of one unit, area, person, class or channel; `group` is "" where there is none."""

    group: str
    name: Words | None
    simulated: bool
    figures: tuple[Figure, ...]


class Answer(Struct, frozen=True, kw_only=True):
    """Figures of a period. `scope`: the areas that the caller's seats cover; None is the whole city."""

    by: By
    span: Span
    area: AreaCode | None
    scope: tuple[AreaCode, ...] | None
    as_of: datetime
    simulated: bool
    whole: Group
    groups: tuple[Group, ...]


class Tally(Struct, kw_only=True):
    """Counted rows of one group, by metric and part; of means, the numerator is in µs."""

    numbers: dict[Key, int]
    simulated: bool = False


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
    Window.due: {
        "zh": "每件应办事项只计一次：按期办结的计入办结之日，其余计入到期之日（含提前办结）；结果计至查询时刻",
        "en": "each thing owed counts once: on the day it was done, if in time; else on the day of its deadline "
        "(so what was done early is inside); what became of it is as of the moment of asking",
    },
    Window.now: {"zh": "查询时刻的状况，与期间无关", "en": "as of the moment of asking, whatever the period"},
}
