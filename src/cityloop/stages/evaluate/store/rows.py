"""The parts of a statement: which rows can count, who may count them, and the group that each stands in."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from cityloop.domain.ids import AreaCode
from cityloop.domain.lifecycle import OVER, State
from cityloop.domain.policy import DueReading, FigureReadings
from cityloop.stages.evaluate.model import OVER_TIME, Bucket, By, Counted, Metric, Only, Span, Who
from cityloop.stages.evaluate.model.metrics import metrics_by
from cityloop.stages.evaluate.model.scoring import Excluded

_DECIDER = "COALESCE(case_file.filed_by, CASE WHEN case_file.state = 'not_accepted' THEN case_file.closed_by END)"
_PERSON = {
    # a report names the account, a case and a task the actor
    Who.reporter: "'account:' || report.by",
    Who.accepter: f"COALESCE(case_file.accepted_by, {_DECIDER})",
    Who.decider: _DECIDER,
    Who.closer: "COALESCE(case_file.first_closed_by, CASE WHEN case_file.state = 'closed' THEN case_file.closed_by END)",
    Who.nobody: "NULL",
}
_DISPATCHER = {
    Counted.case: "CASE WHEN case_file.state <> 'to_dispatch' THEN case_file.dispatched_by END",
    Counted.task: "task.given_by",
}
_DOER = "CASE WHEN COALESCE(task.outcome, '') <> 'called_off' THEN COALESCE(task.ended_by, task.signed_by) END"
_AREA = {
    By.district: "case_file.district",
    By.street: "case_file.street",
    By.community: "case_file.community",
    By.cell: "case_file.cell",
    By.component: "case_file.component",
    By.grid: "case_file.cell",  # the pack says which grid has a cell
}
TABLE = {Counted.report: "report", Counted.case: "case_file", Counted.task: "task", Counted.hold: "hold"}

# The rows that can count in the period, by id: so they come in the order in which they lie in the file. Cases:
# those that are open, and of those that are over whatever began before its end and ended after its beginning.
# The states of what is open are named, so that the engines walk case_queue and not an index of all cases.
_OPEN = ", ".join(f"'{state}'" for state in State if state not in OVER)
_NEAR = (
    f"SELECT id FROM case_file WHERE city = :city AND is_open = 1 AND state IN ({_OPEN}) UNION ALL "
    "SELECT id FROM case_file WHERE city = :city AND is_open = 0 AND closed_at >= :since AND opened_at < :until UNION ALL "
    # imported, and when it ended is not told
    "SELECT id FROM case_file WHERE city = :city AND is_open = 0 AND closed_at IS NULL AND opened_at < :until"
)
# Where a deadline puts a row into a period, so does one that came after the end of its case.
_DUE_AFTER = (
    " UNION ALL SELECT case_id FROM task WHERE city = :city AND kind = 'handle' AND overdue = 0 AND due_at >= :since "
    "AND due_at < :until"
)
_CAME = "SELECT id FROM report WHERE city = :city AND received_at >= :since AND received_at < :until"


class Asked(Struct, frozen=True, kw_only=True):
    """What rows are asked for. `scope` None is the whole city; `cells` are those of the duty grid that is asked for."""

    by: By
    span: Span
    now: datetime
    readings: FigureReadings = FigureReadings()
    only: Only = Only()
    cells: tuple[str, ...] = ()
    buckets: tuple[Bucket, ...] = ()  # of a grouping over time
    scope: tuple[AreaCode, ...] | None = None
    across: By | None = None  # of a series: the groups that stand in each calendar period
    metric: str | None = None  # only this one
    cases: tuple[str, ...] | None = None  # only these
    left_out: tuple[Excluded, ...] | None = None  # 剔除; None: what was granted

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The numbers that are asked for."""
        known = metrics_by(self.readings).values()
        return tuple(
            each for each in known if self.only.job in (None, each.job) and self.metric in (None, each.code)
        )  # fmt: skip

    @property
    def groups(self) -> By:
        """What tells the groups of rows."""
        return self.across or self.by

    @property
    def is_over_time(self) -> bool:
        return self.by in OVER_TIME


def params_of(asked: Asked) -> dict[str, object]:
    """What the names in a statement stand for."""
    given: dict[str, object] = {"since": asked.span.since, "until": asked.span.until, "now": asked.now}
    only = asked.only
    named = {"area": only.area, "class": only.problem_class, "channel": only.channel, "unit": only.unit}
    given |= {name: value for name, value in named.items() if value is not None}
    given |= numbered("only_cell", asked.cells) | numbered("scope", asked.scope or ())
    given |= numbered("only_case", asked.cases or ())
    return given | numbered("edge", [each.since for each in asked.buckets])


def numbered(name: str, values: Iterable[object]) -> dict[str, object]:
    """name_0, name_1 … for each value."""
    return {f"{name}_{place}": value for place, value in enumerate(values)}


def names(name: str, count: int) -> str:
    """The names of so many values, as a list in SQL."""
    return ", ".join(f":{name}_{place}" for place in range(count))


def within(moments: Iterable[str], since: str = ":since", until: str = ":until") -> str:
    """That one of the moments lies in the period."""
    found = [f"{each} >= {since} AND {each} < {until}" for each in moments]
    return found[0] if len(found) == 1 else "(" + " OR ".join(found) + ")"


def below(metric: Metric) -> str:
    """The rows below the line, or that are counted."""
    rows = metric.rows
    return f"{rows.where} AND {within(rows.moments)}" if rows.moments else rows.where


def tables(counted: Counted, asked: Asked) -> str:
    """The tables, and which of their rows the caller may count."""
    first = " JOIN report ON report.city = case_file.city AND report.id = case_file.report_id"
    near = _NEAR if asked.readings.due_window in (DueReading.settled, DueReading.begun) else _NEAR + _DUE_AFTER
    if counted is Counted.report:
        rows = (
            "FROM report LEFT JOIN case_file ON case_file.city = report.city AND case_file.id = report.case_id "
            f"WHERE report.city = :city AND report.id IN ({_CAME})"
        )
    elif counted is Counted.case:
        rows = f"FROM case_file{first} WHERE case_file.city = :city AND case_file.id IN ({near})"
    elif counted is Counted.hold:
        more = first if asked.groups is By.channel or asked.only.channel else ""
        rows = (
            "FROM hold JOIN case_file ON case_file.city = hold.city AND case_file.id = hold.case_id"
            f"{more} WHERE hold.city = :city AND {within(('hold.since',))}"
        )
    else:
        more = first if asked.groups is By.channel or asked.only.channel else ""
        rows = (
            "FROM task JOIN case_file ON case_file.city = task.city AND case_file.id = task.case_id"
            f"{more} WHERE task.city = :city AND task.case_id IN ({near})"
        )
    return rows + "".join(f" AND {each}" for each in limits_of(counted, asked))


def limits_of(counted: Counted, asked: Asked) -> tuple[str, ...]:
    """What else must hold of a row: that it is asked for, and that the caller may count it."""
    return tuple(_only(counted, asked))


def _only(counted: Counted, asked: Asked) -> Iterable[str]:
    only = asked.only
    if only.area is not None:
        yield inside("area")
    if only.grid is not None:
        yield f"case_file.cell IN ({names('only_cell', len(asked.cells))})"
    if only.problem_class is not None:
        yield inside("class", _class_of(counted))
    if only.channel is not None:
        yield "report.channel = :channel"
    if only.unit is not None:
        yield f"{_unit_of(counted)} = :unit"
    if asked.cases is not None:
        yield f"case_file.id IN ({names('only_case', len(asked.cases))})"
    if asked.scope is not None:
        yield inside_any("scope", len(asked.scope))


def inside(name: str, column: str = "case_file.cell") -> str:
    """That a cell, or whatever a code tells, lies in an area, a class: their codes are prefixes of it."""
    return f"substr({column}, 1, length(:{name})) = :{name}"


def inside_any(name: str, count: int, column: str = "case_file.cell") -> str:
    """That it lies in one of so many; in none of none."""
    return f"({' OR '.join(inside(f'{name}_{place}', column) for place in range(count)) or '1 = 0'})"


def _unit_of(counted: Counted) -> str:
    return f"COALESCE({'task.unit, ' if counted is Counted.task else ''}case_file.unit, '')"


def _class_of(counted: Counted) -> str:
    return f"COALESCE(case_file.class_key, {'report.class_key, ' if counted is Counted.report else ''}'')"


def group_of(by: By, counted: Counted, who: Who) -> str:
    """The group that a row stands in, or what tells it; of a grouping over time, its moments tell."""
    match by:
        case By.unit:
            return _unit_of(counted)
        case By.district | By.street | By.community | By.cell | By.component | By.grid:
            return f"COALESCE({_AREA[by]}, '')"
        case By.problem_class | By.minor_class | By.major:
            return _class_of(counted)  # what a key lies in, its format tells
        case By.channel:
            return "report.channel"
        case By.person:
            person = _DOER if who is Who.doer else _DISPATCHER[counted] if who is Who.dispatcher else _PERSON[who]
            return f"COALESCE({person}, '')"
        case _:
            return "''"
