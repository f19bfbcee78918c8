"""What must never be: rows that one transaction should have written together and did not."""

from cityloop.db import Tx

HALF = {
    "a report without its words": """
        SELECT count(*) FROM report AS r WHERE r.city = :city
        AND NOT EXISTS (SELECT 1 FROM vault AS v WHERE v.city = :city AND v.id = r.said)""",
    "a report that is not as its last fact left it": """
        SELECT count(*) FROM report AS r WHERE r.city = :city AND r.no <> (SELECT max(f.subject_no) FROM fact AS f
        WHERE f.city = :city AND f.subject = 'report/' || r.id)""",
    "a case that is not as its last fact left it": """
        SELECT count(*) FROM case_file AS c WHERE c.city = :city AND c.no <> (SELECT max(f.subject_no) FROM fact AS f
        WHERE f.city = :city AND f.subject = 'case/' || c.id)""",
    "a dispatched case without its task": """
        SELECT count(*) FROM case_file AS c WHERE c.city = :city AND c.dispatched_at IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM task AS t WHERE t.city = :city AND t.case_id = c.id)""",
    "a gap in the journal": """
        SELECT (SELECT COALESCE(max(size), 0) FROM log_head WHERE city = :city)
        - (SELECT count(*) FROM fact WHERE city = :city)""",
    "a report with two cases": """
        SELECT count(*) FROM (SELECT report_id FROM case_file WHERE city = :city GROUP BY report_id HAVING count(*) > 1) AS twice""",
}


def halves(tx: Tx) -> dict[str, int]:
    """How many of each there are."""
    return {what: tx.value(sql) or 0 for what, sql in HALF.items()}
