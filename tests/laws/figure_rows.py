"""What the stories come to, number by number: every row of every metric, with the moments that put it into periods."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from tests.laws.figure_oracle import Came, Oracle, Story, Work, group_of, read_as

from cityloop.domain import facts as f
from cityloop.domain.policy import DueReading
from cityloop.stages.evaluate.model import Part

PUBLIC = ("app", "counter", "hotline", "text", "partner")  # who is neither a collector nor a machine

Row = tuple[str, Part, str, str, Came | Story | Work, tuple]  # metric, part, id, person, row, moments


def rows_of(
    oracle: Oracle, since: datetime, until: datetime, now: datetime, reading: DueReading = DueReading.settled
) -> Iterable[Row]:
    """Every row of every number that counts in a period, once for each number that it counts in."""
    for row in all_rows(oracle, now, reading):
        moments = row[5]
        if moments is None or any(since <= at < until for at in moments):
            yield row


def all_rows(oracle: Oracle, now: datetime, reading: DueReading = DueReading.settled) -> Iterable[Row]:
    """Every row of every number, with the moments that put it into periods; None: as of now."""

    def count(metric: str, row, person: str | None, at, is_in: bool = True):
        moments = at if at is None or isinstance(at, tuple) else (at,)
        if is_in and moments != ():
            yield metric, Part.numerator, row.id, person, row, moments

    def rate(metric: str, row, person: str | None, at, is_above: bool, is_below: bool = True):
        for each in count(metric, row, person, at, is_below):
            yield (metric, Part.denominator, *each[2:])
            if is_above:
                yield each

    for came in oracle.reports.values():
        yield from _rows_of_report(came, count, rate)
    for story in oracle.cases.values():
        yield from _rows_of_case(oracle, story, reading, count, rate)
    for work in oracle.tasks.values():
        yield from _rows_of_task(work, now, reading, count, rate)
    for hold in oracle.holds.values():
        suspended = hold.kind == "CaseSuspended"
        yield from count("suspended", hold, None, hold.since, suspended)
        yield from count("still_suspended", hold, None, hold.since, suspended and hold.ended_at is None)
        yield from count("deferred", hold, None, hold.since, not suspended)


def _rows_of_report(came: Came, count, rate) -> Iterable[Row]:
    by = came.told.fact.by
    who, at = f"account:{by}" if by else None, came.told.fact.at
    yield from count("reported", came, who, at)
    if came.told.fact.channel is f.Channel.collector:
        yield from count("collected", came, who, at)
        began = came.case is not None and came.case.report == came.id
        yield from rate("valid_reports", came, who, at, began and came.case.filed_at is not None)


def _rows_of_case(oracle: Oracle, story: Story, reading: DueReading, count, rate) -> Iterable[Row]:
    who, filed = story.decider, story.filed_at is not None
    yield from count("opened", story, story.accepter or who, story.opened_at, not story.merged)
    yield from rate("filing_rate", story, who, story.opened_at, filed, not story.merged)
    decided = story.filed_at or story.refused_at
    if decided:
        for code in ("accepting_elapsed_min", "accepting_working_min"):
            yield from rate(code, story, story.accepter or who, decided, False)
        yield from count("accepted", story, story.accepter or who, decided)
    if story.refused_at:
        yield from count("refused", story, who, story.refused_at)
    if filed or story.is_open:
        in_time = filed and (story.accept_due is None or story.filed_at <= story.accept_due)
        yield from rate("filed_on_time", story, who, story.filed_at if in_time else story.accept_due, in_time)
    if filed:
        yield from _rows_of_filed(oracle, story, count, rate)
    if story.voided_at:
        yield from count("voided", story, None, story.voided_at)
    yield from _rows_of_closing(story, reading, count, rate)
    yield from count("open_now", story, None, None, story.is_open)


def _rows_of_filed(oracle: Oracle, story: Story, count, rate) -> Iterable[Row]:
    at, first = story.filed_at, oracle.reports[story.report].told.fact
    reporter = f"account:{first.by}" if first.by else None
    seen = any(came.case is story and came.told.fact.channel.value == "collector" for came in oracle.reports.values())
    public = first.channel.value in PUBLIC
    yield from count("filed", story, story.decider, at)
    yield from rate("filed_from_collectors", story, reporter, at, first.channel.value == "collector")
    yield from rate("filed_from_public", story, reporter, at, public)
    yield from rate("missed", story, None, at, public and not seen)
    yield from rate("recurring", story, story.decider, at, story.recurs)
    yield from rate("filed_accurately", story, story.decider, at, story.voided_at is None)
    held = {hold.kind for hold in story.holds}
    yield from rate("suspension_rate", story, None, at, "CaseSuspended" in held)
    yield from rate("deferral_rate", story, None, at, "CaseDeferred" in held)
    if story.voided_at or story.cleared_at:
        return  # then nobody owed that it be sent
    sent = story.last_dispatch.given_by if story.dispatched_at else None
    in_time = story.dispatched_at is not None and story.dispatched_at <= story.dispatch_due
    yield from rate(
        "dispatched_on_time", story, sent, story.dispatched_at if in_time else story.dispatch_due, in_time
    )  # fmt: skip


def _rows_of_closing(story: Story, reading: DueReading, count, rate) -> Iterable[Row]:
    closed_at, who, on_time, due = story.first or (None, None, False, None)
    closed = closed_at is not None
    if closed:
        yield from count("closed", story, who, closed_at)
    if reading is DueReading.begun:
        owed = (story.filed_at,) if story.filed_at else ()
    else:
        due = due or story.due_at
        early = closed and closed_at <= due
        owed = () if due is None else read_as(reading, closed_at if early else due, due, due)
    if not closed and (story.voided_at or story.is_put_off):
        owed = ()
    yield from count("due_to_close", story, who, owed)
    yield from count("closed_in_time", story, who, owed, closed and on_time)
    yield from count("closed_late", story, who, owed, closed and not on_time)
    yield from count("to_close", story, who, owed, story.is_open and not closed)
    yield from rate("closing_rate", story, who, owed, closed)
    yield from rate("closed_on_time", story, who, owed, closed and on_time)


def _rows_of_task(work: Work, now: datetime, reading: DueReading, count, rate) -> Iterable[Row]:
    who, in_time = work.doer(), work.done and not work.late
    if work.kind == "clear":
        yield from count("self_handled", work, who, work.given_at)
        return
    if work.kind != "handle":
        name = "verified_on_time" if work.kind == "verify" else "inspected_on_time"
        yield from rate(name, work, who, work.owed_at(), in_time)
        return
    finished, waits = work.outcome == "finished", work.ended_at is None
    over = work.due_at < now and not work.stands
    owed, sender = work.owed_at(reading), work.given_by
    anew = not work.is_rework and not work.is_redo
    yield from count("dispatched", work, sender, work.given_at, anew)
    yield from rate(
        "dispatched_accurately", work, sender, work.given_at, work.outcome != "misdispatched", anew
    )  # fmt: skip
    yield from count("reworked", work, who, work.given_at, work.is_rework and "rework" not in work.right)
    yield from count("due_to_handle", work, who, owed)
    yield from count("handled_in_time", work, who, owed, in_time)
    yield from count("handled_late", work, who, owed, finished and work.late)
    yield from count("to_handle", work, who, owed, waits)
    yield from count("to_handle_in_time", work, who, owed, waits and not over)
    yield from count("overdue_open", work, who, owed, waits and over)
    yield from rate("extended", work, who, owed, work.extended)
    yield from rate("handling_rate", work, who, owed, finished)
    yield from rate("handled_on_time", work, who, owed, in_time)
    if finished:
        yield from count("handled", work, who, work.ended_at)
        yield from rate("rework_rate", work, who, work.ended_at, work.sent_again)
        yield from rate("handling_elapsed_min", work, who, work.ended_at, False)
        yield from rate("handling_working_min", work, who, work.ended_at, False)


def expected(oracle, asked, covers=lambda story: True):
    """(metric, part, group) -> the ids that count there."""
    found = defaultdict(set)
    for metric, part, id, person, row, _ in rows_of(
        oracle, asked.span.since, asked.span.until, asked.now, asked.readings.due_window
    ):
        if covers(case_of(row)):
            found[metric, part, group_of(oracle, row, asked.by, person)].add(id)
    return found


def expected_over_time(oracle, asked):
    """The same for calendar periods, by the buckets of the question."""
    found = defaultdict(set)
    for metric, part, id, _, _, moments in all_rows(oracle, asked.now, asked.readings.due_window):
        for bucket in asked.buckets:
            if moments is not None and any(bucket.since <= at < bucket.until for at in moments):
                found[metric, part, bucket.key].add(id)
        if moments is None:
            found[metric, part, ""].add(id)
    return found


def case_of(row):
    return row if hasattr(row, "report") else row.case
