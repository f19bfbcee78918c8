"""The SQL of evaluating: whole rows of figures in one statement a table, and the rows behind each of them."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from cityloop.db import Tx
from cityloop.db.tx import row_to
from cityloop.domain.codes import FINE_DIGITS
from cityloop.domain.ids import AreaCode
from cityloop.domain.lifecycle import OVER, State
from cityloop.domain.time import moment
from cityloop.stages.evaluate.model import By, Counted, Item, Key, Metric, Part, Span, Tally, Who
from cityloop.stages.evaluate.model.conditions import within
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


Taken = tuple[str, datetime, datetime]  # group, beginning and end of a task that was finished in the period


class Asked(Struct, frozen=True, kw_only=True):
    """What rows are asked for. `scope` None is the whole city."""

    by: By
    span: Span
    now: datetime
    area: AreaCode | None = None
    scope: tuple[AreaCode, ...] | None = None
    fine: tuple[tuple[str, int], ...] = ()  # how keys of fine classes begin, and their length


def tally_all(tx: Tx, asked: Asked) -> tuple[dict[str, Tally], list[Taken]]:
    """Every count of every group that has any, and how long each task took; one statement for each table."""
    found: dict[str, Tally] = {}
    taken: list[Taken] = []
    for counted in Counted:
        counting = _counting(counted, asked)
        kinds: dict[int, list[list[Key]]] = {}
        for row, count in tx.tally(counting.sql, counting.width, **_params(asked)):
            simulated, marks, began_at, ended_at, *groups = row
            shares = kinds.get(marks)
            if shares is None:
                shares = [[key for key, bits in each.items() if marks & bits == bits] for each in counting.shares]
                kinds[marks] = shares
            for group, keys in zip(groups, shares, strict=True):
                if keys:
                    tally = found.setdefault(group, Tally(numbers={}))
                    tally.simulated |= bool(simulated)
                    for key in keys:
                        tally.numbers[key] = tally.numbers.get(key, 0) + count
            if began_at:
                taken += [(groups[counting.timed], moment(began_at), moment(ended_at))] * count
    return found, taken


def item_list(
    tx: Tx, asked: Asked, metric: Metric, part: Part, *, group: str | None, after: str, limit: int
) -> list[Item]:
    """The rows behind a number, by id, beginning after one; `group` None is all of them."""
    person = _group(By.person, metric.counted, metric.who)
    params = _params(asked) | {"after": after}
    only = ""
    if group is not None:
        only = f" AND {_group(asked.by, metric.counted, metric.who, asked.fine)} = :group"
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

# The rows that can count in the period, by id: so they come in the order in which they lie in the file. Cases:
# those that are open, and of those that are over whatever began before its end and ended after its beginning.
# The states of what is open are named, so that the engines walk case_queue and not an index of all cases.
_OPEN = ", ".join(f"'{state}'" for state in State if state not in OVER)
_NEAR = (
    f"SELECT id FROM case_file WHERE city = :city AND is_open = 1 AND state IN ({_OPEN}) UNION ALL "
    "SELECT id FROM case_file WHERE city = :city AND is_open = 0 AND closed_at >= :since AND opened_at < :until"
)
_CAME = f"SELECT id FROM report WHERE city = :city AND {within('received_at')}"
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
    for place, (begins, length) in enumerate(asked.fine):
        given |= {f"begins_{place}": begins, f"length_{place}": length}
    return given | {f"scope_{place}": area for place, area in enumerate(asked.scope or ())}


def _from(counted: Counted, asked: Asked) -> str:
    """The tables, and which of their rows the caller may count."""
    if counted is Counted.report:
        rows = (
            "FROM report LEFT JOIN case_file ON case_file.city = report.city AND case_file.id = report.case_id "
            f"WHERE report.city = :city AND report.id IN ({_CAME})"
        )
    else:
        first = " JOIN report ON report.city = case_file.city AND report.id = case_file.report_id"
        more = first if asked.by is By.channel else ""
        if counted is Counted.case:
            rows = f"FROM case_file{more} WHERE case_file.city = :city AND case_file.id IN ({_NEAR})"
        else:
            rows = (
                "FROM task JOIN case_file ON case_file.city = task.city AND case_file.id = task.case_id"
                f"{more} WHERE task.city = :city AND task.case_id IN ({_NEAR})"
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


def _group(by: By, counted: Counted, who: Who, fine: tuple[tuple[str, int], ...] = ()) -> str:
    match by:
        case By.all:
            return "''"
        case By.unit:
            return f"COALESCE({'task.unit, ' if counted is Counted.task else ''}case_file.unit, '')"
        case By.district | By.street | By.community:
            return f"COALESCE({_PLACE[by]}, '')"
        case By.problem_class | By.minor_class:
            key = f"COALESCE(case_file.class_key, {'report.class_key, ' if counted is Counted.report else ''}'')"
            return _minor(key, len(fine)) if fine else key
        case By.channel:
            return "report.channel"
        case By.person:
            person = _DOER if who is Who.doer else _DISPATCHER[counted] if who is Who.dispatcher else _PERSON[who]
            return f"COALESCE({person}, '')"


def _minor(key: str, kinds: int) -> str:
    """The key of the minor class: of a fine one without its last digits. `kinds`: how many forms of fine keys there are."""
    is_fine = " OR ".join(
        f"(substr({key}, 1, length(:begins_{n})) = :begins_{n} AND length({key}) = :length_{n})" for n in range(kinds)
    )
    return f"CASE WHEN {is_fine} THEN substr({key}, 1, length({key}) - {FINE_DIGITS}) ELSE {key} END"


class _Counting(Struct, frozen=True):
    """A statement whose rows are counted, and for each share of metrics the marks that the rows of a number have."""

    sql: str
    width: int
    shares: list[dict[Key, int]]
    timed: int  # the share whose times are taken


def _counting(counted: Counted, asked: Asked) -> _Counting:
    """What counts all metrics of a table: a condition is a mark, looked at once for each row.

    Where people are the groups, a row is one person's for one metric and another's for the next: a share for each.
    """
    metrics = [each for each in METRICS if each.counted is counted]
    whos = list(dict.fromkeys(each.who for each in metrics)) if asked.by is By.person else [metrics[0].who]
    sides = {(m.code, p): rows for m in metrics for p in Part if (rows := _counted(m, p)) is not None}
    parts = {rows: _conditions_in(rows, sides.values()) for rows in sides.values()}
    bits = {each: 1 << n for n, each in enumerate(dict.fromkeys(one for some in parts.values() for one in some))}
    marks = " + ".join(f"CASE WHEN {each} THEN {bit} ELSE 0 END" for each, bit in bits.items())
    timed = METRIC_OF[ELAPSED]
    columns = [f"{_SIMULATED[counted]} AS simulated", f"{marks} AS marks"]
    for name in ("given_at", "ended_at"):
        took = f"CASE WHEN {timed.denominator} THEN task.{name} END" if counted is timed.counted else "NULL"
        columns.append(f"{took} AS {name}")
    columns += [f"{_group(asked.by, counted, who, asked.fine)} AS group_{place}" for place, who in enumerate(whos)]
    shares: list[dict[Key, int]] = [{} for _ in whos]
    for (code, part), rows in sides.items():
        who = METRIC_OF[code].who if asked.by is By.person else whos[0]
        shares[whos.index(who)][code, part] = sum(bits[each] for each in parts[rows])
    sql = f"SELECT {', '.join(columns)} {_from(counted, asked)}"
    return _Counting(sql, len(columns), shares, whos.index(timed.who) if timed.who in whos else 0)


def _conditions_in(rows: str, known: Iterable[str]) -> tuple[str, ...]:
    """A condition as the wider one that it begins with, and what it adds: `of AND those`."""
    wider = max((each for each in known if rows.startswith(f"{each} AND ")), key=len, default=None)
    if wider is None:
        return (rows,)
    return (*_conditions_in(wider, known), rows.removeprefix(f"{wider} AND "))


def _counted(metric: Metric, part: Part) -> str | None:
    """The rows that a number is the count of; the numerator of a mean is none."""
    return metric.numerator if part is Part.numerator else metric.denominator
