"""A line of the queue: the case of every list, and how it is said to this reader. Lines are kept as they were written."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from cityloop.cases.reach import Reach
from cityloop.db import Tx
from cityloop.domain.clock import Lamp
from cityloop.domain.policy import LimitUnit, Policy
from cityloop.pages.lines import Line, Lines, written
from cityloop.pages.queue import Asked, CaseLine, case_line, case_rows, case_versions, next_of
from cityloop.pages.telling import Teller

MORE = (
    ", c.lon, c.lat, "
    "(SELECT r.channel FROM report AS r WHERE r.city = :city AND r.id = c.report_id) AS channel"
)
EXTRA = 3  # columns of MORE
ENDS = b',"left":%b,"lamp":%b}'
SAID_MAX = 20_000  # spans of time that are kept in words


class QueueLine(Struct, frozen=True, kw_only=True):
    """A case in the queue: the line of every list, and how it is said to this reader; last, what the moment changes."""

    title: str
    place: str
    state: str
    unit: str | None
    marks: list[str]
    asks: str | None
    channel: str
    channel_words: str
    lon: float | None
    lat: float | None
    case: CaseLine
    left: str | None
    lamp: str | None


class _Kept:
    """What was written for readers of one language."""

    def __init__(self) -> None:
        self.lines = Lines()
        self.spans: dict[tuple[str, int, LimitUnit, bool], bytes] = {}


_kept: dict[str, _Kept] = defaultdict(_Kept)


def lines_of(rows: list[Any], policy: Policy, now: datetime) -> list[tuple[CaseLine, tuple]]:
    """The lines of rows of a list with `MORE`, each with what that holds."""
    return [(case_line(row[:-EXTRA], policy, now), row[-EXTRA:]) for row in rows]


def said(line: CaseLine, extra: tuple, tell: Teller) -> QueueLine:
    """The line of a case to a reader."""
    lon, lat, channel = extra
    clock = line.clock
    return QueueLine(
        case=line, title=tell.kind(line.class_key), place=tell.place(line.cell, line.street, line.district),
        state=tell.word(f"state.{line.state}"), left=tell.left(clock) if clock else None,
        lamp=tell.word(f"lamp.{clock.lamp}") if clock else None, unit=tell.unit(line.unit) or None,
        marks=[tell.word(f"mark.{each}") for each in line.marks],
        asks=tell.word(f"approval.kind.{line.approval_kind}") if line.approval_kind else None, channel=channel,
        channel_words=tell.word(f"channel.{channel}"), lon=lon, lat=lat,
    )  # fmt: skip


def queue_written(tx: Tx, asked: Asked, reach: Reach, tell: Teller, *, now: datetime, after: str | None, limit: int) -> bytes:
    """A page of the queue as JSON, with the lines that are known from before.

    Refuses with `BadMark`.
    """
    kept = _kept[tell.language]

    def write() -> Iterable[Line]:
        rows = case_rows(tx, asked, reach, now=now, after=after, limit=limit, more=MORE)
        for row, (line, extra) in zip(rows, lines_of(rows, tell.policy, now), strict=True):
            fixed = msgspec.structs.replace(said(line, extra, tell), left=None, lamp=None)
            yield Line((tx.city, row.id, row.no), fixed, line.clock, row.clock_pauses)

    def ends(lamp: Lamp, left_s: int, unit: LimitUnit) -> bytes:
        key = (tell.policy.digest, abs(left_s) // 60, unit, lamp is Lamp.red)
        span = kept.spans.get(key)
        if span is None:
            if len(kept.spans) >= SAID_MAX:
                kept.spans.clear()
            span = kept.spans[key] = msgspec.json.encode(tell.span(left_s, unit, is_late=lamp is Lamp.red))
        return ENDS % (span, lamps[lamp])

    lamps = {lamp: msgspec.json.encode(tell.word(f"lamp.{lamp}")) for lamp in Lamp}
    rows = case_versions(tx, asked, reach, now=now, after=after, limit=limit)
    items = kept.lines.of([(tx.city, row.id, row.no) for row in rows[:limit]], write, tell.policy, now, ends)
    return written(items, next_of(rows, asked, limit))
