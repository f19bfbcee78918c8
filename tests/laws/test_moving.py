"""A city that moves is the same city, on each engine and across them; and nobody goes on with the one that was left."""

import sqlite3

import psycopg
import pytest
from tests.engines import Places
from tests.laws.journal_world import ALL, delivery_of, facts_of, receive, writer_of

from cityloop.db import CommitFailed, Database, DatabaseClosed, open_database
from cityloop.journal import Journal
from cityloop.journal.seal import Sealer
from cityloop.keeping import moving
from cityloop.keeping.model import CopyDiffers, NotEmpty, StillRuns
from cityloop.keeping.moving import move, proof_of
from cityloop.keeping.moving import moving as tables_that_move

JOURNAL = Journal(ALL)


@pytest.fixture
def town(places, tmp_path):
    """A small city that was lived in."""
    database = places.open()
    writer = writer_of(database)
    sealer = Sealer(writer, tmp_path / "home" / "keys", "test.example/city")
    sealer.start()
    delivery = delivery_of(writer)
    for _ in range(9):
        writer.change(receive)
    delivery.drain()
    sealer.seal()
    writer.whole(lambda tx: tx.run("DELETE FROM process WHERE city = :city"))
    return database


def to(places: Places, name: str) -> str:
    return places.url(name)


def test_both_sides_hold_the_same_and_the_city_goes_on_there(town, target_places, tmp_path):
    url = to(target_places, "there")
    before = facts_of(town)
    moved = move(town, url, journal=JOURNAL, home=tmp_path / "home")
    assert moved.proof.size == len(before) == 27
    assert moved.replayed >= 18
    there = open_database(url, town.city)
    assert facts_of(there) == before
    tables = tables_that_move(there.migrated())
    assert proof_of(there.engine, there.city, tables) == moved.proof
    sealer = Sealer(writer_of(there), tmp_path / "home" / "keys", "test.example/city")
    assert sealer.start().no == 1  # the same log, with the same key
    writer_of(there).change(receive)
    assert sealer.seal().size == len(before) + 1
    there.close()


def test_the_source_is_closed_for_good(town, target_places, tmp_path):
    still_open = Database(town.url, town.city)
    move(town, to(target_places, "there"), journal=JOURNAL, home=tmp_path / "home")
    with pytest.raises(DatabaseClosed, match="moved to"):
        open_database(town.url, town.city)
    with pytest.raises((CommitFailed, sqlite3.Error, psycopg.Error)):  # whoever had it open
        writer_of(still_open).change(receive)
    still_open.close()
    with pytest.raises(DatabaseClosed):
        move(town, str(tmp_path / "elsewhere.db"), journal=JOURNAL, home=tmp_path / "home")


def test_and_back_again(town, target_places, tmp_path):
    url = to(target_places, "there")
    first = move(town, url, journal=JOURNAL, home=tmp_path / "home")
    there = Database(url, town.city)
    back = move(there, str(tmp_path / "back.db"), journal=JOURNAL, home=tmp_path / "home")
    assert back.proof == first.proof
    there.close()


def test_a_target_that_holds_something_is_refused(town, target_places, tmp_path):
    other = target_places.open(town.city, name="there")
    writer_of(other).change(receive)
    with pytest.raises(NotEmpty):
        move(town, to(target_places, "there"), journal=JOURNAL, home=tmp_path / "home")
    writer_of(town).change(receive)  # the source is what it was


def test_a_city_that_runs_does_not_move(town, target_places, tmp_path):
    writer = writer_of(town)
    writer.whole(lambda tx: tx.run("INSERT INTO process (city, id, seen_at) VALUES (:city, 'p', :now)", now=tx.now))
    with pytest.raises(StillRuns):
        move(town, to(target_places, "there"), journal=JOURNAL, home=tmp_path / "home")


@pytest.mark.parametrize("fault", ["a table is left out", "a row is changed", "a row comes twice"])
def test_a_copy_that_is_not_the_same_is_never_opened(town, tmp_path, monkeypatch, fault):
    load = moving.load

    def wrong(engine, table, columns, rows):
        rows = list(rows)
        if table == "vault":
            if fault == "a table is left out":
                return
            place = list(columns).index("bytes" if fault == "a row is changed" else "id")
            odd = (*rows[0][:place], b"other" if fault == "a row is changed" else "another", *rows[0][place + 1 :])
            rows = [odd, *rows[1:]] if fault == "a row is changed" else [*rows, odd]
        load(engine, table, columns, rows)

    monkeypatch.setattr(moving, "load", wrong)
    with pytest.raises(CopyDiffers, match="vault"):
        move(town, str(tmp_path / "there.db"), journal=JOURNAL, home=tmp_path / "home")
    monkeypatch.undo()
    with pytest.raises(DatabaseClosed, match="did not end"):
        open_database(str(tmp_path / "there.db"), town.city)
    writer_of(town).change(receive)  # the source is open as before


def test_a_move_that_died_after_closing_the_source_is_ended_by_the_next(town, tmp_path, monkeypatch):
    class Died(Exception):
        pass

    def dies(*_):
        raise Died

    monkeypatch.setattr(moving, "replayed", dies)
    url = str(tmp_path / "there.db")
    with pytest.raises(Died):
        move(town, url, journal=JOURNAL, home=tmp_path / "home")
    with pytest.raises(DatabaseClosed):
        open_database(town.url, town.city)
    with pytest.raises(DatabaseClosed):
        open_database(url, town.city)
    monkeypatch.undo()
    again = Database(town.url, town.city)
    moved = move(again, url, journal=JOURNAL, home=tmp_path / "home")
    there = open_database(url, town.city)
    assert moved.proof.size == len(facts_of(there))
    there.close()
    again.close()
