"""What a caller said to the hotline has the codes of every verdict; what was written before is raised on reading."""

import json
import sqlite3

import msgspec

from cityloop.db.tables import migration_files
from cityloop.domain.facts import WAY, Satisfied, Solved, WorkOrderCalledBack, WorkOrderMessageKept
from cityloop.domain.facts.upcast import UPCAST

AT = "2026-03-06T01:00:00Z"
SAID = {"solved": "unsolved", "satisfied": "basically"}


def test_every_older_version_of_a_fact_can_be_raised():
    for fact in WAY:
        for version in range(1, fact.VERSION):
            assert (fact.__name__, version) in UPCAST


def test_a_call_back_of_before_is_read():
    old = {"order_id": "o1", "surveyed_at": AT, "at": AT, "is_true": True} | SAID
    fact = msgspec.convert(UPCAST["WorkOrderCalledBack", 1](old), WorkOrderCalledBack)
    assert (fact.solved, fact.satisfied, fact.is_true) == (Solved.no, Satisfied.mostly, True)
    told = [
        UPCAST["WorkOrderCalledBack", 1](old | {"satisfied": each})["satisfied"]
        for each in ("satisfied", "unsatisfied", "unrated", None)
    ]
    assert told == ["satisfied", "not", "none", None]
    assert "solved" not in UPCAST["WorkOrderCalledBack", 1]({"order_id": "o1"})


def test_so_is_one_that_waits_for_its_order():
    body = {"kind": "callback", "id": "m1", "at": AT} | SAID
    old = {"order_id": "o1", "source": "12345", "number": "n1", "body": body, "at": AT}
    fact = msgspec.convert(UPCAST["WorkOrderMessageKept", 1](old), WorkOrderMessageKept)
    assert (fact.body.solved, fact.body.satisfied) == (Solved.no, Satisfied.mostly)


def test_rows_of_before_have_the_same_words():
    """The tables of a city that goes on say what a replay would."""
    (path,) = [each for each in migration_files() if each.stem == "0026_verdict_words"]
    tables = sqlite3.connect(":memory:")
    tables.execute("CREATE TABLE work_order (id, solved, satisfied)")
    tables.execute("CREATE TABLE order_message (body)")
    rows = [
        ("a", "unsolved", "basically"),
        ("b", "solved", "unrated"),
        ("c", None, None),
        ("d", "partly", "unsatisfied"),
    ]
    tables.executemany("INSERT INTO work_order VALUES (?, ?, ?)", rows)
    kept = json.dumps({"kind": "callback"} | SAID, separators=(",", ":"))
    tables.execute("INSERT INTO order_message VALUES (?), (NULL)", [kept])
    tables.executescript(path.read_text(encoding="utf-8"))
    told = tables.execute("SELECT id, solved, satisfied FROM work_order ORDER BY id").fetchall()
    assert told == [("a", "not", "mostly"), ("b", "solved", "none"), ("c", None, None), ("d", "partly", "not")]
    body = tables.execute("SELECT body FROM order_message WHERE body IS NOT NULL").fetchone()[0]
    assert json.loads(body) == {"kind": "callback", "solved": "not", "satisfied": "mostly"}
