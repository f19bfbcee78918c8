"""A synthetic archive of any size, made by columns: cases of nine facts each, over a year, settled as the product settles them."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from cityloop.db import Database
from cityloop.domain.ids import CityId
from cityloop.wide.columns import FOREVER, SPINE
from cityloop.wide.images import prepare
from cityloop.wide.shadow import made_of

FACTS_A_CASE = 9  # received, understood, opened, filed, dispatched, signed, finished, inspection asked, closed
UNITS, STREETS, CLASSES = 40, 60, 80
YEAR_US = 365 * 86_400_000_000
BEGIN_US = int(datetime(2025, 1, 1, tzinfo=UTC).timestamp() * 1_000_000)
END_US = BEGIN_US + YEAR_US
LAST_MONTH = (datetime(2025, 11, 1).date(), datetime(2025, 11, 30).date())
_WORDS = {"text": "VARCHAR", "real": "DOUBLE"}
_MINUTE = "60000000::BIGINT"


def make(folder: Path, facts: int) -> int:
    """Make the archive; gives the seq of its last fact."""
    count = facts // FACTS_A_CASE
    step = YEAR_US // count
    with duckdb.connect(config={"memory_limit": "3GB", "temp_directory": str(folder / "aside")}) as made:
        made.execute(f"CREATE MACRO seq_of(t, k) AS {FACTS_A_CASE} * ((t - {BEGIN_US}) // {step}) + k + 1")
        made.execute("CREATE MACRO part(i, of, n) AS (hash(i * 31 + n) % of)::BIGINT")
        made.execute(
            "CREATE MACRO id_of(ms, i, kind) AS lpad(to_hex(ms >> 16), 8, '0') || '-' || lpad(to_hex(ms & 65535), 4, '0') "
            "|| '-7000-8000-' || lpad(to_hex(i * 8 + kind), 12, '0')"
        )
        made.execute(
            f"CREATE TABLE told AS SELECT *, t6 + {_MINUTE} AS t7, t6 + (5 + part(i, 1400, 5)) * {_MINUTE} AS t8 FROM (SELECT *, "
            f"t5 + (20 + part(i, 1500, 4) * (1 + part(i, 9, 41) // 8 * 6)) * {_MINUTE} AS t6 FROM (SELECT *, t4 + (1 + part(i, 90, 3)) * "
            f"{_MINUTE} AS t5 FROM (SELECT *, t3 + (1 + part(i, 120, 2)) * {_MINUTE} AS t4 FROM (SELECT i, {BEGIN_US} + i * {step} AS t0, "
            f"{BEGIN_US} + i * {step} + 2000000 AS t1, {BEGIN_US} + i * {step} + 4000000 AS t2, {BEGIN_US} + i * {step} + "
            f"(5 + part(i, 180, 1)) * {_MINUTE} AS t3 FROM range({count}) AS r(i)))))"
        )
        rows = [_table(made, folder, *each) for each in (_cases(), _reports(), _handling(), _inspecting(), _appeals(), _holds())]
        last = made.execute("SELECT max(x) FROM (" + " UNION ALL ".join(f"SELECT max(CASE WHEN t{k} < {END_US} THEN seq_of(t{k}, {k}) END) AS x FROM told" for k in range(9)) + ")").fetchone()
        assert last
    _named(folder, rows, last[0])
    return last[0]


# Of each table: its name, the file, from which fact to which each image is told, and what a column says at the fact `k`.
def _cases() -> tuple:
    since = lambda k, text: f"CASE WHEN k >= {k} THEN {text} END"
    return "case_file", "", range(2, 9), {
        "id": "id_of(t0 // 1000, i, 1)", "number": "'N' || i", "report_id": "id_of(t0 // 1000, i, 0)",
        "state": "['', '', 'reported', 'to_dispatch', 'to_sign', 'handling', 'to_inspect', 'inspecting', 'closed'][k + 1]",
        "is_open": "(k < 8)::BIGINT", "level": "'city'", "class_key": f"'x/event/' || lpad(part(i, {CLASSES}, 6)::VARCHAR, 4, '0')",
        "cell": f"'990101' || lpad(part(i, {STREETS}, 7)::VARCHAR, 3, '0') || '001001'",
        "community": f"'990101' || lpad(part(i, {STREETS}, 7)::VARCHAR, 3, '0') || '001'",
        "street": f"'990101' || lpad(part(i, {STREETS}, 7)::VARCHAR, 3, '0')", "district": "'990101'", "reports": "1", "simulated": "1",
        "opened_at": "t2", "accept_due": f"t2 + 120 * {_MINUTE}", "filed_at": since(3, "t3"),
        "filed_by": since(3, "'account:d' || part(i, 12, 8)"), "dispatch_due": since(3, f"t3 + 90 * {_MINUTE}"),
        "dispatched_at": since(4, "t4"), "dispatched_by": since(4, "'account:s' || part(i, 9, 9)"),
        "unit": since(4, f"'unit-' || part(i, {UNITS}, 10)"), "task_id": since(4, "id_of(t0 // 1000, i, 2)"),
        "due_at": since(4, f"t4 + 1440 * {_MINUTE}"), "handled_at": since(6, "t6"), "returns": "0", "reworks": "0",
        "closed_at": since(8, "t8"), "closed_by": since(8, "'account:c' || part(i, 9, 11)"),
        "on_time": since(8, f"(t6 < t4 + 1440 * {_MINUTE})::BIGINT"), "recurs": "CASE WHEN part(i, 20, 12) = 0 THEN id_of(0, i, 1) END",
        "lon": "113.0 + part(i, 1000, 13) / 10000.0", "lat": "28.0 + part(i, 1000, 14) / 10000.0",
    }, ""  # fmt: skip


def _reports() -> tuple:
    return "report", "", range(3), {
        "id": "id_of(t0 // 1000, i, 0)", "channel": "['app', 'collector', 'collector', 'hotline', 'device'][part(i, 5, 15) + 1]",
        "received_at": "t0", "happened_at": "t0", "simulated": "1", "by": "CASE WHEN part(i, 2, 16) = 0 THEN 'p' || part(i, 300, 17) END",
        "class_key": f"CASE WHEN k >= 1 THEN 'x/event/' || lpad(part(i, {CLASSES}, 6)::VARCHAR, 4, '0') END",
        "understood_at": "CASE WHEN k >= 1 THEN t1 END", "case_id": "CASE WHEN k >= 2 THEN id_of(t0 // 1000, i, 1) END",
    }, ""  # fmt: skip


def _handling() -> tuple:
    due = f"t4 + 1440 * {_MINUTE}"
    return "task", "handle", range(4, 7), {
        "id": "id_of(t0 // 1000, i, 2)", "case_id": "id_of(t0 // 1000, i, 1)", "kind": "'handle'", "assist": "'[]'",
        "unit": f"'unit-' || part(i, {UNITS}, 10)", "given_by": "'account:s' || part(i, 9, 9)", "given_at": "t4", "due_at": due,
        "is_rework": "0", "signed_at": "CASE WHEN k >= 5 THEN t5 END", "signed_by": "CASE WHEN k >= 5 THEN 'account:h' || part(i, 400, 18) END",
        "ended_at": "CASE WHEN k >= 6 THEN t6 END", "ended_by": "CASE WHEN k >= 6 THEN 'account:h' || part(i, 400, 18) END",
        "outcome": "CASE WHEN k >= 6 THEN 'finished' END", "overdue": f"CASE WHEN k >= 6 THEN (t6 > {due})::BIGINT END", "automatic": "0",
    }, ""  # fmt: skip


def _inspecting() -> tuple:
    due = f"t7 + 720 * {_MINUTE}"
    return "task", "inspect", range(7, 9), {
        "id": "id_of(t0 // 1000, i, 3)", "case_id": "id_of(t0 // 1000, i, 1)", "kind": "'inspect'", "assist": "'[]'", "given_by": "'machine:inspect'",
        "given_at": "t7", "due_at": due, "is_rework": "0", "ended_at": "CASE WHEN k >= 8 THEN t8 END",
        "ended_by": "CASE WHEN k >= 8 THEN 'account:c' || part(i, 9, 11) END", "outcome": "CASE WHEN k >= 8 THEN 'passed' END",
        "overdue": f"CASE WHEN k >= 8 THEN (t8 > {due})::BIGINT END", "automatic": "0",
    }, ""  # fmt: skip


def _appeals() -> tuple:
    return "appeal", "", range(7, 8), {
        "id": "id_of(t0 // 1000, i, 4)", "case_id": "id_of(t0 // 1000, i, 1)", "task_id": "id_of(t0 // 1000, i, 2)", "about": "'overdue'",
        "unit": f"'unit-' || part(i, {UNITS}, 10)", "state": "'granted'", "excluded": "1", "lodged_at": "t7",
    }, "part(i, 200, 19) = 0"  # fmt: skip


def _holds() -> tuple:
    return "hold", "", range(6, 7), {
        "id": "id_of(t0 // 1000, i, 5)", "case_id": "id_of(t0 // 1000, i, 1)", "kind": "'deferral'", "since": "t5", "ended_at": "t6",
        "counts_as_due": "0", "times": "1",
    }, "part(i, 100, 20) = 0"  # fmt: skip


def _table(made: duckdb.DuckDBPyConnection, folder: Path, table: str, part: str, facts: range, says: dict, where: str) -> list[tuple]:
    """Write the images of a table: those that stand, by id, and those that stood, by fact."""
    first, last = facts[0], facts[-1]
    next_seq = f"CASE {' '.join(f'WHEN k = {k} AND t{k + 1} < {END_US} THEN seq_of(t{k + 1}, {k + 1})' for k in facts[:-1])} ELSE {FOREVER} END"
    at = f"CASE {' '.join(f'WHEN k = {k} THEN t{k}' for k in facts)} END"
    shown = ", ".join(
        f'CAST({says.get(name, "NULL")} AS {_WORDS.get(kind, "BIGINT")}) AS "{name}"' for name, kind in SPINE[table].items()
    )
    images = (
        f"SELECT seq_of({at}, k) AS from_seq, {next_seq if len(facts) > 1 else FOREVER} AS to_seq, {shown} FROM told, "
        f"range({first}, {last + 1}) AS stages(k) WHERE {at} < {END_US}{f' AND {where}' if where else ''}"
    )
    (folder / table).mkdir(parents=True, exist_ok=True)
    found = []
    for kind, test, order in (("now", f"to_seq = {FOREVER}", "id"), ("past", f"to_seq < {FOREVER}", "from_seq")):
        path = f"{table}/{kind}.{part or 'all'}.1.parquet"
        made.execute(
            f"COPY (SELECT * FROM ({images}) WHERE {test} ORDER BY {order}) TO '{folder / path}' "
            "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 131072)"
        )
        rows = made.execute(f"SELECT count(*) FROM read_parquet('{folder / path}')").fetchone()
        found.append((path, kind, table, part, rows[0], (folder / path).stat().st_size, 0))  # type: ignore[index]
    return found


def _named(folder: Path, files: list[list[tuple]], last: int) -> None:
    database = Database(str(folder / "shadow.db"), CityId("bench"))
    database.migrate()
    run = database.engine.connection
    prepare(run)
    run.executemany("INSERT INTO wide_file VALUES (?, ?, ?, ?, ?, ?, ?)", [each for some in files for each in some])
    run.execute("UPDATE wide_at SET seq = ?, recorded = ?, sealed = ?, settled = ?, given = 1", (last, END_US, last, last))
    run.execute("UPDATE wide_found SET after = ?", (last,))
    run.execute("INSERT INTO wide_made_by VALUES (?)", (made_of(),))
    database.close()
