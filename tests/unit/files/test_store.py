"""Files by their hash: durable, whole or absent, sealed, swept."""

import os
import subprocess
import sys
import textwrap
import threading
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from stat import S_ISDIR

import pytest

from cityloop.db.ciphers import SM4_MARK, Cipher
from cityloop.files import FileDamaged, FileMissing, FileStore, SealBroken, commitment

DAY_S = 86_400
NOW = datetime.now(UTC)  # a file's age is the disk's own; the sweep is told the moment


@pytest.fixture
def store(tmp_path):
    return FileStore(tmp_path / "files")


def all_files(store: FileStore) -> list[str]:
    return sorted(path.name for path in store.root.rglob("*") if path.is_file() and path.name != "lock")


def aged(store: FileStore, digest: str, days: float) -> None:
    moment = (NOW - timedelta(days=days)).timestamp()
    os.utime(store.open_path(digest), (moment, moment))


def test_what_is_put_is_found_by_its_hash(store):
    digest = store.put(b"a photo")
    assert digest == sha256(b"a photo").hexdigest()
    assert store.open_path(digest) == store.root / digest[:2] / digest[2:4] / digest
    assert (store.get(digest), store.exists(digest)) == (b"a photo", True)
    assert store.put(b"a photo") == digest
    assert all_files(store) == [digest]
    assert FileStore(store.root).get(digest) == b"a photo"


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 63, "A" * 64, "0" * 64 + "\n", "0" * 64])
def test_a_name_that_is_none_is_missing(store, name):
    assert name != "0" * 64 or not store.exists(name)
    with pytest.raises(FileMissing):
        store.get(name)
    with pytest.raises(FileMissing):
        store.open_path(name)


def test_delete_says_whether_it_was_there(store):
    digest = store.put(b"x")
    assert store.delete(digest)
    assert not store.delete(digest)
    assert not store.exists(digest)
    assert store.put(b"x") == digest


def test_what_the_disk_changed_is_never_given_out_and_healed_by_the_next_put(store):
    digest = store.put(b"whole")
    store.open_path(digest).write_bytes(b"wh0le")
    with pytest.raises(FileDamaged):
        store.get(digest)
    store.put(b"whole")
    assert store.get(digest) == b"whole"


def test_bytes_then_name_then_folder(store, monkeypatch):
    """The order that makes it durable: the file's bytes, the rename, the folder's names."""
    steps, sync, replace = [], os.fsync, os.replace
    is_folder = lambda handle: S_ISDIR(os.fstat(handle).st_mode)
    monkeypatch.setattr(
        os, "fsync", lambda handle: (steps.append("folder" if is_folder(handle) else "bytes"), sync(handle))
    )
    monkeypatch.setattr(os, "replace", lambda *names: (steps.append("name"), replace(*names)))
    store.put(b"first")
    assert steps == ["folder", "folder", "bytes", "name", "folder"]  # the new folders' own names come first
    steps.clear()
    store.put(b"first")
    assert steps == ["folder"]  # another's rename may not be on the disk yet


def test_a_failing_disk_leaves_nothing(store, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    for step in ("fsync", "replace"):
        with monkeypatch.context() as broken:
            store.put(b"the folder of the next is there")
            broken.setattr(os, step, full)
            with pytest.raises(OSError, match="No space"):
                store.put(b"never")
        assert not store.exists(sha256(b"never").hexdigest())
    assert len(all_files(store)) == 1


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_killed_between_write_and_rename_no_half_file_is_seen(store, step):
    """The process ends at once, without a `finally`: what remains is not found, and the next sweep clears it."""
    program = f"""
        import os, sys
        from pathlib import Path
        from cityloop.files.store import FileStore
        store = FileStore(Path(sys.argv[1]))
        store.put(b"kept")
        store._settle(store._path({sha256(b"lost").hexdigest()!r}).parent)
        os.{step} = lambda *_: os._exit(9)
        store.put(b"lost")
    """
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), store.root], env={"PYTHONPATH": ":".join(sys.path)}
    )
    assert ended.returncode == 9
    assert store.get(sha256(b"kept").hexdigest()) == b"kept"
    assert not store.exists(sha256(b"lost").hexdigest())
    assert len(all_files(store)) == 2

    later = NOW + timedelta(days=2)
    assert store.sweep(lambda digest: True, DAY_S, later) == (1, 4)
    assert all_files(store) == [sha256(b"kept").hexdigest()]


def test_the_sweep_takes_what_is_old_and_unknown(store):
    known, young, orphan = store.put(b"known"), store.put(b"young"), store.put(b"orphan!")
    for digest in (known, orphan):
        aged(store, digest, 1.1)
    asked = []
    assert store.sweep(lambda digest: asked.append(digest) or digest == known, DAY_S, NOW) == (1, 7)
    assert sorted(asked) == sorted([known, orphan])
    assert all_files(store) == sorted([known, young])
    assert not store.exists(orphan)


def test_an_orphan_that_is_put_again_is_young_again(store):
    """Its transaction may not have committed yet when the sweep asks."""
    digest = store.put(b"again")
    aged(store, digest, 3)
    store.put(b"again")
    assert store.sweep(lambda _: False, DAY_S, NOW) == (0, 0)


def test_a_put_between_the_question_and_the_removal_wins(store):
    digest = store.put(b"late")
    aged(store, digest, 3)

    def known(asked):
        store.put(b"late")
        return False

    assert store.sweep(known, DAY_S, NOW) == (0, 0)
    assert store.exists(digest)


def test_many_threads_put_the_same_and_others(store):
    faults = []

    def work(number):
        try:
            for each in range(15):
                for raw in (b"same", b"%d %d" % (number, each)):
                    assert store.get(store.put(raw)) == raw
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert len(all_files(store)) == 4 * 15 + 1


def test_sealed_bytes_are_read_with_their_key_only(store):
    raw = b"a face and a number plate" * 100
    raw_digest, file_digest, key = sealed = store.put_sealed(raw)
    assert raw_digest == sha256(raw).hexdigest()
    assert len(key) == 32
    assert store.open_sealed(file_digest, key) == raw
    assert b"number plate" not in store.get(file_digest)
    assert key.hex() not in repr(sealed)
    assert repr(key) not in repr(sealed)
    for wrong in (bytes(32), b"short", key[::-1]):
        with pytest.raises(SealBroken):
            store.open_sealed(file_digest, wrong)


def test_the_same_photo_is_sealed_twice_apart(store):
    """So that erasing one reporter's photo never takes another's."""
    one, other = store.put_sealed(b"same"), store.put_sealed(b"same")
    assert one.raw_digest == other.raw_digest
    assert (one.file_digest, one.key) != (other.file_digest, other.key)
    store.delete(one.file_digest)
    assert store.open_sealed(other.file_digest, other.key) == b"same"


def test_a_store_that_chooses_sm4_opens_what_it_sealed_before(store):
    before, sm4 = store.put_sealed(b"a photo"), FileStore(store.root, Cipher.sm4)
    after = sm4.put_sealed(b"a photo")
    assert SM4_MARK in store.get(after.file_digest)
    assert SM4_MARK not in store.get(before.file_digest)
    for each in (before, after):
        assert store.open_sealed(each.file_digest, each.key) == sm4.open_sealed(each.file_digest, each.key) == b"a photo"


def test_a_file_that_was_never_sealed_does_not_open(store):
    with pytest.raises(SealBroken):
        store.open_sealed(store.put(b"plain"), bytes(32))


def test_a_commitment_is_the_digest_of_salt_and_bytes():
    assert commitment(bytes(32), b"x") == sha256(bytes(32) + b"x").hexdigest()
    with pytest.raises(AssertionError):
        commitment(b"short", b"x")
