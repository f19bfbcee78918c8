"""The archive loses nothing and keeps nothing twice: whatever stops it, whatever the journal is, and it holds nobody's words."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pyarrow.parquet as pq
import pytest
from tests.laws.figure_world import END, tell_stories
from tests.laws.journal_world import ALL, receive
from tests.laws.test_figures import POLICY, question

from cityloop.journal import Journal, Writer
from cityloop.stages.evaluate import figures
from cityloop.stages.evaluate.model import By
from cityloop.stages.evaluate.store import Then
from cityloop.wide import Archive, Shadow, archive
from cityloop.wide.checking import faults_in
from cityloop.wide.engines.duckdb import DuckWide
from cityloop.wide.reading import looking
from cityloop.wide.shadow import JournalBroken, seq_at


class Stopped(Exception):
    """The process dies here."""


@pytest.fixture
def city(places):
    database = places.open()
    tell_stories(database, 1, count=30)
    return database


def whole(database, folder):
    """That the archive, opened again, comes to what the tables come to; and that no file lies there which nobody names."""
    again = Archive(Shadow(folder, database, Journal(ALL)))
    again.build()
    wide = DuckWide(folder, threads=1)
    named = {str(folder / each.path) for each in again.files()}
    assert {str(path) for path in folder.glob("*/*.*")} == named | {str(folder / each) for each in again._going}
    assert list(faults_in(again, wide)) == []
    then = figures(Then(wide, again.shadow.at.seq), question(By.unit), policy=POLICY)
    with database.reading() as tx:
        assert then == figures(tx, question(By.unit), policy=POLICY)
    facts = sorted(seq for each in again.files() if each.kind == "fact" for seq in pq.read_table(folder / each.path)["seq"].to_pylist())
    assert facts == list(range(1, again.shadow.at.seq + 1))
    wide.close()
    again.shadow.close()


def seal_all(sealing):
    while sealing.shadow.follow(60):
        sealing.seal()
        sealing.settle()


@pytest.mark.parametrize("step", ["write_table", "write_query", "Archive._name"])
@pytest.mark.parametrize("nth", [1, 4])
def test_a_round_that_stops_anywhere_is_made_good(city, tmp_path, monkeypatch, step, nth):
    """Before a file is whole, between two files, and before they are named."""
    folder, count = tmp_path / "wide", 0
    owner, _, name = f"cityloop.wide.archive.{step}".rpartition(".")
    real = getattr(archive.Archive if "Archive" in step else archive, name)

    def stops(*args, **said):
        nonlocal count
        count += 1
        if count == nth:
            raise Stopped
        return real(*args, **said)

    sealing = Archive(Shadow(folder, city, Journal(ALL)))
    with monkeypatch.context() as patch:
        patch.setattr(f"{owner}.{name}", stops)
        with pytest.raises(Stopped):
            seal_all(sealing)
    sealing.shadow.close()
    whole(city, folder)


def test_many_small_rounds_are_merged_and_facts_lie_by_day(city, tmp_path):
    shadow = Shadow(tmp_path / "wide", city, Journal(ALL))
    made = Archive(shadow)
    while shadow.follow(15):
        made.seal()
        made.settle()
    files = made.files()
    assert len([each for each in files if each.kind == "fact"]) < archive.MERGE_AT
    assert all(len([each for each in files if (each.kind, each.what) == ("past", table)]) <= archive.MERGE_AT for table in ("task", "report"))
    assert not [each for each in files if each.kind == "round"]
    shadow.close()
    whole(city, tmp_path / "wide")


def test_a_journal_with_a_gap_is_refused_and_nothing_after_it_told(places, tmp_path):
    if places.engine != "sqlite":
        pytest.skip("the server's own facts cannot be taken out")
    city = places.open()
    tell_stories(city, 1, count=10)
    city.engine.connection.execute("PRAGMA foreign_keys = OFF")
    for name, in city.engine.connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'fact'").fetchall():
        city.engine.connection.execute(f"DROP TRIGGER {name}")
    city.engine.connection.execute("DELETE FROM fact WHERE seq = 40")
    shadow = Shadow(tmp_path / "wide", city, Journal(ALL))
    with pytest.raises(JournalBroken, match="Fact 40 of the journal is gone: the next one there is 41"):
        shadow.follow_all()
    assert shadow.at.seq == 0
    shadow.follow(39)
    assert shadow.at.seq == 39
    shadow.close()


def test_the_shadow_of_another_journal_is_made_anew(places, tmp_path):
    """A city that was put back from a backup, or begun again in the same folder."""
    first, second = places.open(), places.open(name="other")
    tell_stories(first, 1, count=10)
    tell_stories(second, 2, count=20)
    shadow = Shadow(tmp_path / "wide", first, Journal(ALL))
    shadow.follow_all()
    Archive(shadow).seal()
    shadow.close()
    second.city = first.city if places.engine == "sqlite" else second.city
    if places.engine == "sqlite":
        second.engine.connection.execute("UPDATE log_head SET city = ?", (first.city,))
        second.engine.connection.execute("UPDATE fact SET city = ?", (first.city,))
    shadow = Shadow(tmp_path / "wide", second, Journal(ALL))
    assert shadow.at.seq == 0
    shadow.close()


def test_a_moment_is_the_longest_beginning_of_the_journal_that_was_recorded_by_then(places, clock, tmp_path):
    """Also where a later fact was recorded before an earlier one: processes record beside each other."""
    database = places.open(clock=clock)
    writer, recorded = Writer(database, Journal(ALL)), []
    for minutes in (0, 5, 3, 9, 9, 7, 20):
        clock.now = END + timedelta(minutes=minutes)
        writer.change(receive)
        recorded.append(clock.now)
    for chunk in (1, 2, 3, 100):
        shadow = Shadow(tmp_path / f"wide{chunk}", database, Journal(ALL))
        while shadow.follow(chunk):
            pass
        with looking(shadow.folder) as connection:
            for moment in [END + timedelta(minutes=n) for n in range(-1, 22)]:
                truth = next((n for n, each in enumerate(recorded) if each > moment), len(recorded))
                assert seq_at(connection.execute, database, moment) == truth
        shadow.close()


def test_marks_of_moments_are_few_and_found_by_the_moment(places, clock, tmp_path, monkeypatch):
    """However often it hears something new, and however long it has."""
    monkeypatch.setattr("cityloop.wide.shadow.APART", 10)
    database = places.open(clock=clock)
    writer, recorded = Writer(database, Journal(ALL)), []
    shadow = Shadow(tmp_path / "wide", database, Journal(ALL))
    for minutes in range(60):
        clock.now = END + timedelta(minutes=minutes)
        writer.change(receive)
        recorded.append(clock.now)
        shadow.follow()
    with looking(shadow.folder) as connection:
        assert 6 <= connection.execute("SELECT count(*) FROM wide_mark").fetchone()[0] <= 8
        asked: list[str] = []
        for moment in [END + timedelta(minutes=n) for n in range(-1, 62)]:
            truth = sum(each <= moment for each in recorded)
            assert seq_at(lambda sql, given: asked.append(sql) or connection.execute(sql, given), database, moment) == truth
        plans = [connection.execute(f"EXPLAIN QUERY PLAN {sql}", (0,)).fetchall() for sql in dict.fromkeys(asked)]
    shadow.close()
    assert [[step[3] for step in plan] for plan in plans] == [
        [f"SEARCH wide_mark USING COVERING INDEX wide_mark_recorded (recorded{sign}?)"] for sign in "<>"
    ]


def test_nothing_that_can_be_erased_is_in_the_archive(places, tmp_path):
    """What a resident wrote lies in the vault; the archive has its number and digest only."""
    database = places.open()
    Writer(database, Journal(ALL)).change(receive)
    sealing = Archive(Shadow(tmp_path / "wide", database, Journal(ALL)))
    sealing.build()
    read = b"".join(
        repr(pq.read_table(path).to_pydict()).encode() for path in (tmp_path / "wide").glob("*/*.parquet")
    ) + (tmp_path / "wide" / "shadow.db").read_bytes()
    assert b"ReportReceived" in read
    assert b"a hole" not in read
    sealing.shadow.close()


def test_moments_are_kept_to_the_microsecond(places, clock, tmp_path):
    database = places.open(clock=clock)
    writer, moments = Writer(database, Journal(ALL)), []
    for text in ("1969-12-31T23:59:59.999999", "2026-03-01T00:00:00.000000", "2026-12-31T23:59:59.999999", "2026-06-30T12:00:00.500001"):
        clock.now = datetime.fromisoformat(text).replace(tzinfo=UTC)
        writer.change(receive)
        moments.append((clock.now - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1))
    shadow = Shadow(tmp_path / "wide", database, Journal(ALL))
    shadow.follow_all()
    kept = [at for at, in shadow.database.engine.connection.execute("SELECT received_at FROM image_report ORDER BY from_seq")]
    assert kept == moments
    assert all(one != other for one, other in pairwise(kept))
    shadow.close()
