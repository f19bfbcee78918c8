"""A small journal for laws: reports and cases without stages, on any engine."""

from cityloop.cases import APPLY, Report
from cityloop.db import Database, Tx
from cityloop.domain.facts import CaseOpened, Channel, ReportReceived, ReportUnderstood, Told, Where
from cityloop.journal import Delivery, Handler, Journal, Writer, vault_keep
from cityloop.journal.apply import APPLY as JOURNAL_APPLY

ALL = {**JOURNAL_APPLY, **APPLY}


def writer_of(database: Database) -> Writer:
    return Writer(database, Journal(ALL))


def receive(tx: Tx) -> str:
    """A report comes in; its words lie in the vault."""
    id = tx.new_id()
    said = vault_keep(tx, "said", f"report/{id}", b'{"text": "a hole"}', keep_days=30)
    tx.emit(ReportReceived(report_id=id, channel=Channel.app, said=said, at=tx.now), first=True)
    return id


def understand(tx: Tx, told: Told) -> None:
    tx.emit(
        ReportUnderstood(
            report_id=told.fact.report_id, channel=Channel.app, proposals=(), where=Where(), model="none", at=tx.now
        )
    )


def open_case(tx: Tx, told: Told) -> None:
    tx.emit(
        CaseOpened(
            case_id=tx.new_id(), report_id=told.fact.report_id, problem=None, where=told.fact.where, confidence_ppm=0,
            why=("class_unknown",), accept_due=tx.now, at=tx.now,
        ),
        first=True,
    )  # fmt: skip


def fetch_reports(tx: Tx, told) -> None:
    tx.get_many("report", Report, [each.fact.report_id for each in told])


UNDERSTAND = Handler(name="understand", on={ReportReceived: (understand,)}, ahead=fetch_reports)
FILING = Handler(name="filing", on={ReportUnderstood: (open_case,)}, ahead=fetch_reports)


def delivery_of(writer: Writer, *handlers: Handler, process: str = "one") -> Delivery:
    return Delivery(writer, handlers or (UNDERSTAND, FILING), process=process)


def facts_of(database: Database) -> list[tuple[int, str, int, str]]:
    """(seq, subject, number, type) of every fact."""
    with database.reading() as tx:
        rows = tx.all("SELECT seq, subject, subject_no, type FROM fact WHERE city = :city ORDER BY seq")
        return [tuple(row) for row in rows]


def count(database: Database, table: str) -> int:
    with database.reading() as tx:
        return tx.value(f"SELECT count(*) FROM {table} WHERE city = :city")
