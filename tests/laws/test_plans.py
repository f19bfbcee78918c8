"""However large the city: what a report costs on its way is not paid by what lies there already.

Every statement of some simulated days is explained by the embedded engine. One that is found by its city alone reads all rows of a
table: such a one may only read a table that stays small.
"""

import re
from contextlib import closing
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from cityloop.app import Settings, join, open_city
from cityloop.cases.approvals.store import approval_lists_of, hold_lists_of
from cityloop.cases.callbacks import verdict_lists_of
from cityloop.cases.store import report_lists_of, task_lists_of
from cityloop.db import TABLES, Tx
from cityloop.db.sqlite import Sqlite
from cityloop.domain.ids import CaseId, CityId
from cityloop.domain.permission import Permission
from cityloop.journal import vault_ids, vault_overdue
from cityloop.keeping.retaining import KINDS, _old_rows, shorter
from cityloop.pages.neighbourhood import _rows as open_around
from cityloop.pages.work.next import _guest_rows as guests_of
from cityloop.simulation import PlayClock, play
from cityloop.stages.understand.store import HERE

# what a city has few of, whatever happens in it: its own heads, handlers, registers, and what people of the city wrote by hand
SMALL = {
    "log_head", "cursor", "heard", "origin", "migration", "pack_in_force", "algorithm", "thing", "stream", "component_over",
    "survey_number",
}  # fmt: skip
WALKS = re.compile(r"^(?:SCAN|SEARCH) (\w+)(?!.*(?:=\?|[<>]\?).*(?:=\?|[<>]\?))")


def walked(connection, sql: str) -> list[str]:
    """The tables, by the names that the statement gives them, of which it reads every row that a city has."""
    return [found[1] for step in steps_of(connection, sql) if "CONSTANT" not in step and (found := WALKS.match(step))]


def steps_of(connection, sql: str) -> list[str]:
    """How the embedded engine goes about a statement."""
    return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", dict.fromkeys(re.findall(r":(\w+)", sql)))]


def table_named(name: str, sql: str) -> str:
    """The table that stands behind a name in a statement; "" for a part of the statement itself, whose steps are explained too."""
    found = re.search(rf"(?:FROM|JOIN)\s+(\w+)\s+(?:AS\s+)?{name}\b", sql)
    table = found[1] if found else name
    return table if table in TABLES else ""


@pytest.fixture(scope="module")
def statements(tmp_path_factory):
    """What some days ask of the embedded engine, and the engine."""
    seen: set[str] = set()
    home = tmp_path_factory.mktemp("plans")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("fetch", "execute"):

            def asked(self, sql, params, plain=getattr(Sqlite, name)):
                seen.add(sql)
                return plain(self, sql, params)

            patch.setattr(Sqlite, name, asked)
        clock = PlayClock()
        parts = join(Settings(city="plans", home=str(home)), clock=clock)
        with closing(parts):
            open_city(parts)
            play(parts, clock, reports=40, days=7, seed=3, password="cityloop-demo", on_progress=lambda *_: None, planted=False)
            ours = {sql for sql in seen if re.match(r"\s*(SELECT|WITH|UPDATE|DELETE|INSERT)", sql)}
            with parts.database.reading() as tx:
                yield ours, tx.engine.connection


def test_no_statement_of_the_loop_reads_a_whole_city(statements):
    asked, connection = statements
    assert len(asked) > 80
    found = {(table, sql) for sql in asked for name in walked(connection, sql) if (table := table_named(name, sql))}
    assert {(table, sql) for table, sql in found if table not in SMALL} == set()


def test_a_list_of_several_cases_reads_those_cases(statements, monkeypatch):
    """One of them is looked up, and two are no reason to read them all in their order."""
    _, connection = statements
    asked: list[str] = []
    monkeypatch.setattr(Sqlite, "fetch", lambda self, sql, params: asked.append(sql) or ((), []))
    engine = Sqlite.__new__(Sqlite)
    tx = Tx(engine, CityId("plans"), None, datetime.now(UTC))
    for lists_of in (report_lists_of, task_lists_of, approval_lists_of, hold_lists_of, verdict_lists_of):
        lists_of(tx, [CaseId("a"), CaseId("b")])
    open_around(tx, [1, 2, 3], "c.closed_at IS NULL AND c.is_open = 1")
    seat = SimpleNamespace(unit="u", permissions={Permission.case_assist.value})
    guests_of(tx, SimpleNamespace(seats=[seat]))  # type: ignore[arg-type]
    assert vault_ids(tx, "report/a") == []
    assert len(asked) == 8
    assert [sql for sql in asked if walked(connection, sql)] == []


def test_what_need_not_stay_is_found_by_its_term(statements, monkeypatch):
    """Every ten minutes, in a city where next to nothing is due: what is younger, or of another kind, is not read."""
    _, connection = statements
    asked: list[str] = []
    monkeypatch.setattr(Sqlite, "fetch", lambda self, sql, params: asked.append(sql) or ((), []))
    tx = Tx(Sqlite.__new__(Sqlite), CityId("plans"), None, datetime.now(UTC))
    terms = SimpleNamespace(**dict.fromkeys(KINDS, 30), audit_days=365)
    assert not shorter(tx, 500, terms)
    assert _old_rows(tx, terms) == 0
    assert vault_overdue(tx, 500) == []
    plans = [" ".join(steps_of(connection, sql)) for sql in dict.fromkeys(asked)]
    wanted = ("(city=? AND kind=? AND id<?)", "(city=? AND ended_at<?)", "(city=? AND at<?)", "(city=? AND keep_until<?)")
    assert [[each for each in wanted if each in plan] for plan in plans] == [[each] for each in wanted]


def test_open_cases_of_a_crowded_place_are_told_by_the_index(statements):
    """In the order of the index, which holds where they are: none is read that lies beyond reach, none is sorted. Of ten thousand in
    one spot, 12 ms before, 3.5 after."""
    _, connection = statements
    steps = [each for each in steps_of(connection, HERE) if "case_open_at_hand" in each or "RIGHT PART" in each]
    assert [re.search(r"\(.*", each)[0] for each in steps] == [  # type: ignore[index]
        "(city=? AND spot=? AND class_key=? AND opened_at>?)", "(city=? AND spot=? AND class_key>? AND class_key<?)",
    ]  # fmt: skip


def test_a_start_does_not_go_through_all_that_was_ever_erased(tmp_path):
    """Once it does: after that only what was erased since."""
    settings = Settings(city="plans", home=str(tmp_path))
    with closing(join(settings)) as parts:
        open_city(parts)
        parts.erased.add(f"{no:036}" for no in range(10_000))
    counts = []
    for _ in range(2):
        with closing(join(settings)) as parts:
            asked: list[str] = []
            parts.database.engine.connection.set_trace_callback(asked.append)
            open_city(parts)
            counts.append(len(asked))
    assert counts[0] > 10_000
    assert counts[1] < 300


def test_a_walk_is_seen(statements):
    """Planted: the reports of a city, those of a moment, and those of a case; only the last is found by what it asks for."""
    _, connection = statements
    assert walked(connection, "SELECT id FROM report AS r WHERE city = :city AND said > 'a'") == ["r"]
    assert walked(connection, "SELECT id FROM report WHERE city = :city ORDER BY id") == ["report"]
    assert walked(connection, "SELECT id FROM report WHERE city = :city AND case_id = :case") == []
    assert table_named("r", "SELECT id FROM report AS r WHERE city = :city") == "report"
