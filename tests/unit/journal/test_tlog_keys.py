"""Keys and the guard beside them: what is on the disk, who may read it, what is never signed."""

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from cityloop.journal.tlog import (
    EvidenceMalformed,
    Guard,
    GuardMissing,
    KeyFileMissing,
    KeyFileUnsafe,
    LogBehind,
    LogForked,
    begin_log,
    empty_root,
    guard_path,
    load_key,
    new_key,
    save_key,
)

ORIGIN = "city.example/log"
ROOTS = {0: empty_root()} | {size: bytes([size]) * 32 for size in range(1, 30)}


@pytest.fixture
def guard(tmp_path):
    return Guard.begin(guard_path(tmp_path / "log.key"), ORIGIN)


def admit(guard, size, roots=ROOTS):
    guard.admit(size, roots[size], roots.__getitem__)


def check(guard, size, roots=ROOTS):
    guard.check(size, roots[size], roots.__getitem__)


def test_a_key_comes_back_from_its_file(tmp_path):
    key = new_key(ORIGIN)
    save_key(tmp_path / "log.key", key)
    back = load_key(tmp_path / "log.key")
    assert back.verifier == key.verifier
    assert back.private.secret() == key.private.secret()
    assert stat.S_IMODE((tmp_path / "log.key").stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["log.key"]


def test_a_key_is_readable_by_go(tmp_path):
    """Go's published example of a signer key."""
    path = tmp_path / "peter.key"
    path.write_text("PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz\n")
    path.chmod(0o600)
    key = load_key(path)
    assert str(key.verifier) == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    save_key(tmp_path / "again.key", key)
    assert (tmp_path / "again.key").read_bytes() == path.read_bytes()


def test_a_key_is_never_written_over(tmp_path):
    save_key(tmp_path / "log.key", new_key(ORIGIN))
    before = (tmp_path / "log.key").read_bytes()
    with pytest.raises(KeyFileUnsafe, match="exists"):
        save_key(tmp_path / "log.key", new_key(ORIGIN))
    assert (tmp_path / "log.key").read_bytes() == before
    assert os.listdir(tmp_path) == ["log.key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_key_that_others_may_read_is_not_used(tmp_path, mode):
    save_key(tmp_path / "log.key", new_key(ORIGIN))
    (tmp_path / "log.key").chmod(mode)
    with pytest.raises(KeyFileUnsafe, match="chmod 600"):
        load_key(tmp_path / "log.key")


def test_no_key(tmp_path):
    with pytest.raises(KeyFileMissing):
        load_key(tmp_path / "log.key")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"PRIVATE+KEY+",
        b"PRIVATE+KEY+PeterNeumann+c74f20a4+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz\n",
        b"PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDF\n",
        b"PRIVATE+KEY+PeterNeumann+c74f20a3+AoEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz\n",
        b"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n",
    ],
)
def test_what_is_not_a_key_and_is_not_shown(tmp_path, content):
    path = tmp_path / "log.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(EvidenceMalformed) as fault:
        load_key(path)
    assert "AYEK" not in str(fault.value)


def test_a_log_grows(guard):
    for size in (0, 0, 3, 3, 4, 29):
        admit(guard, size)
    assert (guard.last().size, guard.last().root) == (29, ROOTS[29])
    again = Guard(guard.path, ORIGIN)
    check(again, 29)
    assert stat.S_IMODE(guard.path.stat().st_mode) == 0o600


def test_one_size_has_one_root(guard):
    admit(guard, 5)
    with pytest.raises(LogForked, match="another root for its first 5"):
        admit(guard, 5, {5: bytes(32)})
    assert guard.last().root == ROOTS[5]


def test_a_log_that_is_behind(guard):
    admit(guard, 9)
    with pytest.raises(LogBehind, match="has 8 leaves and has published 9") as fault:
        check(guard, 8)
    assert fault.value.more == {"size": 8, "published": 9}
    with pytest.raises(LogBehind):
        admit(guard, 8)
    assert guard.last().size == 9


def test_a_restored_log_that_has_grown_past_its_last_checkpoint(guard):
    """The trap: longer than what was published, and with another past."""
    admit(guard, 9)
    other = {size: bytes([99]) * 32 for size in range(30)}
    for act in (check, admit):
        with pytest.raises(LogForked, match="first 9 leaves"):
            act(guard, 12, other)
    assert guard.last().size == 9


def test_a_lost_guard_is_not_a_new_log(tmp_path):
    guard = Guard(tmp_path / "gone", ORIGIN)
    for act in (check, admit):
        with pytest.raises(GuardMissing, match="is gone"):
            act(guard, 1)
    assert not (tmp_path / "gone").exists()


def test_a_guard_is_not_begun_twice(guard):
    admit(guard, 5)
    with pytest.raises(LogForked, match="begin a new origin"):
        Guard.begin(guard.path, ORIGIN)
    assert guard.last().size == 5


def test_a_log_may_be_begun_again_until_it_has_published(tmp_path):
    """Killed between guard and key, one begins again; killed after, the key stands and is not written over."""
    path = tmp_path / "log.key"
    Guard.begin(guard_path(path), ORIGIN)
    key = begin_log(path, ORIGIN)
    assert load_key(path).verifier == key.verifier
    with pytest.raises(KeyFileUnsafe):
        begin_log(path, ORIGIN)
    with pytest.raises(GuardMissing, match=r"not the record of town"):
        Guard.begin(guard_path(path), "town.example/log")
    admit(Guard(guard_path(path), ORIGIN), 1)
    path.unlink()
    with pytest.raises(LogForked, match="has published already"):
        begin_log(path, ORIGIN)
    assert not path.exists()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "7",
        "{}",
        json.dumps({"origin": "town.example", "size": 1, "root": "00" * 32}),
        json.dumps({"origin": ORIGIN, "size": "1", "root": "00" * 32}),
        json.dumps({"origin": ORIGIN, "size": True, "root": "00" * 32}),
        json.dumps({"origin": ORIGIN, "size": -1, "root": "00" * 32}),
        json.dumps({"origin": ORIGIN, "size": 1, "root": "00" * 31}),
        json.dumps({"origin": ORIGIN, "size": 1, "root": 7}),
    ],
)
def test_a_guard_that_cannot_be_read(guard, content):
    guard.path.write_text(content)
    with pytest.raises(GuardMissing):
        check(guard, 29)


@pytest.mark.parametrize(("size", "root"), [(-1, bytes(32)), (3, bytes(31))])
def test_what_is_not_a_head(guard, size, root):
    with pytest.raises(EvidenceMalformed):
        guard.admit(size, root, ROOTS.__getitem__)


def test_a_head_is_on_the_disk_before_admit_returns(guard, monkeypatch):
    """In this order: the file's bytes, then its name, then the folder."""
    acts = []
    fsync, replace = os.fsync, os.replace
    kind = lambda handle: "folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file"
    monkeypatch.setattr(os, "fsync", lambda handle: (acts.append(kind(handle)), fsync(handle))[1])
    monkeypatch.setattr(os, "replace", lambda *names, **more: (acts.append("name"), replace(*names, **more))[1])
    admit(guard, 5)
    assert acts == ["file", "name", "folder"]


def test_a_disk_that_fails_leaves_the_old_record(guard, monkeypatch):
    admit(guard, 5)

    def full(handle):
        raise OSError("no space")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        admit(guard, 6)
    assert guard.last().size == 5
    assert not [
        name for name in os.listdir(guard.path.parent) if name.startswith(".log.key.published.") and "lock" not in name
    ]


def test_of_two_sealers_only_one_past_is_signed(guard):
    """Two processes with different pasts race for each size: admitted heads form one log."""
    pasts = [{size: bytes([side, size]) * 16 for size in range(1, 30)} | {0: empty_root()} for side in (1, 2)]
    admitted = []

    def seal(past):
        mine = Guard(guard.path, ORIGIN)
        for size in range(1, 30):
            try:
                admit(mine, size, past)
            except (LogBehind, LogForked):
                return
            admitted.append(past[size])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(seal, pasts))
    assert len({root[0] for root in admitted}) == 1
