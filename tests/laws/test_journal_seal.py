"""Evidence: sealed in order, one root a size for ever, nothing continued after a restore, every flipped byte seen."""

import os
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from tests.engines import Places
from tests.laws.journal_world import receive, writer_of

from cityloop.db import Database, Tx
from cityloop.domain.facts import LogContinued
from cityloop.journal import prove, reading, story
from cityloop.journal.prove import NotSealed, Proofs, origins, verify
from cityloop.journal.seal import Sealer, checkpoint_last
from cityloop.journal.tlog import (
    VerifierKey,
    load_key,
    open_checkpoint,
    verify_bundle,
    verify_consistency,
)

NAME = "test.localhost/city"


def sealer_of(database: Database, keys) -> Sealer:
    sealer = Sealer(writer_of(database), keys, NAME)
    sealer.start()
    return sealer


def keys_of(keys):
    def find(origin: str) -> VerifierKey:
        return load_key(keys / f"{origin.replace('/', '_')}.key").verifier

    return find


def test_what_is_sealed_is_verified_and_each_fact_proves_itself_offline(places, tmp_path):
    database = places.open()
    sealer = sealer_of(database, tmp_path / "keys")
    reports = []
    heads = []
    for _ in range(7):
        reports += [sealer.writer.change(receive) for _ in range(5)]
        heads.append(sealer.seal())
    assert sealer.seal() is None

    found = verify(database, keys_of(tmp_path / "keys"))
    assert (found.facts, found.checkpoints, found.faults) == (35, 7, ())
    key = keys_of(tmp_path / "keys")(NAME)
    for report in reports:
        (bundle,) = Proofs(database).of_subject(f"report/{report}")
        assert verify_bundle(bundle, str(key)).size == 35
    prover = Proofs(database).prover(1)
    for old, new in pairwise(heads):
        verify_consistency(old.size, bytes(old.root), new.size, bytes(new.root), prover.consistency(old.size, new.size))
    unsealed = sealer.writer.change(receive)
    with pytest.raises(NotSealed):
        Proofs(database).of_subject(f"report/{unsealed}")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("UPDATE fact SET actor = 'somebody else' WHERE city = :city AND seq = 3", "column"),
        ("DELETE FROM fact WHERE city = :city AND seq = 3", "gone"),
        ("UPDATE fact SET salt = body WHERE city = :city AND seq = 3", "cannot be read"),
        (
            "UPDATE fact SET salt = (SELECT salt FROM fact WHERE city = :city AND seq = 2) WHERE city = :city AND seq = 3",
            "signed over other facts",
        ),
        ("UPDATE fact SET type = 'CaseFiled' WHERE city = :city AND seq = 3", "column"),
        ("UPDATE fact SET version = 2 WHERE city = :city AND seq = 3", "column"),
        ("UPDATE fact SET subject = 'case/1' WHERE city = :city AND seq = 3", "column"),
        ("UPDATE fact SET at = '2026-03-02T01:00:00.000001Z' WHERE city = :city AND seq = 3", "column"),
        ("UPDATE fact SET recorded_at = '2026-03-02T01:00:00.000001Z' WHERE city = :city AND seq = 3", "column"),
        ("UPDATE fact SET pack = 'other' WHERE city = :city AND seq = 3", "column"),
        ("UPDATE fact SET cause = '1' WHERE city = :city AND seq = 3", "column"),
        ("UPDATE fact SET alg = 'none' WHERE city = :city AND seq = 3", "column"),
        ('UPDATE fact SET actor = actor || \'","pack"\' WHERE city = :city AND seq = 3', "column"),
        ("UPDATE fact SET subject_no = 9 WHERE city = :city AND seq = 3", "column"),
        (
            "UPDATE fact SET body = (SELECT body FROM fact WHERE city = :city AND seq = 2) WHERE city = :city AND seq = 3",
            "column",
        ),
        ("DELETE FROM fact WHERE city = :city AND seq = 5", "gone"),
    ],
)
def test_a_journal_that_was_tampered_with_is_found_out(places, tmp_path, change, says):
    database = places.open()
    sealer = sealer_of(database, tmp_path / "keys")
    for _ in range(5):
        sealer.writer.change(receive)
    sealer.seal()
    sealer.writer.whole(lambda tx: tx.run(change))
    faults = verify(database, keys_of(tmp_path / "keys")).faults
    assert any(says in fault.what for fault in faults), faults


def test_processes_that_share_the_work_find_the_same(places, tmp_path, monkeypatch):
    monkeypatch.setattr(prove, "CHUNK", 2)
    database = places.open()
    sealer = sealer_of(database, tmp_path / "keys")
    for _ in range(9):
        sealer.writer.change(receive)
    sealer.seal()
    clean = verify(database, keys_of(tmp_path / "keys"), processes=2)
    assert (clean.facts, clean.checkpoints, clean.faults) == (9, 1, ())
    for change in (
        "UPDATE fact SET subject_no = 2 WHERE city = :city AND seq = 5",
        "DELETE FROM fact WHERE city = :city AND seq = 8",
    ):
        sealer.writer.whole(lambda tx, sql=change: tx.run(sql))
        alone, shared = (verify(database, keys_of(tmp_path / "keys"), processes=count) for count in (1, 2))
        assert alone == shared
        assert shared.faults


def sealed_in_parts(places: Places, folder: Path, *, heads: int, facts: int) -> Sealer:
    """A journal under so many signed heads, each over so many facts more."""
    sealer = sealer_of(places.open(), folder / "keys")
    for _ in range(heads):
        for _ in range(facts):
            sealer.writer.change(receive)
        sealer.seal()
    return sealer


def test_signed_heads_are_read_some_at_a_time(places, tmp_path, monkeypatch):
    """A city signs one a second for years; and whatever part of them is read at once, the same is found."""
    sealer = sealed_in_parts(places, tmp_path, heads=7, facts=3)
    read: list[int] = []
    plain = Tx.all

    def counting(tx: Tx, sql: str, **params):
        rows = plain(tx, sql, **params)
        if "FROM checkpoint" in sql:
            read.append(len(rows))
        return rows

    monkeypatch.setattr(Tx, "all", counting)
    keys = keys_of(tmp_path / "keys")
    found = []
    for change in (
        "UPDATE fact SET seq = seq WHERE city = :city",
        "UPDATE checkpoint SET root = (SELECT root FROM checkpoint AS first WHERE first.city = :city ORDER BY size LIMIT 1) "
        "WHERE city = :city AND size IN (6, 15)",
        "DELETE FROM fact WHERE city = :city AND seq > 16",
    ):
        sealer.writer.whole(lambda tx, sql=change: tx.run(sql))
        for at_once in (1, 3, 1_000):
            read.clear()
            monkeypatch.setattr(prove, "HEADS", at_once, raising=False)
            found.append(verify(sealer.writer.database, keys))
            assert max(read) <= at_once
            assert sum(read) == 7
        assert found[-3] == found[-2] == found[-1]
    assert [each.checkpoints for each in found[::3]] == [7, 7, 5]
    assert [[fault.seq for fault in each.faults] for each in found[::3]] == [[], [6, 15], [17, 6, 15, 19, 22]]


def test_what_is_signed_while_we_verify_is_no_fault(places, tmp_path, monkeypatch):
    """We began before it: its facts are not among those that we read."""
    monkeypatch.setattr(prove, "CHUNK", 2)
    monkeypatch.setattr(prove, "HEADS", 1, raising=False)
    sealer = sealed_in_parts(places, tmp_path, heads=3, facts=2)

    def goes_on(done: int, of: int) -> None:
        sealer.writer.change(receive)
        sealer.seal()

    found = verify(sealer.writer.database, keys_of(tmp_path / "keys"), on_progress=goes_on)
    assert (found.facts, found.checkpoints, found.faults) == (6, 3, ())


def test_a_process_that_dies_leaves_its_part_to_the_one_that_lives(places, tmp_path, monkeypatch):
    monkeypatch.setattr(prove, "CHUNK", 2)
    monkeypatch.setattr(reading, "_open_aside", os._exit)  # wrong for its arguments: whoever begins so ends
    database = places.open()
    sealer = sealer_of(database, tmp_path / "keys")
    for _ in range(9):
        sealer.writer.change(receive)
    sealer.seal()
    found = verify(database, keys_of(tmp_path / "keys"), processes=3)
    assert (found.facts, found.checkpoints, found.faults) == (9, 1, ())


def test_every_flipped_byte_is_found(places, tmp_path):
    database = places.open()
    sealer = sealer_of(database, tmp_path / "keys")
    for _ in range(3):
        sealer.writer.change(receive)
    sealer.seal()
    with database.reading() as tx:
        row = tx.one("SELECT body, salt FROM fact WHERE city = :city AND seq = 2")
    for column, whole in (("body", bytes(row.body)), ("salt", bytes(row.salt))):
        for place in range(0, len(whole), 7):
            flipped = bytearray(whole)
            flipped[place] ^= 1
            change = f"UPDATE fact SET {column} = :bytes WHERE city = :city AND seq = 2"
            sealer.writer.whole(lambda tx, to=bytes(flipped), sql=change: tx.run(sql, bytes=to))
            assert verify(database, keys_of(tmp_path / "keys")).faults, (column, place)
        sealer.writer.whole(lambda tx, sql=change, to=whole: tx.run(sql, bytes=to))
    assert verify(database, keys_of(tmp_path / "keys")).faults == ()


def test_two_sealers_never_sign_one_size_with_two_roots(places, tmp_path):
    city = "sealers" + places.engine
    one = sealer_of(places.open(city), tmp_path / "keys")
    two = sealer_of(places.open(city), tmp_path / "keys")
    for turn in range(6):
        (one if turn % 2 else two).writer.change(receive)
        for sealer in (one, two):
            sealer.seal()
    found = verify(one.database, keys_of(tmp_path / "keys"))
    assert found.faults == ()
    with one.database.reading() as tx:
        sizes = [row.size for row in tx.all("SELECT size FROM checkpoint WHERE city = :city ORDER BY size")]
    assert sizes == sorted(set(sizes))
    assert sizes[-1] == 6


def test_a_sealer_that_dies_after_the_guard_was_told_signs_the_same_root_later(places, tmp_path, monkeypatch):
    database = places.open()
    sealer = sealer_of(database, tmp_path / "keys")
    for _ in range(3):
        sealer.writer.change(receive)
    monkeypatch.setattr(sealer.writer, "whole", lambda *a, **k: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        sealer.seal()
    monkeypatch.undo()
    again = sealer_of(database, tmp_path / "keys")
    again.writer.change(receive)
    assert again.seal().size == 4
    assert verify(database, keys_of(tmp_path / "keys")).faults == ()


def test_what_was_made_and_not_kept_is_sealed_by_the_next(places, tmp_path):
    """The server makes a head aside, and may end before it is kept; what comes meanwhile is not in it."""
    sealer = sealer_of(places.open(), tmp_path / "keys")
    for _ in range(3):
        sealer.writer.change(receive)
    assert sealer.sealed().size == 3
    sealer.writer.change(receive)
    made = sealer.sealed()
    sealer.writer.change(receive)
    assert sealer.keep(made).size == 4
    assert sealer.seal().size == 5
    assert sealer.seal() is None
    assert verify(sealer.database, keys_of(tmp_path / "keys")).faults == ()


def test_what_was_made_is_not_kept_over_what_another_process_sealed_meanwhile(places, tmp_path):
    """A backup seals while the server does: its tiles are wider, and a narrower one must not take their place."""
    city = "meanwhile" + places.engine
    one = sealer_of(places.open(city), tmp_path / "keys")
    two = Sealer(writer_of(places.open(city)), tmp_path / "keys", NAME)
    two.start()
    two.is_ours = lambda: True  # on one machine, with an embedded database, nobody is asked
    for _ in range(3):
        one.writer.change(receive)
    made = one.sealed()
    one.writer.change(receive)
    assert two.seal().size == 4
    assert one.keep(made) is None
    one.writer.change(receive)
    assert one.seal().size == 5
    assert verify(one.database, keys_of(tmp_path / "keys")).faults == ()


def test_a_restored_log_that_is_behind_is_never_continued(tmp_path):
    """SQLite: a copy of the file is a backup; the guard outside it remembers what was published."""
    database = Database(str(tmp_path / "city.db"), "restored")
    database.migrate()
    sealer = sealer_of(database, tmp_path / "keys")
    for _ in range(4):
        sealer.writer.change(receive)
    sealer.seal()
    database.engine.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(tmp_path / "city.db", tmp_path / "backup.db")
    for _ in range(3):
        sealer.writer.change(receive)
    published = sealer.seal()
    database.close()

    restored = Database(str(tmp_path / "backup.db"), "restored")
    again = sealer_of(restored, tmp_path / "keys")
    for _ in range(5):  # it would soon be as long as what was published
        again.writer.change(receive)
    head = again.seal()

    with restored.reading() as tx:
        logs = origins(tx)
        assert [log.name for log in logs] == [NAME, f"{NAME}/2"]
        assert checkpoint_last(tx, 1).size == 4
        (told,) = story(tx, f"log/{NAME}/2")
    assert told.fact == LogContinued(
        origin=f"{NAME}/2", old_origin=NAME, old_size=7, old_root=published.root.hex(), at=told.fact.at
    )
    assert (logs[1].first_seq, told.seq, head.size) == (5, 5, 6)
    assert verify(restored, keys_of(tmp_path / "keys")).faults == ()
    assert open_checkpoint(head.note, keys_of(tmp_path / "keys")(f"{NAME}/2")).size == 6
    restored.close()
