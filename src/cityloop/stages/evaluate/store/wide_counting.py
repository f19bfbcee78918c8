"""The same figures over the archive: as of any fact, by whichever engine reads it wide. The conditions are those of `model/`."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
from ibis import Table as Rows

from cityloop.domain.calendar import EPOCH, epoch_us
from cityloop.domain.policy import DueReading
from cityloop.stages.evaluate.model import By, Counted, Item
from cityloop.stages.evaluate.store.marks import Counting, Kind
from cityloop.stages.evaluate.store.rows import Asked, limits_of, params_of
from cityloop.stages.evaluate.store.then import Then
from cityloop.wide.said import Said, called, columns_named
from cityloop.wide.spine import Spine

_NEAR = (
    "case_file.is_open = 1 OR case_file.opened_at < :until AND (case_file.closed_at >= :since OR case_file.closed_at IS NULL)"
)
_DUE_AFTER = (
    " OR EXISTS (SELECT 1 FROM task AS after WHERE after.city = case_file.city AND after.case_id = case_file.id "
    "AND after.kind = 'handle' AND after.overdue = 0 AND after.due_at >= :since AND after.due_at < :until)"
)
_CAME = "report.received_at >= :since AND report.received_at < :until"
_MOMENTS = ("began_at", "due_at", "ended_at")
_KEYS = (_NEAR, _CAME, "hold.since = hold.case_id", "task.case_id", "report.case_id", "case_file.report_id")
_HELD = "hold.since >= :since AND hold.since < :until"


def kinds_then(then: Then, asked: Asked, counting: Counting) -> Iterable[Kind]:
    """The kinds of rows that there are, with what they took; one statement."""
    given = in_us(params_of(asked))
    found = then.rows(
        (counting.counted, counting.columns, counting.took, limits_of(counting.counted, asked), asked.readings, asked.groups),
        partial(_counted, then.spine, asked, counting, words_of(given)),
        given,
    )  # fmt: skip
    kinds = zip(*(found[name].to_pylist() for name, _ in counting.columns), strict=True)
    counts = found["rows_counted"].to_pylist()
    if counting.took is None:
        yield from ((kind, count, ()) for kind, count in zip(kinds, counts, strict=True))
        return
    spans = [_split(found[name].combine_chunks()) for name in ("began_at", "ended_at")]
    for kind, count, began, ended in zip(kinds, counts, *spans, strict=True):
        yield kind, count, (began, ended) if began.size else ()


def listed_then(
    then: Then, asked: Asked, counted: Counted, shown: dict[str, str], holds: tuple[str, ...], params: dict[str, object], limit: int
) -> list[Item]:
    """The rows behind a number, by id, after `:after`."""
    given = in_us(params)

    def make() -> Rows:
        after = f"{shown['id']} > :after"
        said = rows_then(then.spine, asked, counted, [*shown.values(), *holds, after], words_of(given))
        rows = said.rows.filter(*(said(each) for each in (*holds, after)))
        said.rows = rows
        return rows.select(**{name: said(text) for name, text in shown.items()}).order_by("id").limit(limit)

    key = (counted, tuple(shown.items()), holds, limit, limits_of(counted, asked), asked.readings, asked.groups)
    found = then.rows(key, make, given).to_pylist()
    for row in found:
        for name in _MOMENTS:
            row[name] = None if row[name] is None else EPOCH + timedelta(microseconds=row[name])
    return msgspec.convert(found, list[Item], strict=False)


def in_us(params: dict[str, object]) -> dict[str, int | str]:
    """What the names in a condition stand for. Units: moments in µs since 1970."""
    return {name: epoch_us(each) if isinstance(each, datetime) else each for name, each in params.items()}  # type: ignore[misc]


def words_of(given: dict[str, int | str]) -> tuple[str, ...]:
    """The names that stand for texts."""
    return tuple(name for name, value in given.items() if isinstance(value, str))


def rows_then(spine: Spine, asked: Asked, counted: Counted, texts: Iterable[str], words: Iterable[str]) -> Said:
    """The rows of a table that can count in the period and that the caller may count, and what is said of each."""
    words = tuple(words)
    read = partial(Said, spine, texts_given=words)
    limits = limits_of(counted, asked)
    rows = _joined(spine, asked, counted, columns_named([*limits, *texts, *_KEYS]), read)
    said = read(rows, [*limits, *texts])
    said.rows = said.rows.filter(*(said(each) for each in limits)) if limits else said.rows
    return said


def _joined(
    spine: Spine, asked: Asked, counted: Counted, named: frozenset[tuple[str, str]], read: Callable[..., Said]
) -> Rows:  # fmt: skip
    """A table's rows beside those that are looked at with them, the table itself first."""

    def where(rows: Rows, text: str) -> Rows:
        said = read(rows, [text])
        return said.rows.filter(said(text)).select(*rows.columns)

    cases, reports = called(spine, "case_file", named), called(spine, "report", named)
    if counted is Counted.report:
        came = where(reports, _CAME)
        theirs = cases.semi_join(came, [("case_file__id", "report__case_id")])  # else all cases would be put into memory
        return came.left_join(theirs, [("report__case_id", "case_file__id")])
    if counted is Counted.hold:
        rows = where(called(spine, "hold", named), _HELD).inner_join(cases, [("hold__case_id", "case_file__id")])
    else:
        once = asked.readings.due_window in (DueReading.settled, DueReading.begun)
        near = where(cases, _NEAR if once else _NEAR + _DUE_AFTER)
        rows = near if counted is Counted.case else called(spine, "task", named).inner_join(near, [("task__case_id", "case_file__id")])
    if counted is Counted.case or asked.groups is By.channel or asked.only.channel:
        return rows.inner_join(reports, [("case_file__report_id", "report__id")])
    return rows


def _counted(spine: Spine, asked: Asked, counting: Counting, words: tuple[str, ...]) -> Rows:
    texts = [text for _, text in counting.columns] + [*(counting.took or ())]
    said = rows_then(spine, asked, counting.counted, texts, words)
    names = [name for name, _ in counting.columns]
    shown = {name: said(text) for name, text in counting.columns}
    if counting.took:
        shown |= {name: said(text) for name, text in zip(("began_at", "ended_at"), counting.took, strict=True)}
    rows = said.rows.select(**shown)
    sums: dict[str, Any] = {"rows_counted": rows.count()}
    if counting.took:
        sums |= {name: rows[name].collect() for name in ("began_at", "ended_at")}
    return rows.group_by(*names).aggregate(**sums)


def _split(lists: pa.ListArray) -> list[np.ndarray]:
    """The numbers of each row's list."""
    offsets, values = lists.offsets.to_numpy(), lists.values.to_numpy(zero_copy_only=False)
    return [values[first:end] for first, end in pairwise(offsets)]
