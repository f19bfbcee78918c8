"""A city that goes on: facts are told, heard by the shadow and sealed, in a process of its own, beside the archive of a year."""

import hashlib
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cityloop.app import apply_of_all
from cityloop.db import Database, Tx, open_database
from cityloop.domain import facts as f
from cityloop.domain.ids import CityId
from cityloop.domain.policy import Level, Limit, LimitUnit, Source
from cityloop.journal import Journal, Writer
from cityloop.wide import Wide

LIMIT = Limit(value=4, unit=LimitUnit.urgent_hour)
KEPT = f.RuleKept(code="r", limit=LIMIT, source=Source(document="d", clause="1", date="2026"))
CASES_A_S = 40  # five facts each
SECONDS_MAX = 600


def begin(folder: Path, last: int) -> None:
    """A city whose next fact is the one after the archive's last."""
    database = open_database(str(folder / "city.db"), CityId("bench"))
    database.engine.execute("INSERT INTO log_head (city, size) VALUES (:city, :size)", {"city": database.city, "size": last - 1})
    Writer(database, Journal(apply_of_all())).change(receive)
    with database.reading() as tx:
        body = tx.value("SELECT body FROM fact WHERE city = :city AND seq = :seq", seq=last)
    shadow = Database(str(folder / "shadow.db"), CityId("bench"))
    shadow.engine.connection.execute("UPDATE wide_at SET digest = ?", (hashlib.sha256(body).digest(),))
    shadow.close()
    database.close()


def receive(tx: Tx) -> str:
    """A report comes in."""
    id = tx.new_id()
    tx.emit(f.ReportReceived(report_id=id, channel=f.Channel.app, said=f.VaultRef(id="v", digest="00"), at=tx.now), first=True)
    return id


def case(tx: Tx) -> None:
    """A report, filed, dispatched, signed for and handled."""
    report, case, task, at = receive(tx), tx.new_id(), tx.new_id(), tx.now
    where = f.Where(cell="990101001001001", community="990101001001", street="990101001", district="990101")
    problem = f.Problem(class_key="x/event/0001", rule="r", where=where)
    tx.emit(
        f.CaseFiled(
            case_id=case, number=f"N{case}", problem=problem, rule=KEPT, report_id=report, level=Level.city,
            dispatch_due=at + timedelta(hours=1), automatic=True, confidence_ppm=0, opened=False, at=at,
        )
    )  # fmt: skip
    duty = f.Duty(unit="unit-1", level=Level.city, limit=LIMIT, why=())
    tx.emit(
        f.CaseDispatched(
            case_id=case, task_id=task, duty=duty, sign_due=at, due_at=at + timedelta(hours=4), automatic=True, confidence_ppm=0, at=at
        )
    )  # fmt: skip
    tx.emit(f.TaskSigned(case_id=case, task_id=task, by="h1", at=at))
    tx.emit(f.TaskFinished(case_id=case, task_id=task, by="h1", overdue=False, at=at))


def main(folder: Path) -> None:
    """Write and keep until somebody ends it."""
    database = open_database(str(folder / "city.db"), CityId("bench"), lambda: datetime.now(UTC))
    journal = Journal(apply_of_all())
    writer, wide = Writer(database, journal), Wide(folder, database, journal)
    until, keep_at = time.monotonic() + SECONDS_MAX, 0.0
    while time.monotonic() < until:
        began = time.monotonic()
        writer.change(case)
        if began >= keep_at:
            wide.keep()
            keep_at = began + 0.5
        time.sleep(max(0.0, began + 1 / CASES_A_S - time.monotonic()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
