"""The rows behind a number, by the same conditions that count them."""

from msgspec import Struct
from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.db.tx import row_to
from cityloop.stages.evaluate.model import By, Counted, Item, Metric, Part
from cityloop.stages.evaluate.store.rows import (
    TABLE,
    Asked,
    below,
    group_of,
    inside,
    names,
    numbered,
    params_of,
    tables,
)
from cityloop.stages.evaluate.store.then import Then

_SHOWN = {
    Counted.report: {
        "class_key": "COALESCE(case_file.class_key, report.class_key)", "unit": "case_file.unit", "began_at": "report.received_at",
        "due_at": "NULL", "ended_at": "NULL", "outcome": "NULL", "simulated": "report.simulated",
    },
    Counted.case: {
        "class_key": "case_file.class_key", "unit": "case_file.unit", "began_at": "case_file.opened_at",
        "due_at": "COALESCE(case_file.due_at, case_file.clock_due)", "ended_at": "case_file.closed_at",
        "outcome": "case_file.refused_for", "simulated": "case_file.simulated",
    },
    Counted.task: {
        "class_key": "case_file.class_key", "unit": "COALESCE(task.unit, case_file.unit)", "began_at": "task.given_at",
        "due_at": "task.due_at", "ended_at": "task.ended_at", "outcome": "task.outcome", "simulated": "case_file.simulated",
    },
    Counted.hold: {
        "class_key": "case_file.class_key", "unit": "case_file.unit", "began_at": "hold.since", "due_at": "hold.until",
        "ended_at": "hold.ended_at", "outcome": "hold.kind", "simulated": "case_file.simulated",
    },
}  # fmt: skip
_OF_ITS_CASE = ("number", "state", "district", "street", "community")


LEFT_OUT_AT_ONCE = 64


class Listing(Struct, frozen=True):
    """Which rows of a table are listed: what each shows by name, what must hold of it, and what the names stand for."""

    counted: Counted
    asked: Asked
    shown: dict[str, str]
    holds: tuple[str, ...]
    params: dict[str, object]


def item_list(
    tx: Tx | Then,
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
    listing = _listing(asked, metric, part, group, cells)
    if listing is None:
        return []
    if isinstance(tx, Then):
        from cityloop.stages.evaluate.store.wide_counting import listed_then  # Ibis takes a while to load

        return listed_then(tx, listing.asked, metric.counted, listing.shown, listing.holds, listing.params | {"after": after}, limit)
    id = listing.shown["id"]
    shown = ", ".join(f"{text} AS {name}" for name, text in listing.shown.items())
    holds = "".join(f" AND {each}" for each in listing.holds)
    found = tx.all(
        f"SELECT {shown} {tables(metric.counted, listing.asked)}{holds} AND {id} > :after ORDER BY {id} LIMIT {int(limit)}",
        **listing.params, after=after,
    )  # fmt: skip
    return [row_to(Item, row) for row in found]


def _listing(asked: Asked, metric: Metric, part: Part, group: str | None, cells: tuple[str, ...]) -> Listing | None:
    """What is listed; None where nothing can be."""
    counted = metric.counted
    known = asked
    if asked.is_over_time and group is not None:
        bucket = next((each for each in asked.buckets if each.key == group), None)
        if bucket is not None and metric.rows.moments:
            known = replace(asked, span=replace(asked.span, since=bucket.since, until=bucket.until))
        elif metric.rows.moments or group != "":
            return None
    person = group_of(By.person, counted, metric.who)
    params = params_of(known) | numbered("cell", cells)
    holds = [below(metric)]
    out = sorted({each.case_id for each in asked.left_out or () if not each.metrics or metric.code in each.metrics})
    if out:
        size = -(-len(out) // LEFT_OUT_AT_ONCE) * LEFT_OUT_AT_ONCE  # few shapes of a question, for the archive's sake
        params |= numbered("left_out", [*out, *out[-1:] * (size - len(out))])
        holds.append(f"(case_file.id IS NULL OR case_file.id NOT IN ({names('left_out', size)}))")
    if metric.those is not None and part is Part.numerator:
        holds.append(metric.those)
    if group is not None and not asked.is_over_time:
        stands = group_of(asked.by, counted, metric.who)
        if asked.by is By.grid:
            has = f"{stands} {'' if group else 'NOT '}IN ({names('cell', len(cells))})"
            holds += [has] if cells else [] if group == "" else ["1 = 0"]
        else:  # of a wider class, whose key begins those of what lies in it
            wider = group and asked.by in (By.minor_class, By.major)
            holds.append(inside("group", stands) if wider else f"{stands} = :group")
            params["group"] = group
    shown = {"id": f"{TABLE[counted]}.id", "counted": f"'{counted}'"} | _SHOWN[counted] | {"case_id": "case_file.id"}
    shown |= {name: f"case_file.{name}" for name in _OF_ITS_CASE} | {"person": f"NULLIF({person}, '')"}
    return Listing(counted, known, shown, tuple(holds), params)
