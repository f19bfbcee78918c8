"""The SQL of evaluating: whole rows of figures in one statement a table, and the rows behind each of them."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from cityloop.db import Tx
from cityloop.db.tx import row_to
from cityloop.domain.ids import AreaCode
from cityloop.domain.time import moment
from cityloop.stages.evaluate.model import By, Counted, Item, Key, Metric, Part, Span, Tally, Who
from cityloop.stages.evaluate.model.metrics import ELAPSED, METRIC_OF, METRICS
from cityloop.stages.evaluate.rules import rows_behind

_PERSON = {
    # a report names the account, a case and a task the actor
    Who.reporter: "'account:' || report.by",
    Who.decider: "COALESCE(case_file.filed_by, CASE WHEN case_file.state = 'not_accepted' THEN case_file.closed_by END)",
    Who.closer: "CASE WHEN case_file.state = 'closed' THEN case_file.closed_by END",
    Who.nobody: "NULL",
}
_DISPATCHER = {
    Counted.case: "CASE WHEN case_file.state <> 'to_dispatch' THEN case_file.dispatched_by END",
    Counted.task: "task.given_by",
}
_DOER = "CASE WHEN COALESCE(task.outcome, '') <> 'called_off' THEN COALESCE(task.ended_by, task.signed_by) END"
_PLACE = {By.district: "case_file.district", By.street: "case_file.street", By.community: "case_file.community"}


class Asked(Struct, frozen=True, kw_only=True):
    """What rows are asked for. `scope` None is the whole city."""

    by: By
    span: Span
    now: datetime
    area: AreaCode | None = None
    scope: tuple[AreaCode, ...] | None = None


def tally_all(tx: Tx, asked: Asked) -> dict[str, Tally]:
    """Every count of every group that has any; one statement for each table that rows are counted in."""
    found: dict[str, Tally] = {}
    for counted in Counted:
        metrics = [each for each in METRICS if each.counted is counted]
        sql, places = _counting(counted, metrics, asked)
        for group, simulated, *counts in tx.all(sql, **_params(asked)):
            tally = found.setdefault(group, Tally(numbers={}))
            tally.simulated |= bool(simulated)
            for key, place in places.items():
                tally.numbers[key] = tally.numbers.get(key, 0) + int(counts[place] or 0)
    return found


def handling_times(tx: Tx, asked: Asked) -> Iterator[tuple[str, datetime, datetime]]:
    """Group, beginning and end of each task that was finished in the period."""
    metric = METRIC_OF[ELAPSED]
    group = _group(asked.by, metric.counted, metric.who)
    rows = tx.all(
        f"SELECT {group} AS grp, task.given_at, task.ended_at {_from(metric.counted, asked)} AND {metric.denominator}",
        **_params(asked),
    )
    return ((row.grp, moment(row.given_at), moment(row.ended_at)) for row in rows)


def item_list(
    tx: Tx, asked: Asked, metric: Metric, part: Part, *, group: str | None, after: str, limit: int
) -> list[Item]:
    """The rows behind a number, by id, beginning after one; `group` None is all of them."""
    person = _group(By.person, metric.counted, metric.who)
    params = _params(asked) | {"after": after}
    only = ""
    if group is not None:
        only = f" AND {_group(asked.by, metric.counted, metric.who)} = :group"
        params["group"] = group
    id = f"{_TABLE[metric.counted]}.id"
    rows = tx.all(
        f"SELECT {id} AS id, '{metric.counted}' AS counted, {_SHOWN[metric.counted]}, {_CASE_SHOWN}, "
        f"NULLIF({person}, '') AS person {_from(metric.counted, asked)} AND {rows_behind(metric, part)}{only} "
        f"AND {id} > :after ORDER BY {id} LIMIT {int(limit)}",
        **params,
    )
    return [row_to(Item, row) for row in rows]


# the parts of a statement

_TABLE = {Counted.report: "report", Counted.case: "case_file", Counted.task: "task"}
_SIMULATED = {each: f"{_TABLE[each]}.simulated" for each in (Counted.report, Counted.case)}
_SIMULATED[Counted.task] = "case_file.simulated"
_CASE_SHOWN = (
    "case_file.id AS case_id, case_file.number, case_file.state, case_file.district, case_file.street, "
    "case_file.community"
)
_SHOWN = {
    Counted.report: "COALESCE(case_file.class_key, report.class_key) AS class_key, case_file.unit, report.received_at "
    "AS began_at, NULL AS due_at, NULL AS ended_at, NULL AS outcome, report.simulated",
    Counted.case: "case_file.class_key, case_file.unit, case_file.opened_at AS began_at, "
    "COALESCE(case_file.due_at, case_file.clock_due) AS due_at, case_file.closed_at AS ended_at, "
    "case_file.refused_for AS outcome, case_file.simulated",
    Counted.task: "case_file.class_key, COALESCE(task.unit, case_file.unit) AS unit, task.given_at AS began_at, "
    "task.due_at, task.ended_at, task.outcome, case_file.simulated",
}


def _params(asked: Asked) -> dict[str, object]:
    given: dict[str, object] = {"since": asked.span.since, "until": asked.span.until, "now": asked.now}
    if asked.area is not None:
        given["area"] = asked.area
    return given | {f"scope_{place}": area for place, area in enumerate(asked.scope or ())}


def _from(counted: Counted, asked: Asked) -> str:
    """The tables, and which of their rows the caller may count."""
    if counted is Counted.report:
        rows = (
            "FROM report LEFT JOIN case_file ON case_file.city = report.city AND case_file.id = report.case_id "
            "WHERE report.city = :city"
        )
    else:
        first = " JOIN report ON report.city = case_file.city AND report.id = case_file.report_id"
        more = first if asked.by is By.channel else ""
        if counted is Counted.case:
            rows = f"FROM case_file{more} WHERE case_file.city = :city"
        else:
            rows = (
                "FROM task JOIN case_file ON case_file.city = task.city AND case_file.id = task.case_id"
                f"{more} WHERE task.city = :city"
            )
    if asked.area is not None:
        rows += f" AND {_inside('area')}"
    if asked.scope is not None:
        seen = " OR ".join(_inside(f"scope_{place}") for place in range(len(asked.scope)))
        rows += f" AND ({seen or '1 = 0'})"
    return rows


def _inside(name: str) -> str:
    """That the cell lies in an area: the codes of areas are prefixes of it."""
    return f"substr(case_file.cell, 1, length(:{name})) = :{name}"


def _group(by: By, counted: Counted, who: Who) -> str:
    match by:
        case By.all:
            return "''"
        case By.unit:
            return f"COALESCE({'task.unit, ' if counted is Counted.task else ''}case_file.unit, '')"
        case By.district | By.street | By.community:
            return f"COALESCE({_PLACE[by]}, '')"
        case By.problem_class:
            return f"COALESCE(case_file.class_key, {'report.class_key, ' if counted is Counted.report else ''}'')"
        case By.channel:
            return "report.channel"
        case By.person:
            person = _DOER if who is Who.doer else _DISPATCHER[counted] if who is Who.dispatcher else _PERSON[who]
            return f"COALESCE({person}, '')"


def _counting(counted: Counted, metrics: list[Metric], asked: Asked) -> tuple[str, dict[Key, int]]:
    """The statement that counts all metrics of a table, and the column of each number.

    Where people are the groups, a row is one person's for one metric and another's for the next: a SELECT for each.
    """
    sides = {(m.code, p): rows for m in metrics for p in Part if (rows := _counted(m, p)) is not None}
    columns = {rows: place for place, rows in enumerate(dict.fromkeys(sides.values()))}
    shares = dict.fromkeys(metric.who for metric in metrics) if asked.by is By.person else {metrics[0].who: None}
    selects = []
    for who in shares:
        mine = {sides[key] for key in sides if asked.by is not By.person or METRIC_OF[key[0]].who is who}
        sums = ", ".join(
            f"{f'sum(CASE WHEN {rows} THEN 1 ELSE 0 END)' if rows in mine else '0'} AS n{place}"
            for rows, place in columns.items()
        )
        wanted = " OR ".join(f"({rows})" for rows in _widest(mine))
        selects.append(
            f"SELECT {_group(asked.by, counted, who)} AS grp, max({_SIMULATED[counted]}) AS simulated, {sums} "
            f"{_from(counted, asked)} AND ({wanted}) GROUP BY 1"
        )
    return " UNION ALL ".join(selects), {key: columns[rows] for key, rows in sides.items()}


def _widest(conditions: Iterable[str]) -> list[str]:
    """The conditions that are no narrower form of another, those first that cost least."""
    known = set(conditions)
    wide = [rows for rows in known if not any(rows.startswith(f"{wider} AND ") for wider in known)]
    return sorted(wide, key=lambda rows: ("SELECT" in rows, rows))


def _counted(metric: Metric, part: Part) -> str | None:
    """The rows that a number is the count of; the numerator of a mean is none."""
    return metric.numerator if part is Part.numerator else metric.denominator
