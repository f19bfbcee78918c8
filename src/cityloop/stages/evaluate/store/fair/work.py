"""The SQL of unlike work: what each unit or area finished, by class, level and month, and how much of it was late."""

from cityloop.db import Tx
from cityloop.stages.evaluate.model import By, Span
from cityloop.stages.evaluate.rules.fair import Stratum

_OF = {
    By.unit: "task.unit",
    By.street: "case_file.street",
    By.district: "case_file.district",
}


def strata_in(tx: Tx, span: Span, by: str) -> list[Stratum]:
    """Finished handling tasks of a period; nothing where objects of that kind do no handling. A case not counted is left out."""
    column = _OF.get(By(by))
    if column is None:
        return []
    rows = tx.all(
        f"SELECT {column} AS object, case_file.class_key, COALESCE(case_file.level, '') AS level, "
        "substr(task.ended_at, 1, 7) AS month, COUNT(*) AS many, SUM(task.overdue) AS late FROM task "
        "JOIN case_file ON case_file.city = task.city AND case_file.id = task.case_id "
        "WHERE task.city = :city AND task.kind = 'handle' AND task.outcome = 'finished' AND task.ended_at >= :since "
        f"AND task.ended_at < :until AND task.overdue IS NOT NULL AND {column} IS NOT NULL AND NOT EXISTS ("
        "SELECT 1 FROM exclusion WHERE exclusion.city = task.city AND exclusion.case_id = task.case_id "
        "AND exclusion.state = 'granted') "
        f"GROUP BY {column}, case_file.class_key, COALESCE(case_file.level, ''), substr(task.ended_at, 1, 7) "
        "ORDER BY 1, 2, 3, 4",
        since=span.since, until=span.until,
    )  # fmt: skip
    return [
        Stratum(object=row.object, kind=(row.class_key or "", row.level, row.month), hits=int(row.late), of=int(row.many))
        for row in rows
    ]  # fmt: skip
