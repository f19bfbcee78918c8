"""Which rows stand above and below the line, as SQL over the spine; the same words on both engines.

`:since` is inside the period, `:until` outside; `:now` is the moment of asking.
"""


def within(moment: str) -> str:
    """That a moment lies in the period."""
    return f"{moment} >= :since AND {moment} < :until"


def owed(kind: str, done: str) -> str:
    """A task that was due in the period. One that was sent back or called off in time was not owed."""
    settled = "CASE WHEN task.overdue = 0 THEN task.ended_at ELSE task.due_at END"
    return f"task.kind = '{kind}' AND (COALESCE(task.overdue, 1) = 1 OR task.outcome IN ({done})) AND {within(settled)}"


# tasks

FOUND, FINISHED, LOOKED = "'found', 'not_found'", "'finished'", "'passed', 'failed'"  # outcomes of work that was done
VERIFY, HANDLE, INSPECT = owed("verify", FOUND), owed("handle", FINISHED), owed("inspect", LOOKED)
HANDLED = f"task.kind = 'handle' AND task.outcome = {FINISHED} AND {within('task.ended_at')}"
TIMED = f"{HANDLED} AND task.given_by <> 'untold'"  # when it was given is known

_GIVEN = f"task.kind = 'handle' AND task.given_by <> 'untold' AND {within('task.given_at')}"
REWORK = f"{_GIVEN} AND task.is_rework = 1"
DISPATCH = f"{_GIVEN} AND task.is_rework = 0 AND task.is_redo IS NULL"
SENT_AGAIN = (
    "case_file.reworks > 0 AND COALESCE((SELECT later.is_rework FROM task AS later WHERE later.city = task.city "
    "AND later.case_id = task.case_id AND later.kind = 'handle' AND later.given_at > task.given_at "
    "ORDER BY later.given_at, later.id LIMIT 1), 0) = 1"
)

# cases

OPENED = f"{within('case_file.opened_at')} AND case_file.merged_into IS NULL"
_FILING_TOLD = "case_file.filed_at IS NOT NULL OR case_file.state IN ('reported', 'not_accepted')"  # by another system
FILING_KNOWN = f"{OPENED} AND (case_file.untold IS NULL OR {_FILING_TOLD})"
FILED = within("case_file.filed_at")
REFUSED = f"case_file.state = 'not_accepted' AND {within('case_file.closed_at')}"
# The first closing: what is done again after it is counted by itself, and leaves the figures of that period as they were.
_CLOSED_AT = "COALESCE(case_file.first_closed_at, CASE WHEN case_file.state = 'closed' THEN case_file.closed_at END)"
IS_CLOSED = f"{_CLOSED_AT} IS NOT NULL"
IN_TIME = "COALESCE(case_file.first_on_time, case_file.on_time) = 1"
CLOSED = within(_CLOSED_AT)

FILED_IN_TIME = "case_file.filed_at <= COALESCE(case_file.accept_due, case_file.filed_at)"
_FILING = f"CASE WHEN {FILED_IN_TIME} THEN case_file.filed_at ELSE case_file.accept_due END"
TO_FILE = (  # another system's limits of filing are unknown
    f"(case_file.filed_at IS NOT NULL OR case_file.is_open = 1) AND case_file.untold IS NULL AND {within(_FILING)}"
)

SENT_IN_TIME = "case_file.state <> 'to_dispatch' AND case_file.dispatched_at <= case_file.dispatch_due"
_SENDING = f"CASE WHEN {SENT_IN_TIME} THEN case_file.dispatched_at ELSE case_file.dispatch_due END"
TO_DISPATCH = f"case_file.filed_at IS NOT NULL AND {within(_SENDING)}"

_DUE = "COALESCE(case_file.first_due_at, case_file.due_at)"
TO_CLOSE = within(f"CASE WHEN {_CLOSED_AT} <= {_DUE} THEN {_CLOSED_AT} ELSE {_DUE} END")
