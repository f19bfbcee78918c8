"""All rates of all units for a month as one who knows the files would write them for DuckDB, by hand.

Nothing is shared with the product but the files and what a rate means.
"""

import duckdb


def rates(connection: duckdb.DuckDBPyConnection, paths: dict[str, list[str]], seq: int, since: int, until: int) -> dict:
    """(metric, unit) -> the number above the line and the one below."""
    tables = {table: f"(SELECT * FROM read_parquet({paths[table]!r}) WHERE from_seq <= {seq} AND to_seq > {seq})" for table in paths}
    tables["near"] = (
        f"(SELECT * FROM {tables['case_file']} WHERE is_open = 1 OR opened_at < {until} AND (closed_at >= {since} OR closed_at IS NULL))"
    )
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for sql in (REPORTS, CASES, TASKS):
        result = connection.execute(sql.format(**tables, since=since, until=until))
        names = [column[0] for column in result.description][1:]
        for unit, *numbers in result.fetchall():
            for place in range(0, len(names), 2):
                if numbers[place + 1]:
                    found[names[place], unit] = (numbers[place], numbers[place + 1])
    return found


REPORTS = """
SELECT COALESCE(c.unit, '') AS unit,
  count(*) FILTER (r.channel = 'collector' AND c.report_id = r.id AND c.filed_at IS NOT NULL) AS valid_reports,
  count(*) FILTER (r.channel = 'collector')
FROM {report} r LEFT JOIN {case_file} c ON c.id = r.case_id WHERE r.received_at >= {since} AND r.received_at < {until} GROUP BY 1"""

CASES = """
WITH h AS (SELECT case_id, bool_or(kind = 'suspension') AS suspended, bool_or(kind = 'deferral') AS deferred,
    bool_or(ended_at IS NULL AND counts_as_due = 1) AS counts FROM {hold} GROUP BY 1),
by_collector AS (SELECT DISTINCT case_id FROM {report} WHERE channel = 'collector' AND case_id IS NOT NULL),
c AS (SELECT c.*, r.channel, h.suspended, h.deferred, h.counts, b.case_id IS NOT NULL AS collected,
    COALESCE(first_closed_at, CASE WHEN state = 'closed' THEN closed_at END) AS ended, COALESCE(first_due_at, due_at) AS due,
    filed_at <= COALESCE(accept_due, filed_at) AS filed_in_time, state <> 'to_dispatch' AND dispatched_at <= dispatch_due AS sent_in_time
  FROM {near} c JOIN {report} r ON r.id = c.report_id LEFT JOIN h ON h.case_id = c.id
  LEFT JOIN by_collector b ON b.case_id = c.id),
d AS (SELECT *, filed_at >= {since} AND filed_at < {until} AS filed,
    (ended IS NOT NULL OR state <> 'void' AND (state NOT IN ('suspended', 'deferred') OR COALESCE(counts, false))) AND due IS NOT NULL
      AND (CASE WHEN ended <= due THEN ended ELSE due END) >= {since} AND (CASE WHEN ended <= due THEN ended ELSE due END) < {until} AS owed,
    (filed_at IS NOT NULL OR is_open = 1) AND untold IS NULL AND (CASE WHEN filed_in_time THEN filed_at ELSE accept_due END) >= {since}
      AND (CASE WHEN filed_in_time THEN filed_at ELSE accept_due END) < {until} AS to_file,
    filed_at IS NOT NULL AND state <> 'void' AND (CASE WHEN sent_in_time THEN dispatched_at ELSE dispatch_due END) >= {since}
      AND (CASE WHEN sent_in_time THEN dispatched_at ELSE dispatch_due END) < {until} AS to_send,
    merged_into IS NULL AND opened_at >= {since} AND opened_at < {until}
      AND (untold IS NULL OR filed_at IS NOT NULL OR state IN ('reported', 'not_accepted')) AS begun FROM c)
SELECT COALESCE(unit, ''),
  count(*) FILTER (filed AND channel = 'collector') AS filed_from_collectors, count(*) FILTER (filed),
  count(*) FILTER (filed AND channel IN ('app', 'counter', 'hotline', 'text', 'partner')) AS filed_from_public, count(*) FILTER (filed),
  count(*) FILTER (filed AND channel IN ('app', 'counter', 'hotline', 'text', 'partner') AND (reports = 1 OR NOT collected)) AS missed, count(*) FILTER (filed),
  count(*) FILTER (begun AND filed_at IS NOT NULL) AS filing_rate, count(*) FILTER (begun),
  count(*) FILTER (to_file AND filed_in_time) AS filed_on_time, count(*) FILTER (to_file),
  count(*) FILTER (filed AND state <> 'void') AS filed_accurately, count(*) FILTER (filed),
  count(*) FILTER (filed AND recurs IS NOT NULL) AS recurring, count(*) FILTER (filed),
  count(*) FILTER (to_send AND sent_in_time) AS dispatched_on_time, count(*) FILTER (to_send),
  count(*) FILTER (filed AND suspended) AS suspension_rate, count(*) FILTER (filed),
  count(*) FILTER (filed AND deferred) AS deferral_rate, count(*) FILTER (filed),
  count(*) FILTER (owed AND ended IS NOT NULL) AS closing_rate, count(*) FILTER (owed),
  count(*) FILTER (owed AND ended IS NOT NULL AND COALESCE(first_on_time, on_time) = 1) AS closed_on_time, count(*) FILTER (owed)
FROM d GROUP BY 1"""

TASKS = """
WITH a AS (SELECT task_id, bool_or(about IN ('overdue', 'returned')) AS freed, bool_or(about = 'failed_inspection') AS failed,
    bool_or(about = 'rework') AS rework FROM {appeal} WHERE excluded = 1 GROUP BY 1),
near AS (SELECT id, unit, state, reworks FROM {near}),
held AS (SELECT DISTINCT case_id FROM {hold} WHERE ended_at IS NULL AND counts_as_due = 1),
later AS (SELECT t.id, first(COALESCE(n.is_rework, 0) = 1 AND NOT COALESCE(x.rework, false) ORDER BY n.given_at, n.id) AS again
  FROM {task} t JOIN near ON near.id = t.case_id AND near.reworks > 0 JOIN {task} n ON n.case_id = t.case_id AND n.kind = 'handle'
    AND n.given_at > t.given_at LEFT JOIN a x ON x.task_id = n.id GROUP BY 1),
t AS (SELECT t.*, COALESCE(t.unit, near.unit, '') AS of_unit, a.freed, a.failed, later.again,
    CASE WHEN overdue = 0 THEN ended_at ELSE due_at END AS settled,
    near.state NOT IN ('suspended', 'deferred') OR held.case_id IS NOT NULL AS goes_on
  FROM {task} t JOIN near ON near.id = t.case_id LEFT JOIN a ON a.task_id = t.id LEFT JOIN held ON held.case_id = t.case_id
  LEFT JOIN later ON later.id = t.id),
d AS (SELECT *, settled >= {since} AND settled < {until} AS inside, COALESCE(overdue, 1) = 1 AS late_or_open FROM t),
e AS (SELECT *, inside AND kind = 'verify' AND (late_or_open OR outcome IN ('found', 'not_found')) AS to_verify,
    inside AND kind = 'inspect' AND (late_or_open OR outcome IN ('passed', 'failed')) AS to_inspect,
    inside AND kind = 'handle' AND (late_or_open OR outcome = 'finished') AND (ended_at IS NOT NULL OR goes_on)
      AND NOT (COALESCE(overdue, 0) = 1 AND COALESCE(freed, false)) AS owed,
    kind = 'handle' AND given_by <> 'untold' AND is_rework = 0 AND is_redo IS NULL AND given_at >= {since} AND given_at < {until} AS sent,
    kind = 'handle' AND outcome = 'finished' AND ended_at >= {since} AND ended_at < {until} AS handled FROM d)
SELECT of_unit,
  count(*) FILTER (to_verify AND outcome IN ('found', 'not_found') AND overdue = 0) AS verified_on_time, count(*) FILTER (to_verify),
  count(*) FILTER (to_inspect AND outcome IN ('passed', 'failed') AND overdue = 0) AS inspected_on_time, count(*) FILTER (to_inspect),
  count(*) FILTER (sent AND COALESCE(outcome, '') <> 'misdispatched') AS dispatched_accurately, count(*) FILTER (sent),
  count(*) FILTER (owed AND outcome = 'finished') AS handling_rate, count(*) FILTER (owed),
  count(*) FILTER (owed AND outcome = 'finished' AND overdue = 0) AS handled_on_time, count(*) FILTER (owed),
  count(*) FILTER (owed AND extensions IS NOT NULL) AS extended, count(*) FILTER (owed),
  count(*) FILTER (handled AND NOT COALESCE(failed, false) AND COALESCE(again, false)) AS rework_rate, count(*) FILTER (handled)
FROM e GROUP BY 1"""
