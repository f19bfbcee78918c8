"""The rows behind a number, by the same conditions that count them."""

from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.db.tx import row_to
from cityloop.stages.evaluate.model import By, Counted, Item, Metric, Part
from cityloop.stages.evaluate.store.rows import TABLE, Asked, below, group_of, names, numbered, params_of, tables

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
    Counted.hold: "case_file.class_key, case_file.unit, hold.since AS began_at, hold.until AS due_at, hold.ended_at, "
    "hold.kind AS outcome, case_file.simulated",
}


def item_list(
    tx: Tx,
    asked: Asked,
    metric: Metric,
    part: Part,
    *,
    group: str | None,
    cells: tuple[str, ...] = (),
    after: str,
    limit: int,
) -> list[Item]:
    """The rows behind a number, by id, beginning after one; `group` None is all of them.

    Of a duty grid `cells` are those that it has, and of "" those that any grid has.
    """
    known = asked
    if asked.is_over_time and group is not None:
        bucket = next((each for each in asked.buckets if each.key == group), None)
        if bucket is not None and metric.rows.moments:
            known = replace(asked, span=replace(asked.span, since=bucket.since, until=bucket.until))
        elif metric.rows.moments or group != "":
            return []
    person = group_of(By.person, metric.counted, metric.who)
    params = params_of(known) | {"after": after} | numbered("cell", cells)
    rows = f"{tables(metric.counted, known)} AND {below(metric)}"
    if metric.those is not None and part is Part.numerator:
        rows += f" AND {metric.those}"
    if group is not None and asked.by is By.grid:
        has = f"{group_of(asked.by, metric.counted, metric.who)} {'' if group else 'NOT '}IN ({names('cell', len(cells))})"
        rows += f" AND {has}" if cells else "" if group == "" else " AND 1 = 0"
    elif group and asked.by in (By.minor_class, By.major):  # whose keys begin those of what lies in them
        rows += f" AND substr({group_of(asked.by, metric.counted, metric.who)}, 1, length(:group)) = :group"
        params["group"] = group
    elif group is not None and not asked.is_over_time:
        rows += f" AND {group_of(asked.by, metric.counted, metric.who)} = :group"
        params["group"] = group
    id = f"{TABLE[metric.counted]}.id"
    found = tx.all(
        f"SELECT {id} AS id, '{metric.counted}' AS counted, {_SHOWN[metric.counted]}, {_CASE_SHOWN}, "
        f"NULLIF({person}, '') AS person {rows} AND {id} > :after ORDER BY {id} LIMIT {int(limit)}",
        **params,
    )
    return [row_to(Item, row) for row in found]
