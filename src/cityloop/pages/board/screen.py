"""The wall put together: what waits and what passed, clocks, units, channels, and what is unusual."""

from collections import Counter
from collections.abc import Hashable
from datetime import date, datetime, timedelta

import numpy as np
from msgspec import Struct

from cityloop.cases.reach import Reach
from cityloop.db import Tx
from cityloop.domain.calendar import EPOCH, calendar_in
from cityloop.domain.policy import Policy
from cityloop.pages.board import rules, store
from cityloop.pages.board.figures import ALL, PASSED, WAITS, Day, behind, day_of
from cityloop.pages.board.model import (
    BoardView,
    ChannelCount,
    Lamps,
    NextClock,
    Step,
    StepFlow,
    UnitLoad,
    Unusual,
    names_of,
)
from cityloop.pages.now import Snapshot
from cityloop.pages.queue import case_line

CLOCKS = 9
UNITS = 8  # so that each is tall enough for a finger on a laptop, too
UNUSUAL = 5
QUARTER_S = 900  # days before are compared up to the same quarter of an hour
Counts = dict[str, Counter[str]]


class Before(Struct):
    """Days like today up to now, read once in a quarter of an hour."""

    key: Hashable = None
    days: list[Counts] = []


def board_of(tx: Tx, now: Snapshot, reach: Reach, before: Before, at: datetime) -> BoardView:
    """The wall as whoever has this reach sees it."""
    day = day_of(now, reach, at)
    begun = EPOCH + timedelta(seconds=day.begun_s)
    reports = _reports(tx, day, reach, begun)
    units = _units(day)
    unusual, usual_days = _unusual(tx, day, reach, before, at)
    clocks = _clocks(tx, day, at)
    named = [each.unit for each in units] + [each.code for each in unusual]
    named += [code for each in clocks for code in (each.class_key, each.street, each.unit)]  # type: ignore[misc]
    return BoardView(
        at=at, city=now.policy.name, simulated=now.policy.simulated, names=names_of(now.policy, named), day=_local(at, now.policy), seq=now.seq, open=int(day.open.sum()), lamps=_lamps(day),
        unplaced=int(behind(day, "unplaced").sum()), flow=_flow(day, sum(reports.values())), clocks=clocks,
        units=units, unusual=unusual, usual_days=usual_days,
        channels=[ChannelCount(channel=each, key=f"channel.{each}", reports=n) for each, n in reports.most_common()],
    )  # fmt: skip


def cases_behind(tx: Tx, now: Snapshot, reach: Reach, key: str, at: datetime) -> np.ndarray:
    """The rows that a figure counts, what is late longest first.

    Refuses with `FigureUnknown`.
    """
    day = day_of(now, reach, at)
    kind, _, what = key.partition(".")
    if kind == "channel":
        since = EPOCH + timedelta(seconds=day.begun_s)
        ids = {case for channel, case in store.reports_since(tx, since) if channel == what and case}
        rows = np.flatnonzero(day.seen)
        chosen = rows[[id in ids for id in now.ids(rows)]] if ids else rows[:0]
    else:
        chosen = np.flatnonzero(behind(day, key) if key != "reports" else day.since("opened"))
    return chosen[np.lexsort((now.columns["opened"][chosen], now.columns["red"][chosen]))]


def _flow(day: Day, reports: int) -> list[StepFlow]:
    steps = {
        Step.sense: StepFlow(step=Step.sense, passed=reports, passed_key="reports"),
        Step.foresee: StepFlow(
            step=Step.foresee, waiting=int(behind(day, "soon.day").sum()), waiting_key="soon.day",
            late=int(behind(day, "soon.hour").sum()), late_key="soon.hour",
        ),
        Step.evaluate: StepFlow(
            step=Step.evaluate, passed=int(behind(day, "on_time.yes").sum()), passed_key="on_time.yes",
            late=int(behind(day, "on_time.no").sum()), late_key="on_time.no",
        ),
    }  # fmt: skip
    for step, states in WAITS.items():
        waiting = day.in_states(states)
        opened = day.now.columns["opened"][waiting]
        steps[step] = StepFlow(
            step=step, passed=int(day.since(PASSED[step]).sum()), passed_key=f"today.{PASSED[step]}",
            waiting=int(waiting.sum()), waiting_key=f"waiting.{step}", late=int(behind(day, f"late.{step}").sum()),
            late_key=f"late.{step}",
            oldest_at=EPOCH + timedelta(seconds=int(opened.min())) if len(opened) else None,
        )  # fmt: skip
    return [steps.get(step, StepFlow(step=step)) for step in Step]


def _lamps(day: Day) -> Lamps:
    counts = np.bincount(day.lamps[day.open], minlength=5).tolist()
    return Lamps(green=counts[0], yellow=counts[1], red=counts[2], grey=counts[3], none=counts[4])


def _clocks(tx: Tx, day: Day, at: datetime) -> list[NextClock]:
    red = day.now.columns["red"]
    running = np.flatnonzero(day.open & (red > day.at_s) & (red < 0xFFFFFFFF))
    many = min(CLOCKS, len(running))
    first = running[np.argpartition(red[running], many - 1)[:many]] if many else running
    ids = day.now.ids(first[np.argsort(red[first], kind="stable")])
    lines = {row.id: case_line(row, day.now.policy, at) for row in store.case_lines(tx, ids)}
    return [
        NextClock(
            id=line.id, number=line.number, state=line.state, class_key=line.class_key, street=line.street,
            unit=line.unit, clock=line.clock,
        )
        for line in (lines[id] for id in ids if id in lines)
    ]  # fmt: skip


def _units(day: Day) -> list[UnitLoad]:
    open = day.open
    units, lamps = day.now.columns["unit"][open], day.lamps[open]
    words = day.now.vocabulary["unit"].words
    size = len(words)
    whole, red, yellow = (
        np.bincount(units[chosen], minlength=size) for chosen in (ALL, lamps == 2, lamps == 1)
    )  # fmt: skip
    whole[0] = 0  # nobody's yet
    order = np.lexsort((-whole, -red))[: UNITS + 1]
    return [
        UnitLoad(
            unit=words[place], key=f"unit.{words[place]}", open=int(whole[place]), red=int(red[place]), yellow=int(yellow[place])
        )
        for place in order.tolist()
        if whole[place]
    ][:UNITS]  # fmt: skip


def _reports(tx: Tx, day: Day, reach: Reach, begun: datetime) -> Counter[str]:
    reports = store.reports_since(tx, begun)
    if reach.everything:
        return Counter(channel for channel, _ in reports)
    seen = set(day.now.ids(np.flatnonzero(day.seen)))
    return Counter(channel for channel, case in reports if case in seen)


def _unusual(tx: Tx, day: Day, reach: Reach, before: Before, at: datetime) -> tuple[list[Unusual], int]:
    """Classes and streets that stand out. Whoever sees a part of the city is not told of the whole."""
    if not reach.everything:
        return [], 0
    policy = day.now.policy
    today = _local(at, policy)
    past_s = (day.at_s - day.begun_s) // QUARTER_S * QUARTER_S
    key = (policy.digest, today, past_s)
    if before.key != key:
        before.days = list(_days_before(tx, policy, today, past_s))
        before.key = key
    rows = np.flatnonzero(day.since("opened") & (day.now.columns["opened"] < day.begun_s + past_s))
    counts: Counts = {
        "class": Counter(word for word in day.now.words("class_key", rows) if word),
        "street": Counter(word[:9] for word in day.now.words("cell", rows) if word),
    }
    found = [
        Unusual(
            by=by, code=code, key=f"{by}.{code}", today=count, usual=round(usual[0], 1), low=usual[1], high=usual[2],
            days=len(before.days),
        )
        for by in counts
        for code, count, usual in rules.compared(counts[by], [each[by] for each in before.days])
    ]  # fmt: skip
    return sorted(found, key=lambda each: (-abs(each.today - each.usual), each.key))[:UNUSUAL], len(before.days)


def _days_before(tx: Tx, policy: Policy, today: date, past_s: int) -> list[Counts]:
    calendar = calendar_in(policy)
    found = []
    for like in rules.days_like(today, calendar):
        begun = datetime.combine(like, datetime.min.time(), tzinfo=calendar.zone)
        counts: Counts = {"class": Counter(), "street": Counter()}
        for kind, street, count in store.cases_opened(tx, begun, begun + timedelta(seconds=past_s)):
            if kind:
                counts["class"][kind] += count
            if street:
                counts["street"][street] += count
        if counts["class"] or counts["street"]:  # a day before the city began says nothing
            found.append(counts)
    return found


def _local(at: datetime, policy: Policy) -> date:
    return at.astimezone(calendar_in(policy).zone).date()
