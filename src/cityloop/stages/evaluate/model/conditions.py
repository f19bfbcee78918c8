"""Which rows stand above and below the line, as SQL over the spine; the same words on both engines.

A row counts in a period that one of its moments lies in; `:now` is the moment of asking. Rows of cases and of reports
stand beside their first report and their case: `report`, `case_file`; rows of tasks and holds beside `case_file`.
"""

from cityloop.domain.facts.appeal import About
from cityloop.domain.facts.intake import PUBLIC, Channel
from cityloop.domain.policy import DueReading
from cityloop.stages.evaluate.model import Rows

_PUBLIC = ", ".join(f"'{each}'" for each in sorted(PUBLIC))
BY_COLLECTOR = f"report.channel = '{Channel.collector}'"
BY_PUBLIC = f"report.channel IN ({_PUBLIC})"

# reports

RECEIVED = Rows("report.id IS NOT NULL", ("report.received_at",))
COLLECTED = Rows(BY_COLLECTOR, RECEIVED.moments)
BEGAN_A_CASE = "case_file.report_id = report.id AND case_file.filed_at IS NOT NULL"

# what was appealed against


def upheld(*about: About, task: str = "task") -> str:
    """That an appeal of the unit about this task was upheld: it is not counted against it."""
    named = ", ".join(f"'{each}'" for each in about)
    return (
        f"EXISTS (SELECT 1 FROM appeal WHERE appeal.city = {task}.city AND appeal.case_id = {task}.case_id "
        f"AND appeal.task_id = {task}.id AND appeal.excluded = 1 "
        f"AND appeal.about IN ({named}))"
    )


# what is put off

# 缓办、挂账: not owed as long as it is put off, unless its approval says that it counts as due.
NOT_HELD = (
    "(case_file.state NOT IN ('suspended', 'deferred') OR EXISTS (SELECT 1 FROM hold WHERE hold.city = case_file.city "
    "AND hold.case_id = case_file.id AND hold.ended_at IS NULL AND hold.counts_as_due = 1))"
)
SUSPENDED = Rows("hold.kind = 'suspension'", ("hold.since",))
DEFERRED = Rows("hold.kind = 'deferral'", ("hold.since",))
STILL_HELD = "hold.ended_at IS NULL"


def ever_held(kind: str) -> str:
    """That the case was put off, once at least."""
    return (
        "EXISTS (SELECT 1 FROM hold WHERE hold.city = case_file.city AND hold.case_id = case_file.id "
        f"AND hold.kind = '{kind}')"
    )


# tasks

FOUND, FINISHED, LOOKED = "'found', 'not_found'", "'finished'", "'passed', 'failed'"  # outcomes of work that was done
GIVEN_KNOWN = "task.given_by <> 'untold'"  # of an imported task it may not be told when it was given, nor by whom
_SETTLED = "CASE WHEN task.overdue = 0 THEN task.ended_at ELSE task.due_at END"


def owed(kind: str, done: str, reading: DueReading = DueReading.settled) -> Rows:
    """Tasks that were owed. One that was sent back or called off in time was not."""
    where = f"task.kind = '{kind}' AND (COALESCE(task.overdue, 1) = 1 OR task.outcome IN ({done}))"
    if kind == "handle":
        where += f" AND (task.ended_at IS NOT NULL OR {NOT_HELD})"
        where += f" AND NOT (COALESCE(task.overdue, 0) = 1 AND {upheld(About.overdue, About.returned)})"
    match reading:
        case DueReading.settled:
            return Rows(where, (_SETTLED,))
        case DueReading.deadline:
            return Rows(where, ("task.due_at",))
        case DueReading.either:
            return Rows(where, (_SETTLED, "task.due_at"))
        case DueReading.begun:
            return Rows(f"{where} AND {GIVEN_KNOWN}", ("task.given_at",))


VERIFY, INSPECT = owed("verify", FOUND), owed("inspect", LOOKED)
HANDLED = Rows(f"task.kind = 'handle' AND task.outcome = {FINISHED}", ("task.ended_at",))
TIMED = Rows(f"{HANDLED.where} AND {GIVEN_KNOWN}", HANDLED.moments)
REWORK = Rows(
    f"task.kind = 'handle' AND {GIVEN_KNOWN} AND task.is_rework = 1 AND NOT {upheld(About.rework)}", ("task.given_at",)
)
DISPATCH = Rows(
    f"task.kind = 'handle' AND {GIVEN_KNOWN} AND task.is_rework = 0 AND task.is_redo IS NULL", ("task.given_at",)
)
CLEARED = Rows("task.kind = 'clear'", ("task.given_at",))
IN_TIME = "task.overdue = 0"
IS_FINISHED = f"task.outcome = {FINISHED}"
WAITS = "task.ended_at IS NULL"
IS_OVER = "(task.due_at < :now AND COALESCE(task.pauses, '') NOT LIKE '%null}]')"  # a clock that stands is never over
IS_EXTENDED = "task.extensions IS NOT NULL"
SENT_AGAIN = (  # by the rework that came next, unless an appeal says that it was wrong
    f"case_file.reworks > 0 AND NOT {upheld(About.failed_inspection)} AND COALESCE((SELECT CASE WHEN later.is_rework = 1 "
    f"AND NOT {upheld(About.rework, task='later')} THEN 1 ELSE 0 END FROM task AS later WHERE later.city = task.city "
    "AND later.case_id = task.case_id AND later.kind = 'handle' AND later.given_at > task.given_at AND case_file.reworks > 0 "
    "ORDER BY later.given_at, later.id LIMIT 1), 0) = 1"
)

# cases

OPENED = Rows("case_file.merged_into IS NULL", ("case_file.opened_at",))
_FILING_TOLD = "case_file.filed_at IS NOT NULL OR case_file.state IN ('reported', 'not_accepted')"  # by another system
FILING_KNOWN = Rows(f"{OPENED.where} AND (case_file.untold IS NULL OR {_FILING_TOLD})", OPENED.moments)
FILED = Rows("case_file.filed_at IS NOT NULL", ("case_file.filed_at",))
REFUSED = Rows("case_file.state = 'not_accepted'", ("case_file.closed_at",))
# The first closing: what is done again after it is counted by itself, and leaves the figures of that period as they were.
_CLOSED_AT = "COALESCE(case_file.first_closed_at, CASE WHEN case_file.state = 'closed' THEN case_file.closed_at END)"
_EVER_CLOSED = "(case_file.first_closed_at IS NOT NULL OR case_file.state = 'closed')"
CLOSED_IN_TIME = "COALESCE(case_file.first_on_time, case_file.on_time) = 1"
CLOSED_LATE = "COALESCE(case_file.first_on_time, case_file.on_time) = 0"
CLOSED = Rows(_EVER_CLOSED, (_CLOSED_AT,))
DECIDED_AT = "COALESCE(case_file.filed_at, CASE WHEN case_file.state = 'not_accepted' THEN case_file.closed_at END)"
DECIDED = Rows(f"{DECIDED_AT} IS NOT NULL", (DECIDED_AT,))
MISSED = (  # 漏报: the public was first, and no collector came after it
    f"{BY_PUBLIC} AND (case_file.reports = 1 OR NOT EXISTS (SELECT 1 FROM report AS other WHERE other.city = "
    f"case_file.city AND other.case_id = case_file.id AND other.channel = '{Channel.collector}'))"
)
RECURS = "case_file.recurs IS NOT NULL"

FILED_IN_TIME = "case_file.filed_at <= COALESCE(case_file.accept_due, case_file.filed_at)"
_FILING = f"CASE WHEN {FILED_IN_TIME} THEN case_file.filed_at ELSE case_file.accept_due END"
TO_FILE = Rows(  # another system's limits of filing are unknown
    "(case_file.filed_at IS NOT NULL OR case_file.is_open = 1) AND case_file.untold IS NULL", (_FILING,)
)

SENT_IN_TIME = "case_file.state <> 'to_dispatch' AND case_file.dispatched_at <= case_file.dispatch_due"
_SENDING = f"CASE WHEN {SENT_IN_TIME} THEN case_file.dispatched_at ELSE case_file.dispatch_due END"
TO_DISPATCH = Rows("case_file.filed_at IS NOT NULL AND case_file.state <> 'void'", (_SENDING,))
NOT_VOID = "case_file.state <> 'void'"
VOIDED = Rows("case_file.state = 'void'", ("case_file.closed_at",))

_DUE = "COALESCE(case_file.first_due_at, case_file.due_at)"
_CLOSING = f"CASE WHEN {_CLOSED_AT} <= {_DUE} THEN {_CLOSED_AT} ELSE {_DUE} END"
IS_CLOSED = _EVER_CLOSED
STILL_TO_CLOSE = f"case_file.is_open = 1 AND NOT {_EVER_CLOSED}"
OPEN = Rows("case_file.is_open = 1")


def to_close(reading: DueReading) -> Rows:
    """Cases that were owed: by the deadline of handling that stands, or by when they were filed."""
    owed = f"({_EVER_CLOSED} OR case_file.state <> 'void' AND {NOT_HELD})"
    match reading:
        case DueReading.settled:
            return Rows(f"{_DUE} IS NOT NULL AND {owed}", (_CLOSING,))
        case DueReading.deadline:
            return Rows(f"{_DUE} IS NOT NULL AND {owed}", (_DUE,))
        case DueReading.either:
            return Rows(f"{_DUE} IS NOT NULL AND {owed}", (_CLOSING, _DUE))
        case DueReading.begun:
            return Rows(f"{FILED.where} AND {owed}", FILED.moments)
