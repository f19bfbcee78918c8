"""A restore to any fact gives the tables of a replay to it, on each engine and across them; and nobody acts twice afterwards."""

import json
import os
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.engines import Places, postgres_database
from tests.laws.backed_town import SECRET, City, each_once
from tests.laws.journal_world import count, facts_of, receive, writer_of

from cityloop.db import DatabaseClosed, open_database
from cityloop.db.ciphers import SM4_MARK, Cipher
from cityloop.journal import ErasedList, erase, vault_ids
from cityloop.journal.prove import verify
from cityloop.journal.replay import differences
from cityloop.journal.seal import Sealer
from cityloop.journal.tlog import load_key
from cityloop.keeping import Chest, make
from cityloop.keeping.chest import locked, unlocked
from cityloop.keeping.forgetting import forget_in_points
from cityloop.keeping.model import BackupBusy, BackupDamaged, BackupFull, NoBackup, NotEmpty, SchemaUnknown, SecretWrong
from cityloop.keeping.restoring import STAGED


@pytest.fixture
def town(places, tmp_path):
    return City(places, tmp_path)


def test_a_restore_to_any_fact_gives_the_tables_of_a_replay_to_it(town):
    town.live("rrdrbrrdrsdfrdsfrdrsf")
    low = town.chest.point(town.chest.point_names()[0]).size
    high = town.chest.point(town.chest.point_names()[-1]).size
    assert high - low >= 12
    for seq in range(low, high + 1, 2 if town.database.on_postgres else 3):
        database, _ = town.restored(f"at{seq}", to_seq=seq)
        stood = town.tables_at(town.last.size, f"replayed{seq}")
        assert town.last.size <= seq
        _, found = differences(database, stood)
        assert found == ()
        each_once(database)
        stood.close()
        database.close()


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(st.sampled_from("rrrddsfb"), min_size=6, max_size=30), back=st.integers(0, 12))
def test_whatever_happened_a_restore_is_a_replay(tmp_path_factory, postgres_url, deeds, back):
    folder = tmp_path_factory.mktemp("any")
    places = Places("sqlite", folder, postgres_url)
    town = City(places, folder)
    town.live("".join(["r", "b", *deeds, "f"]))
    low = min(town.chest.point(name).size for name in town.chest.point_names())
    seq = max(low, town.size - back)
    database, _ = town.restored("back", to_seq=seq)
    assert town.last.size == town.whole_at(seq)
    assert differences(database, town.tables_at(town.last.size, "replayed"))[1] == ()
    each_once(database)
    database.close()
    places.close()


def test_the_other_engine_takes_it_too(town, target_places, postgres_url):
    """From each engine onto each engine, whole, with what was shipped."""
    town.live("rrdsbrrdrsf")
    url = target_places.url("target")
    database, _ = town.restored("other", url if target_places.engine == "postgres" else "")
    assert differences(database, town.tables_at(town.size, "replayed"))[1] == ()
    assert town.last.size == town.size == town.last.newest
    each_once(database)
    database.close()


def test_a_restored_log_verifies_and_goes_on_where_nothing_was_lost(town):
    town.live("rrdsbrrdsf")
    database, _ = town.restored("home2")
    key = load_key(town.sealer.key_path(town.sealer.origin))
    found = verify(database, lambda _: key.verifier)
    assert (found.faults, found.facts) == ((), town.size)
    assert found.checkpoints >= 2
    again = Sealer(writer_of(database), town.home / "keys", "test.example/city")
    assert again.start().no == 1
    writer_of(database).change(receive)
    again.seal()
    assert verify(database, lambda _: key.verifier).faults == ()


def test_a_restored_log_behind_its_last_checkpoint_begins_anew(town):
    town.live("rrdsb")
    town.live("rrds")  # never shipped, and published
    lost = town.size
    database, _ = town.restored("home2")
    assert town.last.size < lost
    again = Sealer(writer_of(database), town.home / "keys", "test.example/city")
    origin = again.start()
    assert origin.no == 2
    again.seal()
    assert facts_of(database)[-1][3] == "LogContinued"


def test_keys_from_a_copy_never_sign_on(town):
    """Nobody can tell what was published after the copy was made: a new origin, even where nothing seems to be lost."""
    town.live("rrdsbf")
    database, _ = town.restored("home2")
    again = Sealer(writer_of(database), town.home / "keys", "test.example/city")
    assert again.anew().no == 2
    again.seal()
    assert facts_of(database)[-1][3] == "LogContinued"


def test_a_second_backup_writes_only_what_is_new(town):
    (town.home / "files" / "ab" / "cd").mkdir(parents=True)
    (town.home / "files" / "ab" / "cd" / ("abcd" + "0" * 60)).write_bytes(os.urandom(200_000))
    town.live("r" * 30 + "dddd")
    first = make(town.database, town.home, town.chest)
    second = make(town.database, town.home, town.chest)
    assert first.new_bytes > 200_000
    assert second.new_bytes == 0
    assert second.bytes == first.bytes


def test_who_was_erased_does_not_come_back_and_leaves_older_backups(town):
    report = town.writer.change(receive)
    town.live("rbrf")
    with town.database.reading() as tx:
        ids = vault_ids(tx, f"report/{report}")
    ErasedList(town.home / "keys" / "erased.txt").add(ids)
    town.writer.change(lambda tx: erase(tx, ids, reason="asked"))
    database, _ = town.restored("before_shipping")
    assert count(database, "vault") == 3  # the folder has not heard of it yet
    town.live("f")
    database, _ = town.restored("after")
    assert count(database, "vault") == 2
    database, _ = town.restored("back", to_seq=2)
    assert count(database, "vault") == 1  # of two reports
    assert town.last.erased == 1

    assert forget_in_points(town.chest, ids) > 0
    held = [row for name in town.chest.point_names() for chunk in town.chest.point(name).tables["vault"] for row in _unpacked(town, chunk)]
    assert held
    assert ids[0] not in str(held)
    assert forget_in_points(town.chest, ids) == 0
    database, _ = town.restored("still_whole")
    assert differences(database, town.tables_at(town.size, "replayed"))[1] == ()


def test_no_backup_says_how_far_the_list_of_the_erased_was_gone_through(town):
    """So a city that came back goes through all of it, whatever the backup holds of those whom it names."""
    erased = ErasedList(town.home / "keys" / "erased.txt")
    town.live("rb")
    erased.add(["a-piece"])
    town.writer.whole(erased.again)
    town.live("rfb")
    database, _ = town.restored("back")
    assert (count(town.database, "erased_list"), count(database, "erased_list")) == (1, 0)
    database.close()


def _unpacked(town, chunk):
    from cityloop.keeping.rows import unpacked

    return unpacked(town.chest.get(chunk.piece))


# faults


def test_a_byte_that_flips_anywhere_is_seen(town):
    town.live("rrdsbrf")
    pieces = sorted(path for path in (town.folder / "backup").rglob("*") if path.is_file() and path.name not in ("lock", "chest.json"))
    assert len(pieces) > 12
    unseen = []
    for no, path in enumerate(pieces):
        raw = path.read_bytes()
        flipped = bytearray(raw)
        flipped[len(raw) // 2] ^= 1
        path.write_bytes(bytes(flipped))
        try:
            town.restored(f"flipped{no}")[0].close()
            unseen.append(path.name)
        except BackupDamaged:
            pass
        path.write_bytes(raw)
    assert set(unseen) <= {town.chest.point(town.chest.point_names()[0]).erased}  # the newest list of the erased is read


def test_a_restore_on_sqlite_writes_down_as_it_goes_and_plans_as_a_city_that_grew(town, places):
    """Else all of a large city would lie in the write-ahead log first; and other plans than those that are tested would run."""
    if places.engine != "sqlite":
        pytest.skip("a server has one log for all, and takes a whole city in one transaction")
    town.live("rrdrdsb")
    seen: list[int] = []

    def look(done: int, total: int | None) -> None:
        with sqlite3.connect(f"file:{town.folder}/b/{STAGED}/city.db?mode=ro", uri=True) as other:
            seen.append(other.execute("SELECT count(*) FROM fact").fetchone()[0])
        other.close()

    database, _ = town.restored("b", on_progress=look)
    assert max(seen[:-1]) == count(town.database, "fact")
    assert database.engine.fetch("SELECT name FROM sqlite_master WHERE name LIKE 'sqlite_stat%'", {})[1] == []
    database.close()


def test_a_piece_that_is_gone_is_seen_and_nothing_opens(town):
    town.live("rrdsb")
    point = town.chest.point(town.chest.point_names()[-1])
    piece = point.tables["vault"][0].piece
    town.chest.remove({piece})
    with pytest.raises(BackupDamaged):
        town.restored("half")
    assert not (town.folder / "half" / "city.db").exists()
    town.live("b")  # another backup brings the piece back
    town.restored("half")


def test_another_secret_opens_nothing(town):
    town.live("rb")
    with pytest.raises(SecretWrong):
        Chest.at(town.folder / "backup", b"another")
    assert unlocked(b"a\n", locked(b"a", b"keys")) == b"keys"
    with pytest.raises(SecretWrong):
        unlocked(b"b", locked(b"a", b"keys"))


def test_a_city_that_chooses_sm4_opens_what_it_sealed_before_and_all_after_is_sm4(tmp_path):
    """The folder's own key, pieces, points, notes and the file of keys; and back."""
    Chest.at(tmp_path / "old", b"s", begin=True).put(b"before")
    both, new = (Chest.at(tmp_path / name, b"s", begin=True, cipher=Cipher.sm4) for name in ("old", "new"))
    name, _ = both.put(b"after")
    assert {both.get(each) for each in both.names()} == {b"before", b"after"} == {Chest.at(tmp_path / "old", b"s").get(each) for each in both.names()}
    assert (tmp_path / "old" / name[:2] / name).read_bytes().startswith(SM4_MARK)

    new.put(b"a piece")
    new.note("n", b"a note")
    sealed = [path for path in (tmp_path / "new").rglob("*") if path.is_file() and path.suffix != ".json"]
    assert len(sealed) == 2
    assert all(path.read_bytes().startswith(SM4_MARK) for path in sealed)
    assert SM4_MARK.hex() in (tmp_path / "new" / "chest.json").read_text()
    assert unlocked(b"a", locked(b"a", b"keys", Cipher.sm4)) == b"keys"


def test_a_full_disk_leaves_the_old_backup_whole(town, monkeypatch):
    town.live("rrdsb")
    before = town.chest.point_names()
    town.live("rrrdd")
    calls = 0

    def full(path, content, *, replace):
        nonlocal calls
        calls += 1
        if calls > 2:
            raise OSError(28, "No space left on device")
        return written(path, content, replace=replace)

    from cityloop.keeping import chest

    written = chest.write_durable
    monkeypatch.setattr(chest, "write_durable", full)
    with pytest.raises(BackupFull):
        town.live("b")
    monkeypatch.undo()
    assert town.chest.point_names() == before
    database, _ = town.restored("old")
    assert differences(database, town.tables_at(town.last.size, "replayed"))[1] == ()


def test_two_at_a_time_are_refused(town):
    town.live("rb")
    with town.chest.alone(), pytest.raises(BackupBusy):
        town.live("b")
    patient, held = Chest.at(town.folder / "backup", SECRET, patience_s=30.0), Event()

    def hold() -> None:
        with town.chest.alone():
            held.set()
            time.sleep(0.3)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(hold)
        assert held.wait(10)
        assert make(town.database, town.home, patient).size == town.size


def test_a_place_that_holds_something_is_refused(town):
    town.live("rb")
    (town.folder / "full").mkdir()
    (town.folder / "full" / "city.db").write_bytes(b"")
    with pytest.raises(NotEmpty):
        town.restored("full")
    with pytest.raises(NoBackup):
        town.restored("none", to_seq=0)


def test_a_half_restore_is_never_opened(town):
    town.live("rb")
    database, _ = town.restored("marked")
    database.mark("a move into it did not end")
    database.close()
    with pytest.raises(DatabaseClosed, match="did not end"):
        open_database(str(town.folder / "marked" / "city.db"), town.database.city)


def test_tables_of_a_newer_program_are_refused(town):
    town.live("rb")
    point = town.chest.point(town.chest.point_names()[-1])
    town.chest.add(replace(point, at="2099-01-01T00:00:00.000000Z", migrations=(*point.migrations, "9999_next")))
    with pytest.raises(SchemaUnknown, match="9999_next"):
        town.restored("newer")


def test_points_are_json_free_of_words(town):
    """No file of a backup holds a word of a report, or the name of a table."""
    town.live("rrdsbrf")
    for path in (town.folder / "backup").rglob("*"):
        if path.is_file() and path.name != "chest.json":
            raw = path.read_bytes()
            assert b"hole" not in raw
            assert b"vault" not in raw
    assert set(json.loads((town.folder / "backup" / "chest.json").read_bytes())) == {"format", "key"}


@pytest.fixture
def spare():
    with postgres_database() as url:
        yield url
