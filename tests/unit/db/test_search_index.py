"""The embedded engine's index of words: written anew as often as something is erased, it stays whole and small."""

from itertools import pairwise

import pytest

from cityloop.db import sqlite
from cityloop.db.sqlite import Sqlite, levels_of

ROUNDS, MANY = 1_100, 10  # beyond a thousand SQLite 3.40 could not read its index any more, and no change was kept


@pytest.fixture
def engine(tmp_path):
    found = Sqlite(tmp_path / "words.db")
    found.connection.execute("PRAGMA synchronous = OFF")
    found.script(
        "CREATE TABLE case_words (id INTEGER PRIMARY KEY, words TEXT);\n"
        "CREATE VIRTUAL TABLE case_words_found USING fts5 (words, content = 'case_words', content_rowid = 'id', detail = none);\n"
    )
    yield found
    found.close()


def add(engine: Sqlite, first: int) -> None:
    """Some rows, in one commit."""
    engine.begin()
    for id in range(first, first + MANY):
        for table, key in (("case_words", "id"), ("case_words_found", "rowid")):
            engine.connection.execute(f"INSERT INTO {table} ({key}, words) VALUES (?, ?)", (id, f"word{id} every"))
    engine.commit()


def found(engine: Sqlite, word: str) -> list[int]:
    return [row[0] for row in engine.connection.execute("SELECT rowid FROM case_words_found WHERE case_words_found MATCH ? ORDER BY rowid", (word,))]


def test_an_index_is_whole_however_often_it_forgets(engine):
    most = 0
    for number in range(ROUNDS):
        add(engine, number * MANY)
        engine.forget()
        most = max(most, levels_of(engine.connection))
    engine.connection.execute("INSERT INTO case_words_found (case_words_found) VALUES ('integrity-check')")
    assert most <= sqlite.WORN + 2
    assert found(engine, "every") == list(range(ROUNDS * MANY))
    assert found(engine, "word77") == [77]


def test_levels_are_counted_as_sqlite_writes_them(engine):
    """One where all is in one piece; two more with a forgetting, on a SQLite that leaves them."""
    counts = []
    for number in range(300):
        add(engine, number * MANY)
        engine.forget()
        counts.append(levels_of(engine.connection))
    assert counts[0] == 1
    assert {after - before for before, after in pairwise(counts)} <= {0, 1, 2}
    engine.connection.execute("INSERT INTO case_words_found (case_words_found) VALUES ('rebuild')")
    assert levels_of(engine.connection) <= 2
